"""Findings as workflow commands of GitHub Actions, which shows them as annotations of the changed files.

The form is ``::error file=...,line=...,title=...::message``; what would end a property or the line is escaped.
"""

from __future__ import annotations

from collections.abc import Sequence

from snapline.base.diagnostics import Finding, Severity
from snapline.base.text import Source
from snapline.lint.render.text import closing_lines
from snapline.lint.result import FileResult

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(results: Sequence[FileResult]) -> str:
    """One command for each finding, and the summary as a line of the log; ends in a line end."""
    commands = [_command(one, finding) for one in results for finding in one.findings]
    return "\n".join([*commands, *closing_lines(results), ""])


def _command(one: FileResult, finding: Finding) -> str:
    properties = {
        "file": one.place or one.source.path,
        **_place(one.source, finding),
        "title": f"{finding.code} {finding.name}" + (f" [{finding.clause}]" if finding.clause else ""),
    }
    message = finding.message + (f"\n{finding.hint}" if finding.hint else "")
    written = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{_COMMANDS[finding.severity]} {written}::{_data(message)}"


def _place(source: Source, finding: Finding) -> dict[str, int]:
    """Lines, and the columns of a place in one line: with several lines GitHub takes none. Both ends are included."""
    start, end = source.position(finding.span.start), source.position(finding.span.end)
    if end.line > start.line:
        return {"line": start.line, "endLine": end.line}
    last = max(start.column, end.column - 1)
    return {"line": start.line, "endLine": start.line, "col": start.column, "endColumn": last}


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

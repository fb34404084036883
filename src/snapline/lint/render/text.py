"""Findings for people: the line, carets under the exact span, what is wrong, what to do; then count and spec debt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum

from snapline.base.diagnostics import Finding, Severity
from snapline.base.text import Source
from snapline.lint.render.columns import excerpt, visible
from snapline.lint.result import FileResult, Summary, summarise


class Role(StrEnum):
    """What a piece of the output is, for a caller that colours it."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    PLACE = "place"
    CODE = "code"
    CARET = "caret"
    HINT = "hint"


Style = Callable[[str, Role], str]
"""Gives a piece of output its colour; it must not change the text's width."""

_ANSI = {
    Role.ERROR: "1;31",
    Role.WARNING: "1;33",
    Role.INFO: "1;34",
    Role.PLACE: "1",
    Role.CODE: "36",
    Role.CARET: "1;31",
    Role.HINT: "2",
}


def plain(text: str, role: Role) -> str:
    """No colour."""
    del role
    return text


def ansi(text: str, role: Role) -> str:
    """The colours of an ANSI terminal."""
    return f"\x1b[{_ANSI[role]}m{text}\x1b[0m"


def render(results: Sequence[FileResult], style: Style = plain) -> str:
    """All findings of ``results``, file by file, a blank line after each, and the summary; ends in a line end."""
    blocks = [
        block for one in results for finding in one.findings for block in (*_lines(one.source, finding, style), "")
    ]
    return "\n".join([*blocks, summary_line(summarise(results)), ""])


def summary_line(summary: Summary) -> str:
    """``2 files: 1 error, 3 warnings, 0 infos; spec debt 11``."""
    counts = ", ".join(
        (
            _counted(summary.errors, "error"),
            _counted(summary.warnings, "warning"),
            _counted(summary.infos, "info"),
        )
    )
    return f"{_counted(summary.files, 'file')}: {counts}; spec debt {summary.debt}"


def _lines(source: Source, finding: Finding, style: Style) -> Iterator[str]:
    start = source.position(finding.span.start)
    place = style(f"{visible(source.path)}:{start.line}:{start.column}:", Role.PLACE)
    severity = style(finding.severity.value, _role(finding.severity))
    clause = f" [{finding.clause}]" if finding.clause else ""
    yield f"{place} {severity} {style(finding.code, Role.CODE)} {finding.name}{clause}: {visible(finding.message)}"
    number = str(start.line)
    line = source.line_text(start.line)
    first = start.column - 1
    last = min(len(line), first + finding.span.end - finding.span.start)
    shown, padding, carets = excerpt(line, first, last)
    yield f"  {number} | {shown}".rstrip()
    yield f"  {' ' * len(number)} | {' ' * padding}{style('^' * carets, Role.CARET)}"
    if finding.hint:
        yield f"  {' ' * len(number)} = {style('hint: ' + visible(finding.hint), Role.HINT)}"
    if finding.fix:
        title = f"fix ({finding.fix.applicability}): {visible(finding.fix.title)}"
        yield f"  {' ' * len(number)} = {style(title, Role.HINT)}"


def _role(severity: Severity) -> Role:
    return Role(severity.value)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"

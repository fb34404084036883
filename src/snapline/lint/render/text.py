"""Findings for people: the line, carets under the exact span, what is wrong, what to do; then count and spec debt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum

from snapline.base.diagnostics import Finding, Severity
from snapline.base.text import Source
from snapline.lint.render.columns import excerpt, visible
from snapline.lint.result import Count, FileResult, Summary, statistics, summarise


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
    return "\n".join([*blocks, *closing_lines(results), ""])


def render_statistics(results: Sequence[FileResult], style: Style = plain) -> str:
    """How often each rule found something, instead of the findings, and the summary; ends in a line end."""
    counts = statistics(results)
    width = max((len(str(one.count)) for one in counts), default=1)
    lines = (f"{one.count:>{width}}  {style(one.code, Role.CODE)} {one.name}{_fixes(one)}" for one in counts)
    return "\n".join([*lines, *([""] if counts else []), *closing_lines(results), ""])


def closing_lines(results: Sequence[FileResult]) -> Iterator[str]:
    """What stands below the findings: which rules did not look, and the summary."""
    for one in results:
        if one.silent:
            words = _counted(len(one.silent), "rule")
            path, lang = visible(one.source.path), visible(one.lang)
            yield f"note: {path} is written in `{lang}`; {words} for English words did not look at it"
    yield summary_line(summarise(results), [one.since.revision for one in results if one.since])


def summary_line(summary: Summary, approved: Sequence[str] = ()) -> str:
    """``2 files: 1 error, 3 warnings, 0 infos; spec debt 11 (+3 since retry-uploads@3f2a9c1b)``."""
    counts = ", ".join(
        (
            _counted(summary.errors, "error"),
            _counted(summary.warnings, "warning"),
            _counted(summary.infos, "info"),
        )
    )
    since = approved[0] if len(approved) == 1 else "their approved revisions"
    change = "" if summary.debt_change is None else f" ({summary.debt_change:+} since {since})"
    return f"{_counted(summary.files, 'file')}: {counts}; spec debt {summary.debt}{change}"


def _fixes(one: Count) -> str:
    kinds = [f"{number} {kind}" for number, kind in ((one.safe, "safe"), (one.suggested, "suggested")) if number]
    return f" (fixes: {', '.join(kinds)})" if kinds else ""


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

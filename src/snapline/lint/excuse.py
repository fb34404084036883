"""Where a comment goes that lets one finding pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from snapline.base.diagnostics import Finding
from snapline.base.text import Edit, Source, apply_edits
from snapline.lint.clauses import Places
from snapline.lint.gate import is_firm
from snapline.lint.harm import harm
from snapline.lint.registry import find_rule
from snapline.lint.rule import Context
from snapline.lint.run import lint
from snapline.lint.splices import insertion, paragraph_end
from snapline.spec.model import Spec


def excuse(finding: Finding, reason: str, source: Source, read: Callable[[Source], Context]) -> Edit | None:
    """The edit that lets ``finding`` of ``source`` pass for a reason, and changes nothing of what the spec means.

    As narrow as it can be: for its clause, else for its section, else for the file. None for a finding that nobody can
    let pass, or where no place serves.
    """
    rule = find_rule(finding.code)
    if rule is None or is_firm(rule) or not reason.strip():
        return None
    context = read(source)
    before, same = context.spec, _alike(context, finding)
    comment = f"<!-- snapline: ignore {finding.code} {' '.join(reason.split()).replace('--', '-')} -->"
    for edit in _places(before, finding, comment):
        after = read(Source.from_bytes(source.path, apply_edits(source.text, [edit]).encode()))
        harmless = harm(before, after.spec, [edit], (), ()) is None and not _cuts(before, after.spec)
        if harmless and _alike(after, finding) < same:
            return edit
    return None


def _alike(context: Context, finding: Finding) -> int:
    """How many findings say the same."""
    return sum((one.code, one.message) == (finding.code, finding.message) for one in lint(context))


def _cuts(before: Spec, after: Spec) -> bool:
    """Whether a clause reads otherwise than before: a comment is no word of it."""
    return [clause.text for clause in before.clauses()] != [clause.text for clause in after.clauses()]


def _places(spec: Spec, finding: Finding, comment: str) -> Iterator[Edit]:
    source, newline = spec.source, spec.source.newline
    clause = Places(spec).clause(finding.span.start)
    if clause is not None:
        end = paragraph_end(source, clause)
        if clause.written:
            yield insertion(clause.body.start, f"{comment} ")
        if end is not None:
            yield insertion(end, f" {comment}")
        yield insertion(source.line_starts[source.position(clause.span.start).line - 1], f"{comment}{newline}")
    for section in spec.sections:
        if section.kind is not None and section.span.start <= finding.span.start < max(section.span.end, 1):
            yield insertion(section.body.start, f"{newline}{comment}{newline}")
    front = spec.front.span.end if spec.front.span else int(source.text.startswith("\ufeff"))
    line = source.position(front).line
    start = front if source.position(front).column == 1 or line == 1 else source.line_span(line).end
    yield insertion(start, f"{comment}{newline}{newline}")

"""Running the rules: which findings a spec has, in a fixed order, and what they weigh."""

from __future__ import annotations

from collections.abc import Iterable

from snapline.base.diagnostics import Finding, Severity
from snapline.lint.registry import all_rules
from snapline.lint.rule import Context

NOT_WAIVABLE = ("FMT", "IDS", "SEC001", "ACC301", "ACC313", "ACC315", "ACC317")
"""Beginnings of the codes that no person can waive at approval."""

_WEIGHTS = {Severity.ERROR: 5, Severity.WARNING: 2, Severity.INFO: 0}


def lint(context: Context) -> tuple[Finding, ...]:
    """All findings of a spec, ordered by code, then by place; the same input gives the same output.

    Raises :class:`LookupError` when the parser or the planner reports a fault of a code that no rule owns: a bug of
    ours, which must not become silence.
    """
    orphans = set(context.faults) - {rule.code for rule in all_rules()}
    if orphans:
        raise LookupError(f"no rule owns {', '.join(sorted(orphans))}")
    rules = [rule for rule in all_rules() if rule.speaks(context.spec.front.lang)]
    found = [finding for rule in rules for finding in (*rule.adopted(context), *rule.check(context))]
    return tuple(sorted(dict.fromkeys(found), key=lambda one: (one.code, one.span)))


def debt(findings: Iterable[Finding]) -> int:
    """Spec debt: 5 for each error, 2 for each warning. Advice, never a gate."""
    return sum(_WEIGHTS[finding.severity] for finding in findings)


def waivable(code: str) -> bool:
    """Whether a person may waive findings of this code at approval."""
    return not code.startswith(NOT_WAIVABLE)

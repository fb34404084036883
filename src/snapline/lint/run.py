"""Running the rules: which findings a spec has, in a fixed order, and what they weigh."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache

from snapline.base.diagnostics import Finding, Severity
from snapline.lint.registry import all_rules
from snapline.lint.rule import Context, Rule
from snapline.lint.suppress import unsuppressed
from snapline.spec.model import Spec

_WEIGHTS = {Severity.ERROR: 5, Severity.WARNING: 2, Severity.INFO: 0}


def lint(context: Context) -> tuple[Finding, ...]:
    """The findings of a spec, ordered by code, then by place; the same input gives the same output.

    Left out is what the spec suppresses and what the settings do not want.

    Raises :class:`LookupError` when the parser or the planner reports a fault of a code that no rule owns: a bug of
    ours, which must not become silence.
    """
    faults = context.faults
    orphans = faults.keys() - _codes() if faults else ()
    if orphans:
        raise LookupError(f"no rule owns {', '.join(sorted(orphans))}")
    found: list[Finding] = []
    for rule, computes in _speaking(context.spec.front.lang):
        if rule.code in faults:
            found += rule.adopted(context)
        if computes:
            found += rule.check(context)
    wanted = (context.settings.rated(finding) for finding in unsuppressed(context, found))
    return tuple(sorted(dict.fromkeys(one for one in wanted if one), key=lambda one: (one.code, one.span)))


def silent_rules(spec: Spec) -> tuple[Rule, ...]:
    """The rules that do not speak the language of a spec and so have not looked at it."""
    return _silent(spec.front.lang)


@cache
def _codes() -> frozenset[str]:
    return frozenset(rule.code for rule in all_rules())


@lru_cache(maxsize=64)
def _speaking(language: str) -> tuple[tuple[Rule, bool], ...]:
    """The rules that speak a language, each with whether it computes findings of its own."""
    rules = (rule for rule in all_rules() if rule.speaks(language))
    return tuple((rule, type(rule).check is not Rule.check) for rule in rules)


@lru_cache(maxsize=64)
def _silent(language: str) -> tuple[Rule, ...]:
    return tuple(rule for rule in all_rules() if not rule.speaks(language))


def debt(findings: Iterable[Finding]) -> int:
    """Spec debt: 5 for each error, 2 for each warning. Advice, never a gate."""
    return sum(_WEIGHTS[finding.severity] for finding in findings)

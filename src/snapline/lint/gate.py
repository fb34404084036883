"""Which findings nobody can let pass: neither at approval, nor in the configuration, nor in the spec."""

from __future__ import annotations

from collections.abc import Iterator

from snapline.base.diagnostics import Severity
from snapline.lint.registry import all_rules
from snapline.lint.rule import Rule

NOT_WAIVABLE = ("FMT", "IDS", "SEC001", "ACC301", "ACC313", "ACC315", "ACC317")
"""Beginnings of the codes that no person can waive at approval."""


def waivable(code: str) -> bool:
    """Whether a person may waive findings of this code at approval."""
    return not code.startswith(NOT_WAIVABLE)


def is_firm(rule: Rule) -> bool:
    """Whether a rule finds errors that no person can waive: it can be neither ignored, suppressed nor lowered."""
    return not waivable(rule.code) and Severity.ERROR in (rule.severity, *rule.severities.values())


def firm_codes() -> Iterator[str]:
    """The codes of the firm rules."""
    return (rule.code for rule in all_rules() if is_firm(rule))

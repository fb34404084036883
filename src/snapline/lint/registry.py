"""All rules, found in :mod:`snapline.lint.rules` when they are first asked for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from snapline.lint import rules
from snapline.lint.rule import Rule


@cache
def all_rules() -> tuple[Rule, ...]:
    """One instance of every rule, ordered by code."""
    found = (kind() for entry in iter_modules(rules.__path__) for kind in _rules_in(entry.name))
    return tuple(sorted(found, key=lambda rule: rule.code))


def find_rule(code: str) -> Rule | None:
    """The rule of a code."""
    return _by_code().get(code)


@cache
def _by_code() -> dict[str, Rule]:
    return {rule.code: rule for rule in all_rules()}


def _rules_in(name: str) -> Iterator[type[Rule]]:
    module: ModuleType = import_module(f"{rules.__name__}.{name}")
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, Rule) and value.__module__ == module.__name__:
            yield value

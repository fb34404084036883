"""The rule reference: one page per rule, from its docstring, and an index."""

from __future__ import annotations

from collections.abc import Iterator

from snapline.lint.gate import waivable
from snapline.lint.registry import all_rules
from snapline.lint.rule import Rule

_INTRODUCTION = """\
# Rules

Errors block approval, warnings count as spec debt (2 each; an error counts 5), infos advise.

| code | name | severity | fix |
| --- | --- | --- | --- |"""


def pages() -> Iterator[tuple[str, str]]:
    """The index and the page of every rule, as file name and text."""
    rows = "\n".join(
        f"| [{rule.code}]({rule.code}.md) | {rule.name} | {_severity(rule)} | {rule.fixes or '-'} |"
        for rule in all_rules()
    )
    yield "README.md", f"{_INTRODUCTION}\n{rows}\n"
    for rule in all_rules():
        yield f"{rule.code}.md", _page(rule)


def _severity(rule: Rule) -> str:
    return " or ".join(dict.fromkeys((rule.severity.value, *(one.value for one in rule.severities.values()))))


def _page(rule: Rule) -> str:
    facts = [f"Severity: {_severity(rule)}.", f"Fix: {rule.fixes or 'none'}."]
    if not waivable(rule.code):
        facts.append("It cannot be waived at approval.")
    return f"# {rule.code}: {rule.name}\n\n{' '.join(facts)}\n\n{rule.page}\n"

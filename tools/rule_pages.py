"""The rule reference: one page per rule, from its docstring, and an index."""

from __future__ import annotations

from collections.abc import Iterator

from snapline.lint.gate import waivable
from snapline.lint.registry import all_rules
from snapline.lint.rule import Rule

_INTRODUCTION = """\
# Rules

Errors block approval, warnings count as spec debt (2 each; an error counts 5), infos advise. `snapline rule CODE`
shows a page at a shell. Findings come in the order of code and place; the same text and the same tree give the same
output, byte for byte.

A *safe* fix is applied by `snapline lint --fix`, a *suggested* one with `--suggested-fixes` too; `--diff` shows what
they would change. A fix changes no byte that it need not, and none is applied that would change another clause or
bring about an error.

## Letting a finding pass

    <!-- snapline: ignore LEX201,LEX203 the reason -->

Inside a clause or right above it, the comment is about that clause; right under a heading, about all that stands
under the heading; above the first section, about the file. A reason is required (SUP902), a comment that suppresses
nothing is a finding (SUP901), and what is not understood, names no rule, or names one that stays has no effect
(SUP903). A comment is no part of the spec's meaning: the revision stays the same.

A whole project chooses its rules and their severities in [`[lint]`](../configuration.md#lint) of `snapline.toml`.
Errors that no person can waive (their pages say so) can be neither suppressed nor ignored nor lowered.

## Other languages

Rules that look for words know those of one language, and say so on their pages. They do not look at a spec with
another `lang`; the summary tells which did not. All other rules hold in every language.

## All rules

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
    if rule.language is not None:
        facts.append(f"It looks for words of the language `{rule.language}`.")
    if rule.own_words:
        facts.append(f"It looks for yours too: `[lint.words]`, `{rule.code} = [...]`.")
    return f"# {rule.code}: {rule.name}\n\n{' '.join(facts)}\n\n{rule.page}\n"

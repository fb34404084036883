"""Hover: what the thing under the cursor is, and what the tool makes of it."""

from __future__ import annotations

from dataclasses import dataclass

from snapline.base.ids import ClauseId, SpecId
from snapline.base.text import Span
from snapline.lint.registry import find_rule
from snapline.lsp import paths, words
from snapline.lsp.marks import Mark, MarkKind
from snapline.lsp.view import View
from snapline.spec.model import CheckKind, Clause, SectionKind, Spec
from snapline.spec.show import PROSE, describe_check, describe_clause
from snapline.verify.settings import DEFAULT_TIMEOUT

MAX_TEXT = 2_000
"""Characters of a clause's text that are shown."""


@dataclass(frozen=True, slots=True)
class Hover:
    """What is told, as Markdown, about what stands at ``span``."""

    span: Span
    markdown: str


def hover(view: View, offset: int) -> Hover | None:
    """What is to be told at an offset; None where there is nothing."""
    mark = view.at(offset)
    if mark is not None:
        told = _told(view, mark)
        if told:
            return Hover(mark.span, told)
    finding = min(view.finding_at(offset), key=lambda one: one.span.end - one.span.start, default=None)
    page = rule_page(finding.code) if finding else ""
    return Hover(finding.span, page) if finding and page else None


def _told(view: View, mark: Mark) -> str:  # noqa: PLR0911 - one return per kind of mark
    kind = view.section_at(mark.span.start)
    match mark.kind:
        case MarkKind.ID | MarkKind.REFERENCE:
            ids = mark.ids or (ClauseId(mark.text),)
            return "\n\n---\n\n".join(_clause(view, one, mark.spec) for one in ids)
        case MarkKind.SPEC:
            return _spec(view, mark.spec)
        case MarkKind.WORD:
            return _word(mark, kind.kind if kind else None)
        case MarkKind.OPTION:
            option = words.option_of(mark.text)
            return f"**{option.name}**: {option.meaning}" if option else ""
        case MarkKind.CHECK:
            return _check(mark)
        case MarkKind.PATH:
            return paths.told(view, mark)
        case MarkKind.RULE:
            return rule_page(mark.text)
        case MarkKind.SECTION:
            section = SectionKind(mark.text)
            return f"**{section.value}**: {words.SECTIONS[section]}"


def clause_card(spec: Spec, clause: Clause, *, foreign: bool = False) -> str:
    """A clause with what the tool reads in it, as Markdown."""
    shown = describe_clause(clause)
    name = f"{spec.id}/{shown.id}" if foreign else shown.id
    text = shown.text if len(shown.text) <= MAX_TEXT else f"{shown.text[:MAX_TEXT]} …"
    reads = "\n".join(f"- {one}" for one in shown.reads)
    return f"**{name}** {text}\n\n{reads}"


def rule_page(code: str) -> str:
    """The page of a rule, as Markdown; empty for a code that is no rule's."""
    rule = find_rule(code)
    return f"**{rule.code} {rule.name}**\n\n{rule.page}" if rule else ""


def _clause(view: View, clause_id: ClauseId, other: SpecId | None) -> str:
    found = view.clause(clause_id, other)
    if found is None:
        return f"There is no clause `{f'{other}/{clause_id}' if other else clause_id}`."
    return clause_card(*found, foreign=found[0] is not view.spec)


def _spec(view: View, spec_id: SpecId | None) -> str:
    spec = view.others.get(spec_id) if spec_id else None
    if spec is None:
        return f"There is no spec `{spec_id}` in this repository."
    goals = "\n".join(f"- {one.shown}: {one.text}" for one in spec.clauses(SectionKind.GOAL)[:20])
    return f"**{spec.title}** (`{spec.source.path}`)\n\n{goals}".rstrip()


def _word(mark: Mark, kind: SectionKind | None) -> str:
    word = words.meaning_of(mark.text, kind)
    if word is None:
        return ""
    reads = describe_clause(mark.clause).reads if mark.clause else ()
    enforced = "\n".join(f"- {one}" for one in reads if one != PROSE)
    return f"**{word.name}**: {word.meaning}\n\n{enforced}".rstrip()


def _check(mark: Mark) -> str:
    check, clause = mark.check, mark.clause
    if check is None or clause is None:
        return ""
    options = check.options
    timeout = options.timeout or clause.options.timeout
    limit = f"{timeout:g} s" if timeout else f"{DEFAULT_TIMEOUT:g} s, or what `[verify] timeout` says"
    lines = [describe_check(check), f"runs {_where(options.directory)}; timeout {limit}"]
    if check.kind is CheckKind.COMMAND:
        lines.append("`bash --noprofile --norc -eo pipefail -c`, in a fresh checkout, stdin empty, no terminal")
    lines.append("the network is open" if options.network else "no network but its own loopback")
    if options.regression or clause.options.regression:
        lines.append("regression: it must pass at the base, and after")
    else:
        lines.append("it must fail at the base and pass after")
    return "\n".join(f"- {one}" for one in lines)


def _where(directory: str | None) -> str:
    return f"in `{directory}`" if directory else "at the checkout's root"

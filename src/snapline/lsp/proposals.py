"""What completion proposes: each function gives the proposals of one kind for what was typed so far."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from snapline.base.ids import SpecId
from snapline.base.regex import regex
from snapline.base.text import Span
from snapline.lint.gate import is_firm
from snapline.lint.registry import all_rules
from snapline.lint.symbols import Symbols
from snapline.lsp import words
from snapline.lsp.view import View
from snapline.lsp.words import Word
from snapline.spec.interfaces import Tree
from snapline.spec.model import THE_SIX, SectionKind, Spec

MAX_PATHS: Final = 200
"""Paths that are proposed at once; of more, an editor asks again as one types on."""

_PLACEHOLDER: Final = regex(r"\$\{[0-9]+:([^}]*)\}|\$[0-9]+|\\(\$)")


class ProposalKind(StrEnum):
    """What is proposed."""

    SECTION = "section"
    WORD = "word"
    OPTION = "option"
    KEY = "key"
    ID = "id"
    SPEC = "spec"
    FILE = "file"
    FOLDER = "folder"
    SYMBOL = "symbol"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A text in the place of ``span``; ``snippet``, where there is one, has places to type at: ``$1``, ``${1:3}``."""

    label: str
    kind: ProposalKind
    span: Span
    text: str
    detail: str = ""
    told: str = ""
    snippet: str = ""


def plain(snippet: str) -> str:
    """A snippet for an editor that knows none."""
    return _PLACEHOLDER.sub(lambda match: match[1] or match[2] or "", snippet)


def sections(view: View, span: Span, level: int) -> Iterator[Proposal]:
    """The headings of the sections that lack."""
    there = {section.kind for section in view.spec.sections}
    optional = tuple(kind for kind in SectionKind if kind not in THE_SIX)
    for kind in (*THE_SIX, *optional):
        if kind not in there:
            text = f"{'#' * level} {kind.value}"
            yield Proposal(text, ProposalKind.SECTION, span, text, told=words.SECTIONS[kind])


def of_words(known: Iterable[Word], typed: str, span: Span, kind: ProposalKind) -> Iterator[Proposal]:
    """The words of a vocabulary that begin as typed."""
    for word in known:
        if word.name.lower().startswith(typed.lower()):
            yield Proposal(word.name, kind, span, plain(word.snippet), told=word.meaning, snippet=word.snippet)


def ids(view: View, typed: str, span: Span, first: str) -> Iterator[Proposal]:
    """The ids of this spec, those of the letters ``first`` first, or of the spec that was typed before ``/``."""
    prefix, slash, rest = typed.rpartition("/")
    spec = view.others.get(SpecId(prefix)) if slash else view.spec
    if spec is None:
        return
    place = Span(span.end - len(rest), span.end)
    clauses = sorted(spec.clauses(), key=lambda one: (one.id[0] not in first, first.find(one.id[0])))
    for clause in clauses:
        if clause.id.lower().startswith(rest.lower()) and clause.text:
            text = clause.text.split("\n", 1)[0]
            yield Proposal(clause.id, ProposalKind.ID, place, clause.id, detail=text[:80], told=clause.text)


def specs(view: View, typed: str, span: Span, tail: str = "") -> Iterator[Proposal]:
    """The ids of the other specs that begin as typed."""
    for spec_id, spec in sorted(view.others.items()):
        if spec_id.startswith(typed):
            yield Proposal(spec_id, ProposalKind.SPEC, span, f"{spec_id}{tail}", detail=spec.title)


def options(spec: Spec, typed: str, span: Span) -> Iterator[Proposal]:
    """The options that begin as typed."""
    for one in of_words(words.OPTIONS, typed.partition(":")[0], span, ProposalKind.OPTION):
        if one.label == "manual":
            owner = spec.front.owner
            named = f"manual: {owner}" if owner and owner.startswith("@") else "manual: @"
            for text in ("manual", named):
                if text.startswith(typed.rstrip()):
                    yield Proposal(text, one.kind, span, text, told=one.told)
        else:
            yield one


def rules(typed: str, span: Span) -> Iterator[Proposal]:
    """The rules whose findings may be ignored."""
    for rule in all_rules():
        if rule.code.startswith(typed.upper()) and not is_firm(rule):
            yield Proposal(rule.code, ProposalKind.RULE, span, rule.code, detail=rule.name)


def paths(tree: Tree | None, typed: str, span: Span) -> tuple[tuple[Proposal, ...], bool]:
    """The files and folders that begin as typed, one level at a time, and whether there are more of them.

    A word without a slash also finds files by their own names.
    """
    if tree is None:
        return (), False
    folder = typed[: typed.rfind("/") + 1]
    found: dict[str, ProposalKind] = {}
    for path in sorted(tree.paths):
        if path.startswith(typed):
            head, slash, _ = path[len(folder) :].partition("/")
            found.setdefault(f"{folder}{head}{slash}", ProposalKind.FOLDER if slash else ProposalKind.FILE)
        elif typed and not folder and path.rpartition("/")[2].startswith(typed):
            found.setdefault(path, ProposalKind.FILE)
    listed = sorted(found.items(), key=lambda one: (one[1] is not ProposalKind.FOLDER, one[0]))[:MAX_PATHS]
    return tuple(Proposal(path, kind, span, path) for path, kind in listed), len(found) > MAX_PATHS


def symbols(tree: Tree | None, typed: str, span: Span) -> Iterator[Proposal]:
    """The names in a Python file of the tree, for ``path::name``."""
    path, _, name = typed.partition("::")
    if tree is None or path not in tree.paths:
        return
    place = Span(span.end - len(name), span.end)
    for one in Symbols(tree).defined(path):
        text = one.replace(".", "::")
        if text.startswith(name):
            yield Proposal(text, ProposalKind.SYMBOL, place, text, detail=path)

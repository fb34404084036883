"""Completion: what may stand at the cursor, told from the text before it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from snapline.base.regex import regex
from snapline.base.text import Span
from snapline.lsp import proposals, words
from snapline.lsp.proposals import Proposal, ProposalKind
from snapline.lsp.view import View
from snapline.spec.idlists import LIST, WORDS
from snapline.spec.model import SectionKind

TRIGGERS: Final = ("#", "`", "(", ",", "/", ":", " ")
"""The characters after which an editor asks by itself."""

_IGNORE: Final = regex(r"<!--[ \t]*snapline:[ \t]*ignore[ \t]+(?:[A-Z0-9]+[ \t]*,[ \t]*)*([A-Z0-9]*)$", re.IGNORECASE)
_HEADING: Final = regex(r" {0,3}(#{1,6})[ \t]*[A-Za-z ]*$")
_ITEM: Final = (
    r"[ \t]*(?:[-*+]|[0-9]{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?"
    r"(?:[GCIAFTQ][1-9][0-9]{0,3}[:：][ \t]*)?"  # noqa: RUF001 - the full-width colon counts
)
_OPENING: Final = regex(rf"{_ITEM}([A-Za-z][A-Za-z ]*|)$")
_SENTENCE: Final = regex(r"[.;,][ \t\r\n]+([A-Za-z]*)$")
_REFERENCE: Final = regex(
    rf"(?<![\w-])({WORDS}):?[ \t\r\n]+(?:{LIST}(?:[ \t]*[,，、][ \t\r\n]*|[ \t]+(?:and|or)[ \t]+))?"  # noqa: RUF001
    r"([a-z0-9._-]*/?[A-Z]?[0-9]*)$",
    re.IGNORECASE,
)
_VALUE: Final = regex(r"(?:[:,，、]|\b(?:and|or)\b)[ \t]*([GCIAFTQ]?[0-9]*)$")  # noqa: RUF001
_TAKES_IDS: Final = regex(
    rf"{_ITEM}(?:keep[ \t]+passing|roll[ \t]+back[ \t]+when|verify[ \t]+rollback)[ \t]*[:：]",  # noqa: RUF001
    re.IGNORECASE,
)
_SPEC: Final = regex(r"\bSpec[ \t]*[:：][ \t]*([a-z0-9._-]*)$", re.IGNORECASE)  # noqa: RUF001
_ID: Final = regex(r"(?:[a-z0-9][a-z0-9._-]*/)?[GCIAFTQ]?[0-9]*$", re.IGNORECASE)
_TICKS: Final = regex("`+")
_WORD: Final = regex(r"[^\s'\"=;|&<>()]*$")
_KEY: Final = regex(r"[A-Za-z-]*$")
_SPECS_LINE: Final = regex(r"(?:after|supersedes)[ \t]*:[^#]*?([a-z0-9._-]*)$")
_FIRST: Final = {SectionKind.ACCEPTANCE: "GC", SectionKind.TASKS: "AT", SectionKind.CLARIFICATIONS: "AGC"}
_WITH_CHECKS: Final = (SectionKind.ACCEPTANCE, SectionKind.CONSTRAINTS, SectionKind.FAILURE_PLAN)


@dataclass(frozen=True, slots=True)
class Completion:
    """What is proposed; ``more`` tells that typing on brings others."""

    proposals: tuple[Proposal, ...] = ()
    more: bool = False


@dataclass(frozen=True)
class _Cursor:
    """The text before the cursor: its line, and its block from the last blank line on."""

    view: View
    offset: int
    line: str
    block: str
    kind: SectionKind | None

    def back(self, typed: str) -> Span:
        """The span of what was typed."""
        return Span(self.offset - len(typed), self.offset)


def complete(view: View, offset: int) -> Completion:
    """The proposals at an offset."""
    cursor = _cursor(view, offset)
    if _in_front(cursor):
        return _some(_front(cursor))
    ignored = _IGNORE.search(cursor.block)
    if ignored:
        return _some(proposals.rules(ignored[1], cursor.back(ignored[1])))
    heading = _HEADING.fullmatch(cursor.line)
    if heading or not cursor.block.strip():
        return _some(_sections(cursor, len(heading[1]) if heading else 0))
    if cursor.kind is None:
        return Completion()
    code = _open_code(cursor.block)
    if code is not None:
        return _code(cursor, code)
    return _some(_clause(cursor))


def _some(found: Iterable[Proposal]) -> Completion:
    return Completion(tuple(found))


def _cursor(view: View, offset: int) -> _Cursor:
    text = view.source.text
    line = view.source.line_starts[view.source.position(offset).line - 1]
    start = max(text.rfind("\n\n", 0, offset) + 2, text.rfind("\n\r\n", 0, offset) + 3, 0)
    item = view.clause_at(offset)
    start = max(start if start > 2 else 0, item.span.start if item else 0)  # noqa: PLR2004 - neither was found
    section = view.section_at(offset)
    return _Cursor(view, offset, text[line:offset], text[min(start, line) : offset], section.kind if section else None)


def _in_front(cursor: _Cursor) -> bool:
    """Whether the cursor stands between the lines ``---``, the second of which may not be written yet."""
    front = cursor.view.spec.front.span
    if front is not None:
        return front.start + 3 < cursor.offset < front.end - 3
    lines = cursor.view.source.text[: cursor.offset].lstrip("\ufeff").splitlines()
    return len(lines) > 1 and lines[0].rstrip() == "---" and not any(one.startswith(("#", "---")) for one in lines[1:])


def _front(cursor: _Cursor) -> Iterable[Proposal]:
    specs = _SPECS_LINE.match(cursor.line)
    if specs:
        return proposals.specs(cursor.view, specs[1], cursor.back(specs[1]))
    typed = _KEY.fullmatch(cursor.line)
    if typed is None:
        return ()
    end = cursor.view.spec.front.span
    written = cursor.view.source.text[: end.end if end else cursor.offset]
    missing = [one for one in words.FRONT if not re.search(rf"^{one.name}[ \t]*:", written, re.MULTILINE)]
    return proposals.of_words(missing, typed.group(), cursor.back(typed.group()), ProposalKind.KEY)


def _sections(cursor: _Cursor, typed: int) -> Iterable[Proposal]:
    """Headings, on the level of those that are there; at the start of a line only."""
    if cursor.line.strip() and not typed:
        return ()
    marked = (section.heading for section in cursor.view.spec.sections if section.kind is not None)
    level = next((_level(cursor, heading) for heading in marked), 0) or typed or 1
    return proposals.sections(cursor.view, cursor.back(cursor.line.lstrip()), level)


def _level(cursor: _Cursor, heading: Span) -> int:
    text = cursor.view.source.slice(heading)
    return len(text) - len(text.lstrip("#"))


def _open_code(block: str) -> str | None:
    """What stands in the code span that is open at the end of a text; None outside of one."""
    opened: re.Match[str] | None = None
    for ticks in _TICKS.finditer(block):
        if opened is None:
            opened = ticks
        elif len(opened.group()) == len(ticks.group()):
            opened = None
    if opened is None or len(opened.group()) > 2:  # noqa: PLR2004 - three are a fence
        return None
    return block[opened.end() :]


def _code(cursor: _Cursor, code: str) -> Completion:
    command = code.startswith("$")
    word = _WORD.search(code)
    typed = (word.group() if word else "") if command else code.lstrip()
    if command and code.strip() == "$":
        typed = ""
    tree = cursor.view.tree
    if "::" in typed:
        return _some(proposals.symbols(tree, typed, cursor.back(typed)))
    return Completion(*proposals.paths(tree, typed, cursor.back(typed)))


def _clause(cursor: _Cursor) -> Iterable[Proposal]:  # noqa: PLR0911 - one return per place
    """What may stand in the words of a clause."""
    inside = _open_parenthesis(cursor.block)
    if inside is not None:
        return _group(cursor, inside)
    spec = _SPEC.search(cursor.block) if cursor.kind is SectionKind.INTERFACES else None
    if spec:
        return proposals.specs(cursor.view, spec[1], cursor.back(spec[1]))
    opening = _OPENING.fullmatch(cursor.line)
    known = words.BY_SECTION.get(cursor.kind, ()) if cursor.kind else ()
    if opening and known:
        return proposals.of_words(known, opening[1], cursor.back(opening[1]), ProposalKind.WORD)
    reference = _REFERENCE.search(cursor.block)
    if reference:
        return _ids(cursor, reference[2])
    value = _VALUE.search(cursor.block) if _takes_ids(cursor) else None
    if value:
        return proposals.ids(cursor.view, value[1], cursor.back(value[1]), "A")
    sentence = _SENTENCE.search(cursor.block)
    if sentence and cursor.kind in (SectionKind.INTERFACES, SectionKind.TASKS):
        return proposals.of_words(known, sentence[1], cursor.back(sentence[1]), ProposalKind.WORD)
    if sentence and cursor.kind is SectionKind.ACCEPTANCE:
        return proposals.of_words(words.REFERENCES, sentence[1], cursor.back(sentence[1]), ProposalKind.WORD)
    return ()


def _ids(cursor: _Cursor, typed: str) -> Iterable[Proposal]:
    """Ids of clauses; and of specs, where what was typed begins as one."""
    first = _FIRST.get(cursor.kind, "GA") if cursor.kind else "GA"
    found = list(proposals.ids(cursor.view, typed, cursor.back(typed), first))
    if typed and "/" not in typed:
        found += proposals.specs(cursor.view, typed, cursor.back(typed), "/")
    return found


def _takes_ids(cursor: _Cursor) -> bool:
    """Whether the clause opens with a word whose values may be ids."""
    return cursor.kind in _WITH_CHECKS and _TAKES_IDS.match(cursor.block) is not None


def _open_parenthesis(block: str) -> str | None:
    """What stands in the parenthesis that is open at the end of a text, outside code; None outside of one."""
    depth: list[int] = []
    code = ""
    for match in re.finditer(r"`+|[()（）]", block):  # noqa: RUF001 - full-width ones count
        found = match.group()
        if found[0] == "`":
            code = "" if code == found else code or found
        elif code:
            continue
        elif found in "(（":  # noqa: RUF001 - full-width ones count
            depth.append(match.end())
        elif depth:
            depth.pop()
    return block[depth[-1] :] if depth else None


def _group(cursor: _Cursor, inside: str) -> Iterable[Proposal]:
    """The members of an option group, and ids."""
    last = re.split("[,，、]", inside)[-1]  # noqa: RUF001 - full-width ones count
    typed = last.lstrip()
    found: list[Proposal] = []
    if _ID.fullmatch(typed):
        found += proposals.ids(cursor.view, typed, cursor.back(typed), "GA")
    if cursor.kind in _WITH_CHECKS and re.fullmatch(r"[a-z]*|manual:[ \t]*@?", typed):
        options = list(proposals.options(cursor.view.spec, typed, cursor.back(typed)))
        found = [*options, *found] if typed else [*found, *options]
    if re.fullmatch(r"(?:in|report|keep) \S*", typed):
        rest = typed.partition(" ")[2]
        found += proposals.paths(cursor.view.tree, rest, cursor.back(rest))[0]
    return found

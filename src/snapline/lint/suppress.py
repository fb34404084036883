"""Suppressions: comments in a spec that let findings pass, each with its reason.

``<!-- snapline: ignore LEX201,LEX203 the reason -->``, for one clause, a section, or the file, by where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from snapline.base.diagnostics import Finding
from snapline.base.regex import regex
from snapline.base.text import Source, Span
from snapline.lint.clauses import Places
from snapline.lint.gate import is_firm
from snapline.lint.registry import find_rule
from snapline.lint.rule import Context
from snapline.lint.rules.sup901_suppression_unused import SuppressionUnused
from snapline.lint.rules.sup902_suppression_without_reason import SuppressionWithoutReason
from snapline.lint.rules.sup903_suppression_refused import SuppressionRefused
from snapline.spec.blocks import Block, BlockKind
from snapline.spec.document import parse_blocks
from snapline.spec.inline import Kind
from snapline.spec.model import Spec
from snapline.spec.reading import Reading

MAX_CODES = 500
"""Codes that the comments of one spec suppress; what is beyond has no effect."""

_COMMENT = regex(r"<!--[ \t\r\n]*snapline[ \t]*:(?P<said>.*?)(?:-->|\Z)", re.DOTALL | re.IGNORECASE)
_IGNORE = regex(
    r"\s*ignore\b[ \t]*(?P<codes>[A-Z]{3}[0-9]{3}(?:[ \t]*,[ \t]*[A-Z]{3}[0-9]{3})*)(?P<reason>.*)", re.DOTALL
)
_CODE = regex(r"[A-Z]{3}[0-9]{3}")
_WORD = regex(r"[^\W_]")
_PLACES = "inside a clause or above it, right under a heading, or above the first section"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a suppression is about: a range of the text, and the clause that it is, if it is one."""

    span: Span
    clause: str | None = None

    def holds(self, finding: Finding) -> bool:
        """Whether a finding lies in the scope."""
        inside = self.span.start <= finding.span.start < self.span.end or finding.span == self.span
        return inside or (self.clause is not None and finding.clause == self.clause)


@dataclass(frozen=True, slots=True)
class Suppression:
    """One comment that lets findings pass. ``codes`` have their places; ``scope`` is None where it is about nothing."""

    span: Span
    codes: tuple[tuple[str, Span], ...]
    reason: str
    scope: Scope | None


def unsuppressed(context: Context, found: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that no comment lets pass, and what is wrong with the comments."""
    findings = tuple(found)
    if not _COMMENT.search(context.spec.source.text):
        return findings
    by_code: dict[str, list[Finding]] = {}
    for finding in findings:
        by_code.setdefault(finding.code, []).append(finding)
    passed: set[int] = set()
    wrong: list[Finding] = []
    room = MAX_CODES
    for comment in _comments(context.spec):
        room -= max(1, len(comment.codes))
        if room < 0:
            said = f"there are more than {MAX_CODES} suppressions; from here on they have no effect"
            wrong.append(SuppressionRefused().tell(context, comment.span, said, "Mend what the rules find instead."))
            break
        wrong += _applied(context, comment, by_code, passed)
    return (*(one for one in findings if id(one) not in passed), *wrong)


def _applied(
    context: Context, one: Suppression, by_code: Mapping[str, Sequence[Finding]], passed: set[int]
) -> list[Finding]:
    """What is wrong with a comment; adds to ``passed`` what it lets pass.

    It is judged on all findings, so that of two comments about the same none makes the other seem unused.
    """
    if not one.codes or one.scope is None:
        return [SuppressionRefused().tell(context, one.span, *_misread(one))]
    if not _WORD.search(one.reason):
        return [SuppressionWithoutReason().tell(context, one.span, one.codes[0][0])]
    said: list[Finding] = []
    for code, span in one.codes:
        rule = find_rule(code)
        held = [finding for finding in by_code.get(code, ()) if one.scope.holds(finding)]
        if rule is None or is_firm(rule) or code.startswith("SUP"):
            said.append(SuppressionRefused().refuse(context, span, code))
        elif held:
            passed.update(map(id, held))
        elif context.tree is not None and context.corpus is not None:
            said.append(SuppressionUnused().tell(context, span, code, one.span if len(one.codes) == 1 else None))
    return said


def _misread(one: Suppression) -> tuple[str, str]:
    if one.codes:
        return "the comment stands above nothing that it could be about", f"It belongs {_PLACES}."
    return "the comment is no suppression", "It reads: `<!-- snapline: ignore CODE reason -->`."


def _comments(spec: Spec) -> Iterator[Suppression]:
    source = spec.source
    begin = spec.front.span.end if spec.front.span else 0
    blocks = parse_blocks(source, begin).blocks
    scopes = _Scopes(spec, blocks)
    for span, index in _spans(source, blocks):
        match = _COMMENT.match(source.text, span.start, span.end)
        read = _IGNORE.fullmatch(match["said"]) if match else None
        if match is None:
            continue
        if read is None:
            yield Suppression(span, (), "", scopes.of(span, index))
            continue
        shift = match.start("said")
        codes = tuple(
            (one.group(), Span(one.start() + shift, one.end() + shift))
            for one in _CODE.finditer(match["said"], read.start("codes"), read.end("codes"))
        )
        yield Suppression(span, codes, read["reason"], scopes.of(span, index))


def _spans(source: Source, blocks: tuple[Block, ...]) -> Iterator[tuple[Span, int]]:
    """Every comment that speaks to us, but for those in quotes, with the number of the root block that it is in."""
    reading = Reading(source)
    for index, root in enumerate(blocks):
        for block in _unquoted(root):
            if block.kind is BlockKind.HTML:
                for match in _COMMENT.finditer(source.text, block.span.start, block.span.end):
                    yield Span(*match.span()), index
            for inline in reading.texts(block):
                for piece in inline.pieces:
                    span = inline.span(piece.start, piece.end)
                    if piece.kind is Kind.COMMENT and _COMMENT.match(source.text, span.start, span.end):
                        yield span, index


def _unquoted(block: Block) -> Iterator[Block]:
    if block.kind is not BlockKind.QUOTE:
        yield block
        for child in block.children:
            yield from _unquoted(child)


class _Scopes:
    """What a comment at a place is about; made once for a spec, so that each answer is quick."""

    def __init__(self, spec: Spec, blocks: tuple[Block, ...]) -> None:
        reading = Reading(spec.source)
        self._blocks = blocks
        self._end = len(spec.source.text) + 1
        self._places = Places(spec)
        self._comments = [one.kind is BlockKind.HTML and reading.is_comment(one) for one in blocks]
        self._above = _nearest(self._comments)
        self._below = [len(blocks) - 1 - index for index in reversed(_nearest(self._comments[::-1]))]
        self._ends = _heading_ends(blocks, self._end)
        named = [section.heading.start for section in spec.sections if section.kind is not None]
        self._first = min(named, default=self._end)

    def of(self, span: Span, index: int) -> Scope | None:
        """The scope of a comment in the root block ``index``; None where it is about nothing."""
        if span.start < self._first:
            return Scope(Span(0, self._end))
        root = self._blocks[index]
        clause = self._places.clause(span.start)
        if clause is not None:
            return Scope(clause.span, clause.shown)
        if root.kind is BlockKind.HEADING:
            return Scope(Span(root.span.start, self._ends[index]))
        if not self._comments[index]:
            return Scope(root.span)
        above = self._above[index]
        if above in self._ends:
            return Scope(Span(self._blocks[above].span.start, self._ends[above]))
        return self._next(self._below[index])

    def _next(self, below: int) -> Scope | None:
        """The clause, or else the block, that follows on a comment."""
        if below >= len(self._blocks) or below in self._ends:
            return None
        block = self._blocks[below]
        first = block.children[0] if block.kind is BlockKind.LIST and block.children else block
        clause = self._places.clause(first.span.start)
        return Scope(clause.span, clause.shown) if clause else Scope(block.span)


def _nearest(comments: Sequence[bool]) -> list[int]:
    """For each block the number of the nearest one before it that is no comment; -1 for none."""
    found, last = [], -1
    for index, comment in enumerate(comments):
        found.append(last)
        if not comment:
            last = index
    return found


def _heading_ends(blocks: Sequence[Block], end: int) -> dict[int, int]:
    """For each heading where what stands under it ends, its sub-headings included."""
    ends: dict[int, int] = {}
    under: list[int] = []
    for index, block in enumerate(blocks):
        if block.kind is BlockKind.HEADING:
            while under and blocks[under[-1]].level >= block.level:
                ends[under.pop()] = block.span.start
            under.append(index)
    return ends | dict.fromkeys(under, end)

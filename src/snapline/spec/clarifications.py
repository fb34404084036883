"""Clarifications: a question, its answer, who gave it and which clauses it clarifies."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from snapline.base.diagnostics import Applicability, Fix
from snapline.base.ids import ClauseId
from snapline.base.regex import regex
from snapline.base.text import Edit
from snapline.spec.blocks import Block, BlockKind
from snapline.spec.canonical import block_text, words_between
from snapline.spec.idlists import LIST, ids_in
from snapline.spec.inline import Inline
from snapline.spec.model import ClarificationEntry
from snapline.spec.reading import Reading

CODE: Final = "CON506"

_ANSWER: Final = regex(r"(?<![\w-])answer[ \t]*[:：]", re.IGNORECASE)  # noqa: RUF001 - the full-width colon counts
_ALMOST: Final = regex(
    r"(?<![\w-])(?:(?:answered|reply|response|resolved|resolution)[ \t]*[:：]|answer[ \t]*(?:[-–—]+(?=[ \t]))"  # noqa: RUF001
    r"|(?<=[?？] )(?:a|ans)[:：])",  # noqa: RUF001 - full-width ones count
    re.IGNORECASE,
)
_EMPHASISED: Final = regex(r"(\*\*|__)answer\1(?![ \t]*[:：])", re.IGNORECASE)  # noqa: RUF001 - as above
_WHO: Final = r"@\w[\w./-]{0,100}"
_SIGNED: Final = regex(
    rf"[(（][ \t\n]*(?P<who>{_WHO})?(?P<comma>[ \t\n]*[,，][ \t\n]*)?"  # noqa: RUF001 - full-width ones count
    rf"(?:clarifies:?[ \t\n]+(?P<ids>{LIST}))?[ \t\n]*[)）][ \t\n.。]*\Z",  # noqa: RUF001 - full-width ones count
    re.IGNORECASE,
)
_NEARLY: Final = regex(r"[(（][^()（）]*(?:@\w|\bclarif).*[)）][ \t\n.。]*\Z", re.IGNORECASE | re.DOTALL)  # noqa: RUF001
_TAIL: Final = 300
"""Characters at an answer's end in which a signature is looked for."""


@dataclass(frozen=True, slots=True)
class _Signature:
    """The parenthesis that ends an answer; ``start`` is where it begins in its paragraph."""

    start: int
    who: str | None = None
    clarifies: tuple[ClauseId, ...] = ()


def read_clarification(reading: Reading, blocks: tuple[Block, ...], start: int, clause: str) -> ClarificationEntry:
    """What a clause of Clarifications says; its words begin at offset ``start`` of the first block."""
    asked: list[str] = []
    answered: list[str] | None = None
    signed: _Signature | None = None
    for index, block in enumerate(blocks):
        begin = start if index == 0 else 0
        if block.kind is not BlockKind.PARAGRAPH:
            (asked if answered is None else answered).append(block_text(reading, block))
            continue
        (inline,) = reading.texts(block)
        label = _ANSWER.search(inline.masked, begin) if answered is None else None
        if label:
            asked.append(words_between(inline, begin, label.start()))
            answered, begin = [], label.end()
        if answered is None:
            asked.append(words_between(inline, begin, len(inline.text)))
            continue
        last = _signature(reading, inline, begin, clause)
        signed = last or signed
        answered.append(words_between(inline, begin, last.start if last else len(inline.text)))
    if answered is None:
        _report_almost(reading, blocks, clause)
    return ClarificationEntry(
        _joined(asked),
        (_joined(answered) or None) if answered is not None else None,
        signed.who if signed else None,
        signed.clarifies if signed else (),
    )


def _report_almost(reading: Reading, blocks: tuple[Block, ...], clause: str) -> None:
    """The fault of a question with what is almost the word in front of an answer."""
    for block in blocks:
        for inline in reading.texts(block) if block.kind is BlockKind.PARAGRAPH else ():
            match = _ALMOST.search(inline.masked) or _EMPHASISED.search(inline.text)
            if match:
                span = inline.span(*match.span())
                fix = Fix("Write `**Answer:**`", Applicability.SUGGESTED, (Edit(span, "**Answer:**"),))
                message = f"`{reading.source.slice(span)}` is almost `**Answer:**`, and the question counts as open"
                hint = "Write `**Answer:**` in front of the answer."
                reading.fault("CON505", span, message, hint, clause=clause, fix=fix, variant="warning")
                return


def _signature(reading: Reading, inline: Inline, start: int, clause: str) -> _Signature | None:
    tail = max(start, len(inline.masked) - _TAIL)
    match = _SIGNED.search(inline.masked, tail)
    if match and (match["who"] or match["ids"]) and bool(match["comma"]) == bool(match["who"] and match["ids"]):
        return _Signature(match.start(), match["who"], ids_in(match["ids"] or ""))
    nearly = _NEARLY.search(inline.masked, tail)
    if nearly:
        hint = "End the answer with who gave it and what it clarifies: `(@alice, clarifies A2)`."
        end = nearly.start() + len(nearly.group().rstrip(" \t\n.。"))
        message = "this does not say who answered and which clauses that clarifies"
        reading.fault(CODE, inline.span(nearly.start(), end), message, hint, clause=clause)
    return None


def _joined(parts: list[str]) -> str:
    return "\n".join(part.strip() for part in parts if part.strip())

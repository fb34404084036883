"""Canonical text: what a block says, without how it is laid out (spec language, section 8)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

from snapline.base.regex import regex
from snapline.spec.blocks import Block, BlockKind
from snapline.spec.inline import Inline, Kind
from snapline.spec.reading import Reading

NORMAL_FORM: Final = "NFC"
_BLANKS: Final = regex(r"[ \t\n\r\f\v]+")
_TICK: Final = regex(r"\A\[[ xX]\](?:[ \n]|\Z)")
_TICKS: Final = regex("`+")


def inline_text(inline: Inline, start: int = 0) -> str:
    """The words of a paragraph from an offset of its text: NFC, blanks collapsed, markers and comments dropped."""
    out: list[str] = []
    blank = True
    for piece in inline.pieces:
        if piece.end <= start or piece.kind in (Kind.MARKER, Kind.COMMENT):
            continue
        if piece.kind is Kind.CODE:
            out.append(quoted(piece.value))
            blank = False
            continue
        value = piece.value
        if piece.start < start and piece.kind is Kind.TEXT:
            value = value[start - piece.start :]
        if "  " in value or not (value.isascii() and value.isprintable()):  # all else is in its normal form
            value = _BLANKS.sub(" ", unicodedata.normalize(NORMAL_FORM, value))
        if blank:
            value = value.removeprefix(" ")
        if value:
            out.append(value)
            blank = value.endswith(" ")
    return "".join(out).rstrip(" ")


def words_between(inline: Inline, start: int, end: int) -> str:
    """The words of a part of a paragraph, as written but for emphasis and comments."""
    shown = []
    for piece in inline.pieces_over(start, end):
        if piece.kind is Kind.TEXT and len(piece.value) == piece.end - piece.start:
            shown.append(piece.value[max(0, start - piece.start) : max(0, end - piece.start)])
        elif piece.kind is Kind.CODE:
            shown.append(quoted(piece.value))
        elif piece.kind is not Kind.COMMENT:
            shown.append(piece.value)
    return " ".join("".join(shown).split())


def quoted(code: str) -> str:
    """Inline code between enough backticks."""
    if "`" not in code:
        return f"`{code}`"
    longest = max((len(match) for match in _TICKS.findall(code)), default=0)
    ticks = "`" * (longest + 1)
    pad = " " if code.startswith("`") or code.endswith("`") else ""
    return f"{ticks}{pad}{code}{pad}{ticks}"


def blocks_text(reading: Reading, blocks: Iterable[Block], *, level: int = 0) -> str:
    """The canonical text of blocks, one under the other; ``level`` is that of the sections' headings."""
    texts = (block_text(reading, block, level=level) for block in blocks)
    return "\n".join(text for text in texts if text)


def block_text(reading: Reading, block: Block, *, level: int = 0) -> str:  # noqa: C901, PLR0911 - one case per kind
    """The canonical text of one block with all inside it."""
    match block.kind:
        case BlockKind.PARAGRAPH:
            return "\n".join(inline_text(one) for one in reading.texts(block))
        case BlockKind.HEADING:
            marks = "#" * max(1, block.level - level)
            return f"{marks} {inline_text(reading.texts(block)[0])}"
        case BlockKind.FENCE | BlockKind.CODE:
            return f"```{' '.join(block.info.split())}\n{block.text.rstrip(chr(10))}\n```"
        case BlockKind.TABLE:
            texts = iter(reading.texts(block))
            rows = ("| " + " | ".join(inline_text(next(texts)) for _ in row) + " |" for row in reading.rows(block))
            return "\n".join(rows)
        case BlockKind.LIST:
            return blocks_text(reading, block.children)
        case BlockKind.ITEM:
            text = blocks_text(reading, block.children)
            if block.children and block.children[0].kind is BlockKind.PARAGRAPH:
                text = _TICK.sub("", text, count=1)
            return "- " + text.replace("\n", "\n  ")
        case BlockKind.QUOTE:
            return "> " + blocks_text(reading, block.children).replace("\n", "\n> ")
        case BlockKind.HTML:
            return reading.html_text(block)
        case BlockKind.RULE:
            return ""
        case BlockKind.DEFINITIONS | BlockKind.UNREAD:
            return _BLANKS.sub(" ", unicodedata.normalize(NORMAL_FORM, reading.source.slice(block.span))).strip(" ")

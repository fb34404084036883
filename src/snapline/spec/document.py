"""Markdown text to blocks with exact positions: plain texts by a reader of our own, all others by the whole parser."""

from __future__ import annotations

from snapline.base.text import Source
from snapline.spec.asides import without_breaks
from snapline.spec.blocks import Document
from snapline.spec.plain import plain_blocks


def parse_blocks(source: Source, start: int) -> Document:
    """The blocks of ``source`` from ``start`` (the beginning of a line) on."""
    plain = plain_blocks(source.text, start)
    if plain is not None:
        return without_breaks(source, Document(plain))
    from snapline.spec.markdown import read_blocks  # noqa: PLC0415 - markdown-it is loaded only where it is needed

    return without_breaks(source, read_blocks(source, start))

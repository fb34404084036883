"""The block structure of a Markdown text, each block with its exact place in the source.

:mod:`snapline.spec.document` makes these; nothing here parses.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from snapline.base.record import Record
from snapline.base.text import Span


class BlockKind(StrEnum):
    """What a block is. ``UNREAD`` is text beyond the limits, which is kept but not parsed."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    FENCE = "fence"
    CODE = "indented code"
    HTML = "html"
    TABLE = "table"
    RULE = "rule"
    DEFINITIONS = "link definitions"
    LIST = "list"
    ITEM = "item"
    QUOTE = "quote"
    UNREAD = "unread"


class Line(Record, frozen=True):
    """One line of a leaf block: from its first character that is not blank to its end without the line ending.

    ``lazy`` lines stand outside the indentation of their list item or quote and belong to it only by Markdown's rule
    of lazy continuation.
    """

    start: int
    end: int
    lazy: bool = False


class Block(Record, frozen=True):
    """A block. ``span`` runs from its first marker or character to the end of its last line, without line ending.

    Leaf blocks have ``lines``, containers have ``children``. ``text`` is the content of code, LF line ends, without the
    container's indentation. ``markup`` is the marker: ``#``, ``=``, ``-`` for headings and items, the fence's own.
    ``closed`` is False for a fence that the end of its container closes.
    """

    kind: BlockKind
    span: Span
    lines: tuple[Line, ...] = ()
    children: tuple[Block, ...] = ()
    level: int = 0
    markup: str = ""
    info: str = ""
    text: str = ""
    closed: bool = True

    def walk(self) -> Iterator[Block]:
        """This block and all inside it, in reading order."""
        stack = [self]
        while stack:
            block = stack.pop()
            yield block
            stack.extend(reversed(block.children))


class Document(Record, frozen=True):
    """The blocks at the root, the first line that was too deep to be read as structure, and where reading stopped."""

    blocks: tuple[Block, ...]
    too_deep: Span | None = None
    unread: Span | None = None

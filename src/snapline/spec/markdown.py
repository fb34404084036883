"""Any Markdown text to blocks with exact positions: the only module that knows markdown-it.

markdown-it tells the lines of a block, not its columns. Each of its rules runs here inside a thin wrapper that, while
the parser still knows them, notes where every line of the block begins and ends within its containers.

The work is bounded: nesting, lines and blocks beyond the limits are kept as ``UNREAD`` text and reported, so that no
file of the permitted size takes longer than a moment.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Final, Literal

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from snapline.base.regex import regex
from snapline.base.text import Source, Span
from snapline.spec.blocks import Block, BlockKind, Document, Line

MAX_DEPTH: Final = 30
"""Containers in each other that are still read as structure; lint refuses far fewer (FMT012)."""
MAX_LINES: Final = 20_000
MAX_TOKENS: Final = 40_000
"""markdown-it's tokens: a list item with one paragraph has five."""

_Rule = Callable[[StateBlock, int, int, bool], bool]
_CONTAINERS: Final = ("list", "blockquote")
_LEAVES: Final = ("table", "code", "fence", "hr", "html_block", "heading", "lheading", "paragraph")
_KINDS: Final = {
    "paragraph_open": BlockKind.PARAGRAPH,
    "heading_open": BlockKind.HEADING,
    "fence": BlockKind.FENCE,
    "code_block": BlockKind.CODE,
    "html_block": BlockKind.HTML,
    "table_open": BlockKind.TABLE,
    "hr": BlockKind.RULE,
    "bullet_list_open": BlockKind.LIST,
    "ordered_list_open": BlockKind.LIST,
    "list_item_open": BlockKind.ITEM,
    "blockquote_open": BlockKind.QUOTE,
}
_DEFINITION: Final = regex(
    r"\[(?=[^\[\]]*\S)(?:[^\[\]\\]|\\.){1,999}\]:[ \t]*+\n?[ \t]*+(?:<[^<>\n]*+>|(?!<)[^\s]++)"
    r"(?:[ \t]*+(?:\n[ \t]*+)?(?<=\s)(?:\"[^\"\n]*+\"|'[^'\n]*+'|\([^()\n]*+\)))?[ \t]*+(?:\n|\Z)"
)
_DEFINITION_BARE: Final = regex(
    r"\[(?=[^\[\]]*\S)(?:[^\[\]\\]|\\.){1,999}\]:[ \t]*+\n?[ \t]*+(?:<[^<>\n]*+>|(?!<)[^\s]++)[ \t]*+(?:\n|\Z)"
)


class _Overflow(Exception):
    """More blocks than are read."""


class _State(StateBlock):
    """markdown-it's state, and what our wrappers note in it."""

    too_deep: int | None = None
    root_line = 0
    root_tokens = 0
    begun = (0, 0)

    def begin(self, line: int) -> None:
        """Note where a block begins; stop when there are too many tokens."""
        if len(self.tokens) > MAX_TOKENS:
            raise _Overflow
        self.begun = (line, self.bMarks[line] + self.tShift[line])
        if self.level == 0:
            self.root_line = line
            self.root_tokens = len(self.tokens)

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        """As markdown-it's, noting where a container's marker stands."""
        token = super().push(ttype, tag, nesting)
        if ttype == "list_item_open":  # the state still points at the marker here
            token.meta = {"at": (self.line, self.bMarks[self.line] + self.tShift[self.line])}
        elif ttype == "blockquote_open":  # the state points behind the marker already
            token.meta = {"at": self.begun}
        return token


def _leaf(rule: _Rule) -> _Rule:
    def wrapped(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's form
        if silent:
            return rule(state, start, end, silent)
        assert isinstance(state, _State)  # noqa: S101 - the parser below hands in no other
        state.begin(start)
        before = len(state.tokens)
        if not rule(state, start, end, silent):
            return False
        state.tokens[before].meta["lines"] = [
            (line, state.bMarks[line] + state.tShift[line], state.eMarks[line], state.sCount[line] < state.blkIndent)
            for line in range(start, state.line)
        ]
        return True

    return wrapped


def _container(rule: _Rule) -> _Rule:
    def wrapped(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's form
        assert isinstance(state, _State)  # noqa: S101 - the parser below hands in no other
        if state.level >= 2 * MAX_DEPTH:
            if not silent and rule(state, start, end, True):  # noqa: FBT003 - markdown-it's form
                state.too_deep = min(start, state.too_deep or start)
            return False
        if not silent:
            state.begin(start)
        return rule(state, start, end, silent)

    return wrapped


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": 4 * MAX_DEPTH}).enable("table").disable("reference")
    rules = {rule.name: rule for rule in parser.block.ruler.__rules__}
    for name in (*_LEAVES, *_CONTAINERS):
        rule = rules[name]
        wrapped = _container(rule.fn) if name in _CONTAINERS else _leaf(rule.fn)
        parser.block.ruler.at(name, wrapped, {"alt": rule.alt})
    return parser


class _Lines:
    """The lines of the body: the text that markdown-it reads (LF only) and where each line stands in the source."""

    def __init__(self, source: Source, start: int) -> None:
        first = source.position(start).line - 1
        starts = source.line_starts[first:] if start < len(source.text) else ()
        self.starts = [max(begin, start) for begin in starts]
        self.last = self.starts[MAX_LINES] if len(self.starts) > MAX_LINES else len(source.text)
        del self.starts[MAX_LINES:]
        body = source.text[start : self.last]
        self.text = body.replace("\r\n", "\n").replace("\r", "\n") if "\r" in body else body
        self.marks: list[int] = []

    def line(self, number: int, mark: int, begin: int, end: int, *, lazy: bool) -> Line:
        """A line by its number and its offsets in the text that markdown-it reads; ``mark`` is where it begins."""
        shift = self.starts[number] - mark
        return Line(min(begin, end) + shift, end + shift, lazy)


def read_blocks(source: Source, start: int) -> Document:
    """The blocks of ``source`` from ``start`` (the beginning of a line) on."""
    lines = _Lines(source, start)
    too_deep = None
    tokens: list[Token] = []
    unread = lines.last
    if lines.text:
        parser = _parser()
        state = _State(lines.text, parser, {}, tokens)
        lines.marks = _marks(lines.text)
        try:
            parser.block.tokenize(state, 0, state.lineMax)
        except _Overflow:
            del tokens[state.root_tokens :]
            unread = lines.starts[state.root_line]
        if state.too_deep is not None:
            too_deep = source.line_span(source.position(lines.starts[state.too_deep]).line)
    blocks = _Builder(source, lines).build(tokens)
    rest = None
    if unread < len(source.text):
        rest = Span(unread, len(source.text))
        blocks.append(Block(BlockKind.UNREAD, rest))
    return Document(tuple(blocks), too_deep, rest)


def _marks(text: str) -> list[int]:
    marks = [0]
    position = text.find("\n")
    while position >= 0:
        marks.append(position + 1)
        position = text.find("\n", position + 1)
    return marks


class _Open:
    """A container that is being built."""

    __slots__ = ("children", "start", "token")

    def __init__(self, token: Token | None, start: int) -> None:
        self.token = token
        self.start = start
        self.children: list[Block] = []


class _Builder:
    """markdown-it's flat tokens to a tree of blocks."""

    def __init__(self, source: Source, lines: _Lines) -> None:
        self.source = source
        self.lines = lines

    def build(self, tokens: list[Token]) -> list[Block]:
        """The blocks at the root."""
        stack = [_Open(None, 0)]
        index = 0
        while index < len(tokens):
            token = tokens[index]
            if token.meta and "lines" in token.meta:
                inner = tokens[index + 1] if index + 1 < len(tokens) else token
                stack[-1].children += self._leaf_blocks(token, inner)
                index = self._after(tokens, index)
                continue
            if token.nesting > 0:
                stack.append(_Open(token, self._marker(token)))
            elif token.nesting < 0:
                done = self._container_block(stack.pop())
                stack[-1].children.append(done)
            index += 1
        return stack[0].children

    def _marker(self, token: Token) -> int:
        if "at" not in token.meta:
            return -1
        number, place = token.meta["at"]
        return int(place + self.lines.starts[number] - self.lines.marks[number])

    @staticmethod
    def _after(tokens: list[Token], index: int) -> int:
        if tokens[index].nesting == 0:
            return index + 1
        level = tokens[index].level
        index += 1
        while not (tokens[index].nesting < 0 and tokens[index].level == level):
            index += 1
        return index + 1

    def _container_block(self, done: _Open) -> Block:
        token = done.token
        assert token is not None  # noqa: S101 - only the root has none and is never closed
        children = tuple(done.children)
        start = done.start if done.start >= 0 else children[0].span.start
        end = max((children[-1].span.end if children else start, self._marker_end(start, token)))
        return Block(_KINDS[token.type], Span(start, end), children=children, markup=token.markup)

    def _marker_end(self, start: int, token: Token) -> int:
        if token.type == "list_item_open":
            return start + len(token.info) + 1
        return start + 1 if token.type == "blockquote_open" else start

    def _leaf_blocks(self, token: Token, inner: Token) -> list[Block]:
        marks = self.lines.marks
        lines = tuple(
            self.lines.line(number, marks[number], begin, end, lazy=lazy)
            for number, begin, end, lazy in token.meta["lines"]
        )
        kind = _KINDS[token.type]
        if kind is BlockKind.PARAGRAPH:
            return self._paragraph(lines)
        span = _extent(self.source.text, lines)
        if kind is BlockKind.HEADING:
            return [Block(kind, span, lines, level=int(token.tag[1:]), markup=token.markup[0], text=inner.content)]
        if kind is BlockKind.FENCE:
            count = token.content.count("\n") + (not token.content.endswith("\n") and token.content != "")
            closed = len(lines) - 1 > count
            end = lines[-1].end if closed else span.end
            whole = Span(span.start, max(span.end, end))
            return [Block(kind, whole, lines, markup=token.markup, info=token.info, text=token.content, closed=closed)]
        return [Block(kind, span, lines, text=token.content)]

    def _paragraph(self, lines: tuple[Line, ...]) -> list[Block]:
        """A paragraph, without the link definitions that it may begin with."""
        taken = 0
        text = self.source.text
        if text.startswith("[", lines[0].start):
            taken = _definition_lines(text, lines)
        blocks = []
        if taken:
            blocks.append(Block(BlockKind.DEFINITIONS, _extent(text, lines[:taken]), lines[:taken]))
        if taken < len(lines):
            blocks.append(Block(BlockKind.PARAGRAPH, _extent(text, lines[taken:]), lines[taken:]))
        return blocks


def _definition_lines(text: str, lines: tuple[Line, ...]) -> int:
    content = "\n".join(text[line.start : line.end] for line in lines)
    position = 0
    while position < len(content) and content[position] == "[":
        match = _DEFINITION.match(content, position) or _DEFINITION_BARE.match(content, position)
        if match is None:
            break
        position = match.end()
    return content.count("\n", 0, position) + (position == len(content) and position > 0)


def _extent(text: str, lines: tuple[Line, ...]) -> Span:
    """From the first character of the first line to the last one of the last line that is not blank."""
    start = lines[0].start
    for line in reversed(lines):
        piece = text[line.start : line.end].rstrip(" \t")
        if piece:
            return Span(start, max(start, line.start + len(piece)))
    return Span(start, start)

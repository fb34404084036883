"""Compare the clauses of real Markdown with what marko, an independent CommonMark parser, makes of it.

Run by hand: ``python tests/spec/corpus_against_marko.py FOLDER [COUNT]``. Each file's body is put under a Goal heading,
its own headings made deeper. The clauses must be marko's top-level list items where there is a list, else its
paragraphs and tables: as many, in the same order, with the same words. Prints every difference, and exits with 1 if
there is one.
"""

from __future__ import annotations

import hashlib
import html
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import marko
from marko import Markdown

from snapline.base.errors import UnreadableText
from snapline.base.text import MAX_BYTES, Edit, Source, apply_edits
from snapline.spec.blocks import Block, BlockKind
from snapline.spec.document import parse_blocks
from snapline.spec.inline import Kind
from snapline.spec.model import SectionKind
from snapline.spec.parser import parse
from snapline.spec.reading import Reading

_ATX: Final = re.compile(r"^( {0,3})(#{1,6})(?=[ \t\r\n]|\Z)", re.MULTILINE)
_TICK: Final = re.compile(r"\[[ xX]\](?=\s)")
_AUTOLINK: Final = re.compile(r"<[^\s<>:@]+[:@][^\s<>]*>")
_SHOWN: Final = (Kind.TEXT, Kind.CODE)
_LEAVES: Final = (BlockKind.FENCE, BlockKind.CODE)
_OPENERS: Final = (BlockKind.PARAGRAPH, BlockKind.TABLE)


def under_goal(text: str) -> str:
    """``text`` as the body of a Goal section: its own headings made deeper than any section's."""
    deeper = _ATX.sub(lambda m: m[1] + "#" * min(6, len(m[2]) + 2), text.removeprefix("\ufeff"))
    document = f"# Goal\n\n{deeper}"
    while True:
        source = Source.from_bytes("corpus.md", document.encode())
        blocks = parse_blocks(source, 0).blocks[1:]
        edits = [
            Edit(block.span, "### " + " ".join(source.slice(block.span).split("\n")[:-1]).replace("\r", ""))
            for block in blocks
            if block.kind is BlockKind.HEADING and block.markup in "=-"
        ]
        if not edits:
            return document
        document = apply_edits(document, edits)


def our_clauses(document: str) -> list[str]:
    """The words of each clause that begins with a paragraph or table, or is a list item."""
    source = Source.from_bytes("corpus.md", document.encode())
    spec = parse(source)
    goal = spec.section(SectionKind.GOAL)
    assert goal is not None, "the Goal section was not found"
    reading = Reading(source)
    blocks = {block.span: block for outer in parse_blocks(source, 0).blocks for block in (outer, *outer.children)}
    found = []
    for clause in goal.clauses:
        block = blocks.get(clause.span)
        if block is None:  # a paragraph with what follows it
            block = next(one for span, one in blocks.items() if span.start == clause.span.start)
        if block.kind is BlockKind.ITEM or block.kind in _OPENERS:
            found.append(_letters("".join(_our_words(reading, block))))
    return found


def _our_words(reading: Reading, block: Block) -> Iterator[str]:
    firsts = {one.children[0].span for one in block.walk() if one.kind is BlockKind.ITEM and one.children}
    for one in block.walk():
        if one.kind in _LEAVES:
            yield one.text
        for text in reading.texts(one):
            words = "".join(
                piece.value for piece in text.pieces if piece.kind in _SHOWN or _AUTOLINK.match(piece.value)
            )
            # GFM takes the box of a task list out of the text; so does the language, in front of a clause
            boxed = one.kind is BlockKind.PARAGRAPH and one.span in firsts and _TICK.match(text.text)
            yield words[3:] if boxed else words


def marko_clauses(document: str) -> list[str]:
    """The words of marko's top-level list items, else of its paragraphs and tables."""
    body = Markdown(extensions=["gfm"]).parse(document).children[1:]
    items = [item for one in body if isinstance(one, marko.block.List) for item in one.children]
    if not any(isinstance(one, marko.block.List) for one in body):
        items = [one for one in body if type(one).__name__ in ("Paragraph", "Table")]
    return [_letters("".join(_marko_words(item))) for item in items]


def _marko_words(element: Any) -> Iterator[str]:  # noqa: ANN401 - any element of marko's tree
    kind = type(element).__name__
    if kind in ("InlineHTML", "HTMLBlock", "LinkRefDef"):
        return
    children = element.children if hasattr(element, "children") else ()
    if isinstance(children, str):
        yield (
            children
            if kind in ("CodeSpan", "FencedCode", "CodeBlock")
            else marko.inline.Literal.strip_backslash(children)
        )
        return
    for child in children:
        yield from _marko_words(child)


def _letters(text: str) -> str:
    return "".join(char for char in html.unescape(text) if char.isalnum())


def differences(text: str) -> list[str]:
    """How the two readings of ``text`` differ; empty when they agree."""
    document = under_goal(text)
    ours = our_clauses(document)
    theirs = marko_clauses(document)
    if len(ours) != len(theirs):
        return [f"{len(ours)} clauses, marko has {len(theirs)}"]
    return [
        f"clause {i + 1}: {a[:150]!r} is {b[:150]!r} in marko"
        for i, (a, b) in enumerate(zip(ours, theirs, strict=True))
        if a != b
    ]


def main(folder: Path, count: int) -> int:
    """Compare ``count`` files of ``folder``, chosen by the hash of their content; the exit status."""
    texts = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in sorted(folder.rglob("*.md"))}
    compared = differing = clauses = 0
    slowest = 0.0
    for _, path in sorted(texts.items())[:count]:
        try:
            text = Source.from_bytes(str(path), path.read_bytes()).text
        except UnreadableText as error:
            print(f"unreadable: {error}")  # noqa: T201 - a program run by hand
            continue
        if len(text.encode()) > MAX_BYTES // 2:
            print(f"too large: {path}")  # noqa: T201 - a program run by hand
            continue
        document = under_goal(text)
        begin = time.process_time()
        clauses += len(our_clauses(document))
        slowest = max(slowest, time.process_time() - begin)
        compared += 1
        found = differences(text)
        differing += bool(found)
        for one in found[:3]:
            print(f"{path}: {one}")  # noqa: T201 - a program run by hand
    print(f"{compared} files compared, {clauses} clauses, {differing} files differ, slowest {slowest:.2f} s")  # noqa: T201 - a program run by hand
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else sys.maxsize))

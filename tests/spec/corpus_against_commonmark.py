"""Compare the structure of real Markdown with what commonmark.js, an independent parser, makes of it, and lint it.

Run by hand, with Node and its package ``commonmark`` (``npm install commonmark`` in a folder of its own)::

    NODE_PATH=FOLDER/node_modules python tests/spec/corpus_against_commonmark.py FOLDER...

Headings, fences, top-level list items and code spans must agree in number and place: headings, fences and items by
level and lines, code spans by text and by the line on which their block begins, which is as much as the other parser
tells. Each file is linted too: within 2 s of CPU, and no finding may point outside its file. Prints every difference,
and exits with 1 if there is one. commonmark.js knows no tables: a cell's code spans are compared by their text alone.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from snapline.app.linting import lint_source
from snapline.app.surroundings import Surroundings
from snapline.base.errors import UnreadableText
from snapline.base.text import Source
from snapline.spec import frontmatter
from snapline.spec.blocks import Block, BlockKind
from snapline.spec.document import parse_blocks
from snapline.spec.inline import Kind
from snapline.spec.reading import Reading

MOST_SECONDS: Final = 2.0
_OTHER: Final = r"""
const commonmark = require("commonmark");
const texts = JSON.parse(require("fs").readFileSync(0, "utf8"));
const found = texts.map((text) => {
  const facts = [];
  const walker = new commonmark.Parser().parse(text).walker();
  let event, block = 0;
  while ((event = walker.next())) {
    const node = event.node;
    if (!event.entering) continue;
    if (node.sourcepos) block = node.sourcepos[0][0];
    const lines = node.sourcepos && [node.sourcepos[0][0], node.sourcepos[1][0]];
    if (node.type === "heading") facts.push(["heading", node.level, ...lines]);
    else if (node.type === "code_block" && node._isFenced) facts.push(["fence", node.info || "", ...lines]);
    else if (node.type === "item" && node.parent.parent.type === "document") facts.push(["item", "", ...lines]);
    else if (node.type === "code") facts.push(["code", node.literal, block, block]);
  }
  return facts;
});
console.log(JSON.stringify(found));
"""


@dataclass(frozen=True, order=True)
class Fact:
    """One piece of structure; ``lines`` are its first and last line that is not blank, from 1."""

    kind: str
    what: str
    lines: tuple[int, int]


def ours(source: Source, start: int) -> Counter[Fact]:
    """The structure as Snapline reads it."""
    reading = Reading(source)
    return Counter(fact for block, top in _blocks(source, start) for fact in _facts(reading, block, top=top))


def _blocks(source: Source, start: int) -> Iterator[tuple[Block, bool]]:
    for root in parse_blocks(source, start).blocks:
        for block in root.walk():
            yield block, root.kind is BlockKind.LIST and block in root.children


def _facts(reading: Reading, block: Block, *, top: bool) -> Iterator[Fact]:
    source = reading.source
    lines = source.position(block.span.start).line, source.position(max(block.span.start, block.span.end - 1)).line
    if block.kind is BlockKind.HEADING:
        yield Fact("heading", str(block.level), lines)
    elif block.kind is BlockKind.FENCE:
        yield Fact("fence", block.info.strip(), lines)
    elif block.kind is BlockKind.ITEM and top:
        yield Fact("item", "", lines)
    for text in reading.texts(block):
        for piece in text.pieces:
            if piece.kind is Kind.CODE:
                where = (0, 0) if block.kind is BlockKind.TABLE else (lines[0], lines[0])
                yield Fact("code", piece.value, where)


def theirs(text: str, found: list[list[Any]], tables: Collection[int]) -> Counter[Fact]:
    """The structure as commonmark.js reads it; ``tables`` are the lines of our tables, whose cells it cannot know."""
    written = text.split("\n")
    facts: Counter[Fact] = Counter()
    for kind, what, first, last in found:
        end = last
        while end > first and (end > len(written) or not written[end - 1].strip(" \t>")):
            end -= 1
        lines = (0, 0) if kind == "code" and first in tables else (first, end)
        facts[Fact(kind, str(what).strip() if kind == "fence" else str(what), lines)] += 1
    return facts


def _lines_of_tables(source: Source, start: int) -> frozenset[int]:
    tables = [block.span for block, _ in _blocks(source, start) if block.kind is BlockKind.TABLE]
    return frozenset(
        line for one in tables for line in range(source.position(one.start).line, source.position(one.end).line + 1)
    )


def lint_faults(source: Source, around: Surroundings) -> Iterator[str]:
    """What lint does wrong on a file: too slow, or a finding that points outside."""
    begin = time.process_time()
    findings = lint_source(source, around).findings
    spent = time.process_time() - begin
    if spent > MOST_SECONDS:
        yield f"lint took {spent:.2f} s"
    for one in findings:
        if not 0 <= one.span.start <= one.span.end <= len(source.text):
            yield f"{one.code} points outside: {one.span}"


def main(folders: list[Path]) -> int:
    """Compare all files; the exit status."""
    sources, unreadable = [], 0
    for path in sorted(path for folder in folders for path in folder.rglob("*.md") if path.is_file()):
        try:
            sources.append(Source.from_bytes(str(path), path.read_bytes()))
        except UnreadableText as error:
            unreadable += 1
            print(f"unreadable: {error}")  # noqa: T201 - a program run by hand
    starts = [max(frontmatter.read(one, 0)[1], one.text.startswith("\ufeff")) for one in sources]
    bodies = ["\n" * one.text.count("\n", 0, at) + one.text[at:] for one, at in zip(sources, starts, strict=True)]
    node = ["node", "-e", _OTHER]
    asked = subprocess.run(node, input=json.dumps(bodies), capture_output=True, text=True, check=True)
    around, differing, facts, findings = Surroundings(None), 0, Counter[str](), 0
    for source, start, body, other in zip(sources, starts, bodies, json.loads(asked.stdout), strict=True):
        own = ours(source, start)
        expected = theirs(body, other, _lines_of_tables(source, start))
        faults = [f"only ours: {one}" for one in sorted((own - expected).elements())]
        faults += [f"only theirs: {one}" for one in sorted((expected - own).elements())]
        faults += lint_faults(source, around)
        findings += len(lint_source(source, around).findings)
        for fact, count in own.items():
            facts[fact.kind] += count
        differing += bool(faults)
        for fault in faults:
            print(f"{source.path}: {fault}")  # noqa: T201 - a program run by hand
    print(  # noqa: T201 - a program run by hand
        f"{len(sources)} files, {unreadable} unreadable, {dict(facts)}, {findings} findings, {differing} files differ"
    )
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main([Path(one) for one in sys.argv[1:]]))

"""What is fuzzed: each target makes an input from chance, feeds it to one part, and checks what must always hold."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final

from tests.spec.texts import mutated, noise, seeded, structured, valid

from snapline.base.diagnostics import Applicability
from snapline.base.errors import UnreadableText
from snapline.base.text import Source, apply_edits
from snapline.lint.fix import mend
from snapline.lint.rule import Context
from snapline.lint.run import lint
from snapline.spec import frontmatter
from snapline.spec.diff import diff
from snapline.spec.export import document
from snapline.spec.format import fmt_edits
from snapline.spec.leaves import leaves
from snapline.spec.merge import merge
from snapline.spec.model import THE_SIX, SectionKind
from snapline.spec.parser import parse
from snapline.spec.revision import revision
from snapline.spec.show import describe

Target = Callable[[Random], None]

_FOLDERS: Final = ("docs", "specs", "tests/lint", "tests/lang")
_ROOT: Final = Path(__file__).parents[2]


def _own_files() -> tuple[str, ...]:
    paths = (path for folder in _FOLDERS for path in sorted((_ROOT / folder).rglob("*.md")))
    return tuple(path.read_bytes().decode("utf-8", "replace") for path in paths)


FILES: Final = _own_files()


def text_of(chance: Random) -> str:
    """A text of any kind: generated, mutated, noise, one of our own files, or one of those with another spliced in."""
    kind = chance.randrange(6)
    if kind < 4:
        return (valid, mutated, noise, structured)[kind](seeded(chance.randrange(10**9)))
    text = chance.choice(FILES)
    for _ in range(chance.randrange(6)):
        other, start = chance.choice((*FILES, *_PIECES)), chance.randrange(len(text) + 1)
        begin = chance.randrange(len(other) + 1)
        text = text[:start] + other[begin : begin + chance.randrange(80)] + text[start + chance.randrange(40) :]
    return text[:20_000]


def bytes_of(chance: Random) -> bytes:
    """The bytes of a text, sometimes damaged."""
    raw = bytearray(text_of(chance).encode("utf-8", "replace"))
    for _ in range(chance.choice((0, 0, 0, 1, 3))):
        place = chance.randrange(len(raw) + 1)
        raw[place : place + chance.randrange(3)] = chance.randbytes(chance.randrange(4))
    return bytes(raw)


def source_of(chance: Random, name: str = "specs/x.md") -> Source | None:
    """A source, or None where the bytes are no text, which one clear error says."""
    try:
        return Source.from_bytes(name, bytes_of(chance))
    except UnreadableText:
        return None


def parser(chance: Random) -> None:
    """Every byte is in one leaf; each fault lies inside; the same text reads the same."""
    source = source_of(chance)
    if source is None:
        return
    spec = parse(source)
    done = 0
    for leaf in leaves(spec):
        assert (leaf.span.start, leaf.span.end > done) == (done, True)
        done = leaf.span.end
    assert done == len(source.text)
    assert all(0 <= one.span.start <= one.span.end <= done for one in spec.faults)
    document(spec)
    describe(spec)
    assert revision(parse(source)) == revision(spec)


def front_matter(chance: Random) -> None:
    """YAML of any kind: typed values or faults that lie inside."""
    lines = [chance.choice(_YAML) for _ in range(chance.randrange(8))]
    raw = "---\n" + "\n".join(lines) + chance.choice(("\n---\n", "\n---", "\n...\n", "")) + "# Task\n"
    source = Source.from_bytes("x.md", raw.encode("utf-8", "replace"))
    front, body, faults = frontmatter.read(source, 0)
    assert 0 <= body <= len(source.text)
    assert front.span is None or front.span.end <= len(source.text)
    assert all(0 <= one.span.start <= one.span.end <= len(source.text) for one in faults)


_YAML: Final = (
    "id: a", "id: [a", "title: Fix: x", "owner: @alice", "owner: '@a'", "priority: 2", "priority: two", "priority: 1e9",
    "lang: de", "after: [a, b]", "after: a", "after: {a: b}", "supersedes: [x]", "labels: [", "x-mine: *a", "&a b: c",
    "? a", "- b", "id: a\nid: b", "<<: *x", "!!python/object:os.system x", "a: |\n  b", "\ttitle: x", "",
    "title: \u2028",
    "on: yes", "lane: ~", "id: !!binary aGk=", "# comment", "titel: x", "'", '"', "\x07: a", "title: >\n a\n  b", "{}",
)  # fmt: skip


def clauses(chance: Random) -> None:
    """Checks, options, vocabularies and fields in any order and any section, with findings that lie inside."""
    kind = chance.choice((*THE_SIX, SectionKind.TASKS, SectionKind.CLARIFICATIONS))
    items = ["- " + "".join(chance.choice(_PIECES) for _ in range(chance.randrange(14))) for _ in range(4)]
    source = Source.from_bytes("x.md", f"# {kind}\n".encode() + "\n".join(items).encode())
    spec = parse(source)
    for clause in spec.clauses():
        assert clause.span.covers(clause.body)
        assert all(clause.span.covers(check.span) for check in clause.checks)
    findings = lint(Context(spec))
    assert all(0 <= one.span.start <= one.span.end <= len(source.text) for one in findings)


_PIECES: Final = (
    "`$ x`", " ", "(", ")", "regression", "slow", "network", "manual: @a", "timeout 2m", "timeout two", "runs 3",
    "in d", "env A=b", "report `r`", "keep `a b`", ", ", "A1", "G1: ", "A2-A9", "proves ", "after ", "see ",
    "Change only: ", "`a/**`", " and ", "; ", "Keep passing: ", "Must not contain: ", "`/(a+)+$/`", " in ",
    "At most: 3 lines", "Budget: $5, 2m", "No network", "Rollback: ", "revert", "Roll back when: ",
    " fails within 30m", "Retry: 3", "Escalate: @a", "`t/a.py::b[c]`", "\n  ```sh check\n  x\n  ```\n",
    "\n  ```console\n  $ a\n  b\n  ```\n", "[ ] ", "**A1:** ", "**", "`", "``", "Proves A1. ", "Changes `a`. ",
    "After T1. ", "Agent x. ", "**Answer:** ", "\uff1a", "\u3000", "\\", "|", "\n", "\t", "<!-- ", " -->", "x",
)  # fmt: skip


def merging(chance: Random) -> None:
    """Two edits of one text: each side's own line is in the result, or between conflict markers."""
    base = source_of(chance)
    if base is None:
        return
    sides = [_edited(chance, base, name) for name in ("zebra", "okapi")]
    if None in sides:
        return
    ours, theirs = (side for side in sides if side is not None)
    found = merge(base, ours, theirs)
    for side, name in ((ours, "zebra"), (theirs, "okapi")):
        assert found.text.count(name) >= side.text.count(name), f"{name} is lost"
    assert merge(base, base, theirs).text == theirs.text
    assert merge(base, ours, base).text == ours.text
    assert merge(base, ours, ours).text == ours.text


def _edited(chance: Random, base: Source, name: str) -> Source | None:
    text = base.text
    for _ in range(chance.randint(1, 3)):
        lines = text.split("\n")
        place = chance.randrange(len(lines) + 1)
        lines.insert(place, chance.choice((f"- {name}", f"- A{chance.randint(1, 9)}: {name}", f"# {name}", name)))
        text = "\n".join(lines)
    try:
        return Source.from_bytes(base.path, text.encode("utf-8", "replace"))
    except UnreadableText:
        return None


def editing(chance: Random) -> None:
    """Ids are only added, safe fixes bring no new kind of error, and a difference can be told."""
    source = source_of(chance)
    if source is None:
        return
    spec = parse(source)
    edits = fmt_edits(spec)
    assert all(edit.span.start == edit.span.end for edit in edits)
    written = Source.from_bytes(source.path, apply_edits(source.text, edits).encode())
    diff(spec, parse(written))
    before = {one.code for one in lint(Context(spec))}
    mended = mend(source, lambda one: Context(parse(one)), {Applicability.SAFE})
    after = {one.code for one in mended.findings if one.severity.value == "error"}
    assert after <= before, after - before


TARGETS: Final[dict[str, Target]] = {
    "parser": parser,
    "front matter": front_matter,
    "clauses": clauses,
    "merge": merging,
    "edits": editing,
}

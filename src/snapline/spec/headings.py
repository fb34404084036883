"""Headings: which level the sections are on, and where each section begins."""

from __future__ import annotations

from typing import Final

from snapline.base.diagnostics import Applicability, Fix
from snapline.base.record import Record
from snapline.base.text import Edit, Source, Span
from snapline.spec.blocks import Block, BlockKind, Line
from snapline.spec.inline import MEANINGFUL, Inline, Kind, scan_lines
from snapline.spec.model import THE_SIX, Fault, SectionKind
from snapline.spec.names import SectionName, named

LEVEL_CODE: Final = "FMT014"


class Heading(Record, frozen=True):
    """A heading at the document's root. ``means`` is what its name is read as; None for no section of the language."""

    block: Block
    name: str
    name_span: Span
    means: SectionName | None

    @property
    def kind(self) -> SectionKind | None:
        """The section that its name means."""
        return self.means.kind if self.means else None

    @property
    def alias(self) -> bool:
        """Whether it is read as a section under another name than the canonical one."""
        return self.means is not None and self.means.alias

    @property
    def level(self) -> int:
        """1 to 6."""
        return self.block.level

    @property
    def span(self) -> Span:
        """The whole heading, a setext underline included."""
        return self.block.span


class Outline(Record, frozen=True):
    """The headings of a document and the level that its sections are on."""

    headings: tuple[Heading, ...]
    level: int
    title: Heading | None
    faults: tuple[Fault, ...]

    def starts_section(self, heading: Heading) -> bool:
        """Whether ``heading`` begins a section, known or not."""
        return heading.level <= self.level and heading is not self.title


def outline(source: Source, blocks: tuple[Block, ...]) -> Outline:
    """Read all headings at the root, choose the sections' level and find the title."""
    headings = tuple(_heading(source, block) for block in blocks if block.kind is BlockKind.HEADING)
    level = _level(headings)
    title = _title(headings, level)
    faults = (fault for heading in headings for fault in _faults(source, heading, level))
    return Outline(headings, level, title, tuple(faults))


def _level(headings: tuple[Heading, ...]) -> int:
    named = {level: {one.kind for one in headings if one.level == level and one.kind in THE_SIX} for level in (1, 2)}
    return 2 if len(named[2]) > len(named[1]) else 1


def _title(headings: tuple[Heading, ...], level: int) -> Heading | None:
    """The first heading of level 1 that names no section, if it stands before the sections."""
    for heading in headings:
        if heading.level <= level and heading.kind is not None:
            return None
        if heading.level == 1:
            return heading
    return None


def _heading(source: Source, block: Block) -> Heading:
    lines = content_lines(source, block)
    name = " ".join(block.text.split()) if _is_bare(block) else _visible(scan_lines(source.text, lines))
    span = Span(lines[0].start, max(lines[-1].end, lines[0].start)) if lines else Span(block.span.end, block.span.end)
    return Heading(block, name, span, named(name))


def content_lines(source: Source, block: Block) -> tuple[Line, ...]:
    """The lines of a heading without its ``#`` signs or its underline."""
    if block.markup in "=-":
        return tuple(
            Line(line.start, line.start + len(source.text[line.start : line.end].rstrip())) for line in block.lines[:-1]
        )
    line = block.lines[0]
    start = line.start + block.level
    start = max(start, source.text.find(block.text, start, line.end))
    return (Line(start, start + len(block.text)),)


def _is_bare(block: Block) -> bool:
    """Whether a heading's text holds nothing that Markdown reads."""
    return block.markup == "#" and MEANINGFUL.search(block.text) is None


def _visible(inline: Inline) -> str:
    shown = (piece.value for piece in inline.pieces if piece.kind in (Kind.TEXT, Kind.CODE))
    return " ".join("".join(shown).split())


def _faults(source: Source, heading: Heading, level: int) -> list[Fault]:
    if heading.kind is not None and not heading.alias and heading.level != level:
        return [_wrong_level(heading, level)]
    if heading.block.markup == "-" and heading.kind is None:
        return [_underlined(source, heading)]
    return []


def _wrong_level(heading: Heading, level: int) -> Fault:
    fix = None
    if heading.block.markup == "#":
        marks = Span(heading.span.start, heading.span.start + heading.level)
        fix = Fix(f"Move to level {level}", Applicability.SUGGESTED, (Edit(marks, "#" * level),))
    return Fault(
        LEVEL_CODE,
        heading.name_span,
        f"`{heading.name}` is a section's name, but stands on level {heading.level}; the sections are on level {level}",
        f"Write `{'#' * level} {heading.name}`, or choose another name for this heading.",
        fix=fix,
        variant="level",
    )


def _underlined(source: Source, heading: Heading) -> Fault:
    underline = heading.block.lines[-1]
    edit = Edit(Span(underline.start, underline.start), source.newline)
    return Fault(
        LEVEL_CODE,
        heading.span,
        "the `---` below this text makes it a heading",
        "Put a blank line above `---` for a rule, or write `##` for a heading.",
        fix=Fix("Put a blank line above the rule", Applicability.SUGGESTED, (edit,)),
        variant="underline",
    )

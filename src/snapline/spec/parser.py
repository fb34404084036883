"""The parser: one text in, one :class:`Spec` out, with every fault that was met."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import PurePosixPath

from snapline.base.ids import ClauseId, SpecId
from snapline.base.text import Source, Span
from snapline.spec.blocks import Block, BlockKind, Document
from snapline.spec.canonical import block_text, blocks_text
from snapline.spec.clauses import Draft, draft, finish
from snapline.spec.document import parse_blocks
from snapline.spec.headings import Outline, outline
from snapline.spec.ids import Numbers, report_lead
from snapline.spec.model import (
    ConstraintEntry,
    ConstraintWord,
    FailureEntry,
    Fault,
    FrontMatter,
    Note,
    Section,
    SectionKind,
    Spec,
)
from snapline.spec.options import report_network
from snapline.spec.plainfront import plain_front
from snapline.spec.reading import Reading
from snapline.spec.sections import Part, split, units
from snapline.spec.stray import report_stray

MAX_NESTING = 8
_BOM = "\ufeff"


def parse(source: Source, *, known: Iterable[ClauseId] = ()) -> Spec:
    """Read a spec. Never raises on content: whatever cannot be read as written is in ``Spec.faults``.

    ``known`` are the ids of approved revisions, which provisional ids must not take.
    """
    reading = Reading(source)
    start = 1 if source.text.startswith(_BOM) else 0
    front, body, faults = _front(source, start)
    reading.faults += faults
    document = parse_blocks(source, body)
    _report_limits(reading, document)
    contents = outline(source, document.blocks)
    for fault in contents.faults:
        reading.add(fault)
    parts = split(source, document.blocks, contents, body)
    sections = _sections(reading, parts, contents, known, front.lang)
    _refuse_network(reading, sections)
    identifier = front.id or _stem(source.path)
    title = front.title or (contents.title.name if contents.title else "") or identifier
    ordered = sorted(reading.faults, key=lambda one: (one.span, one.code))
    return Spec(source, identifier, title, front, sections, tuple(ordered))


def _front(source: Source, start: int) -> tuple[FrontMatter, int, tuple[Fault, ...]]:
    plain = plain_front(source.text, start)
    if plain is not None:
        return *plain, ()
    from snapline.spec import frontmatter  # noqa: PLC0415 - PyYAML is loaded only where it is needed

    return frontmatter.read(source, start)


def id_of(source: Source) -> SpecId:
    """The id of the spec in a file, without reading the rest of it."""
    front, _, _ = _front(source, 1 if source.text.startswith(_BOM) else 0)
    return front.id or _stem(source.path)


def _refuse_network(reading: Reading, sections: tuple[Section, ...]) -> None:
    """``No network`` holds for the whole spec, so its checks are looked at when all is read."""
    clauses = [clause for section in sections for clause in section.clauses]
    entries = [clause.entry for clause in clauses]
    if not any(isinstance(one, ConstraintEntry) and one.word is ConstraintWord.NO_NETWORK for one in entries):
        return
    for clause in clauses:
        entry = clause.entry
        more = entry.checks if isinstance(entry, ConstraintEntry | FailureEntry) else ()
        groups = [group.span for group in clause.groups if group.options.network]
        for span in groups or [check.span for check in (*clause.checks, *more) if check.options.network]:
            report_network(reading, span, clause.shown)


def _stem(path: str) -> SpecId:
    """The id that a file's name gives: small letters, anything else a dash."""
    stem = unicodedata.normalize("NFKC", PurePosixPath(path.replace("\\", "/")).stem).lower()
    plain = re.sub(r"[^a-z0-9._-]+", "-", stem).strip("._-")
    return SpecId(plain or "spec")


def _report_limits(reading: Reading, document: Document) -> None:
    if document.unread is not None:
        first = Span(document.unread.start, min(document.unread.start + 1, document.unread.end))
        hint = "Split the spec: nobody reviews one of this size."
        reading.fault("FMT012", first, "from here on the text is too long to be read as Markdown", hint)
    if document.too_deep is not None:
        hint = f"At most {MAX_NESTING} levels."
        reading.fault("FMT012", document.too_deep, "this is nested too deeply to be read", hint)
    else:
        _report_depth(reading, document.blocks)


def _report_depth(reading: Reading, blocks: tuple[Block, ...]) -> None:
    stack = [(block, 0) for block in reversed(blocks) if block.children or block.kind is BlockKind.QUOTE]
    while stack:
        block, depth = stack.pop()
        inner = depth + (block.kind in (BlockKind.LIST, BlockKind.QUOTE))
        if inner > MAX_NESTING:
            line = reading.source.position(block.span.start).line
            end = reading.source.line_starts[line - 1] + len(reading.source.line_text(line))
            span = Span(block.span.start, max(end, block.span.start))
            message = f"lists and quotes are nested more than {MAX_NESTING} levels deep"
            reading.fault("FMT012", span, message, "Flatten it: give the inner points clauses of their own.")
            return
        stack.extend(
            [(child, inner) for child in reversed(block.children) if child.children or child.kind is BlockKind.QUOTE]
        )


def _sections(
    reading: Reading, parts: tuple[Part, ...], contents: Outline, known: Iterable[ClauseId], lang: str
) -> tuple[Section, ...]:
    drafts = [(part, *_drafts(reading, part)) for part in parts]
    written = (one.lead.id for _, group, _ in drafts for one in group if one.lead and one.lead.id)
    numbers = Numbers(known, written)
    sections = [_section(reading, part, group, notes, contents, numbers, lang) for part, group, notes in drafts]
    return tuple(section for section in sections if section is not None)


def _drafts(reading: Reading, part: Part) -> tuple[tuple[Draft, ...], tuple[Block, ...]]:
    if part.kind is None or part.kind.letter is None:
        return (), ()
    found, notes = units(reading, part.blocks)
    return tuple(draft(reading, unit, part.kind) for unit in found), notes


def _section(
    reading: Reading,
    part: Part,
    drafts: tuple[Draft, ...],
    notes: tuple[Block, ...],
    contents: Outline,
    numbers: Numbers,
    lang: str,
) -> Section | None:
    prose = blocks_text(reading, part.blocks, level=contents.level)
    heading = part.heading
    if heading is None or heading is contents.title:
        if not prose:
            return None
        place = heading.span if heading else Span(part.span.start, part.span.start)
        name_span = heading.name_span if heading else place
        return Section(None, heading.name if heading else "", part.span, place, name_span, part.body, prose=prose)
    clauses = []
    kind = part.kind
    if kind is not None:
        named = []
        for one in drafts:
            clause_id = one.lead.id if one.lead and one.lead.id else numbers.give(one.letter, one.wanted)
            if one.lead and one.inline:
                report_lead(reading, one.inline, one.lead, clause_id)
            clause = finish(reading, one, clause_id)
            clauses.append(clause)
            named.append((one.unit, clause.shown))
        if kind is not SectionKind.TASK:
            report_stray(reading, kind, tuple(named), notes)
    return Section(
        kind,
        heading.name,
        part.span,
        heading.span,
        heading.name_span,
        part.body,
        heading.alias,
        heading.means.language(lang) if heading.means else None,
        tuple(clauses),
        tuple(Note(note.span, block_text(reading, note, level=contents.level)) for note in notes),
        prose,
    )

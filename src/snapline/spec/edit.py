"""Checked edits: a spec's text changes only where it was meant to."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from snapline.base.errors import SnaplineError
from snapline.base.ids import ClauseId
from snapline.base.text import Edit, Source, apply_edits
from snapline.spec.model import Clause, Section, Spec
from snapline.spec.parser import parse
from snapline.spec.revision import canonical_clause, canonical_front


class EditWentAstray(SnaplineError):
    """An edit would have changed more than it was meant to; the file is as it was."""

    code = "edit-went-astray"
    hint = "Make the change by hand, and report this with the file."


def apply_checked(spec: Spec, edits: Iterable[Edit], touching: Collection[ClauseId] | None) -> Source:
    """Apply ``edits`` to the text of ``spec`` and read the result again.

    Only the clauses in ``touching`` may be added, vanish or change in meaning; with None, no clause may, and nothing
    else of the spec ever. Raises :class:`EditWentAstray` otherwise.
    """
    source = Source.from_bytes(spec.source.path, apply_edits(spec.source.text, edits).encode())
    allowed = frozenset(touching or ())
    after = parse(source, known=[clause.id for clause in spec.clauses()])
    if canonical_front(spec) != canonical_front(after):
        raise EditWentAstray("the edit would change the front matter's meaning")
    letters = frozenset(one[0] for one in allowed)
    if _frames(spec, letters) != _frames(after, letters):
        raise EditWentAstray("the edit would change sections, notes or prose")
    changed = _changed(spec.clauses(), after.clauses()) - allowed
    if changed:
        raise EditWentAstray(f"the edit would change {', '.join(sorted(changed))}")
    return source


def _frames(spec: Spec, letters: frozenset[str]) -> list[Any]:
    """What is there besides clauses; of sections with ``letters``, in which clauses may come and go, only the notes."""
    frames = [_frame(section) for section in spec.sections if _letter(section) not in letters]
    return [*frames, [note.text for section in spec.sections if _letter(section) in letters for note in section.notes]]


def _letter(section: Section) -> str | None:
    return section.kind.letter if section.kind else None


def _frame(section: Section) -> Any:  # noqa: ANN401 - only compared
    prose = "" if section.clauses else section.prose
    return (section.kind, section.name, len(section.clauses), [note.text for note in section.notes], prose)


def _changed(old: tuple[Clause, ...], new: tuple[Clause, ...]) -> set[ClauseId]:
    """The ids of the clauses that differ; clauses of equal number are compared in order, others by id."""
    if len(old) == len(new):
        pairs = list(zip(old, new, strict=True))
        return {one.id for one, other in pairs if not _same(one, other)}
    before = {clause.id: clause for clause in old}
    after = {clause.id: clause for clause in new}
    common = {key for key in before if key in after and not _same(before[key], after[key])}
    return common | (before.keys() ^ after.keys())


def _same(one: Clause, other: Clause) -> bool:
    if one.written and one.id != other.id:
        return False
    if other.written and other.id != one.id:
        return False
    first, second = canonical_clause(one), canonical_clause(other)
    first["id"] = second["id"] = ""
    return bool(first == second)

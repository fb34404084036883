"""Renaming a clause: its id and every reference to it, here and in the repository's other specs."""

from __future__ import annotations

from dataclasses import dataclass

from snapline.base.ids import ClauseId, SpecId
from snapline.base.text import Edit, Span
from snapline.lsp.marks import Mark, MarkKind, is_id
from snapline.lsp.navigation import naming
from snapline.lsp.view import View
from snapline.spec.model import Clause


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a clause cannot be renamed."""

    message: str


@dataclass(frozen=True, slots=True)
class Renamable:
    """The id under the cursor, and where it stands."""

    span: Span
    id: ClauseId


def renamable(view: View, offset: int) -> Renamable | Refusal:
    """The id at an offset, if it can be renamed from here."""
    mark = view.at(offset)
    if mark is None or mark.kind not in (MarkKind.ID, MarkKind.REFERENCE):
        return Refusal("there is no clause's id here")
    if mark.spec not in (None, view.spec.id):
        return Refusal(f"`{mark.text}` belongs to another spec; rename it there")
    if len(mark.ids) > 1:
        return Refusal(f"`{mark.text}` names several clauses; rename one where it stands")
    wanted = mark.ids[0] if mark.ids else ClauseId(mark.text)
    clause = view.spec.clause(wanted)
    if clause is None or clause.id_span is None:
        return Refusal(f"no clause has the id `{wanted}`")
    start = mark.span.end - len(wanted) if mark.spec else mark.span.start
    return Renamable(Span(start, mark.span.end), wanted)


def rename(view: View, offset: int, name: str) -> dict[SpecId, tuple[Edit, ...]] | Refusal:
    """The edits by spec that give a clause another id; a refusal for an id that is no id here, or was used before."""
    old = renamable(view, offset)
    if isinstance(old, Refusal):
        return old
    clause = view.spec.clause(old.id)
    wrong = _wrong(view, old.id, name)
    if wrong or clause is None or clause.id_span is None:
        return Refusal(wrong or f"no clause has the id `{old.id}`")
    if sum(one.id == old.id for one in view.spec.clauses()) > 1:
        return Refusal(f"`{old.id}` stands twice: make the ids unique first")
    return _edits(view, clause, ClauseId(name))


def _wrong(view: View, old: ClauseId, name: str) -> str:
    if not is_id(name):
        return f"`{name}` is no id: a letter of {old[0]}'s section and a number from 1 to 9999, such as `{old[0]}7`"
    if name[0] != old[0]:
        return f"ids of this section begin with `{old[0]}`"
    if view.spec.clause(name) is not None:
        return f"`{name}` is the id of another clause"
    if name in view.used:
        return f"`{name}` was used in an approved revision; ids are never used again"
    return ""


def _edits(view: View, clause: Clause, new: ClauseId) -> dict[SpecId, tuple[Edit, ...]]:
    assert clause.id_span is not None  # noqa: S101 - the caller has looked
    found = {view.spec.id: [Edit(clause.id_span, new)]}
    for spec in (view.spec, *view.others.values()):
        for mark in naming(spec, view.spec.id, clause.id):
            found.setdefault(spec.id, []).append(_edit(mark, clause.id, new))
    return {key: tuple(dict.fromkeys(edits)) for key, edits in found.items()}


def _edit(mark: Mark, old: ClauseId, new: ClauseId) -> Edit:
    """The edit of one reference; a range is written out, for the new id need not lie in it."""
    prefix, slash, text = mark.text.rpartition("/")
    if len(mark.ids) == 1:
        return Edit(mark.span, f"{prefix}{slash}{text.replace(old, new)}")
    each = (f"{prefix}{slash}{new if one == old else one}" for one in mark.ids)
    return Edit(mark.span, ", ".join(each))

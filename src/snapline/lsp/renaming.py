"""Renaming a clause: its id and every reference to it, here and in the repository's other specs."""

from __future__ import annotations

from dataclasses import dataclass

from snapline.base.ids import ClauseId, SpecId
from snapline.base.text import Edit, Span
from snapline.lsp.marks import MarkKind, is_id
from snapline.lsp.view import View
from snapline.spec.renumber import foreign_renumbering, renumbering


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
    wrong = _wrong(view, old.id, name)
    if wrong:
        return Refusal(wrong)
    if sum(one.id == old.id for one in view.spec.clauses()) > 1:
        return Refusal(f"`{old.id}` stands twice: make the ids unique first")
    return _edits(view, old.id, ClauseId(name))


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


def _edits(view: View, old: ClauseId, new: ClauseId) -> dict[SpecId, tuple[Edit, ...]]:
    ids = {old: new}
    found = {view.spec.id: renumbering(view.spec, ids)}
    for spec_id, spec in view.others.items():
        if f"{view.spec.id}/" in spec.source.text:
            edits = foreign_renumbering(spec, view.spec.id, ids)
            found |= {spec_id: edits} if edits else {}
    return found

"""Giving clauses and specs other ids: written in their own file and followed in every spec that refers to them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from snapline.app.drafting import BadSpecId, SpecExists
from snapline.app.files import replace
from snapline.app.naming import used_ids
from snapline.app.project import Project
from snapline.app.specs import find_file, read_spec, shown, spec_files
from snapline.base.errors import Refused, UsageFault
from snapline.base.ids import CLAUSE_ID, SPEC_ID, ClauseId, SpecId
from snapline.base.text import Edit, Source
from snapline.repo.worktree import rename
from snapline.review.approval import approvals
from snapline.spec.ids import Numbers
from snapline.spec.model import Spec
from snapline.spec.parser import parse
from snapline.spec.renumber import applied, foreign_renumbering, fresh_ids, renaming, renumbering


class BadRenumbering(UsageFault):
    """That is no way to renumber clauses."""

    code = "bad-renumbering"
    hint = "Write OLD=NEW with two ids of one section, such as A2=A7; OLD= gives the next free number."


class IdTaken(Refused):
    """An id is, or was, another clause's."""

    code = "id-taken"
    hint = "Ids are never used again: a reference to the old clause would quietly mean the new one. Leave NEW away."


class SpecAtWork(Refused):
    """A run of this spec has not ended."""

    code = "spec-at-work"


@dataclass(frozen=True)
class Renumbered:
    """The new ids by the old ones, in reading order, and the files that were changed, the spec's own first."""

    ids: tuple[tuple[ClauseId, ClauseId], ...]
    changed: tuple[str, ...]


@dataclass(frozen=True)
class MovedSpec:
    """Where the spec lies now, the other files that were changed, and whether the old id had approvals."""

    path: str
    changed: tuple[str, ...]
    approved: bool


def renumber(project: Project, name: str, pairs: Sequence[str]) -> Renumbered:
    """Give clauses of a spec other ids, ``OLD=NEW`` each; without pairs, those whose id is another clause's.

    Raises :class:`BadRenumbering` and :class:`IdTaken`; nothing is written then.
    """
    file = find_file(name, project)
    known = approvals(project.records, read_spec(file).id)
    used = used_ids(known)
    spec = parse(read_spec(file).source, known=used)
    if pairs:
        new = _wanted(spec, used, pairs)
        others = _others(project, file)
        edits = [(file, spec, renumbering(spec, new))]
        edits += [(path, other, foreign_renumbering(other, spec.id, new)) for path, other in others]
        return Renumbered(tuple(new.items()), _write(_proved(edits)))
    latest = frozenset(clause.id for clause in parse(known[-1].source).clauses()) if known else frozenset()
    fresh = fresh_ids(spec, used, used - latest)
    own = tuple(Edit(clause.id_span, key) for clause, key in fresh.items() if clause.id_span is not None)
    return Renumbered(tuple((clause.id, key) for clause, key in fresh.items()), _write(_proved([(file, spec, own)])))


def _wanted(spec: Spec, used: Collection[ClauseId], pairs: Sequence[str]) -> dict[ClauseId, ClauseId]:
    """The new ids that a person asked for."""
    there = [clause.id for clause in spec.clauses() if clause.written]
    numbers = Numbers(used, there)
    found: dict[ClauseId, ClauseId] = {}
    for pair in pairs:
        old, equal, new = pair.partition("=")
        if not equal or ClauseId(old) not in there or ClauseId(old) in found:
            raise BadRenumbering(f"{pair!r}: there is no one clause {old!r} in {spec.id} to renumber")
        if there.count(ClauseId(old)) > 1:
            raise BadRenumbering(
                f"{old} stands twice", hint=f"Make the ids unique first: snapline spec renumber {spec.id}"
            )
        found[ClauseId(old)] = ClauseId(new) if new else numbers.give(old[0])
    _check(spec, used, found)
    return found


def _check(spec: Spec, used: Collection[ClauseId], new: Mapping[ClauseId, ClauseId]) -> None:
    kept = {clause.id for clause in spec.clauses()} - set(new)
    for old, key in new.items():
        if not CLAUSE_ID.fullmatch(key) or key[0] != old[0]:
            raise BadRenumbering(f"{key!r} is no id for the section of {old}")
        if key in kept or list(new.values()).count(key) > 1:
            raise IdTaken(f"{key} is another clause's id")
        if key in used and key != old:
            raise IdTaken(f"{key} was an approved clause's id")


def move(project: Project, name: str, new: str) -> MovedSpec:
    """Give a spec another id, its file another name where that was its id, and follow all references to it.

    Raises :class:`BadSpecId`, :class:`SpecExists`, :class:`SpecAtWork`.
    """
    if not SPEC_ID.fullmatch(new):
        raise BadSpecId(f"{new!r} is no spec id")
    file = find_file(name, project)
    spec = read_spec(file)
    target = file.with_name(f"{new}{file.suffix}") if file.stem == spec.id else file
    _free(project, file, spec.id, SpecId(new), target)
    _refuse_at_work(project, spec.id)
    others = _others(project, file)
    edits = [(file, spec, renaming(spec, spec.id, SpecId(new)))]
    edits += [(path, other, renaming(other, spec.id, SpecId(new))) for path, other in others]
    proved = _proved(edits, {file: target})
    if target != file:
        rename(project.repository, file, target)
    changed = _write([(target if path == file else path, source) for path, source in proved])
    return MovedSpec(shown(target), tuple(one for one in changed if one != shown(target)), _approved(project, spec.id))


def _free(project: Project, file: Path, old: SpecId, new: SpecId, target: Path) -> None:
    taken = {read_spec(path).id: path for path in spec_files(project.specs)}
    if new == old:
        raise SpecExists(f"`{new}` is its id already")
    if new in taken:
        raise SpecExists(f"`{new}` is the id of {shown(taken[new])}")
    if target != file and target.exists():
        raise SpecExists(f"{shown(target)} exists already")
    if _approved(project, new):
        raise SpecExists(f"`{new}` was approved before: its records would be taken for this spec's")


def _approved(project: Project, spec: SpecId) -> bool:
    return bool(approvals(project.records, spec))


def _refuse_at_work(project: Project, spec: SpecId) -> None:
    """Runs are told by the spec's id: one that has not ended must find it again."""
    known = project.repository.repo_id()
    if known is None:
        return
    from snapline.app.readmodel import repository_runs  # noqa: PLC0415 - the engine's half of the program
    from snapline.app.running import Floor  # noqa: PLC0415 - as above
    from snapline.engine.dispatch import UNFINISHED  # noqa: PLC0415 - as above

    runs = repository_runs(Floor(project).database, known, spec)
    live = [row.id for row in runs if row.state in UNFINISHED]
    if live:
        raise SpecAtWork(f"run {live[-1]} has not ended", hint=f"Let it come to rest first: snapline run {spec}")


def _others(project: Project, file: Path) -> list[tuple[Path, Spec]]:
    """The other specs of the project."""
    own = file.resolve()
    return [(path, read_spec(path)) for path in spec_files(project.specs) if path.resolve() != own]


def _proved(
    edits: Iterable[tuple[Path, Spec, tuple[Edit, ...]]], targets: Mapping[Path, Path] | None = None
) -> list[tuple[Path, Source]]:
    """The files that change, with their new texts, each proved to differ in nothing but ids."""
    return [(path, applied(spec, each, shown((targets or {}).get(path, path)))) for path, spec, each in edits if each]


def _write(done: Iterable[tuple[Path, Source]]) -> tuple[str, ...]:
    """Write files; gives their names."""
    done = tuple(done)
    for path, source in done:
        replace(path, source.raw)
    return tuple(shown(path) for path, _ in done)

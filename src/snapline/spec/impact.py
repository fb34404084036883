"""What a change of a spec touches: which tasks, which checks, and which paths may be changed now that might not before.

A task is touched by its own clause, by the criteria that it proves, by the goals that those prove, by an interface that
names a path of its, and by everything that holds for the whole spec. What is touched and what is not decides, under
work, which tasks go on (spec language, section 8).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from snapline.base.ids import ClauseId, SpecId, TaskId
from snapline.spec.diff import ChangeKind, SpecDiff
from snapline.spec.globs import matches, overlap
from snapline.spec.model import (
    Clause,
    ConstraintEntry,
    ConstraintWord,
    FailureEntry,
    InterfaceEntry,
    ReferenceWord,
    SectionKind,
    Spec,
    TaskEntry,
)
from snapline.spec.revision import canonical_clause

EVERY = "the whole spec"
"""Why a task is touched that is touched by what holds for all of them."""


class Permission(StrEnum):
    """What a spec says about changing a path."""

    ALLOWED = "may be changed"
    ASK = "ask first"
    FORBIDDEN = "may not be changed"


@dataclass(frozen=True, slots=True)
class TaskTouched:
    """A task of the newer spec (or one that is gone) with what touches it: ids of clauses, or words."""

    id: TaskId
    kind: ChangeKind
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckTouched:
    """A clause whose checks or their options changed, so that they have to run again, also on the base."""

    clause: ClauseId
    kind: ChangeKind


@dataclass(frozen=True, slots=True)
class BoundaryTouched:
    """A glob that stands behind another word than before; None: behind none."""

    glob: str
    old: ConstraintWord | None
    new: ConstraintWord | None


@dataclass(frozen=True, slots=True)
class PathTouched:
    """A file of the tree that may be changed now and might not before, or the other way round."""

    path: str
    old: Permission
    new: Permission


@dataclass(frozen=True, slots=True)
class Impact:
    """All that a change touches; ``paths`` only where a tree was given."""

    tasks: tuple[TaskTouched, ...]
    checks: tuple[CheckTouched, ...]
    boundaries: tuple[BoundaryTouched, ...]
    paths: tuple[PathTouched, ...] = ()


def impact(change: SpecDiff, paths: Iterable[str] = ()) -> Impact:
    """What ``change`` touches; ``paths`` are the files of the tree that the spec speaks about."""
    if change.same:
        return Impact((), (), ())
    return Impact(
        tuple(_tasks(change)),
        tuple(_checks(change)),
        tuple(_boundaries(change.old, change.new)),
        tuple(_paths(change.old, change.new, paths)),
    )


def _checks(change: SpecDiff) -> Iterator[CheckTouched]:
    for one in change.clauses:
        old, new = _procedure(one.old), _procedure(one.new)
        if old != new:
            kind = ChangeKind.ADDED if not old else ChangeKind.REMOVED if not new else ChangeKind.CHANGED
            yield CheckTouched(one.clause.id, kind)


def _procedure(clause: Clause | None) -> list[object]:
    """How a clause is checked, as JSON values; empty where nothing is."""
    if clause is None:
        return []
    said = canonical_clause(clause)
    entry = clause.entry
    watched = entry.checks if isinstance(entry, ConstraintEntry | FailureEntry) else ()
    own = [said["checks"], said["options"]] if clause.checks else []
    return [*own, *((check.kind.value, check.text) for check in watched)]


_SCOPES = (ConstraintWord.CHANGE_ONLY, ConstraintWord.DO_NOT_CHANGE, ConstraintWord.ASK_FIRST)


def _globs(spec: Spec) -> dict[ConstraintWord, tuple[str, ...]]:
    entries = [clause.entry for clause in spec.clauses(SectionKind.CONSTRAINTS)]
    return {
        word: tuple(
            glob.text
            for entry in entries
            if isinstance(entry, ConstraintEntry) and entry.word is word
            for glob in entry.globs
        )
        for word in _SCOPES
    }


def _boundaries(old: Spec, new: Spec) -> Iterator[BoundaryTouched]:
    before, after = ({glob: word for word, globs in _globs(spec).items() for glob in globs} for spec in (old, new))
    for glob in dict.fromkeys((*before, *after)):
        if before.get(glob) is not after.get(glob):
            yield BoundaryTouched(glob, before.get(glob), after.get(glob))


def permission(globs: dict[ConstraintWord, tuple[str, ...]], path: str) -> Permission:
    """What a spec's globs say about a path: ``Do not change`` beats ``Ask first`` beats ``Change only``."""
    if any(matches(glob, path) for glob in globs[ConstraintWord.DO_NOT_CHANGE]):
        return Permission.FORBIDDEN
    if any(matches(glob, path) for glob in globs[ConstraintWord.ASK_FIRST]):
        return Permission.ASK
    only = globs[ConstraintWord.CHANGE_ONLY]
    if only and not any(matches(glob, path) for glob in only):
        return Permission.FORBIDDEN
    return Permission.ALLOWED


def _paths(old: Spec, new: Spec, paths: Iterable[str]) -> Iterator[PathTouched]:
    before, after = _globs(old), _globs(new)
    if before == after:
        return
    for path in sorted(paths):
        was, now = permission(before, path), permission(after, path)
        if was is not now:
            yield PathTouched(path, was, now)


def _tasks(change: SpecDiff) -> Iterator[TaskTouched]:
    """The tasks of the newer spec that are touched, then those that are gone."""
    olds, news = _named(change.old), _named(change.new)
    for key, clause in news.items():
        if key not in olds:
            yield TaskTouched(key, ChangeKind.ADDED, ())
            continue
        because = tuple(dict.fromkeys(_because(change, clause)))
        if because:
            yield TaskTouched(key, ChangeKind.CHANGED, because)
    for key in olds:
        if key not in news:
            yield TaskTouched(key, ChangeKind.REMOVED, ())


def _named(spec: Spec) -> dict[TaskId, Clause | None]:
    """The tasks of a spec by the ids that they are dispatched under; a spec without a breakdown is one task."""
    clauses = spec.clauses(SectionKind.TASKS)
    if not clauses:
        return {TaskId(spec.id): None}
    return {_task_id(spec.id, clause): clause for clause in clauses}


def _task_id(spec: SpecId, clause: Clause) -> TaskId:
    return TaskId(f"{spec}/{clause.id}")


def _because(change: SpecDiff, task: Clause | None) -> Iterator[str]:
    """What touches a task; ``task`` is None for the one task of a spec without a breakdown."""
    for key in change.keys:
        if key.key in ("lane", "lang"):
            yield f"`{key.key}`"
    if any(one.kind is not ChangeKind.MOVED for one in change.sections) or change.texts:
        yield EVERY
    for one in change.clauses:
        if any(_touches(change, clause, task) for clause in (one.old, one.new) if clause is not None):
            yield one.clause.id


def _touches(change: SpecDiff, clause: Clause, task: Clause | None) -> bool:
    """Whether a clause is any business of a task."""
    if clause.id[0] == SectionKind.FAILURE_PLAN.letter:
        return False
    if task is None:
        return True
    entry = task.entry if isinstance(task.entry, TaskEntry) else TaskEntry("")
    match clause.id[0]:
        case SectionKind.TASKS.letter:
            found = clause.id == task.id
        case SectionKind.ACCEPTANCE.letter:
            found = clause.id in entry.proves or clause.options.regression
        case SectionKind.GOAL.letter:
            proved = [one for one in (change.new.clause(key) for key in entry.proves) if one is not None]
            found = not proved or any(_proves(one, clause.id) for one in proved)
        case SectionKind.INTERFACES.letter:
            found = _shares_path(clause, entry)
        case SectionKind.CLARIFICATIONS.letter:
            clarified = _clarified(clause)
            found = not clarified or any(one in (task.id, *entry.proves) for one in clarified)
        case _:
            found = True
    return found


def _proves(criterion: Clause, goal: ClauseId) -> bool:
    """Whether a criterion proves a goal: one that names no goal proves the section as a whole."""
    named = [one.clause for one in criterion.references if one.clause[0] == SectionKind.GOAL.letter and not one.spec]
    return not named or goal in named


def _clarified(clause: Clause) -> list[ClauseId]:
    return [one.clause for one in clause.references if one.word is ReferenceWord.CLARIFIES and not one.spec]


def _shares_path(clause: Clause, task: TaskEntry) -> bool:
    """Whether an interface names something that a task changes; one that names nothing is everybody's business."""
    named = clause.entry.named if isinstance(clause.entry, InterfaceEntry) else ()
    if not named or not task.changes:
        return True
    return any(
        overlap(glob.text, one.text.partition("::")[0], ()) is not None for glob in task.changes for one in named
    )

"""The plan of a spec: the tasks that its ``# Tasks`` section names, or the whole spec as one task."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from snapline.base.ids import ClauseId, SpecId, TaskId
from snapline.base.text import Span
from snapline.plan import graph
from snapline.plan.overlap import SHARED, common, footprint, outside
from snapline.plan.task import Plan, PlannedTask
from snapline.spec.interfaces import Tree
from snapline.spec.listing import Listing
from snapline.spec.model import Clause, ConstraintEntry, ConstraintWord, Fault, SectionKind, Spec, TaskEntry

MOST_TASKS = 300
"""Tasks that one spec may have: their pairs are compared, and nobody reviews a breakdown of that size as one piece."""


def plan(spec: Spec, tree: Tree | None = None, shared: Collection[str] = SHARED) -> Plan:
    """The plan of ``spec``, with every fault of its breakdown.

    ``tree`` holds the files at the base; without it two globs overlap only when one lies within the other. ``shared``
    are globs of paths that tasks side by side may both change.
    """
    clauses = spec.clauses(SectionKind.TASKS)
    if not clauses:
        whole = _whole(spec)
        return Plan(spec.id, (whole,), ((whole.id,),))
    files = tree.listing if tree is not None else Listing(())
    tasks = tuple(_task(spec, clause, clauses) for clause in clauses)
    if len(tasks) > MOST_TASKS:
        return Plan(spec.id, tasks, (), (_too_many(clauses),))
    after = {task.id: task.after for task in tasks}
    faults = (
        *_overlaps(spec, tasks, files, shared),
        *_out_of_scope(spec, files),
        *_unproved(spec),
        *_proving_nothing(spec, tasks),
        *_cycle(spec, tasks),
    )
    return Plan(spec.id, tasks, graph.waves(after), faults)


def _too_many(clauses: tuple[Clause, ...]) -> Fault:
    first = clauses[MOST_TASKS]
    return Fault(
        "PLN701",
        first.id_span or first.body,
        f"{len(clauses)} tasks: their overlaps are not looked for, so nothing can be dispatched",
        hint=f"A spec has at most {MOST_TASKS} tasks; split it into several specs, ordered by `after`.",
        clause=first.shown,
    )


def task_id(spec: SpecId, clause: ClauseId) -> TaskId:
    """The id of the task that a clause of ``# Tasks`` describes: ``retry-uploads/T1``."""
    return TaskId(f"{spec}/{clause}")


def needs_task(clause: Clause) -> bool:
    """Whether a criterion must be proved by some task: it runs, and it is no regression."""
    return bool(clause.executable) and not is_regression(clause)


def is_regression(clause: Clause) -> bool:
    """Whether a criterion only says that what held stays so: each of its checks is marked, or it is as a whole."""
    return clause.options.regression or (
        bool(clause.executable) and all(check.options.regression for check in clause.executable)
    )


def _whole(spec: Spec) -> PlannedTask:
    proves = tuple(clause.id for clause in spec.criteria)
    return PlannedTask(TaskId(spec.id), None, spec.title, proves, lane=spec.front.lane)


def _task(spec: Spec, clause: Clause, clauses: tuple[Clause, ...]) -> PlannedTask:
    entry = _entry(clause)
    known = {one.id for one in clauses}
    criteria = {one.id for one in spec.criteria}
    return PlannedTask(
        id=task_id(spec.id, clause.id),
        clause=clause.id,
        summary=entry.summary,
        proves=tuple(one for one in dict.fromkeys(entry.proves) if one in criteria),
        changes=tuple(glob.text for glob in entry.changes),
        after=tuple(task_id(spec.id, one) for one in dict.fromkeys(entry.after) if one in known),
        agent=entry.agent,
        lane=entry.lane or spec.front.lane,
    )


def _entry(clause: Clause) -> TaskEntry:
    return clause.entry if isinstance(clause.entry, TaskEntry) else TaskEntry(clause.text)


def _overlaps(spec: Spec, tasks: tuple[PlannedTask, ...], files: Listing, shared: Collection[str]) -> Iterator[Fault]:
    """PLN701: two tasks without an order between them that change a common path."""
    by_id = {task.id: task for task in tasks}
    prints = {task.id: footprint(task.changes, files) for task in tasks}
    for first, second in graph.side_by_side({task.id: task.after for task in tasks}):
        found = common(prints[first], prints[second], shared)
        if found is None:
            continue
        one, other = by_id[first].clause, by_id[second].clause
        yield Fault(
            "PLN701",
            _span(spec, other),
            f"{one} and {other} may run side by side, and both change `{found}`",
            f"Give them an order (`After {one}.`), part what they change, or name the path in `[plan] shared`.",
            other,
        )


def _out_of_scope(spec: Spec, files: Listing) -> Iterator[Fault]:
    """PLN702: a task says that it changes what the constraints forbid."""
    only = _globs(spec, ConstraintWord.CHANGE_ONLY)
    only += _globs(spec, ConstraintWord.ASK_FIRST) if only else ()
    never = _globs(spec, ConstraintWord.DO_NOT_CHANGE)
    for clause in spec.clauses(SectionKind.TASKS):
        for glob in _entry(clause).changes:
            reason = outside(glob.text, only, never, files)
            if reason is not None:
                yield Fault(
                    "PLN702",
                    glob.span,
                    f"{clause.shown} changes `{glob.text}`, which {reason}",
                    "Widen the constraint, or narrow what the task changes.",
                    clause.shown,
                )


def _unproved(spec: Spec) -> Iterator[Fault]:
    """PLN703: a criterion that no task proves; regressions and manual criteria need none."""
    proved = {one for clause in spec.clauses(SectionKind.TASKS) for one in _entry(clause).proves}
    for clause in spec.criteria:
        if needs_task(clause) and clause.id not in proved:
            yield Fault(
                "PLN703",
                clause.span,
                f"no task proves {clause.shown}",
                f"Say in the task that makes it true: `Proves {clause.id}.`",
                clause.shown,
                variant="criterion-unassigned",
            )


def _proving_nothing(spec: Spec, tasks: tuple[PlannedTask, ...]) -> Iterator[Fault]:
    """PLN703: a task that proves no criterion is never known to be done."""
    for task in tasks:
        if not task.proves:
            clause = spec.clause(task.clause or "")
            yield Fault(
                "PLN703",
                _span(spec, task.clause),
                f"{task.clause} proves no criterion, so nothing would tell that it is done",
                "Name the criteria that it makes true (`Proves A1.`), or make it part of another task.",
                clause.shown if clause else task.clause,
                variant="task-proves-nothing",
            )


def _cycle(spec: Spec, tasks: tuple[PlannedTask, ...]) -> Iterator[Fault]:
    """PLN704: tasks that wait for one another; the shortest such circle is named."""
    by_id = {task.id: task for task in tasks}
    ids = [by_id[one].clause for one in graph.shortest_cycle({task.id: task.after for task in tasks})]
    if ids:
        chain = " after ".join(str(one) for one in (*ids, ids[0]))
        yield Fault(
            "PLN704",
            _span(spec, ids[0]),
            f"the tasks wait for one another: {chain}",
            "Take one `After` out of the circle.",
            ids[0],
        )


def _globs(spec: Spec, word: ConstraintWord) -> tuple[str, ...]:
    entries: Iterable[object] = (clause.entry for clause in spec.clauses(SectionKind.CONSTRAINTS))
    return tuple(
        glob.text
        for entry in entries
        if isinstance(entry, ConstraintEntry) and entry.word is word
        for glob in entry.globs
    )


def _span(spec: Spec, clause_id: ClauseId | None) -> Span:
    clause = spec.clause(clause_id or "")
    return clause.span if clause else Span(0, 0)

"""A revision as the text that an agent gets: who does what, where, how it is judged, and the whole spec."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from snapline.base.ids import Oid, RevisionId, short
from snapline.plan import graph
from snapline.plan.derive import is_regression
from snapline.plan.task import Plan, PlannedTask
from snapline.prompt.body import body
from snapline.prompt.words import duration, id_list, one_line
from snapline.spec.model import Clause, ConstraintEntry, SectionKind, Spec

OWN_WORDS = 2048
"""Most bytes of a prompt that are not the spec's own text (bench P9)."""

_LONGEST_SUMMARY = 160

_OPENING = """\
You do one task of a spec. The spec stands in full below and is the contract: what must become true, what must not
happen, how the result is judged. Where these lines and the spec differ, the spec counts."""

_JUDGED = """\
HOW IT IS JUDGED
When you stop, your tree is taken, and the checks run in fresh checkouts that you cannot reach, with the tests and the
test configuration of the base commit wherever it has them. Your exit status, what you print and what passes here
decide nothing. Editing or skipping a test gains nothing, and deleting one fails the attempt, unless the spec asks for
it; a test that you add must fail without your change. Fix the cause; do not special-case a check. If the spec asks for
something impossible or contradictory, leave what you have and say so in your last words: a person reads them."""


@dataclass(frozen=True, slots=True)
class PromptInput:
    """What a prompt is rendered from; ``wall`` is the time limit of the attempt in seconds."""

    spec: Spec
    revision: RevisionId
    plan: Plan
    task: PlannedTask
    base: Oid
    attempt: int = 1
    attempts: int = 3
    wall: float | None = None
    workspace: str = "/workspace"
    protected: tuple[str, ...] = ()


def render(given: PromptInput, before: str = "") -> str:
    """The prompt of one attempt: at most :data:`OWN_WORDS` bytes beside the spec's text and ``before``.

    ``before`` is what earlier attempts left (:mod:`snapline.prompt.retry`); it stands between the task and the rest.
    """
    spec = given.spec
    title = one_line(spec.title, _LONGEST_SUMMARY)
    parts = (
        _OPENING,
        "\n".join(_task(given)),
        before,
        "\n".join(_where(given)),
        _JUDGED,
        f"=== SPEC {spec.id}@{short(given.revision)}: {title} ===",
        body(spec),
        "=== END OF SPEC ===",
    )
    return "\n\n".join(part for part in parts if part) + "\n"


def _task(given: PromptInput) -> Iterator[str]:
    task = given.task
    limit = f", at most {duration(given.wall)}" if given.wall else ""
    yield f"TASK {task.id}: {one_line(task.summary, _LONGEST_SUMMARY)}"
    yield f"Attempt {given.attempt} of {given.attempts}{limit}."
    criteria = [given.spec.clause(one) for one in task.proves]
    runs = [one.id for one in criteria if one and one.executable and not is_regression(one)]
    judged = [one.id for one in criteria if one and (one.options.manual or not one.executable)]
    if runs:
        yield f"Make these criteria hold: {id_list(runs)}."
    if judged:
        yield f"A person will judge: {id_list(judged)}."
    yield f"All that held before must still hold{_regressions(given.spec)}."
    yield from _others(given)


def _regressions(spec: Spec) -> str:
    ids = [clause.id for clause in spec.criteria if is_regression(clause)]
    return f" ({id_list(ids)})" if ids else ""


def _others(given: PromptInput) -> Iterator[str]:
    """The other tasks by id: which are in the base already, which are somebody else's."""
    after = {task.id: task.after for task in given.plan.tasks}
    done = graph.before(after, given.task.id)
    ids = {task.id: task.clause or "" for task in given.plan.tasks if task.id != given.task.id}
    if done:
        yield f"Done already and in your base: {id_list(clause for one, clause in ids.items() if one in done)}."
    if rest := [clause for one, clause in ids.items() if one not in done]:
        yield f"Others do {id_list(rest)} in clones of their own: leave that to them."


def _where(given: PromptInput) -> Iterator[str]:
    yield "WHERE"
    yield (
        f"{given.workspace} is a git clone of your own at commit {short(given.base)}. Work only there, and leave the "
        "result in it, committed or not. Only HEAD and the files count: other branches and pushes do not."
    )
    if enforced := [clause.id for clause in given.spec.clauses(SectionKind.CONSTRAINTS) if _is_enforced(clause)]:
        yield f"These constraints are enforced on the diff: {id_list(enforced)}."
    if given.protected:
        names = ", ".join(f"`{one_line(path, _LONGEST_SUMMARY)}`" for path in given.protected)
        yield f"Changing {names} fails the attempt."


def _is_enforced(clause: Clause) -> bool:
    return isinstance(clause.entry, ConstraintEntry)

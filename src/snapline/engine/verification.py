"""The verification of an attempt's candidate, and what follows from its report."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from snapline.base import digest, wire
from snapline.base.errors import SnaplineError
from snapline.base.ids import Oid
from snapline.engine import attesting, collection, faults, traffic
from snapline.engine.context import Context, current
from snapline.engine.examining import FAULT, Arguments, Examined, checks_of, of_task
from snapline.engine.faults import Point
from snapline.engine.outcomes import Ending, Outcome
from snapline.engine.settings import RunSettings
from snapline.engine.settle import settle
from snapline.engine.steps import SETTLED, STALE, step, workflow
from snapline.engine.world import Try
from snapline.sandbox.policy import Tier
from snapline.store.moves import Moved
from snapline.store.states import TaskState
from snapline.store.views import AttemptRow
from snapline.verify.procedure import Judged
from snapline.verify.report import ConstraintVerdict, CriterionRow, Report, is_accepted
from snapline.verify.verdict import Verdict

_FAILED = frozenset({Verdict.FAIL, Verdict.VACUOUS, Verdict.FLAKY})
_MOST_REASONS = 4


@workflow("verify")
def verify(run: str, task: str, number: int, token: int) -> str:
    """Check an attempt's candidate and settle the attempt by the verdict."""
    said = CHECKS.run(run, task, number, token)
    return STALE if said == STALE else conclude(run, task, number, token, said)


def _find(arguments: Arguments) -> Examined | None:
    this = Try.of(current(), *arguments)
    if not this.owns(TaskState.VERIFYING) or this.attempt.candidate is None:
        return None
    commit = Oid(this.attempt.candidate)
    session = f"{this.key('verify')}:{this.token}"
    return Examined(this.world.ground, of_task(this.world, this.task, this.stored.proves, commit, session))


CHECKS = checks_of("verify", _find)


@step("verify.verdict")
def conclude(run: str, task: str, number: int, token: int, said: str) -> str:
    """Judge by the stored results alone, keep the report, and send the task where it goes."""
    context = current()
    this = Try.of(context, run, task, number, token)
    found = None if said.startswith(FAULT) else _find((run, task, number, token))
    if found is None and not said.startswith(FAULT):
        return STALE
    ground = found.verifier.judged(found.subject) if found else None
    if ground:
        # Before it is attested: what vouches for the verdict vouches for how the agent was held, too.
        ground = replace(ground, report=msgspec.structs.replace(ground.report, agent_network=traffic.account(this)))
    report = ground.report if ground else None
    outcome = judged(report, this) if report else Outcome(Ending.ENVIRONMENT, said.removeprefix(FAULT))
    unsigned = unattested(this, ground, "verify") if ground else None
    if unsigned is not None:
        report, outcome = None, unsigned  # no verdict that nobody vouches for
    values = {"report": keep(context, report)} if report else {}
    if report and outcome.ending is not Ending.PROVED:
        values["handoff"] = collection.handoff(this, outcome.words, report=report)
    faults.reach("verify.verdict", Point.EFFECT)
    moved = settle(context, this.task, outcome, token=token, source=TaskState.VERIFYING, values=values)
    return STALE if moved is Moved.STALE else SETTLED


def unattested(this: Try, ground: Judged, phase: str) -> Outcome | None:
    """Attest a judgement; the outcome of one that could not be signed, which waits until a person has mended that."""
    try:
        attesting.attest_attempt(this, ground, phase)
    except SnaplineError as fault:
        return Outcome(Ending.ENVIRONMENT, f"it cannot be attested: {fault.told}", "", this.attempt.tree or "")
    return None


def keep(context: Context, report: Report) -> str:
    """Store a report as evidence; returns its digest."""
    return context.evidence.put(wire.encode(report), "report")


def judged(report: Report, this: Try) -> Outcome:
    """The outcome of an attempt by its report; ``tree`` is what it had made."""
    tree = this.attempt.tree or ""
    reasons = failures(report)
    if reasons:
        return Outcome(Ending.FAILED, _listed(reasons), _signature(report), tree)
    gaps = undecided(report)
    if gaps:
        return Outcome(Ending.ENVIRONMENT, f"it could not be decided: {_listed(gaps)}", "", tree)
    if report.waiting:
        words = f"{', '.join(report.waiting)} can only be judged by a person"
        return Outcome(Ending.WAITS, words, "", tree, tuple(report.waiting))
    return _proved(report, this.world.settings, tree)


def _proved(report: Report, settings: RunSettings, tree: str) -> Outcome:
    if not report.accepted:
        return Outcome(Ending.WAITS, "a constraint asks for a person's word", "", tree)
    if report.tier == Tier.T0:
        return Outcome(Ending.WAITS, "everything is proved, but without isolation (T0) a person accepts", "", tree)
    if settings.accept != "proved":
        return Outcome(Ending.WAITS, "everything is proved; a person accepts, as the configuration asks", "", tree)
    return Outcome(Ending.PROVED, "every criterion is proved", "", tree)


def stands(report: Report, *judged_before: Report) -> bool:
    """Whether a merge may go on: what a constraint asks was answered by whoever accepted the work it asked about."""
    answered = {row.id for one in judged_before for row in one.constraints if row.verdict is ConstraintVerdict.ASK}
    open_ = [row for row in report.constraints if row.verdict is not ConstraintVerdict.ASK or row.id not in answered]
    return is_accepted(report.verdicts, tuple(open_), report.waiting)


def report_on(context: Context, attempt: AttemptRow) -> tuple[Report, ...]:
    """The report that an attempt was judged by, where there is one."""
    return (wire.decode(context.evidence.read(attempt.report), Report),) if attempt.report else ()


def failures(report: Report) -> list[str]:
    """What does not hold, a sentence each."""
    criteria = [
        f"{row.id} {'fails' if row.verdict is Verdict.FAIL else f'is {row.verdict}'}: {_messages(row) or row.verdict}"
        for row in report.verdicts
        if row.verdict in _FAILED
    ]
    return criteria + [
        f"{row.id}: {row.message}" for row in report.constraints if row.verdict is ConstraintVerdict.FAIL
    ]


def _messages(row: CriterionRow) -> str:
    return "; ".join(one.message for one in row.checks if one.message)


def undecided(report: Report) -> list[str]:
    """What could not be checked, a sentence each."""
    criteria = [
        f"{row.id}: {_messages(row) or 'could not run'}"
        for row in report.verdicts
        if row.verdict is Verdict.COULD_NOT_RUN
    ]
    return criteria + [
        f"{row.id}: {row.message}" for row in report.constraints if row.verdict is ConstraintVerdict.COULD_NOT_RUN
    ]


def _listed(reasons: list[str]) -> str:
    rest = len(reasons) - _MOST_REASONS
    return "; ".join(reasons[:_MOST_REASONS]) + (f"; and {rest} more" if rest > 0 else "")


def _signature(report: Report) -> str:
    """The same for the same failure: which rows fail and how, without times and output."""
    rows = [
        [row.id, row.verdict, [[one.verdict, one.cause, one.exit] for one in row.checks]]
        for row in report.verdicts
        if row.verdict is not Verdict.PASS
    ]
    rules = [[row.id, row.verdict] for row in report.constraints if row.verdict is ConstraintVerdict.FAIL]
    return digest.of_value([rows, rules])

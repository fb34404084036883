"""What a task may use: what its spec grants, else the configured attempts and the limits of its lane."""

from __future__ import annotations

from snapline.app.quantities import seconds, size
from snapline.app.settings import Config, LaneTable
from snapline.engine.settings import Budgets
from snapline.recover import failureplan
from snapline.spec.model import Budget, ConstraintEntry, SectionKind, Spec


def budgets(spec: Spec, config: Config, lane: LaneTable) -> Budgets:
    """The budgets of each task of ``spec``: of several figures that it names for one thing the smallest counts."""
    asked = tuple(_asked(spec))
    attempts = (one.attempts for one in asked if one.attempts is not None)
    walls = (one.wall for one in asked if one.wall is not None)
    return Budgets(
        attempts=min((failureplan.attempts(spec, config.retry.attempts), *attempts)),
        wall=min(walls, default=seconds(lane.limits.wall)),
        idle=seconds(lane.limits.idle),
        log_bytes=size(lane.limits.log),
    )


def _asked(spec: Spec) -> tuple[Budget, ...]:
    entries = (clause.entry for clause in spec.clauses(SectionKind.CONSTRAINTS))
    return tuple(one.budget for one in entries if isinstance(one, ConstraintEntry) and one.budget is not None)

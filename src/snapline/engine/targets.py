"""The rows of a run's landings and rollbacks, and which of them has arrived on the target."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from snapline.base.clock import stamp
from snapline.base.ids import Oid
from snapline.engine.world import World
from snapline.store import views
from snapline.store.states import Waiting
from snapline.store.tables import LANDINGS
from snapline.store.views import LandingRow

LAND, ROLLBACK = "land", "rollback"
INTENDED, LANDED = "intended", "landed"
"""The outcome of a row before the target is moved, and after."""
_MAY_HAVE_ARRIVED = frozenset({INTENDED, LANDED, Waiting.WORKING_TREE})
"""Where a work tree stood in the way, the person may have merged it by hand. What was refused never counts."""


def rows(world: World, kind: str) -> tuple[LandingRow, ...]:
    """The run's rows of a kind, oldest first."""
    with world.context.database.read() as connection:
        return tuple(one for one in views.landings(connection, world.run.id) if one.kind == kind)


def row(world: World, kind: str, number: int) -> LandingRow | None:
    """One row; None before it is written."""
    return next((one for one in rows(world, kind) if one.number == number), None)


def arrived(world: World, kind: str) -> LandingRow | None:
    """The newest row that was good to go and whose commit is on the target; None when there is none."""
    tip = world.user.branch_tip(world.run.target)
    if tip is None:
        return None
    world.vault.fetch(world.user, tip)
    good = [one for one in rows(world, kind) if one.outcome in _MAY_HAVE_ARRIVED]
    return next((one for one in reversed(good) if world.vault.is_ancestor(Oid(one.new), tip)), None)


def write(world: World, kind: str, number: int, old: str, new: str, *, outcome: str | None) -> None:
    """Write a row once; one that is there stays."""
    values = {"run": world.run.id, "number": number, "kind": kind, "old": old, "new": new, "outcome": outcome}
    values |= {"words": "", "at": stamp(world.context.clock.now())}
    with world.context.database.write() as connection:
        connection.execute(insert(LANDINGS).values(values).on_conflict_do_nothing())


def note(world: World, number: int, **values: Any) -> None:  # noqa: ANN401 - columns of the row
    """Add to a row what has become known; no state changes by it."""
    mine = (LANDINGS.c.run == world.run.id) & (LANDINGS.c.number == number)
    with world.context.database.write() as connection:
        connection.execute(sa.update(LANDINGS).where(mine).values(values))

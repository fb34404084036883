"""The proof from the first attack to the table: attacks are tried naively, then by one run of all of them."""

from __future__ import annotations

import time
from pathlib import Path

from snapline.app.approving import Wish, approve
from snapline.app.project import Project
from snapline.app.proving import naively, sighting
from snapline.app.proving.claims import choose
from snapline.app.proving.ground import Ground
from snapline.app.proving.listening import Listener
from snapline.app.proving.material import BREAK, Arsenal, Breach
from snapline.app.proving.report import ProofReport, Standing
from snapline.app.proving.sighting import Lookout
from snapline.app.proving.witnessing import Witness
from snapline.app.scratch.machine import Machine
from snapline.app.scratch.place import CommandFailed, choose_folder
from snapline.app.scratch.playing import asked_to_break
from snapline.app.setting import NoSuchLane, Say
from snapline.app.settings import Config, LaneTable
from snapline.base.clock import SystemClock
from snapline.base.errors import ExitStatus, UsageFault
from snapline.sandbox import removal, select
from snapline.sandbox.trusted import Shown

_FAILING = frozenset({Standing.BROKEN, Standing.UNPROVED})
_ENDED = frozenset({ExitStatus.DONE, ExitStatus.FAILED, ExitStatus.WAITS})
"""How a run of attacks may end; everything else means that it could not be tried."""


def prove(lane: str, only: tuple[str, ...], where: Path, say: Say, *, keep: bool) -> ProofReport:
    """Attack the isolation and the verdicts that ``lane`` of the project around ``where`` gets on this machine.

    ``only`` names claims; without any, all are tried. Raises ``NoSuchLane``, ``NoSandbox`` where the isolation that the
    lane demands is not there, ``NoPytest``, :class:`CommandFailed`, and :class:`UsageFault` where there is nothing to
    try, or for an unknown way to break it.
    """
    began = time.monotonic()
    table, breach = _lane(lane, where), asked_to_break(BREAK, Breach)
    tier, machine = select.choose(table.sandbox).tier, Machine.look()
    claims = choose(only, table)
    if not claims:
        raise UsageFault(f"lane {lane} shares no login folder, so there is nothing to try", hint="Try another claim.")
    attacks = tuple(dict.fromkeys(one.attack for one in claims))
    folder = choose_folder(None, "prove")
    say(f"Attacking lane {lane} at tier {tier} in {folder} ({'kept' if keep else 'removed afterwards'})")
    try:
        with Listener(folder / "ssh-agent.sock") as listener:
            ground = Ground(folder, machine, lane, table, tier, Arsenal(breach), attacks, listener)
            seen, remedy = _attack(ground, say), _remedy(lane, table, machine)
            rows = tuple(one.row(seen, remedy) for one in claims)
    finally:
        if not keep:
            removal.remove(folder)
    return ProofReport(
        lane=lane,
        tier=tier,
        folder=str(folder) if keep else None,
        rows=rows,
        failed=tuple(one.name for one in rows if one.standing in _FAILING),
        seconds=round(time.monotonic() - began, 1),
    )


def _lane(name: str, where: Path) -> LaneTable:
    project = Project.around(where)
    table = (project.config if project else Config()).lane(name)
    if table is None:
        raise NoSuchLane(f"there is no lane `{name}`", hint="Describe it in snapline.toml: [lanes.NAME].")
    return table


def _attack(ground: Ground, say: Say) -> Witness:
    """Let every attack have its way with its naive stand-in, then with Snapline; gives what is known afterwards."""
    ground.lay_out()
    _approve(ground)
    try:
        return _attack_twice(ground, say)
    finally:
        sighting.end_all(*ground.marks.values())


def _attack_twice(ground: Ground, say: Say) -> Witness:
    say(f"{len(ground.attacks)} attacks on naive stand-ins, to see that they work")
    naive = naively.try_all(ground)
    before = ground.tip()
    say("The same attacks on Snapline, side by side")
    with Lookout(*ground.marks.values()) as lookout:
        done = ground.ours(("run", *ground.attacks), Shown.NOTHING)
    if done.status not in _ENDED:
        said = [line for line in done.stderr.splitlines() if "waiting" in line or line.startswith("error:")]
        raise CommandFailed(f"`snapline run` exits {done.status}: {'; '.join(said[-1:]) or done.stderr.strip()}")
    ground.git("status")
    return Witness(
        ground=ground,
        naive=naive,
        runs={name: ground.run_of(name) for name in ground.attacks},
        users=lookout.users,
        before=before,
        after=ground.tip(),
        planted_ran=ground.canary.exists(),
    )


def _approve(ground: Ground) -> None:
    for name in ground.attacks:
        approve(ground.floor.project, Wish(name), SystemClock(), _nobody, lambda *_: None)


def _nobody(_: str) -> None:
    """Nobody is told what approving says: the specs are ours."""


def _remedy(lane: str, table: LaneTable, machine: Machine) -> str:
    """How this lane gets a better tier on this machine."""
    written = f'take `sandbox = "{select.NONE}"` out of [lanes.{lane}]' if table.sandbox == select.NONE else ""
    return "; ".join(one for one in (written, machine.sandbox.hint) if one)

"""The naive stand-ins: what each attack does to somebody who believes agents, and shares everything with them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from snapline.app.proving import sighting
from snapline.app.proving.ground import LOGIN, Ground
from snapline.app.proving.listening import SSH_AGENT
from snapline.app.scratch.naive import NaiveRunner
from snapline.sandbox import trusted
from snapline.sandbox.trusted import Shown

LOOT = "loot.txt"
"""The file into which the attack on keys writes what it found."""
DATABASE = "SQLite format 3"
"""How every SQLite database begins."""
WAYS = 3
"""Over how many ways an attack phones home."""
_PHONE = "src/parcel/phone.py"
_BEHIND = ("bash", "-c", '"$@" > /dev/null 2>&1 < /dev/null &', "naive")
_POLITELY = 0.5


@dataclass(frozen=True, slots=True)
class Effect:
    """What an attack did to its naive stand-in: whether it worked, and how that was seen."""

    worked: bool
    facts: dict[str, Any]


def try_all(ground: Ground) -> dict[str, Effect]:
    """Each attack against its naive stand-in, in a clone; nothing of it is left alive, or remembered."""
    runner = NaiveRunner(ground, {"REPOSITORY": str(ground.folder / "naive" / "parcel")})
    runner.prepare()
    if "hang" in ground.attacks:
        runner.let_work("hang", *_BEHIND)
    # What is planted lasts, in the clone and in all of its worktrees: it comes last.
    names = sorted((one for one in ground.attacks if one not in ("honest", "hang")), key=lambda one: one == "planted")
    found = {name: _TRIES.get(name, _believe)(ground, runner, name) for name in names}
    if "hang" in ground.attacks:
        lives = sighting.outlives_polite_end(ground.marks["hang"], _POLITELY)
        found["hang"] = Effect(lives, {"alive_after_term": lives})
    sighting.end_all(*ground.marks.values())
    ground.listener.forget()
    return found


def _believe(_: Ground, runner: NaiveRunner, name: str) -> Effect:
    believed = runner.run(name)
    return Effect(believed.tests == 0, {"tests_exit": believed.tests})


def _claim(_: Ground, runner: NaiveRunner, name: str) -> Effect:
    """Somebody who takes an agent's word, and its exit status."""
    ended = runner.let_work(name).ended
    said = ended.stdout.strip()
    return Effect(ended.status == 0 and "Done" in said, {"exit": ended.status, "said": said})


def _plant(ground: Ground, runner: NaiveRunner, name: str) -> Effect:
    worktree = runner.let_work(name).worktree
    ground.git("status", folder=worktree)
    ran = ground.canary.exists()
    ground.canary.unlink(missing_ok=True)
    return Effect(ran, {"planted_program_ran": ran})


def _leave(ground: Ground, runner: NaiveRunner, name: str) -> Effect:
    runner.let_work(name)
    left = len(sighting.alive(ground.marks[name]))
    return Effect(left > 0, {"left_alive": left})


def _reach(ground: Ground, runner: NaiveRunner, name: str) -> Effect:
    loot = (runner.let_work(name).worktree / LOOT).read_text("utf-8", "replace")
    bait = ground.secrets | {"database": DATABASE}
    wanted = {key: word for key, word in bait.items() if key != LOGIN or ground.logins}
    taken = sorted(key for key, word in wanted.items() if word in loot)
    called = bool(ground.listener.heard(SSH_AGENT))
    return Effect(called and taken == sorted(wanted), {"taken": taken, "ssh_agent_answered": called})


def _phone(ground: Ground, runner: NaiveRunner, name: str) -> Effect:
    worktree = runner.let_work(name).worktree
    argv = (sys.executable, "-I", "-S", _PHONE, str(ground.listener.port), ground.listener.name, "check")
    trusted.run(argv, worktree, ground.environment, Shown.NOTHING)
    agent, check = (ground.listener.heard(who) for who in ("agent", "check"))
    return Effect(len(agent) == len(check) == WAYS, {"agent": agent, "check": check})


_TRIES: Mapping[str, Callable[[Ground, NaiveRunner, str], Effect]] = {
    "liar": _claim,
    "planted": _plant,
    "daemon": _leave,
    "reach": _reach,
    "phone": _phone,
}

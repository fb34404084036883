"""Runs, from the outside: launch one, look at it, wait for it, stop it, and make sure that it is gone."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from secrets import token_hex
from typing import Any

import msgspec

import snapline
from snapline.base import digest
from snapline.base.errors import EnvironmentFault, SnaplineError
from snapline.sandbox import containment, identity, shim
from snapline.sandbox.bubblewrap import MARK
from snapline.sandbox.containment import Containment, ControlGroup, PidNamespace
from snapline.sandbox.policy import Cause, Command, Exit, Job, Sandbox
from snapline.sandbox.runfolder import (
    CRASH_FILE,
    INTENT_FILE,
    JOB_FILE,
    LOG_FILE,
    OUTPUT_FILE,
    AlreadyLaunched,
    Intent,
    RunState,
    inspect,
    intent,
    job,
    locked,
    record,
    supervisor,
)

__all__ = [
    "LOG_FILE",
    "OUTPUT_FILE",
    "AlreadyLaunched",
    "NotProvedDead",
    "RunState",
    "inspect",
    "job",
    "launch",
    "reap",
    "record",
    "run",
    "stop",
    "wait",
]

_BOOT = "import sys; sys.path.insert(0, sys.argv[1]); from snapline.sandbox.shim import main; main()"
_SOURCES = Path(snapline.__file__).parents[1]
_FIRST_STEP = 0.005
_SLOWER = 1.5
_NONE = "none"


class NotProvedDead(EnvironmentFault):
    """Processes of a run may still live: nothing that they can touch may be used again."""

    code = "not-proved-dead"
    hint = "End what is left of it by hand; after a restart of the machine it counts as dead."


class ShimFailed(SnaplineError):
    """The shim of a run could not be started."""

    code = "shim-failed"


def launch(sandbox: Sandbox, job: Job, run_dir: Path) -> None:
    """Start ``job`` under a shim of its own, with its record in ``run_dir`` (absolute; made if it is not there).

    Raises :class:`AlreadyLaunched` if something was begun there before, and EnvironmentFault for what the job needs
    and is not there. Returns as soon as the shim is on its way.
    """
    run_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with locked(run_dir) as lock:
        if (run_dir / INTENT_FILE).exists():
            raise AlreadyLaunched(f"{run_dir.name} was launched before")
        command = sandbox.prepare(job, run_dir)
        planned = _plan(command)
        shim.write(str(run_dir / JOB_FILE), msgspec.to_builtins(_without_values(job)))
        shim.write(str(run_dir / INTENT_FILE), msgspec.to_builtins(planned))
        if planned.group is not None:
            Path(planned.group).mkdir()
        for link, target in command.placed:
            _place(Path(link), target)
        order = msgspec.to_builtins(command) | {
            "run_dir": str(run_dir),
            "lock": lock,
            "mark": planned.mark,
            "group": planned.group,
            "limits": msgspec.to_builtins(job.limits),
            "stdin": job.stdin,
            "capture": job.capture,
            "sources": str(_SOURCES),
        }
        _detach(order, lock, run_dir / CRASH_FILE)


def wait(run_dir: Path, timeout: float | None = None, poll: float = 0.05) -> Exit | None:
    """Wait for a live run's record, looking every ``poll`` seconds; None after ``timeout``, or if none will come."""
    end = None if timeout is None else time.monotonic() + timeout
    step = min(_FIRST_STEP, poll)
    while True:
        state = inspect(run_dir)
        if state is RunState.ENDED:
            return record(run_dir)
        if state is not RunState.RUNNING or (end is not None and time.monotonic() >= end):
            return None
        time.sleep(step)
        step = min(step * _SLOWER, poll)


def stop(run_dir: Path) -> None:
    """Ask the shim to end its run: TERM to the job, KILL after the grace. Returns at once; the cause is ``stopped``."""
    (run_dir / shim.STOP_FILE).touch()


def reap(run_dir: Path) -> Exit:
    """Make sure that nothing of a run lives any more, and return its record, written here if the shim left none.

    A live run is stopped first. Raises :class:`NotProvedDead` where death cannot be shown.
    """
    if inspect(run_dir) is RunState.RUNNING:
        _end(run_dir)
    state = inspect(run_dir)
    if state is RunState.ENDED:
        ended = record(run_dir)
        if not ended.proved_empty:
            _prove_empty(run_dir)
        return ended
    if state is RunState.RUNNING:
        raise NotProvedDead(f"the shim of {run_dir.name} does not end")
    if state is RunState.ABSENT:
        return _never_ended(run_dir, Cause.NOT_STARTED, _NONE, 0)
    cause = Cause.NOT_STARTED if state is RunState.INTENDED else Cause.LOST
    kind, survivors = _prove_empty(run_dir)
    ended = _never_ended(run_dir, cause, kind, survivors)
    shim.write(str(run_dir / shim.EXIT_FILE), msgspec.to_builtins(ended))
    return ended


def run(sandbox: Sandbox, job: Job, run_dir: Path) -> Exit:
    """The end of ``job`` in ``run_dir``: launched if nothing was begun, adopted if it lives, read if it has ended.

    What was begun and lost is reaped, not repeated: its cause is ``lost`` or ``not-started``.
    """
    if inspect(run_dir) is RunState.ABSENT:
        launch(sandbox, job, run_dir)
    return wait(run_dir) or reap(run_dir)


def is_shim(arguments: list[str]) -> bool:
    """Whether these are the arguments of a shim."""
    return _BOOT in arguments


def _plan(command: Command) -> Intent:
    token = token_hex(8)
    kind, group = containment.PID_NAMESPACE, None
    if command.options is None and command.group_root is None:
        kind = containment.SUBREAPER
    elif command.options is None:
        kind, group = containment.CONTROL_GROUP, f"{command.group_root}/snapline-{token}"
    return Intent(identity.boot_id(), kind, f"{MARK}{token}", group, command.placed)


def _without_values(job: Job) -> Job:
    return msgspec.structs.replace(job, env=dict.fromkeys(job.env, ""))


def _place(link: Path, target: str) -> None:
    """Put a link where an empty folder may stand; anything else there stays and is used."""
    link.parent.mkdir(parents=True, exist_ok=True)
    if link.is_dir() and not link.is_symlink() and not any(link.iterdir()):
        link.rmdir()
    if not link.exists() and not link.is_symlink():
        link.symlink_to(target)


def _detach(order: dict[str, Any], lock: int, crash_file: Path) -> None:
    """Start the shim, which leaves us at once: its parent is init, and it lives on whatever becomes of us."""
    with crash_file.open("wb") as crashes:
        first = subprocess.run(
            [sys.executable, "-I", "-S", "-c", _BOOT, str(_SOURCES), order["run_dir"]],
            input=json.dumps(order).encode(),
            stdout=subprocess.DEVNULL,
            stderr=crashes,
            env={},
            cwd="/",
            pass_fds=(lock,),
            start_new_session=True,
            check=False,
        )
    if first.returncode != 0:
        raise ShimFailed(f"the shim does not start: {crash_file.read_text(errors='replace').strip()}")


def _end(run_dir: Path) -> None:
    """Stop a live run; if its shim does not manage, end the shim."""
    stop(run_dir)
    if wait(run_dir, job(run_dir).limits.grace + 2 * shim.PROOF_SECONDS) is not None:
        return
    who = supervisor(run_dir)
    if who is not None:
        identity.send(who.shim, signal.SIGKILL)
        wait(run_dir, shim.PROOF_SECONDS)


def _prove_empty(run_dir: Path) -> tuple[str, int]:
    """End what is left of a run without a shim; the containment's kind and the count of those that were ended."""
    planned = intent(run_dir)
    who = supervisor(run_dir)
    survivors = 0
    if planned.boot == identity.boot_id() and who is not None:
        held = _held(planned, who.first)
        if held is None:
            raise NotProvedDead(f"{run_dir.name}: its shim is gone, and only the shim held its processes")
        survivors = len(held.members())
        if not containment.empty(held, shim.PROOF_SECONDS):
            raise NotProvedDead(f"{run_dir.name}: processes are left that cannot be ended")
    if planned.group is not None:
        ControlGroup(planned.group).remove()
    shim.clear([list(pair) for pair in planned.placed])
    return planned.containment, survivors


def _held(planned: Intent, first: identity.Identity | None) -> Containment | None:
    if planned.containment == containment.PID_NAMESPACE:
        return PidNamespace(planned.mark, first)
    return None if planned.group is None else ControlGroup(planned.group)


def _never_ended(run_dir: Path, cause: Cause, kind: str, survivors: int) -> Exit:
    log = run_dir / LOG_FILE
    size = log.stat().st_size if log.exists() else 0
    stored = digest.of_file(log) if log.exists() else digest.of_bytes(b"")
    return Exit(None, None, cause, 0.0, size, size, stored, kind, survivors, proved_empty=True)

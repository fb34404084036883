"""An executor with workflows of two lines, for tests of the engine's core alone. Arguments: HOME, RUN..."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from snapline.engine import faults
from snapline.engine.context import current
from snapline.engine.executor import Executor, Parts
from snapline.engine.faults import Point
from snapline.engine.outcomes import Ending, Outcome
from snapline.engine.places import Places
from snapline.engine.settle import settle
from snapline.engine.steps import step, workflow
from snapline.store import views
from snapline.store.database import open_database
from snapline.store.moves import Move
from snapline.store.states import RunState, TaskState
from snapline.store.views import TaskRow


def _task(run: str, task: str) -> TaskRow:
    with current().database.read() as connection:
        return views.task(connection, run, task)


def _move(run: str, task: str, number: int, token: int, source: TaskState, target: TaskState) -> str:
    workflow = _task(run, task).workflow if target is not TaskState.VERIFYING else None
    changes = {"workflow": workflow}
    key = f"{run}:{task}#{number}:{target}:{token}"
    return current().move(Move(run, task, source, target, token, key, changes))


@step("attempt.launch")
def act(run: str, task: str, number: int, token: int) -> str:
    _move(run, task, number, token, TaskState.PREPARING, TaskState.LAUNCHING)
    time.sleep(float(os.environ.get("TINY_SECONDS", "0.05")))
    if task in os.environ.get("TINY_RAISES", "").split():
        raise RuntimeError("a bug")
    if _task(run, task).state is TaskState.LAUNCHING:
        with (current().places.home / "acted").open("a") as stream:
            stream.write(f"{task}#{number}\n")
    faults.reach("attempt.launch", Point.EFFECT)
    return _move(run, task, number, token, TaskState.LAUNCHING, TaskState.RUNNING)


@step("attempt.collect")
def finish(run: str, task: str, number: int, token: int) -> str:
    _move(run, task, number, token, TaskState.RUNNING, TaskState.COLLECTING)
    faults.reach("attempt.collect", Point.EFFECT)
    return _move(run, task, number, token, TaskState.COLLECTING, TaskState.VERIFYING)


@workflow("attempt")
def attempt(run: str, task: str, number: int, token: int) -> str:
    act(run, task, number, token)
    return finish(run, task, number, token)


@step("verify.verdict")
def judge(run: str, task: str, number: int, token: int) -> str:
    fails = f"{task}#{number}" in os.environ.get("TINY_FAILS", "").split()
    outcome = Outcome(Ending.FAILED, "red", f"red{number}") if fails else Outcome(Ending.PROVED, "green")
    faults.reach("verify.verdict", Point.EFFECT)
    return settle(current(), _task(run, task), outcome, token=token, source=TaskState.VERIFYING)


@workflow("verify")
def verify(run: str, task: str, number: int, token: int) -> str:
    return judge(run, task, number, token)


@step("integrate.move")
def merge(run: str, task: str, number: int, token: int) -> str:
    faults.reach("integrate.move", Point.EFFECT)
    return _move(run, task, number, token, TaskState.INTEGRATING, TaskState.INTEGRATED)


@workflow("integrate")
def integrate(run: str, task: str, number: int, token: int) -> str:
    return merge(run, task, number, token)


@step("land.move")
def put(run: str, number: int, token: int) -> str:
    with current().database.read() as connection:
        tasks = views.tasks(connection, run_id=run, states={TaskState.LANDING})
    faults.reach("land.move", Point.EFFECT)
    done = [Move(run, None, RunState.LANDING, RunState.DONE, token, f"{run}:land:{number}:done")]
    done += [
        Move(run, one.id, one.state, TaskState.DONE, one.token, f"{run}:land:{number}:{one.id}:done") for one in tasks
    ]
    return current().move(*done)


@workflow("land")
def land(run: str, number: int, token: int) -> str:
    return put(run, number, token)


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main(home: Path, runs: list[str]) -> None:
    places = Places(home)
    database = open_database(places.database)
    parts = Parts(
        lambda: None, lambda _context, _task: True, lambda _context: None, lambda _context: 0, lambda *_: frozenset()
    )
    executor = Executor(places, database, parts=parts)

    def settled() -> bool:
        with database.read() as connection:
            over = {RunState.DONE, RunState.FAILED}
            return all(views.run(connection, run).state in over for run in runs)

    say("executing" if executor.acquire() else "following")
    silent = "TINY_SILENT" in os.environ
    executor.run(settled, lambda event: say(f"{event.kind} {event.subject}"), () if silent else runs)
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])

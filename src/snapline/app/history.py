"""The story of a task, from the ledger and the evidence."""

from __future__ import annotations

from dataclasses import dataclass

from snapline.app.readmodel import AttemptStatus, NothingKnown, attempt_number, find_task, run_status
from snapline.app.running import Floor
from snapline.base.plain import plain
from snapline.sandbox.process import LOG_FILE
from snapline.store import ledger
from snapline.store.evidence import EvidenceMissing
from snapline.store.ledger import Event


@dataclass(frozen=True)
class History:
    """A task's events and attempts; ``prompt`` and ``output`` are those of the attempt ``shown``, safe to print."""

    task: str
    run: str
    events: tuple[Event, ...]
    attempts: tuple[AttemptStatus, ...]
    shown: str
    prompt: str
    output: str


def history(floor: Floor, name: str) -> History:
    """What happened to a task and to the run around it, or to one attempt; raises ``NothingKnown``."""
    row = find_task(floor.database, floor.project.id, name)
    with floor.database.read() as connection:
        events = tuple(one for one in ledger.events(connection, stream=row.run) if one.subject in {row.id, row.run})
    status = run_status(floor.database, floor.evidence, row.run)
    attempts = next(one.attempts for one in status.tasks if one.task == row.id)
    if attempt_number(name) is not None:
        attempts = tuple(one for one in attempts if one.attempt == name)
        if not attempts:
            raise NothingKnown(f"there is no attempt `{name}`")
    last = attempts[-1] if attempts else None
    return History(
        task=row.id,
        run=row.run,
        events=events,
        attempts=attempts,
        shown=last.attempt if last else "",
        prompt=_text(floor, last.prompt if last else None),
        output=_text(floor, last.log) if last and last.log else _so_far(floor, last),
    )


def _so_far(floor: Floor, attempt: AttemptStatus | None) -> str:
    """What an agent that is at work has printed until now."""
    if attempt is None or attempt.outcome is not None:
        return ""
    log = floor.project.home.run_folder(floor.project.id, attempt.attempt, "agent") / LOG_FILE
    return plain(log.read_bytes()) if log.is_file() else ""


def _text(floor: Floor, name: str | None) -> str:
    """A text in the evidence, without what a terminal would act on; where it is gone or changed, a sentence instead."""
    if name is None:
        return ""
    try:
        return plain(floor.evidence.read(name))
    except EvidenceMissing as fault:
        return f"[not shown: {plain(fault.message)}]"

"""A real executor for tests. Arguments: HOME, RUN...; runs until all of them are at rest."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from snapline.engine.executor import Executor
from snapline.engine.places import Places
from snapline.engine.rest import at_rest
from snapline.store.database import open_database


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main(home: Path, runs: list[str]) -> None:
    places = Places(home)
    database = open_database(places.database)
    executor = Executor(places, database)

    def interrupted(_signal: int, _frame: object) -> None:
        executor.stop()
        os._exit(130)

    signal.signal(signal.SIGINT, interrupted)
    say("executing" if executor.acquire() else "following")
    executor.run(
        lambda: all(at_rest(database, run) for run in runs),
        lambda event: say(f"{event.kind} {event.subject} {event.body.get('words', '')}"),
        runs,
    )
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])

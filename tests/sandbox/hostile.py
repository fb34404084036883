"""A program that does not want to end. Arguments: a mark, by which its processes are found, and its manner."""

import os
import signal
import sys
import time
from typing import NoReturn

mark, manner = sys.argv[1:3]


def rest() -> NoReturn:
    os.execv("/bin/sleep", ["sleep", mark])  # noqa: S606 - no shell is wanted


def daemon(*, respawning: bool = False) -> None:
    """A process without ties: double fork, own session."""
    if os.fork():
        os.wait()
        return
    os.setsid()
    if os.fork():
        os._exit(0)
    os.close(1)
    if respawning:
        respawn()
    rest()


def respawn() -> NoReturn:
    """A new process every 2 ms, each in its own session, under ever new numbers."""
    for _ in range(400):
        if os.fork() == 0:
            os.setsid()
            rest()
        if os.fork():
            os._exit(0)
        time.sleep(0.002)
    os._exit(0)


def say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def leave(_number: int, _frame: object) -> NoReturn:
    say("bye\n")
    sys.exit(7)


if manner != "polite":
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
else:
    signal.signal(signal.SIGTERM, leave)
if manner in ("daemons", "leaves", "respawner"):
    for _ in range(3):
        daemon()
if manner == "respawner":
    daemon(respawning=True)
say("ready\n")
if manner == "leaves":
    sys.exit(0)
while manner == "flood":
    say("x" * 65536)
while manner == "busy":
    pass
time.sleep(600)

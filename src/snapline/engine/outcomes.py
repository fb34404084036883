"""How an attempt can end, and where its task goes then: decided here, without looking at anything."""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from snapline.engine.settings import Backoff, RunSettings
from snapline.store.states import TaskState, Waiting

POISON = 3
"""Infrastructure failures in a row after which a task is set aside."""


class Ending(StrEnum):
    """How an attempt ended."""

    PROVED = "proved"
    WAITS = "waits"
    FAILED = "failed"
    REFUSED = "refused"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"
    ENVIRONMENT = "environment"
    INTERRUPTED = "interrupted"
    LOST = "lost"


CHARGED = frozenset({Ending.PROVED, Ending.WAITS, Ending.FAILED, Ending.REFUSED, Ending.UNCHANGED})
"""What counts against a task's attempts; the rest is nobody's fault."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of an attempt: how, in words, what failed (``signature``) and what it had made (``tree``)."""

    ending: Ending
    words: str
    signature: str = ""
    tree: str = ""
    unsigned: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Past:
    """What came before: charged attempts and infrastructure failures, both without this one, and time used.

    ``signature`` and ``tree`` are those of the last charged attempt that nobody has judged since.
    """

    charged: int
    failures: int
    seconds: float
    signature: str | None = None
    tree: str | None = None


@dataclass(frozen=True, slots=True)
class Next:
    """Where the task goes: its state, why it waits, in words, and how long to hold back, in seconds."""

    state: TaskState
    words: str
    reason: Waiting | None = None
    delay: float = 0.0


def following(outcome: Outcome, past: Past, settings: RunSettings, seed: str) -> Next:
    """Where a task goes after an attempt that ended with ``outcome``; ``seed`` fixes the jitter."""
    match outcome.ending:
        case Ending.PROVED:
            return Next(TaskState.INTEGRATING, outcome.words)
        case Ending.WAITS:
            reason = Waiting.SIGN_OFF if outcome.unsigned else Waiting.REVIEW
            return Next(TaskState.WAITING, outcome.words, reason)
        case Ending.FAILED | Ending.REFUSED | Ending.UNCHANGED:
            return _after_failure(outcome, past, settings, seed)
        case Ending.CONFLICT | Ending.INTERRUPTED:
            return Next(TaskState.QUEUED, outcome.words)
        case Ending.ENVIRONMENT:
            return Next(TaskState.WAITING, outcome.words, Waiting.ENVIRONMENT)
        case Ending.LOST:
            return _after_infrastructure(outcome, past, settings, seed)
        case _:
            assert_never(outcome.ending)


def _after_infrastructure(outcome: Outcome, past: Past, settings: RunSettings, seed: str) -> Next:
    if past.failures + 1 >= POISON:
        return Next(TaskState.WAITING, f"{outcome.words} ({POISON} times in a row)", Waiting.POISON)
    return Next(TaskState.QUEUED, outcome.words, delay=delay(settings.backoff, past.failures, seed))


def _after_failure(outcome: Outcome, past: Past, settings: RunSettings, seed: str) -> Next:
    # Trying again needs a changed hypothesis: the same failure of the same tree would only be the same again.
    if past.signature == outcome.signature and past.tree == outcome.tree:
        return Next(TaskState.WAITING, f"{outcome.words}; and the attempt before ended the same way", Waiting.STUCK)
    if past.charged + 1 >= settings.budgets.attempts:
        return Next(TaskState.FAILED, f"{outcome.words}; {_all_attempts(settings.budgets.attempts)} used up")
    if past.seconds >= settings.budgets.wall:
        return Next(TaskState.FAILED, f"{outcome.words}; its {settings.budgets.wall:.0f} seconds are used up")
    return Next(TaskState.QUEUED, outcome.words, delay=delay(settings.backoff, past.charged, seed))


def _all_attempts(number: int) -> str:
    return "its one attempt is" if number == 1 else f"its {number} attempts are"


def delay(backoff: Backoff, failures: int, seed: str) -> float:
    """Seconds to wait after the failure that follows ``failures`` earlier ones."""
    plain = min(backoff.most, backoff.first * 2.0 ** min(failures, 30))
    spread = random.Random(seed).uniform(-backoff.jitter, backoff.jitter)  # noqa: S311 - spreads load, guards nothing
    return plain * (1 + spread)

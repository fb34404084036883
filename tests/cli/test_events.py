"""Which events somebody who watches is told, and how each reads."""

from __future__ import annotations

from typing import Any

import pytest

from snapline.cli import events
from snapline.store.ledger import Event


def event(kind: str, subject: str = "calc/T1", **body: Any) -> Event:  # noqa: ANN401 - JSON values
    return Event("calc@1.1", 1, "key", "2026-01-01T00:00:00Z", kind, subject, body, 1)


CLAIM = event("task.verifying", **{"from": "verifying", "to": "verifying"})
AGAIN = event("task.verifying", words="lost", **{"from": "verifying", "to": "verifying"})
ROWS = [
    (AGAIN, "calc/T1 verifying: lost", True, False),
    (event("task.queued"), "calc/T1 queued", False, False),
    (event("task.queued", words="A1 fails:\n  exit 1"), "calc/T1 queued: A1 fails: exit 1", True, True),
    (event("task.preparing", attempt=2, agent="codex"), "calc/T1 preparing: attempt 2 by codex", True, False),
    (event("task.launching"), "calc/T1 launching", False, False),
    (event("task.running"), "calc/T1 running", True, False),
    (event("task.collecting"), "calc/T1 collecting", False, False),
    (event("task.verifying", **{"from": "collecting", "to": "verifying"}), "calc/T1 verifying", True, False),
    (CLAIM, "calc/T1 verifying", False, False),
    (event("task.integrating", words="every criterion is proved"), "calc/T1 integrating: every", True, False),
    (event("task.waiting", reason="sign-off", words="A1"), "calc/T1 waiting (sign-off): A1", True, True),
    (event("task.failed", words="no"), "calc/T1 failed: no", True, True),
    (event("task.landing"), "calc/T1 landing", False, False),
    (event("task.done"), "calc/T1 done", False, False),
    (event("run.done", "calc@1.1"), "calc@1.1 done", True, False),
    (event("run.waiting", "calc@1.1", words="edits"), "calc@1.1 waiting: edits", True, True),
    (event("decision.accept", by="Ada", sign=["A1", "A2"]), "calc/T1 accept by Ada, vouching for A1, A2", False, False),
    (event("decision.reject", by="Ada", because="slow"), "calc/T1 reject by Ada: slow", False, False),
    (event("refused", reason="stale"), "calc/T1 refused (stale)", False, False),
]


@pytest.mark.parametrize(("one", "line", "told", "look"), ROWS, ids=[events.line(row[0])[:40] for row in ROWS])
def test_events_are_told_once_and_only_where_they_say_something(
    one: Event, line: str, *, told: bool, look: bool
) -> None:
    assert events.line(one).startswith(line)
    assert "\n" not in events.line(one)
    assert (events.is_progress(one), events.needs_a_look(one)) == (told, look)


def test_words_of_agents_cannot_steer_the_terminal() -> None:
    one = event("task.failed", words="\x1b]0;owned\x07fine\x1b[2J")
    assert events.line(one) == "calc/T1 failed: fine"

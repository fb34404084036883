"""Events of the ledger as lines for people."""

from __future__ import annotations

from snapline.base.plain import plain
from snapline.store.ledger import Event
from snapline.store.states import TaskState

_PASSING = frozenset({TaskState.LAUNCHING, TaskState.COLLECTING, TaskState.INTEGRATING})
"""States that last a moment: worth a line only when they tell why."""

_TOLD_BY_THE_RUN = frozenset({TaskState.LANDING, TaskState.DONE, TaskState.ROLLED_BACK})


def is_claim(event: Event) -> bool:
    """Whether a workflow only took over what is in this state already: nothing happened that a person could see."""
    return "from" in event.body and event.body["from"] == event.body.get("to") and not why(event)


def is_progress(event: Event) -> bool:
    """Whether somebody who watches wants to know; the story of a task (``snapline log``) tells everything."""
    kind, _, what = event.kind.partition(".")
    if kind not in {"task", "run"} or is_claim(event):
        return False
    if kind == "run" or why(event):
        return True
    return what not in _PASSING | _TOLD_BY_THE_RUN | {TaskState.QUEUED}


def needs_a_look(event: Event) -> bool:
    """Whether an attempt or a run did not get on: what must not scroll away unseen."""
    what = event.kind.partition(".")[2]
    return is_progress(event) and what in {"queued", "waiting", "failed", "cancelled", "quarantined"}


def why(event: Event) -> str:
    """What the event says in words of its own, in one line; empty for one that its name explains."""
    body = event.body
    if "attempt" in body:
        return f"attempt {body['attempt']} by {plain(str(body['agent']))}"
    return " ".join(plain(str(body.get("words") or body.get("because") or "")).split())


def line(event: Event) -> str:
    """One event: whose, what, and why."""
    kind, _, what = event.kind.partition(".")
    if kind == "decision":
        return f"{event.subject} {_decided(event, what)}"
    reason = f" ({event.body['reason']})" if event.body.get("reason") else ""
    words = why(event)
    return f"{event.subject} {what or kind}{reason}{f': {words}' if words else ''}"


def _decided(event: Event, what: str) -> str:
    signs = ", ".join(event.body.get("sign", ()))
    signing = f", vouching for {signs}" if signs else ""
    words = plain(str(event.body.get("because") or ""))
    return f"{what} by {plain(str(event.body.get('by', '')))}{signing}{f': {words}' if words else ''}"

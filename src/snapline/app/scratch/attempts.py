"""What the store says about the attempts of a run, as facts for a program."""

from __future__ import annotations

from snapline.app.readmodel import AttemptStatus, RunStatus


def attempt_facts(run: RunStatus) -> list[dict[str, object]]:
    """Each attempt of a run: its commits, its verdicts and the digests of its evidence."""
    return [_facts(one) for task in run.tasks for one in task.attempts]


def _facts(one: AttemptStatus) -> dict[str, object]:
    return {
        "attempt": one.attempt,
        "agent": one.agent,
        "outcome": one.outcome,
        "words": one.words,
        "base": one.base,
        "candidate": one.candidate,
        "verdicts": {line.id: line.verdict for line in one.verdicts},
        "evidence": {"prompt": one.prompt, "log": one.log, "report": one.report},
    }

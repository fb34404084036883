"""The handoff: what an attempt leaves behind, kept as evidence and told to the next attempt and to the reviewer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import field

from snapline.base import wire
from snapline.base.ids import AttemptId, Digest, Oid
from snapline.base.plain import clipped, plain
from snapline.base.wire import Wire
from snapline.prompt.render import PromptInput
from snapline.prompt.retry import EXCERPT, Outcome, RetryInput, Tried
from snapline.repo.changes import Change
from snapline.store.evidence import EvidenceStore
from snapline.verify.report import CriterionRow, Report
from snapline.verify.verdict import Verdict

KIND = "handoff"
"""The kind that handoffs are kept under as evidence."""

WORDS = 4_000
"""Most bytes of an agent's last words."""

_MOST_PATHS = 8


class Standing(Wire, frozen=True):
    """One criterion or constraint as the attempt left it; ``output`` is the end of what our run of it printed."""

    id: str
    verdict: str
    message: str = ""
    output: str = ""


class Touched(Wire, frozen=True):
    """One changed file; the counts are lines, None for a binary file."""

    path: str
    added: int | None
    removed: int | None


class Handoff(Wire, frozen=True):
    """What an attempt left. ``tree`` is the candidate's, None without one; ``words`` are safe to show.

    ``reason`` says in words why it was not accepted, ``rejection`` is what a person said, ``conflict`` the hunks that
    did not merge.
    """

    attempt: AttemptId
    number: int
    reason: str
    tree: Oid | None = None
    words: str = ""
    standings: tuple[Standing, ...] = ()
    touched: tuple[Touched, ...] = field(default_factory=tuple)
    rejection: str = ""
    conflict: str = ""


def hand_off(
    attempt: AttemptId,
    reason: str,
    evidence: EvidenceStore,
    *,
    words: str = "",
    report: Report | None = None,
    tree: Oid | None = None,
    changes: Sequence[Change] = (),
) -> Handoff:
    """The handoff of an attempt; the output of failed checks is read from the report's evidence.

    ``words`` come from :func:`last_words`. A rejection or a conflict is added later, by the one who met it.
    """
    return Handoff(
        attempt=attempt,
        number=int(attempt.rpartition("#")[2]),
        reason=reason,
        tree=tree,
        words=words,
        standings=tuple(_standings(report, evidence)) if report else (),
        touched=tuple(Touched(one.path, one.added, one.removed) for one in changes),
    )


def last_words(log: Path) -> str:
    """The end of an agent's log, at most :data:`WORDS` bytes, safe to show; empty where there is no log."""
    if not log.exists():
        return ""
    with log.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(max(size - WORDS, 0))
        return plain(stream.read().decode("utf-8", "ignore")).strip()


def keep(evidence: EvidenceStore, handoff: Handoff) -> Digest:
    """Store a handoff; gives its name."""
    return evidence.put(wire.encode(handoff), KIND)


def recall(evidence: EvidenceStore, name: str) -> Handoff:
    """A stored handoff; raises :class:`snapline.store.evidence.EvidenceMissing`."""
    return wire.decode(evidence.read(name), Handoff)


def retry_input(
    prompt: PromptInput, handoffs: Sequence[Handoff], *, carried: bool = False, seconds_left: float | None = None
) -> RetryInput:
    """What the next attempt is told, from the handoffs of all before it, the last one last.

    ``carried`` says that the last candidate's work is in the new workspace.
    """
    last = handoffs[-1]
    return RetryInput(
        prompt=prompt,
        outcomes=tuple(Outcome(one.id, one.verdict, one.message, one.output) for one in last.standings),
        tried=tuple(Tried(one.number, one.reason, stat(one.touched)) for one in handoffs),
        words=last.words,
        carried=carried,
        rejection=last.rejection,
        conflict=last.conflict,
        seconds_left=seconds_left,
    )


def stat(touched: Sequence[Touched]) -> str:
    """A diff in one line: ``2 files, +10 -3: a.py, b.py``; empty for none."""
    if not touched:
        return ""
    added = sum(one.added or 0 for one in touched)
    removed = sum(one.removed or 0 for one in touched)
    names = ", ".join(one.path for one in touched[:_MOST_PATHS])
    rest = f" and {len(touched) - _MOST_PATHS} more" if len(touched) > _MOST_PATHS else ""
    return f"{len(touched)} file{'s' if len(touched) > 1 else ''}, +{added} -{removed}: {names}{rest}"


def _standings(report: Report, evidence: EvidenceStore) -> Iterator[Standing]:
    for row in report.verdicts:
        message, output = _why(row, evidence)
        yield Standing(row.id, row.verdict, message, output)
    for rule in report.constraints:
        yield Standing(rule.id, rule.verdict, rule.message)


def _why(row: CriterionRow, evidence: EvidenceStore) -> tuple[str, str]:
    """The messages of the checks that do not pass, and the end of their output."""
    if row.verdict is Verdict.PASS:
        return "", ""
    missed = [check for check in row.checks if check.verdict is not Verdict.PASS]
    messages = "; ".join(check.message for check in missed if check.message)
    outputs = [plain(evidence.read(name)) for check in missed for name in check.evidence if _is_output(evidence, name)]
    return messages, clipped("\n".join(outputs), EXCERPT)


def _is_output(evidence: EvidenceStore, name: Digest) -> bool:
    """Whether a piece of evidence is what a check printed, and not a report that only we read."""
    return evidence.has(name) and evidence.path(name).suffix in (".log", ".output")

"""The prompt of a further attempt: what holds and fails now, with our own output, and what was tried before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from snapline.prompt.render import PromptInput, render
from snapline.prompt.words import duration, id_list, one_line, quoted

OWN_WORDS = 4096
"""Most bytes of a retry's prompt that are neither the spec's text nor excerpts (bench P9)."""

EXCERPT = 4_000
"""Most bytes of one excerpt: the output of a check, the agent's last words, a conflict."""

EXCERPTS = 16_000
"""Most bytes of all excerpts together, and of what is told of each attempt."""

_LINE = 200
_HOLDS, _PROSE = "pass", "prose"
_MOST_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """One criterion or constraint as the last attempt left it. ``output`` is what *our* run of its check printed."""

    id: str
    verdict: str
    message: str = ""
    output: str = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """An earlier attempt in two lines: its number, why it ended, and its diff as a stat."""

    number: int
    reason: str
    stat: str = ""


@dataclass(frozen=True, slots=True)
class RetryInput:
    """What a further attempt is told. ``seconds_left`` is what the task's budget still holds.

    ``tried`` ends with the last attempt. ``carried`` says that its work is in the new workspace; ``words`` are its own
    last words, ``rejection`` those of the person who sent it back, ``conflict`` the hunks that did not merge.
    """

    prompt: PromptInput
    outcomes: tuple[Outcome, ...]
    tried: tuple[Tried, ...]
    words: str = ""
    carried: bool = False
    rejection: str = ""
    conflict: str = ""
    seconds_left: float | None = None


def retry(given: RetryInput) -> str:
    """The whole prompt, spec included: what a fresh agent needs to go on where the last one stopped."""
    return render(given.prompt, "\n\n".join(_told(given)))


def _told(given: RetryInput) -> Iterator[str]:
    yield _opening(given)
    history = "\n".join(_history(given.tried))
    excerpts = _Excerpts(EXCERPTS - len(history.encode()))
    if given.rejection:
        yield "A person sent it back and said:\n" + excerpts.quote(given.rejection)
    if given.conflict:
        yield "Merging it with what landed meanwhile left conflicts; solve them:\n" + excerpts.quote(given.conflict)
    yield "WHAT HOLDS NOW (by our own runs)\n" + "\n".join(_standing(given.outcomes))
    yield from _outputs(given.outcomes, excerpts)
    if given.words.strip():
        yield "THE LAST AGENT'S OWN LAST WORDS (a claim, no evidence)\n" + excerpts.quote(given.words)
    yield "TRIED SO FAR (do not repeat what failed: change the hypothesis)\n" + history


def _opening(given: RetryInput) -> str:
    where = (
        "Its work is in your workspace: go on from there."
        if given.carried
        else "Its work is not in your workspace, which is the base again."
    )
    last = given.tried[-1]
    left = f" Time left for the task: {duration(given.seconds_left)}." if given.seconds_left is not None else ""
    return f"BEFORE YOU\nAttempt {last.number} was not accepted: {one_line(last.reason, _LINE)}. {where}{left}"


def _standing(outcomes: Sequence[Outcome]) -> Iterator[str]:
    by_verdict: dict[str, list[str]] = {}
    for one in sorted(outcomes, key=lambda one: one.verdict == _HOLDS):
        if one.verdict != _PROSE:
            by_verdict.setdefault(one.verdict, []).append(one.id)
    for verdict, ids in by_verdict.items():
        yield f"- {verdict}: {one_line(id_list(ids), _LINE)}"


def _outputs(outcomes: Iterable[Outcome], excerpts: _Excerpts) -> Iterator[str]:
    """What is to be mended, with reasons and output, as far as there is room."""
    left_out: list[str] = []
    for one in outcomes:
        if one.verdict in (_HOLDS, _PROSE) or not (one.message or one.output):
            continue
        text = "\n".join(part for part in (one.message, one.output) if part)
        if excerpts.full:
            left_out.append(one.id)
        else:
            yield f"{one.id} {one.verdict}:\n" + excerpts.quote(text)
    if left_out:
        yield f"No room for the output of {one_line(id_list(left_out), _LINE)}."


def _history(tried: Sequence[Tried]) -> Iterator[str]:
    for one in tried[-_MOST_ATTEMPTS:]:
        stat = f"; it changed {one_line(one.stat, _LINE)}" if one.stat else "; it changed nothing"
        yield f"- #{one.number}: {one_line(one.reason, _LINE)}{stat}"


class _Excerpts:
    """Hands out the room for excerpts."""

    def __init__(self, left: int) -> None:
        self.left = left

    @property
    def full(self) -> bool:
        """Whether too little room is left for an excerpt to say anything."""
        least = 200
        return self.left < least

    def quote(self, text: str) -> str:
        """``text`` quoted within the room that is left."""
        found = quoted(text, min(EXCERPT, self.left))
        self.left -= min(len(found.encode()), self.left)
        return found

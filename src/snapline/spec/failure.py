"""The vocabulary of the Failure plan."""

from __future__ import annotations

import re
from typing import Final

from snapline.base.regex import regex
from snapline.spec.durations import DURATION, seconds
from snapline.spec.inline import CODE_MARK, Inline
from snapline.spec.model import FailureEntry, FailureWord, RollbackStep, StepKind
from snapline.spec.reading import Reading
from snapline.spec.typos import opening_typo
from snapline.spec.values import Entry, Token, no_value, read_checks, stray_words, tokens

WORDS: Final = {word.value.lower(): word for word in FailureWord}
"""The vocabulary, by its words in small letters."""

_WORD: Final = regex(
    r"[ \t\n]*(roll[ \t\n]+back[ \t\n]+when|verify[ \t\n]+rollback|rollback|escalate|retry)[ \t]*[:：]",  # noqa: RUF001
    re.IGNORECASE,
)
_ALMOST: Final = regex(
    r"[ \t\n]*(?:(?P<when>roll-?back[ \t]+(?:when|if)|roll[ \t]+back[ \t]+if|revert[ \t]+(?:when|if))"
    r"|(?P<steps>roll[ \t]+back|roll-back|rollback[ \t]+(?:plan|steps?)|revert)"
    r"|(?P<verify>verify[ \t]+(?:the[ \t]+)?(?:roll[ \t-]?back|revert)|check[ \t]+rollback)"
    r"|(?P<escalate>escalate[ \t]+to|escalation|notify|page)"
    r"|(?P<retry>retries|attempts|max[ \t]+attempts))[ \t]*[:：]",  # noqa: RUF001 - the full-width colon counts
    re.IGNORECASE,
)
_WITHOUT_COLON: Final = regex(
    r"[ \t\n]*(?:(?P<when>roll[ \t-]*back[ \t]+(?:when|if))|(?P<verify>verify[ \t]+rollback)|(?P<steps>rollback)"
    r"|(?P<escalate>escalate(?:[ \t]+to)?)|(?P<retry>retry))"
    rf"(?:[ \t]+[-–—])?[ \t]+(?=[{CODE_MARK}@0-9]|revert\b|[GCIAFTQ][1-9])",  # noqa: RUF001 - dashes that people type
    re.IGNORECASE,
)
_MEANT: Final = {
    "when": FailureWord.ROLL_BACK_WHEN,
    "steps": FailureWord.ROLLBACK,
    "verify": FailureWord.VERIFY_ROLLBACK,
    "escalate": FailureWord.ESCALATE,
    "retry": FailureWord.RETRY,
}
_WITHIN: Final = regex(rf"\b(within|every)[ \t\n]+({DURATION})(?![\w])", re.IGNORECASE)
_WHO: Final = regex(r"@\w[\w./-]{0,100}")
_COUNT: Final = regex(r"[1-9][0-9]{0,2}")


def read_failure(reading: Reading, inline: Inline, start: int, clause: str) -> FailureEntry | None:
    """The entry that a clause of the Failure plan opens with; None for prose. Almost-entries become faults."""
    match = _WORD.match(inline.masked, start)
    word = WORDS.get(" ".join(match[1].lower().split())) if match else None
    if match is None or word is None:
        _report_almost(reading, inline, start, clause)
        return None
    entry = Entry(reading, inline, match.end(), clause, word.value, inline.span(*match.span(1)))
    match word:
        case FailureWord.ROLL_BACK_WHEN:
            return _roll_back_when(entry)
        case FailureWord.ROLLBACK:
            return FailureEntry(word, entry.word_span, steps=_steps(entry))
        case FailureWord.VERIFY_ROLLBACK:
            checks, ids, strays = read_checks(entry)
            stray_words(entry, strays)
            if not (checks or ids or strays):
                no_value(entry, "Write commands, test nodes or ids: Verify rollback: `$ make smoke`.")
            return FailureEntry(word, entry.word_span, checks=checks, ids=ids)
        case FailureWord.ESCALATE:
            return FailureEntry(word, entry.word_span, who=_single(entry, _WHO, "Write a name: Escalate: @alice."))
        case FailureWord.RETRY:
            count = _single(entry, _COUNT, "Write the number of attempts in all: Retry: 3.")
            return FailureEntry(word, entry.word_span, attempts=int(count) if count else None)


def _roll_back_when(entry: Entry) -> FailureEntry:
    timed = list(_WITHIN.finditer(entry.inline.masked, entry.start))
    times = _times(entry, timed)
    checks, ids, strays = read_checks(entry)
    left = [one for one in strays if not any(match.start() <= one.start < match.end() for match in timed[:4])]
    if not left or left[0].text.lower() not in ("fail", "fails"):
        _report_fails(entry)
    else:
        stray_words(entry, left[1:])
        if not (checks or ids):
            no_value(entry, "Write commands, test nodes or ids before `fails`.")
    return FailureEntry(
        FailureWord.ROLL_BACK_WHEN,
        entry.word_span,
        checks=checks,
        ids=ids,
        within=times.get("within"),
        every=times.get("every"),
    )


def _report_fails(entry: Entry) -> None:
    hint = "Write: Roll back when: `$ make smoke` fails within 30m."
    entry.fault(entry.word_span, "`Roll back when` takes checks, then `fails`", hint)


def _times(entry: Entry, timed: list[re.Match[str]]) -> dict[str, float]:
    times: dict[str, float] = {}
    for match in timed:
        word, length = match[1].lower(), seconds(match[2])
        if length is None or word in times:
            what = "stands twice" if word in times else "is no time"
            entry.fault(
                entry.inline.span(*match.span()), f"`{match.group()}` {what}", f"Write `{word}` once: {word} 5m."
            )
        else:
            times[word] = length
    return times


def _steps(entry: Entry) -> tuple[RollbackStep, ...]:
    steps = []
    strays: list[Token] = []
    found = list(tokens(entry.inline, entry.start))
    for token in found:
        if token.code is not None and token.code.text.startswith("$ ") and token.code.text[2:].strip():
            steps.append(RollbackStep(StepKind.COMMAND, token.code.text[2:].strip(), token.code.span))
        elif token.code is not None:
            entry.fault(token.code.span, "a step is a command or the word `revert`", "Commands begin with `$ `.")
        elif token.text.lower() == "revert":
            if any(step.kind is StepKind.REVERT for step in steps):
                entry.fault(entry.span(token), "`revert` stands twice", "There is one revert commit.")
                continue
            steps.append(RollbackStep(StepKind.REVERT, "revert", entry.span(token)))
        elif token.text.lower() != "then":
            strays.append(token)
    if strays:
        _report_step(entry, strays[0])
    elif not found:
        no_value(entry, "Write steps: Rollback: `$ alembic downgrade 0141`, revert.")
    return tuple(steps)


def _report_step(entry: Entry, token: Token) -> None:
    message = f"`{token.text[:60]}` is no step: steps are code spans `$ ...` and the word `revert`"
    entry.fault(entry.span(token), message, "Put explanations into a clause of their own; nothing is guessed here.")


def _single(entry: Entry, pattern: re.Pattern[str], hint: str) -> str | None:
    found = list(tokens(entry.inline, entry.start))
    if not found:
        no_value(entry, hint)
        return None
    bad = next((one for one in found if one.code is not None or not pattern.fullmatch(one.text)), None)
    if bad or len(found) > 1:
        entry.fault(entry.span(bad or found[1]), f"`{(bad or found[1]).text[:60]}` is no value here", hint)
        return None
    return found[0].text


def _end(masked: str, match: re.Match[str]) -> int:
    return match.start() + len(masked[match.start() : match.end()].rstrip(" \t-–—"))  # noqa: RUF001 - as above


def _report_almost(reading: Reading, inline: Inline, start: int, clause: str) -> None:
    match = _WITHOUT_COLON.match(inline.masked, start) or _ALMOST.match(inline.masked, start)
    typo = opening_typo(inline.masked, start, WORDS)
    if match is not None and match.lastgroup is not None:
        word, span = _MEANT[match.lastgroup], inline.span(match.start(match.lastgroup), _end(inline.masked, match))
    elif typo is not None:
        word, span = WORDS[typo[0]], inline.span(*typo[1:])
    else:
        return
    reading.fault(
        "CON505",
        span,
        f"`{reading.source.slice(span)}` is almost `{word.value}:`, and nothing of it is carried out as it stands",
        f"Write `{word.value}:` and its values, or reword the clause.",
        clause=clause,
        variant="warning",
    )

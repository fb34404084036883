"""The closed vocabulary of Constraints: entries with their values, and what is almost one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from snapline.base.diagnostics import Applicability, Fix
from snapline.base.regex import regex
from snapline.base.text import Edit, Span
from snapline.spec.durations import seconds
from snapline.spec.inline import CODE_MARK, Inline
from snapline.spec.model import Budget, ConstraintEntry, ConstraintWord, FailureWord
from snapline.spec.patterns import compiled
from snapline.spec.reading import Reading
from snapline.spec.typos import opening_typo, whole_typo
from snapline.spec.values import Entry, Token, no_value, read_checks, read_globs, stray_words, tokens

ALMOST: Final = "CON505"
WORDS: Final = {word.value.lower(): word for word in ConstraintWord}
"""The vocabulary, by its words in small letters."""

_BARE: Final = (ConstraintWord.NO_NEW_DEPENDENCIES, ConstraintWord.NO_NETWORK)
_COLON: Final = r"[ \t]*[:：]"  # noqa: RUF001 - the full-width colon counts


def _pattern(words: tuple[str, ...], tail: str) -> re.Pattern[str]:
    choices = "|".join(word.replace(" ", r"[ \t\n]+") for word in sorted(words, key=len, reverse=True))
    return regex(rf"[ \t\n]*({choices}){tail}", re.IGNORECASE)


_VALUED_WORDS: Final = tuple(word.value for word in ConstraintWord if word not in _BARE)
_VALUED: Final = _pattern(_VALUED_WORDS, _COLON)
_BARE_ENTRY: Final = _pattern(tuple(word.value for word in _BARE), r"(?=[ \t\n]*(?:\Z|[.,;。(（]))")  # noqa: RUF001
_FAILURE: Final = _pattern(tuple(word.value for word in FailureWord), _COLON)
_DISTINCT: Final = _pattern((*_VALUED_WORDS[:5], "Roll back when", "Verify rollback"), _COLON)

_PHRASES: Final = {
    ConstraintWord.CHANGE_ONLY: (
        "only change", "changes only", "change just", "only changes", "may change only", "only touch", "touch only",
        "only edit", "edit only", "only modify", "modify only", "limit changes to", "restrict changes to",
    ),
    ConstraintWord.DO_NOT_CHANGE: (
        "do not touch", "don't touch", "dont touch", "don't change", "dont change", "do not modify", "don't modify",
        "do not edit", "don't edit", "never touch", "never change", "never modify", "must not change", "must not touch",
        "must not modify", "no changes to", "no change to",
    ),
    ConstraintWord.ASK_FIRST: ("ask before changing", "ask before touching", "ask before", "ask about", "ask"),
    ConstraintWord.KEEP_PASSING: ("keep green", "keeps passing", "must keep passing", "keep working", "still passes"),
    ConstraintWord.MUST_NOT_CONTAIN: ("must not include", "do not contain", "don't contain", "may not contain"),
    ConstraintWord.NO_NEW_DEPENDENCIES: (
        "no new dependency", "no new deps", "no additional dependencies", "no added dependencies", "no new packages",
        "no dependencies", "no new libraries",
    ),
    ConstraintWord.NO_NETWORK: ("no network access", "no internet", "no internet access", "offline"),
    ConstraintWord.AT_MOST: ("no more than", "not more than", "maximum", "max", "up to"),
    ConstraintWord.BUDGET: ("budgets", "limit", "limits"),
}  # fmt: skip
_STRICT: Final = frozenset({"only change", "don't touch", "dont touch", "do not touch"})
"""Phrases that, with a path, everybody takes for a boundary: errors."""
_ALMOST: Final = _pattern(
    tuple(phrase.replace("'", "['’]") for phrases in _PHRASES.values() for phrase in phrases),  # noqa: RUF001
    r"(?![\w-])([ \t\n]*[:：])?",  # noqa: RUF001 - the full-width colon counts
)
_WITHOUT_COLON: Final = _pattern(_VALUED_WORDS, r"(?![\w-])")
_SIZE: Final = regex(r"[ \t\n]*([0-9]{1,7})[ \t\n]+(lines?|files?)\b", re.IGNORECASE)
_MONEY: Final = regex(r"\$([0-9]{1,7}(?:\.[0-9]{1,2})?)")
_COUNT: Final = regex(r"([0-9]{1,9})(k|m)?", re.IGNORECASE)
_REGEX: Final = regex(r"/(.+)/", re.DOTALL)


def opens_with_word(masked: str, start: int, *, failure: bool) -> bool:
    """Whether a text opens with an entry of Constraints, or of the Failure plan."""
    if failure:
        return _FAILURE.match(masked, start) is not None
    return _VALUED.match(masked, start) is not None or _BARE_ENTRY.match(masked, start) is not None


def opens_with_distinct_word(masked: str, start: int) -> bool:
    """Whether a text opens with an entry that is no plain English in any other section."""
    return _DISTINCT.match(masked, start) is not None


def read_constraint(reading: Reading, inline: Inline, start: int, clause: str) -> ConstraintEntry | None:
    """The entry that a constraint opens with; None for prose. What is almost an entry becomes a fault."""
    match = _VALUED.match(inline.masked, start) or _BARE_ENTRY.match(inline.masked, start)
    word = _word(match[1]) if match else None
    if match is None or word is None:
        _report_almost(reading, inline, start, clause)
        return None
    span = inline.span(*match.span(1))
    entry = Entry(reading, inline, match.end(), clause, word.value, span)
    return _valued(entry, word)


def _word(text: str) -> ConstraintWord | None:
    return WORDS.get(" ".join(text.lower().split()))


def _valued(entry: Entry, word: ConstraintWord) -> ConstraintEntry:
    match word:
        case ConstraintWord.CHANGE_ONLY | ConstraintWord.DO_NOT_CHANGE | ConstraintWord.ASK_FIRST:
            return ConstraintEntry(word, entry.word_span, globs=read_globs(entry))
        case ConstraintWord.KEEP_PASSING:
            checks, ids, strays = read_checks(entry)
            stray_words(entry, strays)
            if not (checks or ids or strays):
                no_value(entry, "Write commands, test nodes or ids: Keep passing: `$ pytest -q`.")
            return ConstraintEntry(word, entry.word_span, checks=checks, ids=ids)
        case ConstraintWord.MUST_NOT_CONTAIN:
            return _must_not_contain(entry)
        case ConstraintWord.AT_MOST:
            return _at_most(entry)
        case ConstraintWord.BUDGET:
            return ConstraintEntry(word, entry.word_span, budget=_budget(entry))
        case ConstraintWord.NO_NEW_DEPENDENCIES | ConstraintWord.NO_NETWORK:
            return ConstraintEntry(word, entry.word_span)


def _must_not_contain(entry: Entry) -> ConstraintEntry:
    found = list(tokens(entry.inline, entry.start))
    word = ConstraintWord.MUST_NOT_CONTAIN
    pattern = None
    if not found:
        no_value(entry, "Write a pattern in code: Must not contain: `/print\\(/` in `src/**`.")
        return ConstraintEntry(word, entry.word_span)
    first, rest = found[0], found[1:]
    written = _REGEX.fullmatch(first.text) if first.code else None
    if written is None:
        entry.fault(entry.span(first), "the pattern has to be code between slashes", "Write `/print\\(/`.")
    else:
        pattern = written[1]
        engine = compiled(pattern)
        if isinstance(engine, str):
            hint = "The engine takes linear time: no look-around and no back-references."
            entry.fault(entry.span(first), f"the pattern cannot be used: {engine}", hint)
    if rest and rest[0].code is None and rest[0].text.lower() == "in":
        if len(rest) == 1:
            entry.fault(entry.span(rest[0]), "`in` names no path", "Write paths in code: in `src/**`.")
        inner = Entry(entry.reading, entry.inline, rest[0].end, entry.clause, entry.word, entry.word_span)
        globs = read_globs(inner) if len(rest) > 1 else ()
        return ConstraintEntry(word, entry.word_span, globs=globs, pattern=pattern)
    if rest:
        entry.fault(entry.span(rest[0]), "after the pattern only `in` and paths may follow", "Write in `src/**`.")
    return ConstraintEntry(word, entry.word_span, pattern=pattern)


def _at_most(entry: Entry) -> ConstraintEntry:
    sizes: dict[str, int] = {}
    for text, token in _phrases(entry):
        match = _SIZE.fullmatch(text)
        if match is None or token.code is not None:
            entry.fault(entry.span(token), f"`{text[:60]}` is no size", "Write for example `At most: 300 lines`.")
            continue
        unit = match[2].lower().rstrip("s")
        if unit in sizes:
            entry.fault(entry.span(token), f"`{text[:60]}` stands twice", "Write for example `At most: 300 lines`.")
        else:
            sizes[unit] = int(match[1])
    if not sizes and not any(True for _ in tokens(entry.inline, entry.start)):
        no_value(entry, "Write for example `At most: 300 lines, 10 files`.")
    return ConstraintEntry(ConstraintWord.AT_MOST, entry.word_span, lines=sizes.get("line"), files=sizes.get("file"))


def _budget(entry: Entry) -> Budget:
    values: dict[str, float] = {}
    for text, token in _phrases(entry):
        pair = None if token.code else _budget_value(text)
        if pair is None or pair[0] in values:
            what = "stands twice" if pair else "is no amount"
            hint = "Any of: Budget: 3 attempts, 90m, $5, 400k tokens."
            entry.fault(entry.span(token), f"`{text[:60]}` {what}", hint)
            continue
        values[pair[0]] = pair[1]
    if not values and not any(True for _ in tokens(entry.inline, entry.start)):
        no_value(entry, "Any of: Budget: 3 attempts, 90m, $5, 400k tokens.")
    attempts, count = values.get("attempts"), values.get("tokens")
    return Budget(
        attempts=None if attempts is None else int(attempts),
        wall=values.get("wall"),
        money=values.get("money"),
        tokens=None if count is None else int(count),
    )


def _budget_value(text: str) -> tuple[str, float] | None:
    money = _MONEY.fullmatch(text)
    if money:
        return "money", float(money[1])
    wall = seconds(text)
    if wall is not None:
        return "wall", wall
    amount, _, unit = text.partition(" ")
    count = _COUNT.fullmatch(amount)
    if count is None or int(count[1]) == 0:
        return None
    if unit.lower() in ("attempt", "attempts") and not count[2]:
        return "attempts", int(count[1])
    if unit.lower() in ("token", "tokens"):
        return "tokens", int(count[1]) * {"": 1, "k": 1000, "m": 1_000_000}[(count[2] or "").lower()]
    return None


def _phrases(entry: Entry) -> list[tuple[str, Token]]:
    """The values that are phrases of several words, each with a token that spans it."""
    phrases: list[list[Token]] = []
    previous = None
    for token in tokens(entry.inline, entry.start):
        between = "," if previous is None else entry.inline.masked[previous.end : token.start]
        if between.strip(" \t\n"):
            phrases.append([])
        phrases[-1].append(token)
        previous = token
    return [
        (" ".join(one.text for one in group), Token(group[0].start, group[-1].end, "", group[0].code))
        for group in phrases
    ]


@dataclass(frozen=True, slots=True)
class _Almost:
    """What is almost an entry: the word that is meant, from where to where it stands, and how clear it is."""

    word: ConstraintWord
    start: int
    end: int
    colon: bool = False
    strict: bool = False


def _almost(masked: str, start: int) -> _Almost | None:
    match = _WITHOUT_COLON.match(masked, start)
    word = _word(match[1]) if match else None
    if match and word:
        return _Almost(word, match.start(1), match.end())
    match = _ALMOST.match(masked, start)
    if match:
        strict = _plain(match[1]) in _STRICT and CODE_MARK in masked[match.end() :]
        return _Almost(_meant(match[1]), match.start(1), match.end(), match[2] is not None, strict)
    typo = opening_typo(masked, start, WORDS) or whole_typo(
        masked, start, [text for text, word in WORDS.items() if word in _BARE]
    )
    return _Almost(WORDS[typo[0]], *typo[1:]) if typo else None


def _report_almost(reading: Reading, inline: Inline, start: int, clause: str) -> None:
    found = _almost(inline.masked, start)
    if found is None or not _value_follows(inline.masked, found.end, found.word, colon=found.colon):
        return
    span = inline.span(found.start, found.end)
    text = found.word.value if found.word in _BARE else f"{found.word.value}:"
    whole = _only_values(inline, found.end)
    safe = Applicability.SAFE if whole else Applicability.SUGGESTED
    fix = Fix(f"Write `{text}`", safe, (Edit(Span(span.start, span.end), text),))
    reading.fault(
        ALMOST,
        span,
        f"`{reading.source.slice(span)}` is almost `{text}`, and is enforced by nobody as it stands",
        f"Write `{text}`" + ("" if found.word in _BARE else " and nothing but the values behind it") + ".",
        clause=clause,
        fix=fix,
        variant="error" if found.strict else "warning",
    )


def _meant(text: str) -> ConstraintWord:
    return next(word for word, phrases in _PHRASES.items() if _plain(text) in phrases)


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("’", "'").split())  # noqa: RUF001 - an apostrophe that editors put in


def _value_follows(masked: str, rest: int, word: ConstraintWord, *, colon: bool) -> bool:
    """Whether what follows an almost-entry is what its values look like."""
    tail = masked[rest : rest + 400]
    match word:
        case ConstraintWord.CHANGE_ONLY | ConstraintWord.DO_NOT_CHANGE:
            return CODE_MARK in tail or colon
        case ConstraintWord.ASK_FIRST | ConstraintWord.KEEP_PASSING | ConstraintWord.MUST_NOT_CONTAIN:
            return tail.lstrip().startswith(CODE_MARK)
        case ConstraintWord.AT_MOST:
            return _SIZE.match(tail) is not None
        case ConstraintWord.BUDGET:
            return re.match(r"[ \t\n]*(?:\$?[0-9])", tail) is not None
        case ConstraintWord.NO_NEW_DEPENDENCIES | ConstraintWord.NO_NETWORK:
            return not tail.strip(" \t\n.:;")


def _only_values(inline: Inline, rest: int) -> bool:
    return all(token.code is not None for token in tokens(inline, rest))

"""What a clause says that happens: its outcome verbs, and which of them are outcomes of their own.

The verbs are a closed list of what somebody can observe; words such as "support", "handle" or "improve" are not in it.
English only. Texts are masked (:mod:`snapline.lint.words`), so code counts as a thing, never as a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from snapline.base.record import Record
from snapline.base.regex import regex
from snapline.lint.verbs import (
    ADVERBS,
    BASES,
    BE,
    BEFORE_NOUNS,
    CONJUNCTIONS,
    DEEDS,
    DETERMINERS,
    HAVE,
    IDLE,
    IRREGULAR,
    MODALS,
    NOUNS_TOO,
    PERSONS,
    PLURALS,
    PREPOSITIONS,
    SINGULAR,
    STATES,
    STATUS,
    SUBORDINATORS,
    TELLING,
    VAGUE,
)

_TOKEN = regex(
    r"[a-z]+(?:['’-][a-z]+)*|\d[\w.,%]*|\x00+|\x02+|[.!?](?=[\s\x02]|\Z)|[;:,()—–]",  # noqa: RUF001 - dashes
    re.IGNORECASE,
)


def _third(verb: str) -> str:
    if verb.endswith(("s", "x", "ch", "sh", "o")):
        return f"{verb}es"
    return f"{verb[:-1]}ies" if verb.endswith("y") and verb[-2] not in "aeiou" else f"{verb}s"


_THIRD = {_third(verb): verb for verb in BASES}
_PLURAL_DETERMINERS = frozenset({"all", "both", "these", "those", "two", "three", "several", "many", "most"})
_DOING = frozenset({"does", "do", "did", "happens", "happen"})
_BEHIND_VERBS = frozenset(
    {"on", "in", "after", "before", "to", "from", "into", "at", "over", "through", "across", "when"}
)
_SHORTEST, _LONGEST = 2, 4
"""Tokens of a subject that is short enough to be sure of."""
_SURE = frozenset(form for form, verb in _THIRD.items() if verb not in NOUNS_TOO)


class Token(Record, frozen=True):
    """A word, a number, code or a mark of punctuation, in small letters, with its place in the text."""

    text: str
    start: int
    end: int


class Outcome(Record, frozen=True):
    """One thing that a clause says to happen: the verb's token number, and whether it is a passive ("is shown")."""

    number: int
    passive: bool = False


def tokens_of(text: str) -> list[Token]:
    """The tokens of a masked text."""
    return [Token(match[0].lower().replace("’", "'"), *match.span()) for match in _TOKEN.finditer(text)]  # noqa: RUF001


def outcomes(tokens: Sequence[Token]) -> Iterator[Outcome]:
    """The outcome verbs of a clause in their order."""
    sentence = opening = 0
    for number, token in enumerate(tokens):
        word = token.text
        if word in ".!?;" or word[0] == "\x02":
            sentence = opening = number + 1
        elif word == "," or (word in {"and", "but"} and _text(tokens, number + 1) in SINGULAR | _PLURAL_DETERMINERS):
            opening = number + 1
        elif word in BE:
            passive = _state(tokens, number)
            if passive is not None:
                yield Outcome(number, passive)
        elif (
            (word in HAVE and _possessed(tokens, number))
            or word in _SURE
            or (word in _THIRD and _is_verb(tokens, number, opening, sentence))
            or (word in BASES and _is_plural_verb(tokens, number, opening))
            or (word in _DOING and _text(tokens, number + 1) in {"nothing", "something", "so", "this", "that"})
            or _looks_like_verb(tokens, number, opening)
        ):
            yield Outcome(number)


def _text(tokens: Sequence[Token], number: int) -> str:
    return tokens[number].text if 0 <= number < len(tokens) else "."


def _is_thing(text: str) -> bool:
    """Whether a token is code, a quotation or a number: what an outcome is told by."""
    return text[0] == "\x00" or text[0].isdigit()


def _state(tokens: Sequence[Token], number: int) -> bool | None:
    """Whether "is" is followed by a participle (True) or by a state (False) that somebody can observe; else None."""
    at = number + 1
    while _text(tokens, at) in ADVERBS or _text(tokens, at).endswith("ly"):
        at += 1
    word = _text(tokens, at)
    if word == "able" or word in VAGUE:
        return None
    if word in IRREGULAR or (word.endswith("ed") and word not in STATES):
        return True
    if (
        word in STATES
        or word in DETERMINERS
        or _is_thing(word)
        or _text(tokens, at - 1) in {"least", "most", "exactly"}
    ):
        return False
    compared = "than" in (_text(tokens, at + 1), _text(tokens, at + 2)) or any(
        _is_thing(_text(tokens, at + ahead)) for ahead in (1, 2)
    )
    there = _text(tokens, number - 1) == "there"
    return False if there or compared else None


def _possessed(tokens: Sequence[Token], number: int) -> bool:
    """Whether "has" is followed by what it has, or by a participle: "has three rows", "has seen it"."""
    at = number + 1
    while _text(tokens, at) in ADVERBS - {"no", "each", "all", "both", "exactly"}:
        at += 1
    word = _text(tokens, at)
    return _is_thing(word) or word in DETERMINERS or (word not in VAGUE and (word in IRREGULAR or word.endswith("ed")))


def _is_verb(tokens: Sequence[Token], number: int, opening: int, sentence: int) -> bool:
    """Whether a word that may be a plural noun is a verb here: by what follows, or by a singular subject before it."""
    follows = _text(tokens, number + 1)
    before = _text(tokens, number - 1)
    if before in BEFORE_NOUNS - CONJUNCTIONS and number > opening:
        return False
    if follows in DETERMINERS or _is_thing(follows):
        return True
    if number == sentence and tokens[number].text in TELLING:
        return follows.isalpha() and follows not in BEFORE_NOUNS | BE | HAVE | MODALS
    if before in CONJUNCTIONS:
        return False
    subject = [token.text for token in tokens[opening:number]]
    return bool(subject) and subject[0] in SINGULAR and not BEFORE_NOUNS & set(subject[1:])


def _looks_like_verb(tokens: Sequence[Token], number: int, opening: int) -> bool:
    """Whether a word of no list stands where the verb of a short singular subject stands: "the map centres on"."""
    word = tokens[number].text
    if not word.endswith("s") or word.endswith(("ss", "us", "'s")) or len(word) <= len("uses"):
        return False
    if word in IDLE or word in _THIRD:
        return False
    subject = [token.text for token in tokens[opening:number]]
    if not _SHORTEST <= len(subject) <= _LONGEST or subject[0] not in SINGULAR or BEFORE_NOUNS & set(subject[1:]):
        return False
    follows = _text(tokens, number + 1)
    return not subject[-1].endswith("s") and (
        follows in _BEHIND_VERBS
        or follows in DETERMINERS
        or _is_thing(follows)
        or follows.endswith(("ly", "self", "selves"))
    )


def _is_plural_verb(tokens: Sequence[Token], number: int, opening: int) -> bool:
    """Whether a base form is finite here: behind an auxiliary or a plural subject."""
    at = number - 1
    while at >= 0 and (tokens[at].text in ADVERBS - {"all", "both", "never"} or tokens[at].text.endswith("ly")):
        at -= 1
    before = _text(tokens, at)
    if before in MODALS or before in PLURALS or (before == "to" and _text(tokens, at - 1) in {"has", "have", "had"}):
        return True
    if _text(tokens, opening) in _PLURAL_DETERMINERS and number > opening + 1 and before not in BEFORE_NOUNS | SINGULAR:
        return _text(tokens, number + 1) in BEFORE_NOUNS | DETERMINERS or not _text(tokens, number + 1).isalpha()
    plural = len(before) > len("is") and before.endswith("s") and not before.endswith(("ss", "us", "is", "'s"))
    return (plural and (before not in _SURE) and tokens[number].text not in NOUNS_TOO | {"open"}) or (
        plural and _text(tokens, number + 1) in DETERMINERS
    )


def separate(tokens: Sequence[Token]) -> list[Outcome]:
    """The outcomes that are promises of their own: of main clauses, parted by a full stop, a semicolon or "and".

    What stands behind "when", "if", "that" and the like is a circumstance. An exit status and what is printed with it
    are one outcome; so is what a person does before they see it.
    """
    found = {one.number: one for one in outcomes(tokens)}
    main: list[Outcome] = []
    aside, led, open_part, person = False, False, True, False
    for number in _outside_brackets(tokens):
        word, before, after = tokens[number].text, _text(tokens, number - 1), _text(tokens, number + 1)
        if word in ".!?;" or word[0] == "\x02":
            aside, led, open_part, person = False, False, True, False
        elif word == ":":
            aside = aside or bool(main)
        elif word == ",":
            aside, led = aside and not led and after not in {"and", "but"}, False
            open_part = open_part or (not aside and number + 1 in found)
        elif word in SUBORDINATORS and not _is_thing(before):
            led = led or number == 0 or before in ".!?;" or before[0] == "\x02"
            aside = True
        elif aside and word == "and" and after in DETERMINERS and _only_names(tokens, number, found):
            aside, open_part = False, True
        elif word in {"and", "then", "but"} and not aside:
            shared = _participle_after(tokens, number, main)
            main += shared
            open_part = not shared
        person = person or word in PERSONS
        if number in found and not aside and open_part and word not in STATUS and not (person and word in DEEDS):
            main.append(found[number])
            open_part = False
    return main


def _outside_brackets(tokens: Sequence[Token]) -> Iterator[int]:
    """The numbers of the tokens that stand in no parenthesis: what does is a remark, or says how it is decided."""
    depth = 0
    for number, token in enumerate(tokens):
        depth = max(0, depth + (token.text == "(") - (token.text == ")"))
        if not depth:
            yield number


def _only_names(tokens: Sequence[Token], number: int, found: Mapping[int, Outcome]) -> bool:
    """Whether the circumstance that ends at a token is a name alone: "after a reconnect"."""
    at = number - 1
    while at >= 0 and tokens[at].text not in SUBORDINATORS:
        if at in found:
            return False
        at -= 1
    return _text(tokens, at) in PREPOSITIONS


_NEAR = 8
"""Tokens between a passive verb and a participle that shares its auxiliary."""


def _participle_after(tokens: Sequence[Token], number: int, main: Sequence[Outcome]) -> list[Outcome]:
    """The participle that directly follows a conjunction and shares its auxiliary with the last outcome."""
    if not main or not main[-1].passive or number - main[-1].number > _NEAR:
        return []
    at = number + 1
    while _text(tokens, at) in ADVERBS or _text(tokens, at).endswith("ly"):
        at += 1
    word, follows = _text(tokens, at), _text(tokens, at + 1)
    ends = follows in ".,;:!?()" or follows in BEFORE_NOUNS | DETERMINERS or follows[0] in "\x00\x02"
    told = word not in VAGUE and (word.endswith("ed") or word in IRREGULAR)
    return [Outcome(at, passive=True)] if ends and told else []

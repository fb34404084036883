"""Openings that are nearly an entry of a vocabulary, and the entry that was probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from snapline.lint.similar import closest
from snapline.spec.model import ConstraintWord, FailureWord

_CODE = r"[ \t]*(?P<colon>[:\uff1a]?)[ \t]*(?=`)"
_END = r"(?P<colon>)[ \t]*(?=[.!]?[ \t]*$)"
_COUNT = r"[ \t]*(?P<colon>)[ \t]*(?=\d+[ \t]+(?:lines|files)\b)"
_AMOUNT = r"[ \t]*(?P<colon>)[ \t]*(?=\$?\d)"

_FORBIDDING = (
    r"(?:don['\u2019]?t|do[ \t]+not|never)[ \t]+(?:touch|modify|edit|alter)"
    r"|don['\u2019]?t[ \t]+change|never[ \t]+change"
)
_NEAR: tuple[tuple[ConstraintWord | FailureWord, str, str], ...] = (
    (ConstraintWord.CHANGE_ONLY, r"(?:only[ \t]+(?:change|touch|modify|edit)|(?:touch|modify|edit)[ \t]+only)", _CODE),
    (ConstraintWord.CHANGE_ONLY, r"change[ \t]+only", _CODE),
    (ConstraintWord.DO_NOT_CHANGE, _FORBIDDING, _CODE),
    (ConstraintWord.DO_NOT_CHANGE, r"do[ \t]+not[ \t]+change", _CODE),
    (ConstraintWord.ASK_FIRST, r"ask[ \t]+(?:first|before)(?:[ \t]+(?:changing|touching))?", _CODE),
    (ConstraintWord.KEEP_PASSING, r"(?:keep[ \t]+(?:passing|green)|must[ \t]+keep[ \t]+passing)", _CODE),
    (ConstraintWord.MUST_NOT_CONTAIN, r"(?:must[ \t]+not|may[ \t]+not|never)[ \t]+contain", _CODE),
    (ConstraintWord.NO_NEW_DEPENDENCIES, r"no[ \t]+(?:new[ \t]+)?(?:deps|dependency|dependencies|packages)", _END),
    (ConstraintWord.NO_NETWORK, r"no[ \t]+network[ \t]+access", _END),
    (ConstraintWord.AT_MOST, r"(?:at[ \t]+most|no[ \t]+more[ \t]+than|max(?:imum)?)", _COUNT),
    (ConstraintWord.BUDGET, r"budget", _AMOUNT),
)
_NEAR_FAILURE: tuple[tuple[ConstraintWord | FailureWord, str, str], ...] = (
    (FailureWord.ROLLBACK, r"roll[ \t-]?back(?:[ \t]+(?:steps|plan|with|by))?", _CODE),
    (FailureWord.VERIFY_ROLLBACK, r"verify[ \t]+(?:the[ \t]+)?roll[ \t-]?back", _CODE),
    (FailureWord.ROLL_BACK_WHEN, r"roll[ \t-]?back[ \t]+(?:when|if|on)", _CODE),
    (FailureWord.ESCALATE, r"escalate(?:[ \t]+to)?", r"[ \t]*(?P<colon>)[ \t]*(?=@)"),
    (FailureWord.RETRY, r"retry", r"[ \t]*(?P<colon>)[ \t]*(?=\d)"),
)
_OPENING = re.compile(r"(?P<word>[A-Za-z][A-Za-z' \t-]{3,24}?)[ \t]*[:\uff1a][ \t]*(?=`)")
_PLAIN = re.compile(r"only[ \t]+change|(?:don['\u2019]?t|do[ \t]+not)[ \t]+touch", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NearWord:
    """An opening that nearly parses: ``word`` is what was probably meant, ``length`` what is written in its place.

    ``plain`` marks the openings that can mean nothing else.
    """

    word: ConstraintWord | FailureWord
    length: int
    plain: bool
    takes_value: bool


def near_constraint(text: str) -> NearWord | None:
    """The constraint that ``text`` nearly opens with."""
    return next(_matches(text, _NEAR, ConstraintWord), None)


def near_failure(text: str) -> NearWord | None:
    """The entry of the Failure plan that ``text`` nearly opens with."""
    return next(_matches(text, _NEAR_FAILURE, FailureWord), None)


def _matches(
    text: str,
    near: tuple[tuple[ConstraintWord | FailureWord, str, str], ...],
    vocabulary: type[ConstraintWord | FailureWord],
) -> Iterator[NearWord]:
    for word, opening, what_follows in near:
        match = re.match(f"(?:{opening}){what_follows}", text, re.IGNORECASE)
        if match:
            yield NearWord(word, match.end(), bool(_PLAIN.match(text)), what_follows is not _END)
    match = _OPENING.match(text)
    guess = closest(match["word"], vocabulary) if match else None
    if match and guess:
        yield NearWord(vocabulary(guess), match.end(), plain=False, takes_value=True)

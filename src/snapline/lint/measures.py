"""What makes a quality decidable: quantities with their units, conditions, and the list of what is meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from snapline.base.record import Record
from snapline.base.regex import regex
from snapline.lint.words import ITEM

_UNITS: Final = r"""
    %|‰|°[cf]?|per[ ]cent|percent(?:age[ ]points?|iles?)?
    |[nµu]s|ms|s|secs?|seconds?|milliseconds?|microseconds?|mins?|minutes?|h|hrs?|hours?|d|days?|nights?|weeks?|months?
    |years?|[kmgt]?hz|[kmgt]i?b(?:ps|/s|it/s)?|[kmgt]?bit/s|bits?|bytes?|(?:kilo|mega|giga|tera|kibi|mebi|gibi)bytes?
    |px|pixels?|em|rem|pt|dpi|fps|mm|cm|km|kg|rps|qps|x|times|fold|dollars?|euros?|cents?|usd|eur|degrees?|dozen
    |hundred|thousand|million|billion|k
"""
_NUMBER_WORDS: Final = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy"
    "|eighty|ninety|hundred|thousand|million|dozen|half|third|quarter|twice|double|triple|thrice|tenth|zero"
)
_TIMES: Final = r"(?:(?:milli|micro)?second|minute|hour|day|night|week|month|year)"
_QUANTITY: Final = regex(
    rf"""
    (?<![\w.,:\#@/\\$-]) [$€£]? (?:
        (?P<digits>\d+(?:[.,'_]\d+)*) (?![-/]\d+[-/]\d) (?!:\d) (?:[ ]?(?:-|–|to)[ ]?\d+(?:[.,]\d+)?)?
            (?:[ \t\r\n-]{{0,8}} (?P<unit>{_UNITS})(?!\w))? (?!\w)
      | (?P<word>{_NUMBER_WORDS}) (?:[ \t\r\n-]{{1,8}} (?P<measured>{_UNITS}))? (?!\w)
      | (?:in|within|under|below|than|half|for|least|most|after|every|per) [ \t\r\n]{{1,8}}
            (?:(?:a|an|one|each) [ \t\r\n]{{1,8}})? (?P<single>{_TIMES}) (?!\w)
      | one [ \t\r\n]{{1,8}} (?P<counted>{_TIMES}|click|step|keystroke|page|screen|line|request|query|call|byte) (?!\w)
      | (?:in|within|of|to) [ \t\r\n]{{1,8}} (?P<bare>(?:milli|micro)?seconds|minutes|hours|days) (?!\w)
    )
    """,  # noqa: RUF001 - a dash parts the ends of a range
    re.VERBOSE | re.IGNORECASE,
)
_LABEL_WORDS: Final = """
    version versions v release revision python node java ruby php go rust django rails postgres postgresql mysql sqlite
    redis ubuntu debian windows android ios chrome firefox safari http https tls ssl iso rfc pep wcag status code codes
    exit error port line lines section sections chapter step steps table figure phase stage level issue issues ticket
    tickets pr request story bug item case sprint milestone may june july january february march april august september
    october november december
"""
_LABELS: Final = frozenset(_LABEL_WORDS.split())
"""What a number names rather than measures: a release, a status, a place, a date."""
_LONGEST_LABEL: Final = 16
_MOST: Final = 100
"""Quantities of one text that are read; a text with more is a table."""
_NOUN: Final = regex(r"[ \t\r\n]{1,8}(?:[a-z-]{2,30}[ \t\r\n]{1,8}){0,2}?[a-z-]{3,30}(?<!s)s(?!\w)", re.IGNORECASE)
_CONDITION: Final = regex(
    r"""(?<!\w)(?:
      (?:at|with|for|under|on|over|during|of|in|after|given|from|against|across|up[ ]to)[ \t\r\n]{1,8}
        (?:(?:a|an|the|our|its|each|every|any|at|up|most|least|about|to|normal|peak|full|average|median|worst|cold|warm
            |typical|empty|single|concurrent|simultaneous|simulated|[<>≤≥~]?\$?\d[\d.,]*[kmg]?)[ \t\r\n]{1,8}){0,4}
        (?:load|rows?|files?|records?|users?|requests?|entries|items?|documents?|messages?|events?|connections?|clients?
          |pages?|lines?|images?|uploads?|input|inputs|inputs?|data(?:set|base)?s?|machine|laptop|server|runner|phone
          |device|network|cpus?|cores?|instance|image|start|cache|repository|specs?|tables?|tests?|projects?|accounts?
          |orders?|sessions?|jobs?|workers?|threads?|queries|tokens?|characters?|bytes|[kmgt]i?b|conditions?|baseline
          |base)(?!\w)
      | p\d\d(?:\.\d+)? | \d\d(?:\.\d+)?(?:th|st|nd|rd)?[ -](?:percentile|quantile) | median | on[ ]average
      | (?:when|while|whenever|if|as[ ]long[ ]as|per|for[ ]every)[ \t\r\n]{1,8}\w
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_ENUMERATION: Final = regex(r"[:(—–][ \t\r\n]{0,8}(?P<items>[^:.;()\x02—–]{3,600})")  # noqa: RUF001 - dashes
_OPTIONS: Final = regex(
    r"(?:[\s,]|[A-Z]\d+|\x00|regression|slow|network|manual|timeout|runs|in|env|report|keep|@[\w/-]+|\d+[smh]?)+"
)
"""A parenthesis of options and ids, which lists no qualities."""
_ITEM: Final = regex(r"[a-z]{3,}|\x00", re.IGNORECASE)


class Quantity(Record, frozen=True):
    """A number in a text, from ``start`` to ``end``; ``has_unit`` says that a unit or what is counted follows."""

    start: int
    end: int
    has_unit: bool


def quantities(text: str) -> Iterator[Quantity]:
    """The numbers of a clause's masked text that measure or count something, in digits or words."""
    for match in islice(_QUANTITY.finditer(text), _MOST):
        start, end = match.span()
        united = any(match[group] for group in ("unit", "measured", "single", "counted", "bare"))
        if match["digits"] and not match["unit"]:
            before = text[max(0, start - _LONGEST_LABEL) : start].rstrip(" \t\r\n#:").lower()
            if match["digits"].count(".") > 1 or (before.split() or [""])[-1].strip("(,;") in _LABELS:
                continue
        noun = None if united else _NOUN.match(text, end)
        yield Quantity(start, end, united or noun is not None)


def has_condition(text: str) -> bool:
    """Whether a clause says under which load, for which input or on which machine something is measured."""
    return _CONDITION.search(text) is not None


def has_list(text: str) -> bool:
    """Whether a clause says in a list what it means: nested items, or several behind a colon, a dash or a bracket."""
    if ITEM in text:
        return True
    for match in _ENUMERATION.finditer(text):
        items = [one for one in re.split(r",|\band\b|\bor\b", match["items"]) if _ITEM.search(one)]
        if "," in match["items"] and len(items) > 1 and not _OPTIONS.fullmatch(match["items"]):
            return True
    return False

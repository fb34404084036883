"""Words that promise speed or size, and the clauses where nothing says how they would be measured."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from snapline.base.regex import regex
from snapline.base.text import Span
from snapline.lint.measures import has_condition, quantities
from snapline.lint.words import Words
from snapline.spec.model import Clause, SectionKind, Spec

if TYPE_CHECKING:
    from snapline.lint.rule import Context

_TIMES = r"(?:response|load|loading|start-?up|build|run|processing|execution)[ -]times?"
_MEASURED = rf"(?:performance|latenc(?:y|ies)|throughput|speed|{_TIMES}|overhead|footprint)"
_SPENT = r"(?:memory|cpu|disk|bandwidth|resource)(?:\s+(?:usage|use|footprint|consumption|overhead|load))"
_PRAISE = (
    r"(?:good|better|best|great|high(?:er|est)?|low(?:er|est)?|acceptable|reasonable|adequate|sufficient|excellent|optimal"
    r"|minimal|improved|poor|decent|little|less|short(?:er)?|small(?:er)?|modest|fine|ok|negligible)"
)
_THINGS = (
    r"(?:files?|uploads?|datasets?|databases?|data|inputs?|documents?|lists|repositor(?:y|ies)|tables|projects|images"
    r"|requests|volumes|users|rows|records|imports|exports|payloads|logs|archives)"
)
_WORDS = regex(
    rf"""
    (?<![\w./-]) (?:
      (?:fast(?:er|est)?|quick(?:ly|er|est)?|rapid(?:ly)?|swift(?:ly)?|speedy|speedily|slow(?:ly|er)?|snappy|snappily
        |instant(?:ly|aneous(?:ly)?)?|responsive(?:ly|ness)?|performant|efficient(?:ly)?|efficiency|lightweight
        |light-weight|low-latency|high-performance|high-throughput|blazing(?:ly)?|scalable|scalability|scales\s+well
        |sluggish|laggy|lag-free|memory-efficient|resource-efficient|real-time|(?:near|in)\s+real\s+time)
      (?![\w-]) (?!\s+(?:forward|path|lane|track|mode|start\s+guide|tags?|class|label
        |query\s+log|log|tests?)\b)
    | {_PRAISE} \s+ (?:[a-z-]+\s+)? (?:{_MEASURED}|{_SPENT}|memory) (?![\w-])
    | (?:{_MEASURED}|{_SPENT}) \s+ (?:is|are|stays?|remains?|becomes?|(?:must|should|will)\s+be)
      \s+ (?:(?:very|quite|as|still)\s+)? {_PRAISE} (?![\w-])
    | (?:is|are|be|stays?|remains?|becomes?|keeps?|kept) \s+ (?:(?:very|quite|reasonably|as|too|fairly|always)\s+)*
      (?P<size>small(?:er)?|large(?:r)?|big(?:ger)?|tiny|huge|compact|slim) (?![\w-])
    | (?P<much>large|huge|big|bigger|larger|very\s+long|many|massive|enormous|lots\s+of|a\s+lot\s+of)
      \s+ (?:[a-z-]+\s+)? {_THINGS} (?![\w-])
    | (?P<huge>huge|massive|enormous|very\s+(?:large|big|long)) \s+ [a-z-]+ (?![\w-])
    | (?:high|heavy)\s+(?:load|traffic) (?![\w-])
    | (?:no|little|without|minimal)\s+(?:noticeable|visible|perceptible|big|long)
      \s+(?:delays?|wait|lag|pauses?) (?![\w-])
    | (?:reasonable|acceptable|adequate|short|decent)\s+(?:amount\s+of\s+)?time(?:frame)? (?![\w-])
    | (?:optimi[sz]ed|tuned|good|built)\s+for\s+(?:speed|performance|throughput) (?![\w-])
    | (?P<less>less|fewer|minimal|little)
      \s+ (?:time|memory|cpu|space|disk|bandwidth|resources|queries|requests|round[ -]trips) (?![\w-])
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_TELLING_WORDS = """
    fast faster fastest quick quickly quicker quickest rapid rapidly swift swiftly speedy speedily slow slowly slower
    snappy snappily instant instantly instantaneous instantaneously responsive responsively responsiveness performant
    efficient efficiently efficiency lightweight light low high blazing blazingly scalable scalability scales sluggish
    laggy lag memory resource real performance latency latencies throughput speed time times overhead footprint cpu
    disk bandwidth small smaller large larger big bigger tiny huge compact slim many massive enormous lots lot long
    less fewer minimal little heavy optimised optimized tuned delay delays wait pause pauses
"""
_WORD = regex(r"[a-z]+")
_TELLING = frozenset(_TELLING_WORDS.split())
"""Words of which every wording above has one: the cheap look before the dear one."""
_COMPARED = regex(
    r"\b(?:than|as\s+(?:in|before|now|today|the)|compared|of\s+(?:the|what|its|today)|before|base(?:line)?)\b",
    re.IGNORECASE,
)
_RATIO = regex(
    r"\b(?:twice|half|halves|halved|double[sd]?|a\s+third|a\s+quarter|\d+(?:\.\d+)?\s*(?:x|×|times|%|percent))",  # noqa: RUF001 - the sign of multiplication is meant
    re.IGNORECASE,
)
_GIVEN = regex(
    r"\b(?:with|at|for|under|on|over|given|per|of|among)\s+(?:up\s+to\s+|the\s+|a\s+)?\d[\d.,]*[kmg]?"
    r"\s+(?:[a-z-]+\s+)?[a-z-]+s\b",
    re.IGNORECASE,
)
"""A count of something under which a figure holds: "with 100 callers"."""
_JUDGED = (SectionKind.GOAL, SectionKind.ACCEPTANCE)


def unmeasured(spec: Spec, words: Words) -> Iterator[tuple[Clause, tuple[Span, ...]]]:
    """The clauses of Goal and Acceptance that promise speed or size unmeasured, with the words that do."""
    if _TELLING.isdisjoint(words.present):
        return
    for clause in spec.clauses(*_JUDGED):
        if clause.executable:
            continue
        text = words.told(clause)
        if _TELLING.isdisjoint(_WORD.findall(text.lower())):
            continue
        found = tuple(
            Span(clause.body.start + match.start(group), clause.body.start + match.end(group))
            for match in _WORDS.finditer(text)
            for group in (match.lastgroup or 0,)
            if not words.is_name(clause.body.start + match.start(group), clause.body.start + match.end(group))
        )
        if found and not _measured(text):
            yield clause, found


def performance_spans(context: Context) -> frozenset[Span]:
    """The words that ACC304 speaks of: no other rule needs to call them vague."""
    return frozenset(span for _, spans in context.unmeasured for span in spans)


def _measured(text: str) -> bool:
    """Whether a clause has a number, its unit and the condition under which it holds, or a ratio to something."""
    if _RATIO.search(text) and _COMPARED.search(text):
        return True
    return (_GIVEN.search(text) is not None or has_condition(text)) and any(one.has_unit for one in quantities(text))

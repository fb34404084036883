"""What a report of a bug says: what was expected, what happened instead, and how to see it."""

from __future__ import annotations

import re

from snapline.base.regex import regex
from snapline.base.text import Span
from snapline.lint.commands import looks_like_command
from snapline.lint.splices import trimmed
from snapline.spec.model import Section, SectionKind, Spec

_LABEL = regex(r"(?:type|kind|t)?[\s:/_-]*bug(?:s|fix|report)?", re.IGNORECASE)
_PAIR = regex(
    r"\b(?:instead\s+of|rather\s+than|where\s+.{1,80}\b(?:would\s+be|is|are)\s+(?:right|correct|expected)"
    r"|expect(?:s|ed)?\b.{1,200}?\b(?:and|but)\s+(?:\w+\s+)?(?:gets?|got|sees?|saw|receives?|finds?)"
    r"|expected\b.{1,300}?\b(?:but|actual(?:ly)?|got|instead|was|received|observed)|actual(?:ly)?\b.{1,300}?\bexpected"
    r"|(?:should|ought\s+to|must|supposed\s+to)\b.{1,200}?\b(?:but|instead|yet|however)"
    r"|(?:but|yet|while|though|although)\b.{1,120}?\b(?:should|ought\s+to|supposed\s+to|expected))\b",
    re.IGNORECASE | re.DOTALL,
)
_EXPECTED = regex(
    r"\b(?:expect(?:s|ed|ation|ations|ing)?|should(?:\s+(?:have|be|not|never))?|shouldn't|ought\s+to|supposed\s+to"
    r"|correct(?:ly)?\s+(?:would|is|value|result|answer|output|behaviou?r)|wanted|intended)\b",
    re.IGNORECASE,
)
_ACTUAL = regex(
    r"\b(?:actual(?:ly)?|instead|observed|currently|at\s+present|what\s+happens|we\s+(?:get|got|see|saw)|i\s+(?:get|got|see|saw)"
    r"|users?\s+(?:get|got|see|saw)|one\s+(?:gets|sees)|but\s+(?:it|the|an?|nothing|we|they|users?|gets?|got)|today"
    r"|now\s+(?:it|the|an?)|crash(?:es|ed)?|rais(?:es|ed)|throws?|threw|fails?|failed|returns?|returned|prints?|printed|shows?|showed"
    r"|reports?|reported|hangs?|loses?|lost|ignores?|is\s+(?:wrong|missing|empty|lost|dropped|ignored))\b",
    re.IGNORECASE,
)
_REPRODUCTION = regex(
    r"\b(?:re-?pro(?:duc\w+|s)?|steps?\s*(?::|to\b|\d)|to\s+(?:see|trigger|provoke|get)\s+(?:it|this|the\s+\w+)|how\s+to\s+see"
    r"|(?:when|if|after|as\s+soon\s+as|whenever|once)\s+(?:you|one|somebody|someone|we|i|a\s+user|the\s+user|users|people|they)\b"
    r"|(?:run(?:ning)?|open(?:ing)?|call(?:ing)?|click(?:ing)?|start(?:ing)?|typ(?:e|ing)|enter(?:ing)?|upload(?:ing)?|import(?:ing)?"
    r"|execut(?:e|ing)|send(?:ing)?|post(?:ing)?|invok(?:e|ing)|pass(?:ing)?|set(?:ting)?|request(?:ing)?|load(?:ing)?|press(?:ing)?)"
    r"\s+(?:`|\"|“|the\b|an?\b|it\b|on\b|any\b|two\b|this\b))",
    re.IGNORECASE,
)
_LIST = regex(r"^[ \t]*(?:\d{1,3}[.)]|[-*+])[ \t]+\S", re.MULTILINE)
_FENCE = regex(r"^[ \t]*(?:```|~~~)", re.MULTILINE)
_CODE = regex(r"`([^`\n]+)`")
_COMMENT = regex(r"<!--.*?(?:-->|\Z)", re.DOTALL)


def is_bug(spec: Spec) -> bool:
    """Whether the labels of a spec call it a bug."""
    return any(_LABEL.fullmatch(label.strip()) for label in spec.front.labels)


def task_text(spec: Spec) -> str:
    """What the Task says, as it is written, without comments; empty where there is none."""
    section = spec.section(SectionKind.TASK)
    return _COMMENT.sub(" ", spec.source.slice(section.body)) if section else ""


def says_pair(spec: Spec) -> bool:
    """Whether the Task says what was expected and what happens instead."""
    text = task_text(spec)
    return _PAIR.search(text) is not None or (_EXPECTED.search(text) is not None and _ACTUAL.search(text) is not None)


def says_how(spec: Spec) -> bool:
    """Whether the Task says how to see the bug: steps, a command, an example in a fence."""
    text = task_text(spec)
    if _REPRODUCTION.search(text) or _FENCE.search(text) or len(_LIST.findall(text)) > 1:
        return True
    return any(match[1].startswith("$ ") or looks_like_command(match[1]) for match in _CODE.finditer(text))


def pointer(spec: Spec) -> Span:
    """What findings about the report point at: the Task's heading, else the front matter."""
    section = spec.section(SectionKind.TASK)
    return section.name_span if section else trimmed(spec.source, spec.front.span or Span(0, 0))


def end_of(spec: Spec, section: Section) -> int:
    """Where a section's text ends."""
    return trimmed(spec.source, Span(section.heading.start, section.body.end)).end

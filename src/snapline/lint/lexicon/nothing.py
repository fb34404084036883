"""How people say that there is no plan, and nothing besides (FPL801).

The text is compared without its marks: without emphasis, quotation marks, brackets, bullets, stops and dashes. In: the
words for nothing and what people add to them without saying more. Out: a reason ("because it is behind a switch") and
anything that is done ("none; revert"): with them it is somebody's answer, good or bad.
"""

from __future__ import annotations

from typing import Final

from snapline.base.regex import regex

_PLAN: Final = (
    r"(?:(?:failure|rollback|roll back|back ?out|fallback|fall back|recovery|contingency|emergency|undo|revert|exit"
    r"|special|particular|specific|extra|separate|explicit|further|such|other|formal|real) )*"
    r"(?:plans?|steps?|procedures?|strategy|strategies|measures?|actions?|rollback|roll back|fallback|recovery|undo"
    r"|back ?out|reverting|undoing|contingency|contingencies|risks?|failures?|handling|planning|clauses?|entry|entries)"
)
_ABOUT: Final = (
    r"(?:(?:for|in|of|with|by|on|to) (?:this |the |that |our |such a |a )?(?:change|work|task|spec|release|feature"
    r"|ticket|case|part|moment|us|me|one|kind|piece of work|time)"
    r"|to (?:do|undo|roll back|revert|say|report|add|declare|note|plan|mention)|this (?:time|one)"
    r"|here|now|yet|so far|today|at (?:all|present|this (?:time|point|stage))|whatsoever|really|currently|simply|just"
    r"|is|are|was|be|been|will|would|needed|required|necessary|planned|foreseen|expected|known|applicable|provided|given"
    r"|available|defined|specified|exists?|anticipated|applies|apply|wanted|intended|identified|that we know of)"
)
_NONE: Final = (
    rf"(?:none|nil|null|nothing|nope|no|n ?a|void|empty|not|non|blank|without|there (?:is|are|will be) (?:none|nothing)"
    rf"|(?:there (?:is|are|will be) |we (?:have|need|plan) |(?:this|the) (?:change|work|task|spec|release) (?:has|needs"
    rf"|requires) |it (?:has|needs|requires) |has |needs |requires )?(?:no|none|without(?: an?)?|not an?) {_PLAN}"
    rf"|(?:an? |the )?{_PLAN} (?:is |are )?(?:not|none|n ?a|un(?:needed|necessary))"
    rf"|does(?: not|n't) apply|do(?: not|n't) apply|doesn't need (?:one|{_PLAN})|isn't|unneeded|unnecessary"
    r"|inapplicable)"
)
_SAID: Final = regex(rf"(?:{_NONE}(?: {_ABOUT}){{0,6}}(?: (?:and|or|so|as) )?(?: |\Z)){{1,4}}")
_WORDS: Final = regex(r"\w+(?:'\w+)*")
_ID: Final = regex(r"f\d+ ?")
_LONGEST = 120
"""Characters of a text that may still say nothing; who writes more has something to say."""


def says_nothing(text: str) -> bool:
    """Whether ``text`` says only that there is no plan, in whatever spelling; an empty one does, too."""
    words = " ".join(_WORDS.findall(text.replace("_", " ").replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").lower()))
    words = _ID.sub("", words, count=1) if _ID.match(words) else words
    return not words or (len(words) <= _LONGEST and _SAID.fullmatch(words) is not None)

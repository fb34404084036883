"""English words that carry grammar rather than content: what SEC005 does not count."""

from __future__ import annotations

from typing import Final

_ARTICLES: Final = "a an the this that these those some any each every no"
_PRONOUNS: Final = """
    i me my we us our you your he him his she her it its they them their who whom whose which what there here
    something anything nothing one ones itself themselves
"""
_LINKS: Final = """
    of to in on at by for with from into onto over under about as and or but nor so if then than when while where
    because since until before after between through during without within per via also too just only not again
    out up down off
"""
_VERBS: Final = """
    be is are was were been being am do does did done have has had having can could may might must shall should will
    would get gets got let lets make makes made need needs want wants
"""
FUNCTION_WORDS: Final = frozenset(f"{_ARTICLES} {_PRONOUNS} {_LINKS} {_VERBS}".split())
"""``need`` and ``want`` among the verbs, since "we need a fix" says no more than "a fix"."""

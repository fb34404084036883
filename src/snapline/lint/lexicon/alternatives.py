"""Phrases by which an author leaves a decision open (PLH103).

Out: ``or`` alone (a condition or a set of values most of the time), ``could`` of anybody but the author, ``option A``
alone (a choice that was made, or an option of a menu).
"""

from __future__ import annotations

from typing import Final

UNDECIDED: Final = (
    "undecided|undetermined|unresolved",
    "not decided|determined|settled|agreed|finalized|finalised",
    "not yet decided|determined|settled|agreed|finalized|finalised|defined|chosen|specified|known|clear|fixed",
    "not been decided|determined|settled|agreed|chosen|fixed",
    "not yet been decided|determined|settled|agreed|chosen|fixed",
    "to be decided|determined|discussed|agreed|clarified|settled|chosen|defined|finalized|finalised",
    "yet to be decided|determined|discussed|agreed|clarified|settled|chosen|defined|finalized|finalised",
    "needs|need|has|have to be decided|determined|discussed|clarified|settled|chosen",
    "needs|need discussion|clarification|deciding",
    "still open|undecided|unclear|unknown|undefined",
    "still under discussion|debate",
    "still being discussed|debated|decided",
    "up for discussion|debate",
    "open for discussion|debate",
    "under discussion",
    "open question|questions|issue|point",
    "remains to be seen|decided|determined|clarified|open",
    "decide|decided|deciding later",
    "we|i could|might|may",
    "we|i can either|also",
    "one could|might",
    "we|i haven't|hasn't decided|settled|agreed",
    "we|i have not decided|settled|agreed",
    "haven't|hasn't been decided|settled|agreed|chosen",
    "isn't|aren't decided|settled|agreed|clear",
    "could also|alternatively|either be",
    "alternatively",
    "or alternatively",
    "another|one option|possibility|alternative would|could|is",
    "whichever|whatever is|seems|proves|turns easier|easiest|simpler|simplest|best|better|out|quicker|right",
    "whichever we|you prefer|choose|pick|like",
    "depending on what|which|whether|how we|you choose|decide|prefer|pick|use",
    "one of the two",
    "pick|choose one",
)
_RULERS: Final = "by from solely at in when per automatically through"
RULERS: Final = frozenset(_RULERS.split())
"""Behind ``to be determined`` these say what determines it."""
EITHER: Final = ("either",)
_SIDES: Final = "of way side sides end case direction one key both party hand neither eye ear"
SIDES: Final = frozenset(_SIDES.split())
"""Words behind ``either`` that make it mean each of two."""

_CONDITIONS: Final = """
    if when whenever unless whether until while where wherever because that which who whose once after before in-case
    without not neither case since as
"""
CONDITIONS: Final = frozenset(_CONDITIONS.split())
"""In front of an alternative these make a condition or a relative clause of it."""
_OUTCOMES: Final = """
    all succeeds completes passes fails finishes commits applies true false zero everything whole fully wholly
    completely entirely empty present accepted rejected allowed denied valid succeed complete fail pass commit
"""
OUTCOMES: Final = frozenset(_OUTCOMES.split())
"""Behind ``either`` these promise that nothing lies between two outcomes."""
CLASSES: Final = frozenset({"each", "every", "any", "all", "both"})
"""At the beginning of a sentence these make a classification of an alternative: each line is either ..."""

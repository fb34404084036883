"""Verbs that promise less than they say (LEX204), and the words that begin a side clause, in which they are exact.

Out: ``can`` (an ability is a promise), ``would`` and ``shall``.
"""

from __future__ import annotations

from typing import Final

MODALS: Final = ("may|might|could|should", "ought to", "shouldn't|couldn't|mightn't|mayn't", "should've|could've")

RELATIVES: Final = frozenset({"that", "which", "who", "whom", "whose", "whoever", "whatever", "whichever"})
_SUBORDINATORS: Final = """
    if when whenever unless whether until because since although while where wherever as so than what how why once
    before after lest case though provided everything anything something everybody nothing all
"""
SUBORDINATORS: Final = frozenset(_SUBORDINATORS.split())
"""Also the nouns behind which ``that`` is often left out: everything it may need."""
_AUXILIARIES: Final = """
    is are was were be been has have had does do did can cannot will would must shall may might could should isn't
    aren't wasn't weren't doesn't don't didn't can't won't fails exists ends begins drops returns goes comes runs stops
    arrives happens occurs expires changes starts finishes
"""
AUXILIARIES: Final = frozenset(_AUXILIARIES.split())
_DETERMINERS: Final = """
    the a an any this that these those there it he she they we you i one two some every each all no either neither its
    their his her our your my somebody someone anybody anyone nobody something anything nothing another more
"""
DETERMINERS: Final = frozenset(_DETERMINERS.split())
LINKS: Final = RELATIVES | SUBORDINATORS

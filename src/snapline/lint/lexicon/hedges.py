"""Phrases by which an author says that he does not know (PLH104).

Out: ``likely`` and ``appears to`` alone (the likely cause; a button appears to the right), ``possibly`` in front of
a state (a possibly empty list), ``about`` and ``roughly`` with a number (a tolerance), ``seems`` (it describes).
"""

from __future__ import annotations

from typing import Final

HEDGES: Final = (
    "maybe|perhaps|probably|presumably|supposedly|hopefully|possibly|conceivably|arguably|allegedly|doubtful|unsure",
    "i|we think|believe|guess|suppose|assume|feel|reckon|suspect|hope|imagine|expect",
    "i|we would|'d think|guess|say",
    "i'd|we'd guess|say|think",
    "i'm|we're guessing|assuming|thinking|afraid",
    "i|we am|are guessing|assuming|thinking",
    "my guess|hunch|feeling|impression",
    "not sure|certain|convinced",
    "not quite|entirely|totally|completely|fully|really|so|100|yet|really|too sure|certain|clear",
    "don't|doesn't know|remember|recall",
    "do not know|remember|recall",
    "no idea",
    "most|very|quite likely",
    "more or less",
    "sort of",
    "some kind|sort of",
    "something like",
    "somehow",
    "as far as i|we know|remember|recall|understand|see",
    "to the best of my|our knowledge",
    "afaik|iirc|imo|imho|iiuc|afaict|idk",
    "if i|we remember|recall|understand",
    "in my|our opinion",
    "unless i|i'm|we|we're mistaken|wrong",
    "might|may want to",
    "should be fine|enough|ok|okay|good|sufficient",
    "should probably",
    "seems|seem like|fine|ok|okay|right",
    "it seems",
    "could be that",
    "or so i|we",
    "i|we wonder",
    "let's say",
    "to some extent|degree",
)
_STATES: Final = """
    empty missing null nested zero none several multiple negative malformed stale truncated partial duplicate unsorted
    infinite large long hostile untrusted malicious invalid absent
"""
STATES: Final = frozenset(_STATES.split())
"""States that ``possibly`` and ``perhaps`` allow for: that is exact."""
SOMEBODY: Final = frozenset({"who", "whoever", "user", "users", "reader", "readers", "visitor", "visitors", "somebody"})
"""Whoever is not sure, in front of the hedge: a person of the scene, not the author."""

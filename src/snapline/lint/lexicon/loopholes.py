"""Phrases by which a promise need not be kept (LEX203).

In: conditions that the one who does the work decides, and verbs that promise an effort in place of a result. Out:
``if needed`` behind a verb of making ("is created if needed" says exactly when), ``optionally`` (an optional part of a
format is exact), ``trying to`` (it tells what somebody was at), ``usually`` and ``normally`` (they describe more often
than they excuse), ``if desired`` (the user's choice is a feature).
"""

from __future__ import annotations

from typing import Final

_ABLE: Final = "possible|feasible|practical|practicable|achievable|doable|workable"
_FIT: Final = "appropriate|applicable|necessary|needed|reasonable|suitable|convenient|sensible|advisable|warranted"
_WHEN: Final = "if|when|where|wherever|whenever|as"
_HOW: Final = "reasonably|technically|humanly|economically|practically|realistically|still"
_DEGREE: Final = (
    "soon|quickly|fast|much|many|little|few|early|late|often|closely|simple|simply|small|short|low|high|close|long|well"
    "|good|easy|easily|efficient|efficiently|large|clear|clean|cheap|cheaply|accurate|accurately|complete"
)

CONDITIONS: Final = (
    f"{_WHEN} {_ABLE}|{_FIT}",
    f"{_WHEN} {_HOW} {_ABLE}",
    f"{_WHEN} at all {_ABLE}",
    f"{_WHEN} it|that|this is|seems {_ABLE}|{_FIT}",
    f"{_WHEN} it|that|this is {_HOW} {_ABLE}",
    f"{_WHEN} is {_ABLE}|{_FIT}",
    f"{_WHEN} deemed|considered|judged {_FIT}",
    f"as|so far as|is {_ABLE}|{_FIT}",
    f"as|so far as is {_HOW}|{_ABLE} {_ABLE}",
    f"as far as is|reasonably {_ABLE}",
    f"as {_DEGREE} as {_ABLE}|reasonable",
    f"as much|many|little|few as is {_ABLE}",
    f"insofar as {_ABLE}",
    f"to the extent|degree {_ABLE}|{_FIT}",
    f"to the extent that it|this is {_ABLE}",
    "to the fullest|greatest|maximum extent",
    "within reason",
    "if|when|where|wherever|as it makes|make sense",
    "where|if|when sensible",
    "if|when|as time permits|allows",
    "if|as resources|circumstances|conditions|budget permit|permits|allow|allows",
    "time permitting",
    "as the case may be",
    "unless impractical|impossible|infeasible|inconvenient|unreasonable|impracticable|necessary|needed|unavoidable",
    "unless absolutely|strictly|really|otherwise|technically necessary|needed|required|possible|unavoidable|impossible",
    "unless there is|are a good|reason|reasons",
    "at its|their|your|our own discretion",
    "at the discretion of",
    "as see|sees|seen|deem|deems fit",
    "ideally|preferably",
    "in principle",
    "in most cases",
    "nice to have",
    "would be nice|good|great|desirable",
    "best effort|efforts",
    "reasonable|every|commercially effort|efforts",
    "as required",
    "as desired",
)
EFFORTS: Final = (
    "try|tries to",
    "try|tries its|their|our|your best",
    "do|does its|their|our best",
    "attempt|attempts to",
    "aim|aims|strive|strives|seek|seeks|endeavor|endeavors|endeavour|endeavours to",
    "strive|strives for",
    "make|makes every|an effort|attempt",
)
LOOPHOLES: Final = (*CONDITIONS, *EFFORTS)

_MAKERS: Final = """
    create creates created add adds added build builds built make makes made install installs installed fetch fetches
    fetched download downloads downloaded load loads loaded migrate migrates migrated allocate allocates allocated
    start starts started open opens opened grow grows wrap wraps wrapped scroll scrolls rebuilt restarted
"""
MAKERS: Final = frozenset(_MAKERS.split())
"""Verbs behind which ``if needed`` says when: if it is not there yet."""

_KINDS: Final = """
    value values option options state states duplicate duplicates match matches conflict conflicts error errors cause
    causes attack attacks collision collisions candidate candidates combination combinations path paths name names
    action actions move moves fix fixes suspect suspects answer answers future loss data
"""
KINDS: Final = frozenset(_KINDS.split())
"""Nouns in front of which ``possible`` is an adjective of theirs: where possible values are listed."""

_STATERS: Final = """
    marked flagged shown declared treated defined listed set labelled labeled specified known registered documented
    stays remains is are be was were considered
"""
STATERS: Final = frozenset(_STATERS.split())
"""Verbs behind which ``as required`` says what something counts as."""

_SCENES: Final = """
    who whoever that which if when whenever once user users person people somebody someone anybody anyone nobody
    attacker attackers visitor visitors customer customers caller callers two both they she he you before after while
    first second third next last no each every any failed repeated login and
"""
SCENES: Final = frozenset(_SCENES.split())
"""In front of ``tries to``: somebody tries, and the clause says what happens then. That promises a result."""
_ACTORS: Final = """
    will must shall should may can could does do to client server system tool app application service program agent it
    job worker importer parser process module command cli script daemon library component always only then
"""
ACTORS: Final = frozenset(_ACTORS.split())
"""In front of ``attempts to``, which is else mostly a noun (three attempts to log in)."""

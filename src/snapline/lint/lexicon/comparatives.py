"""Comparatives, which need something to be compared with (LEX205).

In: better or worse, more or less of a quality. Out: order in time (older, newer, later, earlier), ``longer`` (no
longer), ``deeper``, ``wider``, ``harder`` (layout and wording rather than measure), ``more`` and ``less`` of something
that is counted (more than one, one or more).
"""

from __future__ import annotations

from typing import Final

_QUALITY: Final = (
    "accessible|accurate|attractive|compact|comfortable|concise|consistent|convenient|correct|dependable|detailed"
    "|efficient|efficiently|elegant|extensible|flexible|friendly|helpful|informative|intuitive|intuitively|legible"
    "|lightweight|maintainable|manageable|meaningful|modern|modular|obvious|performant|pleasant|powerful|precise"
    "|predictable|professional|quickly|rapidly|readable|reliable|reliably|resilient|responsive|reusable|robust|robustly"
    "|scalable|secure|securely|sensible|smoothly|stable|straightforward|suitable|testable|transparent|understandable"
    "|usable|useful|verbose|visible|complicated|complex|confusing|expensive|cluttered|noisy|often|frequently"
    "|slowly|easily|gracefully|evenly|clearly|aggressive|aggressively|likely"
)
_AMOUNT: Final = (
    "memory|time|cpu|disk|space|code|noise|effort|traffic|bandwidth|network|power|energy|latency|load|work|boilerplate"
    "|duplication|flicker|jitter|clutter|friction|overhead|downtime|io|storage|ram|flakiness|data"
)
_MEASURE: Final = (
    "performance|speed|latency|throughput|usability|readability|reliability|quality|memory|cpu|load|startup|experience"
    "|accuracy|precision|stability|security|scalability|maintainability|efficiency|responsiveness|availability|overhead"
    "|cost|costs|usage|consumption|resolution|contrast|coverage|bandwidth|traffic|error|errors|response|rendering"
)
PLAIN: Final = (
    "better|worse|faster|slower|quicker|speedier|easier|simpler|cleaner|clearer|smoother|nicer|smarter|safer|stronger",
    "cheaper|lighter|leaner|snappier|friendlier|sturdier|tidier|neater|smaller|larger|bigger|shorter|fewer|heavier",
    "richer|greater|crisper|tighter|sharper|slimmer|sooner",
    f"more|less {_QUALITY}",
    "more|less user|developer|customer|beginner|mobile|reader friendly",
    "more|less error|bug prone",
    f"more|less {_AMOUNT}",
    f"improved|enhanced|increased|reduced|decreased|lowered {_MEASURE}",
)
HIGH_AND_LOW: Final = ("higher|lower",)
"""They compare a measure, or are the name of a place: the lower bound, a higher priority."""
MEASURES: Final = frozenset(_MEASURE.split("|")) | {"use", "rate", "rates", "risk", "effort", "time", "times", "number"}
COMPARATIVES: Final = (*PLAIN, *HIGH_AND_LOW)

_STANDARDS: Final = """
    than compared comparing comparison relative versus vs baseline whichever against before previously currently
    today status
"""
STANDARDS: Final = frozenset(_STANDARDS.split())
"""Words that name, or begin to name, what something is compared with."""
NO_STANDARD: Final = frozenset({"rather", "other", "sooner", "else", "different"})
"""In front of ``than`` these compare nothing that is measured."""
CHOSEN: Final = frozenset({"the", "or", "no", "any", "whichever", "next", "as"})
"""In front of a comparative: of two things known to the reader, the smaller one; a limit (3.11 or higher)."""
_THINGS: Final = """
    auth known case than half bound priority precedence
"""
THINGS: Final = frozenset(_THINGS.split())
"""Nouns behind a comparative that make a name of it."""

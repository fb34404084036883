"""Ids in front of clauses: read, nearly read, and given provisionally."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from snapline.base.diagnostics import Applicability, Fix
from snapline.base.ids import CLAUSE_ID, ClauseId
from snapline.base.record import Record
from snapline.base.regex import regex
from snapline.base.text import Edit, Span
from snapline.spec.inline import Inline, Kind
from snapline.spec.reading import Reading

MAX_NUMBER: Final = 9999

_TICK: Final = regex(r"[ \t\n]*(\[[ xX]\])(?=[ \t\n]|\Z)")
_ID: Final = regex(rf"[ \t\n]*({CLAUSE_ID.pattern})([ \t]*)([:：])")  # noqa: RUF001 - the full-width colon counts
_NEAR: Final = regex(
    r"[ \t\n]*(?P<open>[\[(])?(?P<letters>[A-Za-z]{1,2})(?P<gap>[-_. #]?)"
    r"(?P<number>[0-9]{1,6})(?P<close>(?(open)[\])]|))"
    r"(?P<end>[ \t]*[:：]|[.)](?=[ \t\n]|\Z)|[ \t]+[-–—](?=[ \t\n])|)"  # noqa: RUF001 - dashes that people type
)
_EMPTY_TICK: Final = regex(
    rf"[ \t\n]*(\[\][ \t]*({CLAUSE_ID.pattern}))[ \t]*[:：]"  # noqa: RUF001 - the full-width colon counts
)
_COLON: Final = regex("[ \t]*[:：]")  # noqa: RUF001 - the full-width colon counts
_LONG_LETTERS: Final = {"AC": "A", "FP": "F"}


class Lead(Record, frozen=True):
    """What stands in front of a clause. Offsets are those of the paragraph's inline text.

    ``id`` is the written id. ``wrong`` is the text that stands where an id should, ``wanted`` the number that it
    probably means, ``colon`` whether the colon is lacking too.
    """

    tick: Span | None
    id: ClauseId | None
    id_span: Span | None
    body: int
    wrong: tuple[int, int] | None = None
    wanted: int | None = None
    colon: bool = False
    foreign: bool = False


def read_lead(inline: Inline, letter: str) -> Lead:
    """The tick and the id that a paragraph begins with; ``letter`` is that of its section."""
    masked = inline.masked
    tick_match = _TICK.match(masked)
    tick = inline.span(*tick_match.span(1)) if tick_match else None
    at = tick_match.end() if tick_match else 0
    match = _ID.match(masked, at)
    if match and set(inline.text[match.start(2) : match.end(2)]) <= {"*", "_"}:
        if match[1][0] == letter:
            return Lead(tick, ClauseId(match[1]), inline.span(*match.span(1)), match.end())
        return Lead(tick, None, None, match.end(), match.span(1), foreign=True)
    return _near(inline, at, letter, tick) or Lead(tick, None, None, at)


def opens_with_id(masked: str, start: int = 0) -> bool:
    """Whether a text begins with an id of any section, a tick before it or not."""
    tick = _TICK.match(masked, start)
    return _ID.match(masked, tick.end() if tick else start) is not None


def _near(inline: Inline, at: int, letter: str, tick: Span | None) -> Lead | None:
    """A lead that is nearly an id of the section."""
    empty = _EMPTY_TICK.match(inline.masked, at)
    if empty and empty[2][0] == letter:
        return Lead(tick, None, None, empty.end(), empty.span(1), int(empty[2][1:]))
    coded = _coded(inline, at, letter, tick)
    if coded:
        return coded
    match = _NEAR.match(inline.masked, at)
    if match is None:
        return None
    letters = match["letters"].upper()
    start = match.start("letters") if match["open"] is None else match.start("open")
    stop = match.end("close")
    before = inline.text[at:start].strip()
    bracketed = f"{match['open']}{match['close']}" == "[]" and not inline.masked.startswith("(", stop)
    emphasised = before in ("*", "**", "_", "__") and inline.text.startswith(before, stop)
    colon = match["end"].strip() in (":", "：")  # noqa: RUF001 - the full-width colon counts
    if _LONG_LETTERS.get(letters, letters) != letter or not (match["end"] or bracketed or emphasised):
        return None
    if (match["gap"] == " " and not colon and not bracketed) or (match["open"] == "(" and not colon):
        return None
    whole = not colon or inline.text[stop : match.end()] == match["end"] != match["end"].strip()
    return Lead(
        tick, None, None, match.end(), (start, match.end() if whole else stop), int(match["number"]), colon=whole
    )


def _coded(inline: Inline, at: int, letter: str, tick: Span | None) -> Lead | None:
    pieces = inline.pieces_between(at, min(at + 40, len(inline.text)))
    first = next((piece for piece in pieces if piece.kind is Kind.CODE), None)
    if first is None or inline.masked[at : first.start].strip():
        return None
    colon = _COLON.match(inline.masked, first.end)
    if colon and CLAUSE_ID.fullmatch(first.value) and first.value[0] == letter:
        return Lead(tick, None, None, colon.end(), (first.start, first.end), int(first.value[1:]))
    return None


class Numbers:
    """Gives provisional ids: the highest number of a letter, in the file and the approved revisions, and one more."""

    def __init__(self, known: Iterable[ClauseId], written: Iterable[ClauseId]) -> None:
        self.used: dict[str, set[int]] = {}
        for one in (*known, *written):
            if CLAUSE_ID.fullmatch(one):
                self.used.setdefault(one[0], set()).add(int(one[1:]))
        self.highest = {letter: max(numbers) for letter, numbers in self.used.items()}
        self.free: dict[str, int] = {}

    def give(self, letter: str, wanted: int | None = None) -> ClauseId:
        """The next id of a letter, or the one with the number ``wanted`` if nobody has it."""
        used = self.used.setdefault(letter, set())
        if wanted is not None and 1 <= wanted <= MAX_NUMBER and wanted not in used:
            number = wanted
        elif self.highest.get(letter, 0) < MAX_NUMBER:
            number = self.highest.get(letter, 0) + 1
        else:
            number = self.free.get(letter, 1)
            while number in used:
                number += 1
            self.free[letter] = number
        used.add(number)
        self.highest[letter] = max(number, self.highest.get(letter, 0))
        return ClauseId(f"{letter}{number}")


def report_lead(reading: Reading, inline: Inline, lead: Lead, clause: ClauseId) -> None:
    """The faults of what stands in front of a clause; ``clause`` is the id that it was given."""
    shown = f"{clause}?" if lead.id is None else clause
    if lead.wrong:
        _report_wrong(reading, inline, lead, clause, shown)
    if lead.tick and reading.source.text[lead.tick.start + 1] in "xX":
        _report_tick(reading, lead.tick, shown)


def _report_tick(reading: Reading, tick: Span, shown: str) -> None:
    fix = Fix("Clear the tick", Applicability.SAFE, (Edit(Span(tick.start + 1, tick.end - 1), " "),))
    reading.fault(
        "IDS025",
        tick,
        "a tick means nothing here: whether a clause holds is decided by its checks",
        "Remove it.",
        clause=shown,
        fix=fix,
    )


def _report_wrong(reading: Reading, inline: Inline, lead: Lead, clause: ClauseId, shown: str) -> None:
    assert lead.wrong is not None  # noqa: S101 - the caller has looked
    span = inline.span(*lead.wrong)
    written = reading.source.slice(span)
    text = f"{clause}:" if lead.colon else clause
    fix = Fix(f"Write `{text}`", Applicability.SUGGESTED, (Edit(span, text),))
    if lead.foreign:
        message, code = f"`{written}` has another section's letter; ids here begin with `{clause[0]}`", "IDS023"
    else:
        message, code = f"`{written}` is nearly an id, and is not read as one", "IDS024"
    hint = f"An id is a capital letter, a number and a colon: `{clause}:`."
    reading.fault(code, span, message, hint, clause=shown, fix=fix)

"""Tasks: the fields of a clause of the breakdown."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from snapline.base.ids import ClauseId
from snapline.spec.idlists import ID_LIST, ids_in
from snapline.spec.inline import Inline, Kind
from snapline.spec.model import GlobValue, TaskEntry
from snapline.spec.reading import Reading
from snapline.spec.values import Entry, glob_value, tokens

_SENTENCE_END: Final = re.compile(r"[.;。](?=[ \t\n]|\Z)|\n(?=[ \t]*\Z)")
_FIELD: Final = re.compile(r"[ \t\n]*(proves|changes|after|agent|lane)(?![\w-])[ \t]*:?[ \t\n]*", re.IGNORECASE)
_WORD: Final = re.compile(r"[A-Za-z0-9][\w.-]{0,60}")


@dataclass
class _Fields:
    """The fields of one task while they are gathered."""

    prose: list[str] = field(default_factory=list)
    ids: dict[str, list[ClauseId]] = field(default_factory=dict)
    changes: list[GlobValue] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=dict)


def read_task(reading: Reading, inline: Inline | None, start: int, clause: str) -> TaskEntry:
    """The task that a clause says; sentences that are no field are its summary."""
    fields = _Fields()
    if inline is not None:
        begin = start
        ends = [match.end() for match in _SENTENCE_END.finditer(inline.masked, start)]
        for end in (*ends, len(inline.masked)):
            if inline.masked[begin:end].strip():
                _sentence(reading, inline, (begin, end), fields, clause)
            begin = end
    return TaskEntry(
        " ".join(" ".join(fields.prose).split()),
        tuple(fields.ids.get("proves", ())),
        tuple(fields.changes),
        tuple(fields.ids.get("after", ())),
        fields.words.get("agent"),
        fields.words.get("lane"),
    )


def _sentence(reading: Reading, inline: Inline, place: tuple[int, int], fields: _Fields, clause: str) -> None:
    match = _FIELD.match(inline.masked, *place)
    if match is None or not _field(reading, inline, (match, place[1]), fields, clause):
        fields.prose.append(_prose(inline, *place))


def _field(reading: Reading, inline: Inline, rest: tuple[re.Match[str], int], fields: _Fields, clause: str) -> bool:
    match, end = rest
    name = match[1].lower()
    value = inline.masked[match.end() : end].strip(" \t\n.;。")
    entry = Entry(reading, inline, match.end(), clause, match[1], inline.span(*match.span(1)))
    if name in ("proves", "after"):
        if ID_LIST.fullmatch(value):
            fields.ids.setdefault(name, []).extend(ids_in(value))
            return True
        _report(entry, nearly=bool(ID_LIST.match(value)), takes="ids and nothing else")
        return False
    if name == "changes":
        return _changes(entry, end, fields)
    if _WORD.fullmatch(value):
        fields.words[name] = value
        return True
    return False


def _changes(entry: Entry, end: int, fields: _Fields) -> bool:
    found = list(tokens(entry.inline, entry.start, end=end))
    codes = [token.code for token in found if token.code is not None]
    if not codes or len(codes) != len(found):
        _report(entry, nearly=bool(codes), takes="paths in code and nothing else")
        return False
    values = (glob_value(entry, code) for code in codes)
    fields.changes += [value for value in values if value is not None]
    return True


def _report(entry: Entry, *, nearly: bool, takes: str) -> None:
    if nearly:
        entry.fault(
            entry.word_span,
            f"`{entry.word}` takes {takes}; as it stands the sentence is prose",
            "End the sentence after the values, and write the rest as a sentence of its own.",
        )


def _prose(inline: Inline, start: int, end: int) -> str:
    shown = []
    for piece in inline.pieces_over(start, end):
        if piece.kind is Kind.TEXT and len(piece.value) == piece.end - piece.start:
            shown.append(piece.value[max(0, start - piece.start) : max(0, end - piece.start)])
        elif piece.kind is Kind.CODE:
            shown.append(f"`{piece.value}`")
        elif piece.kind is not Kind.COMMENT:
            shown.append(piece.value)
    return "".join(shown).strip()

"""Tasks: the fields of a clause of the breakdown."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from snapline.base.diagnostics import Applicability, Fix
from snapline.base.ids import ClauseId
from snapline.base.regex import regex
from snapline.base.text import Edit
from snapline.spec.canonical import words_between
from snapline.spec.idlists import ID_LIST, ids_in
from snapline.spec.inline import CODE_MARK, Inline
from snapline.spec.model import GlobValue, TaskEntry
from snapline.spec.reading import Reading
from snapline.spec.values import Entry, glob_value, tokens

_SENTENCE_END: Final = regex(r"[.;。](?=[ \t\n]|\Z)|\n(?=[ \t]*\Z)")
_FIELD: Final = regex(r"[ \t\n]*([A-Za-z]+)(?![\w-])[ \t]*:?[ \t\n]*")
_ALMOST: Final = regex(
    r"[ \t\n]*(?:(?P<after>depends[ \t]+on|depend[ \t]+on|requires|needs|blocked[ \t]+by|follows|waits[ \t]+for)"
    r"|(?P<proves>prove|proving|covers|satisfies|implements|fulfils|closes)"
    r"|(?P<changes>change|changing|touches|edits|modifies|owns))(?![\w-])[ \t]*:?[ \t\n]*",
    re.IGNORECASE,
)
_WORD: Final = regex(r"[A-Za-z0-9][\w.-]{0,60}")


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
    if (
        match is None
        or match[1].lower() not in FIELDS
        or not _field(reading, inline, (match, place[1]), fields, clause)
    ):
        _report_almost(reading, inline, place, clause)
        fields.prose.append(words_between(inline, *place))


def _field(reading: Reading, inline: Inline, rest: tuple[re.Match[str], int], fields: _Fields, clause: str) -> bool:
    match, end = rest
    entry = Entry(reading, inline, match.end(), clause, match[1], inline.span(*match.span(1)))
    return FIELDS[match[1].lower()](entry, end, fields)


def _value(entry: Entry, end: int) -> str:
    return entry.inline.masked[entry.start : end].strip(" \t\n.;。")


def _ids(entry: Entry, end: int, fields: _Fields) -> bool:
    value = _value(entry, end)
    if ID_LIST.fullmatch(value):
        fields.ids.setdefault(entry.word.lower(), []).extend(ids_in(value))
        return True
    _report(entry, nearly=bool(ID_LIST.match(value)), takes="ids and nothing else")
    return False


def _word(entry: Entry, end: int, fields: _Fields) -> bool:
    value = _value(entry, end)
    if _WORD.fullmatch(value) is None:
        return False
    fields.words[entry.word.lower()] = value
    return True


def _changes(entry: Entry, end: int, fields: _Fields) -> bool:
    found = list(tokens(entry.inline, entry.start, end=end))
    codes = [token.code for token in found if token.code is not None]
    if not codes or len(codes) != len(found):
        _report(entry, nearly=bool(codes), takes="paths in code and nothing else")
        return False
    values = (glob_value(entry, code) for code in codes)
    fields.changes += [value for value in values if value is not None]
    return True


FIELDS: Final[dict[str, Callable[[Entry, int, _Fields], bool]]] = {
    "proves": _ids,
    "changes": _changes,
    "after": _ids,
    "agent": _word,
    "lane": _word,
}
"""The fields of a task: each reads its values up to an offset, and says whether they are nothing else."""


def _report_almost(reading: Reading, inline: Inline, place: tuple[int, int], clause: str) -> None:
    """The fault of a sentence that is a field but for its word."""
    match = _ALMOST.match(inline.masked, *place)
    if match is None or match.lastgroup is None:
        return
    value = inline.masked[match.end() : place[1]].strip(" \t\n.;。")
    nothing_else = set(value) <= set(f"{CODE_MARK}, ;\n") and CODE_MARK in value
    if not (nothing_else if match.lastgroup == "changes" else ID_LIST.fullmatch(value)):
        return
    span, field = inline.span(*match.span(match.lastgroup)), match.lastgroup.capitalize()
    fix = Fix(f"Write `{field}`", Applicability.SUGGESTED, (Edit(span, field),))
    message = f"`{reading.source.slice(span)}` is almost `{field}`, and is prose as it stands"
    reading.fault("CON505", span, message, f"Write `{field}`.", clause=clause, fix=fix, variant="warning")


def _report(entry: Entry, *, nearly: bool, takes: str) -> None:
    if nearly:
        entry.fault(
            entry.word_span,
            f"`{entry.word}` takes {takes}; as it stands the sentence is prose",
            "End the sentence after the values, and write the rest as a sentence of its own.",
        )

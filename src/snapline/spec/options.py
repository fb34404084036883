"""Option groups: ``(regression, timeout 2m)`` at the end of a paragraph or beside a check."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import msgspec

from snapline.base.diagnostics import Applicability, Fix
from snapline.base.ids import ClauseId
from snapline.base.record import Record
from snapline.base.regex import regex
from snapline.base.text import Edit, Span
from snapline.spec import globs
from snapline.spec.durations import seconds
from snapline.spec.idlists import WORDED_LIST, ids_in
from snapline.spec.inline import CODE_MARK, Inline, Kind
from snapline.spec.model import Check, OptionGroup, Options
from snapline.spec.reading import Reading

CODE: Final = "ACC318"

PARENTHESES: Final = regex(r"[(（]([^()（）]{1,2000})[)）]")  # noqa: RUF001 - full-width ones count
_COMMAS: Final = regex("[,，、]")  # noqa: RUF001 - full-width ones count
FLAGS: Final = {
    "regression": Options(regression=True),
    "slow": Options(slow=True),
    "network": Options(network=True),
    "manual": Options(manual=True),
}
"""The options without a value."""
_SIGNER: Final = regex(r"@[\w][\w./-]{0,100}")
_ENV: Final = regex(r"([A-Za-z_][A-Za-z0-9_]*)=(.*)", re.DOTALL)
_FIELDS: Final = Options.__struct_fields__
_NONE: Final = Options()
_LISTS: Final = ("env", "report", "keep")
_HINT: Final = (
    "Options: regression, slow, network, manual[: @who], timeout 2m, runs 3, in DIR, env K=V, report GLOB, keep GLOB. "
    "Put other words outside the parentheses."
)
_IGNORED: Final = " \t\n.:;。：；"  # noqa: RUF001 - full-width ones count
_GLUED: Final = regex(r"(timeout|runs)[:=]?([0-9]{1,6}[a-z]{0,8})")
_PLAIN_WORD: Final = regex(r"[\w-]+")
_NUMBERS: Final = ("two", "three", "four", "five", "ten", "once", "twice")
_LIKELY_VALUE: Final = regex(r"[0-9*/=`\x00]")


class _Member(Record, frozen=True):
    """What one member of a parenthesis is. ``weak`` ones, such as ``in production``, are also plain English."""

    options: Options | None = None
    ids: tuple[ClauseId, ...] = ()
    weak: bool = False
    near: str = ""
    better: str = ""

    @property
    def parsed(self) -> bool:
        return self.options is not None or bool(self.ids)


class Placed(Record, frozen=True):
    """A group with its place in the paragraph: whether it ends the paragraph, and the check spans that it touches."""

    group: OptionGroup
    start: int
    end: int
    at_end: bool
    beside: tuple[Span, ...]


def members(inline: Inline, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The comma-separated members between two offsets, without the blanks around them."""
    masked = inline.masked
    begin = start
    for stop in (
        *(match.start() for match in _COMMAS.finditer(masked, start, end)),
        end,
    ):
        text = masked[begin:stop]
        stripped = text.strip(" \t\n")
        at = begin + len(text) - len(text.lstrip(" \t\n"))
        yield at, at + len(stripped)
        begin = stop + 1


def is_option(inline: Inline, start: int, end: int) -> bool:
    """Whether a member of a parenthesis is an option, and cannot be plain English as well."""
    member = _member(inline, start, end)
    return member.options is not None and not member.weak


def merge(parts: Iterable[Options]) -> Options:
    """All options together; where two give one value differently, the later one."""
    distinct = dict.fromkeys(parts)
    if all(part == _NONE for part in distinct):
        return _NONE
    merged: dict[str, Any] = {}
    lists: dict[str, dict[Any, None]] = {name: {} for name in _LISTS}
    for part in distinct:
        for name in _FIELDS:
            value = getattr(part, name)
            if name in lists:
                lists[name].update(dict.fromkeys(value))
            elif value not in (None, False):
                merged[name] = value
    merged.update((name, tuple(values)) for name, values in lists.items())
    return Options(**merged)


def with_options(checks: tuple[Check, ...], placed: list[Placed]) -> tuple[Check, ...]:
    """The checks with their options: groups at a paragraph's end are for all, others for the check that they touch."""
    if not placed:
        return checks
    for_all = shared_options(placed, single=len(checks) == 1)
    own: dict[Span, list[Options]] = {}
    for one in placed:
        for span in one.beside:
            own.setdefault(span, []).append(one.group.options)
    return tuple(msgspec.structs.replace(check, options=merge((for_all, *own.get(check.span, ())))) for check in checks)


def shared_options(placed: list[Placed], *, single: bool) -> Options:
    """The options of a clause as a whole; with a ``single`` check every group is the clause's."""
    return merge(one.group.options for one in placed if one.at_end or single)


def find_groups(reading: Reading, inline: Inline, start: int, checks: tuple[Span, ...], clause: str) -> list[Placed]:
    """The option groups of one paragraph of a clause whose checks stand at ``checks``; near misses become faults."""
    masked = inline.masked
    found = []
    matches = list(PARENTHESES.finditer(masked, start))
    for match in matches:
        read = [(_member(inline, *place), inline.span(*place)) for place in members(inline, *match.span(1))]
        span = inline.span(*match.span())
        if not _is_group(reading, read, span, clause, has_checks=bool(checks)):
            continue
        options = merge(one.options for one, _ in read if one.options)
        ids = tuple(one for member, _ in read for one in member.ids)
        found.append((match.start(), match.end(), OptionGroup(span, options, ids)))
    return _placed(reading, inline, found, checks, clause)


def _is_group(
    reading: Reading,
    read: list[tuple[_Member, Span]],
    span: Span,
    clause: str,
    *,
    has_checks: bool,
) -> bool:
    """Whether all members parsed; a fault if only some did or one nearly does."""
    near = next((one.near for one, _ in read if one.near), "")
    if not near and all(one.parsed for one, _ in read):
        return has_checks or any(not one.weak for one, _ in read)
    if near or any(one.options is not None and not one.weak for one, _ in read):
        edits = tuple(Edit(place, one.better) for one, place in read if one.better)
        clear = edits and all(one.parsed or one.better for one, _ in read)
        reading.fault(
            CODE,
            span,
            "not every member of this group is an option or an id, so nothing of it is applied",
            near or _HINT,
            clause=clause,
            fix=Fix("Write the option", Applicability.SUGGESTED, edits) if clear else None,
        )
    return False


def _placed(
    reading: Reading,
    inline: Inline,
    found: list[tuple[int, int, OptionGroup]],
    checks: tuple[Span, ...],
    clause: str,
) -> list[Placed]:
    if not found:
        return []
    wanted = set(checks)
    code = {piece.start: piece for piece in inline.pieces if piece.kind is Kind.CODE}
    code = {at: piece for at, piece in code.items() if inline.span(piece.start, piece.end) in wanted}
    ends = {piece.end: piece for piece in code.values()}
    placed = []
    for (start, end, group), (left, right) in zip(found, _neighbours(inline.masked, found), strict=True):
        piece = ends.get(left) or code.get(right)
        at_end = right >= len(inline.masked)
        if at_end or piece:
            beside = (inline.span(piece.start, piece.end),) if piece else ()
            placed.append(Placed(group, start, end, at_end, beside))
        elif group.options != Options():
            _report_misplaced(reading, group.span, clause)
    return placed


def _neighbours(masked: str, found: list[tuple[int, int, OptionGroup]]) -> list[tuple[int, int]]:
    """For each group: the end of what stands before it and the start of what follows, other groups ignored."""
    lefts = []
    done = left = 0
    for start, end, _ in found:
        left = done + len(masked[done:start].rstrip(_IGNORED)) if masked[done:start].strip(_IGNORED) else left
        lefts.append(left)
        done = end
    rights = []
    done = right = len(masked)
    for start, end, _ in reversed(found):
        between = masked[end:done]
        right = end + len(between) - len(between.lstrip(_IGNORED)) if between.strip(_IGNORED) else right
        rights.append(right)
        done = start
    return list(zip(lefts, reversed(rights), strict=True))


def _member(inline: Inline, start: int, end: int) -> _Member:
    masked = inline.masked[start:end]
    text, coded = _with_code(inline, start, end)
    if WORDED_LIST.fullmatch(masked):
        return _Member(ids=ids_in(masked))
    word, _, rest = text.partition(" ")
    word, rest = word.lower().rstrip(":："), rest.strip()  # noqa: RUF001 - the full-width colon counts
    if not rest and word in FLAGS and text[-1:] not in (":", "："):  # noqa: RUF001
        return _Member(FLAGS[word])
    if word == "manual":
        return _manual(text, rest)
    if word in VALUES:
        return _valued(word, text, rest, coded=coded)
    return _near(word, rest)


def _with_code(inline: Inline, start: int, end: int) -> tuple[str, bool]:
    """A member with its code spans read, and whether it has one."""
    masked = inline.masked[start:end]
    if CODE_MARK not in masked:
        return " ".join(masked.split()), False
    code = [piece for piece in inline.pieces_between(start, end) if piece.kind is Kind.CODE]
    before = " ".join(masked[: masked.index(CODE_MARK)].split())
    if len(code) != 1 or masked.rstrip().rstrip(CODE_MARK).count(CODE_MARK):
        return f"{before} \x00", True
    return f"{before} {code[0].value}", True


def _manual(text: str, rest: str) -> _Member:
    if _SIGNER.fullmatch(rest) and text[len("manual")] in ":：":  # noqa: RUF001 - the full-width colon counts
        return _Member(Options(manual=True, signer=rest))
    signer = _SIGNER.search(rest)
    better = f"manual: {signer.group()}" if signer else ""
    return _Member(near="Write `(manual)` or `(manual: @alice)`.", better=better)


def _valued(word: str, text: str, rest: str, *, coded: bool) -> _Member:
    options = _options_of(word, rest, coded=coded)
    if options is not None and text[len(word)] == " ":
        weak = word in ("in", "report", "keep") and not coded and _PLAIN_WORD.fullmatch(rest) is not None
        return _Member(options, weak=weak)
    if word == "timeout":
        return _Member(near="Write a number and a unit: `timeout 90s`, `timeout 2m`, `timeout 1h`.")
    if word == "runs" and (_LIKELY_VALUE.search(rest) or rest in _NUMBERS):
        return _Member(near="Write a number from 2 to 100: `runs 3`.")
    if word == "env" and rest and (" " not in rest or "=" in rest):
        return _Member(near="Write `env NAME=value`, with the value in a code span if it holds blanks or commas.")
    if word in ("in", "report", "keep") and (coded or (" " not in rest and _LIKELY_VALUE.search(rest))):
        return _Member(near=f"Write `{word}` and one path from the repository's root.")
    return _Member()


def _options_of(word: str, value: str, *, coded: bool) -> Options | None:
    if not value or "\x00" in value or (" " in value and not coded and word != "timeout"):
        return None
    return VALUES[word](value)


def _timeout(value: str) -> Options | None:
    time = seconds(value)
    return None if time is None else Options(timeout=time)


def _runs(value: str) -> Options | None:
    return Options(runs=int(value)) if re.fullmatch("[1-9][0-9]?|100", value) and value != "1" else None


def _env(value: str) -> Options | None:
    pair = _ENV.fullmatch(value)
    return Options(env=((pair[1], pair[2]),)) if pair else None


def _in(value: str) -> Options | None:
    literal = globs.fault(value) is None and globs.is_literal(value)
    return Options(directory=value.rstrip("/") or ".") if literal else None


def _report(value: str) -> Options | None:
    return Options(report=(value,)) if globs.fault(value) is None else None


def _keep(value: str) -> Options | None:
    return Options(keep=(value,)) if globs.fault(value) is None else None


VALUES: Final[dict[str, Callable[[str], Options | None]]] = {
    "timeout": _timeout,
    "runs": _runs,
    "in": _in,
    "env": _env,
    "report": _report,
    "keep": _keep,
}
"""The options with a value: what a value means, None for one that cannot be used."""


def _report_misplaced(reading: Reading, span: Span, clause: str) -> None:
    message = "options stand at the end of a paragraph or directly beside a check; here nothing of them is applied"
    reading.fault(CODE, span, message, "Move the group, or write the words without parentheses.", clause=clause)


def report_network(reading: Reading, span: Span, clause: str) -> None:
    """The fault of a check that asks for the network in a spec that says ``No network``."""
    hint = "Take the option away, or the constraint; a check has its own loopback without either."
    reading.fault(
        CODE,
        span,
        "`network` is refused: a constraint says `No network`",
        hint,
        clause=clause,
    )


def _near(word: str, rest: str) -> _Member:
    """A member that is no option: whether it nearly is one, and which."""
    glued = _GLUED.fullmatch(word)
    if glued and not rest:
        return _meaning(f"{glued[1]} {glued[2]}")
    if word.startswith("regression"):
        return _meaning("regression")
    count = rest if word == "run" else word if rest.lower() in ("run", "runs") else ""
    if count.isdigit():
        return _meaning(f"runs {count}")
    if word == "time" and rest.startswith("out "):
        return _meaning(f"timeout {rest[4:]}")
    if rest:
        return _Member()
    close = difflib.get_close_matches(word[:30], ("regression", "network", "manual"), n=1, cutoff=0.8)
    return _meaning(close[0]) if close else _Member()


def _meaning(better: str) -> _Member:
    return _Member(near=f"Did you mean `({better})`?", better=better)

"""The difference between two revisions as people read it: on a terminal, and as Markdown for a review."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from snapline.app.comparing import Compared
from snapline.base.ids import short
from snapline.base.plain import plain
from snapline.spec.diff import ChangeKind, ClauseChange, SectionChange, TextChange, WordKind, Words
from snapline.spec.impact import BoundaryTouched, Impact

Paint = Callable[[str, str], str]
"""Colours a text, given the colour's name."""
_MARKS = {ChangeKind.ADDED: "+", ChangeKind.REMOVED: "-", ChangeKind.CHANGED: "~", ChangeKind.MOVED: ">"}
_COLOURS = {
    ChangeKind.ADDED: "green",
    ChangeKind.REMOVED: "red",
    ChangeKind.CHANGED: "yellow",
    ChangeKind.MOVED: "cyan",
}
_MOST_PATHS = 20


def text_lines(compared: Compared, paint: Paint) -> Iterator[str]:
    """The difference in lines; words that changed stand in ``[-old-]{+new+}``."""
    change = compared.difference
    yield f"{_side(compared.old, change.revisions[0])} -> {_side(compared.new, change.revisions[1])}"
    if change.same:
        yield "no difference: both are one revision"
        return
    yield from (f"~ {one.key}: {_or_none(one.old)} -> {_or_none(one.new)}" for one in change.keys)
    yield from (f"{_MARKS[one.kind]} {_section(one)}" for one in change.sections)
    last: str | None = None
    for section, one in _in_order(compared):
        if section != last:
            yield ""
            yield section or "Before the first section"
            last = section
        mark = paint(_MARKS[one.kind], _COLOURS[one.kind])
        first, *rest = _shown(one.words, paint).split("\n")
        yield f"  {mark} {_label(one)}{first}"
        yield from (f"      {line}" for line in rest)
    yield from _impact_lines(compared.impact)


def _side(name: str, revision: str) -> str:
    at = f"@{short(revision)}"
    return name if name.endswith(at) else f"{name} ({short(revision)})"


def _or_none(value: str) -> str:
    return plain(value) or "(none)"


def _section(one: SectionChange) -> str:
    match one.kind:
        case ChangeKind.ADDED:
            return f"section {plain(one.new)} is new"
        case ChangeKind.REMOVED:
            return f"section {plain(one.old)} is gone"
        case ChangeKind.MOVED:
            return f"section {plain(one.new)} was moved"
        case ChangeKind.CHANGED:
            return f"section {plain(one.old)} is now called {plain(one.new)}"


def _in_order(compared: Compared) -> list[tuple[str, ClauseChange | TextChange]]:
    """Changes by section, in the order of the newer spec and then of the older one."""
    change = compared.difference
    found: list[tuple[str, ClauseChange | TextChange]] = [(one.section, one) for one in change.texts]
    found += [(one.new_section or one.old_section, one) for one in change.clauses]
    names = [section.kind or section.name for spec in (change.new, change.old) for section in spec.sections]
    order = {name: at for at, name in reversed(list(enumerate(["", *names])))}
    return sorted(found, key=lambda pair: order.get(pair[0], 0))


def _label(one: ClauseChange | TextChange) -> str:
    if isinstance(one, TextChange):
        return "(moved) " if one.moved else ""
    old, new = one.old, one.new
    name = one.clause.shown
    if old and new and one.renumbered:
        name = f"{old.shown} -> {new.shown}"
    notes = []
    if one.moved:
        notes.append(f"moved from {one.old_section}" if one.old_section != one.new_section else "moved")
    if one.kind is ChangeKind.CHANGED and not one.renumbered and len(one.words) == 1:
        notes.append("the same words, read otherwise")
    return f"{name}: " + (f"({', '.join(notes)}) " if notes else "")


def _shown(words: Iterable[Words], paint: Paint) -> str:
    found = list(words)
    if len(found) == 1:
        return plain(found[0].text)
    return "".join(_word(one, paint) for one in found)


def _word(one: Words, paint: Paint) -> str:
    text = plain(one.text)
    match one.kind:
        case WordKind.SAME:
            return text
        case WordKind.OLD:
            return paint(f"[-{text}-]", "red")
        case WordKind.NEW:
            return paint(f"{{+{text}+}}", "green")


def _impact_lines(impact: Impact) -> Iterator[str]:
    lines = list(_impact(impact))
    if lines:
        yield ""
        yield "Touches"
        yield from (f"  {line}" for line in lines)


def _impact(impact: Impact) -> Iterator[str]:
    for task in impact.tasks:
        how = {ChangeKind.ADDED: "is new", ChangeKind.REMOVED: "is gone"}.get(task.kind)
        yield f"task {task.id} {how}" if how else f"task {task.id} (by {', '.join(task.because)})"
    if impact.checks:
        named = ", ".join(f"{one.clause}{_fate(one.kind)}" for one in impact.checks)
        yield f"checks of {named}: they run again, on the base too"
    yield from (f"boundary `{plain(one.glob)}`: {_boundary(one)}" for one in impact.boundaries)
    for path in impact.paths[:_MOST_PATHS]:
        yield f"path {plain(path.path)}: {path.old}; now: {path.new}"
    if len(impact.paths) > _MOST_PATHS:
        yield f"and {len(impact.paths) - _MOST_PATHS} more paths"


def _fate(kind: ChangeKind) -> str:
    return {ChangeKind.ADDED: " (new)", ChangeKind.REMOVED: " (gone)"}.get(kind, "")


def _boundary(one: BoundaryTouched) -> str:
    return f"{one.old or 'named nowhere'}; now: {one.new or 'named nowhere'}"


def markdown_lines(compared: Compared) -> Iterator[str]:
    """The difference as Markdown, to be pasted into a review."""
    change = compared.difference
    sides = (compared.old, change.revisions[0]), (compared.new, change.revisions[1])
    yield f"### `{compared.spec}`: {' → '.join(_side(*side) for side in sides)}"
    yield ""
    if change.same:
        yield "No difference: both are one revision."
        return
    yield from (f"- `{one.key}`: {_or_none(one.old)} → {_or_none(one.new)}" for one in change.keys)
    yield from (f"- {_section(one)}" for one in change.sections)
    last: str | None = None
    for section, one in _in_order(compared):
        if section != last:
            yield from ("", f"**{section or 'Before the first section'}**", "")
            last = section
        yield f"- {one.kind}: {_label(one)}{_marked(one.words)}"
    lines = list(_impact(compared.impact))
    if lines:
        yield from ("", "**Touches**", "", *(f"- {line}" for line in lines))


def _marked(words: Iterable[Words]) -> str:
    found = list(words)
    if len(found) == 1:
        return _escaped(found[0].text)
    marks = {WordKind.SAME: ("", ""), WordKind.OLD: ("<del>", "</del>"), WordKind.NEW: ("<ins>", "</ins>")}
    return "".join(f"{marks[one.kind][0]}{_escaped(one.text)}{marks[one.kind][1]}" for one in found)


def _escaped(text: str) -> str:
    """Text that stays text in a list's item."""
    safe = plain(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return safe.replace("\n", "<br>")

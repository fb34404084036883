"""The state of a session: the open texts, the repositories around them, and the reading of each text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from snapline.app.editing import Desk, Shelf, file_of, is_spec, named
from snapline.app.editing_runs import Ending, Outcome, Question
from snapline.app.linting import Reader, context_for
from snapline.app.surroundings import Surroundings
from snapline.base.errors import SnaplineError, UnreadableText
from snapline.base.ids import ClauseId, SpecId
from snapline.base.text import Source, Span
from snapline.lint.rule import Context
from snapline.lsp.buffers import Buffer, Buffers, Unreadable, key, unreadable
from snapline.lsp.client import Client
from snapline.lsp.positions import Encoding, Positions
from snapline.lsp.view import View
from snapline.spec.model import Clause, Spec
from snapline.spec.parser import parse
from snapline.spec.reparse import reparse

LANGUAGES = ("snapline", "snapline-spec")
"""The language ids that make any text a spec."""


@dataclass(frozen=True)
class Reading:
    """One version of a text as it was read: a view of a spec, or why it is none. Both are None for other texts."""

    buffer: Buffer
    positions: Positions
    view: View | None = None
    unreadable: Unreadable | None = None


@dataclass(frozen=True, slots=True)
class Ran:
    """What the checks of a clause said, and the text of the clause that they belong to."""

    text: str
    outcome: Outcome


@dataclass
class Session:
    """Everything that a server knows. ``notes`` is what a person should be told once."""

    encoding: Encoding = Encoding.UTF_16
    client: Client = field(default_factory=Client)
    buffers: Buffers = field(default_factory=Buffers)
    desk: Desk = field(default_factory=Desk)
    notes: list[str] = field(default_factory=list)
    _readings: dict[str, tuple[object, Surroundings, Reading]] = field(default_factory=dict)
    _ran: dict[str, dict[ClauseId, Ran]] = field(default_factory=dict)
    _specs: dict[str, SpecId] = field(default_factory=dict)
    _read_last: dict[tuple[str, frozenset[ClauseId]], Spec] = field(default_factory=dict)
    _told: set[str] = field(default_factory=set)

    def read(self, uri: str) -> Reading | None:
        """The reading of an open text as it is now; None for one that is not open."""
        buffer = self.buffers.get(uri)
        if buffer is None:
            return None
        shelf = self._shelf(buffer)
        around = self._around(shelf)
        state = (buffer, self._neighbours(uri, shelf), tuple(self._ran.get(key(uri), {}).items()))
        known = self._readings.get(key(uri))
        if known is None or known[0] != state or known[1] is not around:
            known = (state, around, self._read(buffer, shelf, around))
            self._readings[key(uri)] = known
        return known[2]

    def view(self, uri: str) -> Reading | None:
        """The reading of a text that is a spec."""
        reading = self.read(uri)
        return reading if reading and reading.view else None

    def close(self, uri: str) -> None:
        """A text was closed: the file counts again."""
        buffer = self.buffers.close(uri)
        shelf = self._shelf(buffer) if buffer else None
        self._readings.pop(key(uri), None)
        for kept in [one for one in self._read_last if one[0] == key(uri)]:
            del self._read_last[kept]
        self._ran.pop(key(uri), None)
        spec = self._specs.pop(key(uri), None)
        if shelf and spec:
            shelf.buffers.pop(spec, None)

    def remember(self, uri: str, clauses: Mapping[ClauseId, Clause], outcomes: tuple[Outcome, ...]) -> None:
        """Keep what checks said, for as long as their clauses stay as they are."""
        kept = self._ran.setdefault(key(uri), {})
        for one in outcomes:
            clause = clauses.get(ClauseId(one.clause))
            if clause is not None:
                kept[clause.id] = Ran(clause.text, one)

    def ran(self, reading: Reading) -> Iterator[tuple[Clause, Outcome]]:
        """What the checks of a text's clauses said, where it still holds."""
        for clause_id, one in self._ran.get(key(reading.buffer.uri), {}).items():
            clause = reading.view.spec.clause(clause_id) if reading.view else None
            if clause is not None:
                yield clause, one.outcome

    def uri_of(self, spec: Spec) -> str:
        """Where a spec is: the text that is open under its path, else its file."""
        path = file_of(spec)
        found = next((one.uri for one in self.buffers if one.path == path or named_as(one) == spec.source.path), None)
        return found or path.as_uri()

    def shelf(self, buffer: Buffer) -> Shelf | None:
        """The project around a text."""
        return self._shelf(buffer)

    def reader(self, reading: Reading) -> Callable[[Source], Context]:
        """What lint knows about another version of a text."""
        around = self._around(self._shelf(reading.buffer))
        return lambda source: context_for(source, around)

    def forget(self) -> None:
        """Look up everything around the texts again."""
        self.desk.forget()

    def _shelf(self, buffer: Buffer) -> Shelf | None:
        return self.desk.shelf(buffer.path) if buffer.path else None

    def _around(self, shelf: Shelf | None) -> Surroundings:
        if shelf is None:
            return _NOWHERE
        try:
            around = shelf.around()
        except (SnaplineError, OSError) as fault:
            self._note(str(fault))
            return _NOWHERE
        if shelf.fault:
            self._note(shelf.fault.told)
        return around

    def _note(self, text: str) -> None:
        """Something that a person is told once."""
        if text not in self._told:
            self._told.add(text)
            self.notes.append(text)

    def _neighbours(self, uri: str, shelf: Shelf | None) -> tuple[tuple[str, int], ...]:
        """The versions of the other open texts of a project."""
        if shelf is None:
            return ()
        others = (one for one in self.buffers if key(one.uri) != key(uri) and key(one.uri) in self._specs)
        return tuple((one.uri, one.version) for one in others)

    def _read(self, buffer: Buffer, shelf: Shelf | None, around: Surroundings) -> Reading:
        wrong = unreadable(buffer.text)
        if wrong is not None:
            return Reading(buffer, self._positions(Source(named_as(buffer), b"", buffer.text)), unreadable=wrong)
        try:
            source = Source.from_bytes(named_as(buffer), buffer.text.encode())
        except UnreadableText as fault:
            at = max(buffer.text.find("\0"), 0)
            wrong = Unreadable(Span(at, min(at + 1, len(buffer.text))), fault.told)
            return Reading(buffer, self._positions(Source(named_as(buffer), b"", buffer.text)), unreadable=wrong)
        view = self._view(buffer, source, shelf, around)
        return Reading(buffer, self._positions(source), view)

    def _view(self, buffer: Buffer, source: Source, shelf: Shelf | None, around: Surroundings) -> View | None:
        try:
            context = self._context(buffer, source, around)
        except (SnaplineError, OSError) as fault:
            self._note(f"{named_as(buffer)}: {fault}")
            shelf, context = None, self._context(buffer, source, _NOWHERE)
        project = shelf.project if shelf else None
        if buffer.language not in LANGUAGES and not is_spec(context.spec, buffer.path, project):
            return None
        if shelf is not None:
            self._put(buffer, shelf, context.spec)
        return View(context, project.root if project else None, buffer.path)

    def _context(self, buffer: Buffer, source: Source, around: Surroundings) -> Context:
        """All that lint may know; what checks said about a clause is forgotten once its text is another."""
        read = self._remembering(buffer)
        context = context_for(source, around, self._vacuous(buffer.uri), read)
        ran = self._ran.get(key(buffer.uri), {})
        texts = {clause.id: clause.text for clause in context.spec.clauses()} if ran else {}
        stale = [clause for clause, one in ran.items() if texts.get(clause) != one.text]
        for clause in stale:
            del ran[clause]
        return context_for(source, around, self._vacuous(buffer.uri), read) if stale else context

    def _remembering(self, buffer: Buffer) -> Reader:
        """A reader that reads again only what has changed in a text since it was read last."""

        def read(source: Source, *, known: Iterable[ClauseId] = ()) -> Spec:
            ids = frozenset(known)
            last = self._read_last.get((key(buffer.uri), ids))
            if last is None or last.source.text != source.text:
                again = reparse(last, source, ids) if last else None
                last = self._read_last[key(buffer.uri), ids] = parse(source, known=ids) if again is None else again
            return last

        return read

    def _put(self, buffer: Buffer, shelf: Shelf, spec: Spec) -> None:
        """Let the other texts of the project see this one as it is."""
        old = self._specs.get(key(buffer.uri))
        if old is not None and old != spec.id:
            shelf.buffers.pop(old, None)
        self._specs[key(buffer.uri)] = spec.id
        shelf.buffers[spec.id] = spec

    def _vacuous(self, uri: str) -> dict[ClauseId, str]:
        """The criteria that a baseline found to prove nothing."""
        found = self._ran.get(key(uri), {})
        return {
            clause: one.outcome.message
            for clause, one in found.items()
            if one.outcome.ending is Ending.VACUOUS and one.outcome.question is Question.BASELINE
        }

    def _positions(self, source: Source) -> Positions:
        return Positions(source, self.encoding)


_NOWHERE = Surroundings(None)


def named_as(buffer: Buffer) -> str:
    """What a text is called in findings."""
    return named(buffer.path) if buffer.path else Path(buffer.uri.rpartition(":")[2] or "untitled").name

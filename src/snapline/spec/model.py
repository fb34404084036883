"""The model of a spec: what the parser understood, each part with its exact span in the source.

Nothing here decides or reads anything; see :mod:`snapline.spec.parser` for how a model comes into being.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property

from snapline.base.diagnostics import Fix
from snapline.base.ids import ClauseId, SpecId
from snapline.base.record import Record
from snapline.base.text import Source, Span
from snapline.spec.entries import (
    Binding,
    Budget,
    Check,
    CheckKind,
    ClarificationEntry,
    ConstraintEntry,
    ConstraintWord,
    Entry,
    FailureEntry,
    FailureWord,
    GlobValue,
    InterfaceEntry,
    Named,
    OptionGroup,
    Options,
    RollbackStep,
    SpecName,
    StepKind,
    TaskEntry,
    TestNode,
    TranscriptStep,
)

__all__ = [
    "THE_SIX",
    "Binding",
    "Budget",
    "Check",
    "CheckKind",
    "ClarificationEntry",
    "Clause",
    "CodeSpan",
    "ConstraintEntry",
    "ConstraintWord",
    "Entry",
    "FailureEntry",
    "FailureWord",
    "Fault",
    "Fence",
    "FrontMatter",
    "GlobValue",
    "InterfaceEntry",
    "Named",
    "Note",
    "OptionGroup",
    "Options",
    "Reference",
    "ReferenceWord",
    "RollbackStep",
    "Section",
    "SectionKind",
    "Spec",
    "SpecName",
    "StepKind",
    "TaskEntry",
    "TestNode",
    "TranscriptStep",
]


class SectionKind(StrEnum):
    """The six sections and the two optional ones, by canonical heading."""

    TASK = "Task"
    GOAL = "Goal"
    CONSTRAINTS = "Constraints"
    INTERFACES = "Interfaces"
    ACCEPTANCE = "Acceptance"
    FAILURE_PLAN = "Failure plan"
    TASKS = "Tasks"
    CLARIFICATIONS = "Clarifications"

    @property
    def letter(self) -> str | None:
        """The letter of its clauses' ids; None for Task, which has no clauses."""
        return _LETTERS.get(self)


_LETTERS = {
    SectionKind.GOAL: "G",
    SectionKind.CONSTRAINTS: "C",
    SectionKind.INTERFACES: "I",
    SectionKind.ACCEPTANCE: "A",
    SectionKind.FAILURE_PLAN: "F",
    SectionKind.TASKS: "T",
    SectionKind.CLARIFICATIONS: "Q",
}

THE_SIX = tuple(SectionKind)[:6]
"""The sections that every spec has, in their order."""


class Fault(Record, frozen=True):
    """Something that the parser could not read as written, or that nearly parses.

    The lint rule of the same ``code`` turns it into a finding and owns its name, severity and documentation.
    ``variant`` tells a rule with several severities which one is meant.
    """

    code: str
    span: Span
    message: str
    hint: str = ""
    clause: str | None = None
    fix: Fix | None = None
    variant: str = ""


class CodeSpan(Record, frozen=True):
    """Inline code. ``span`` includes the backticks, ``inner`` is between them, ``text`` what Markdown makes of it."""

    span: Span
    inner: Span
    text: str


class Fence(Record, frozen=True):
    """A fenced code block. ``text`` has the container's indentation removed and LF line ends."""

    span: Span
    info: str
    info_span: Span
    inner: Span
    text: str


class ReferenceWord(StrEnum):
    """The word, or the parentheses, that make ids a reference."""

    PARENTHESES = "()"
    PROVES = "proves"
    SEE = "see"
    PER = "per"
    CLARIFIES = "clarifies"
    AFTER = "after"


class Reference(Record, frozen=True):
    """A reference to one clause; ranges such as ``A1-A3`` are given id by id. ``spec`` is None for this spec."""

    span: Span
    clause: ClauseId
    spec: SpecId | None
    word: ReferenceWord


class Clause(Record, frozen=True):
    """One promise of a section.

    ``id`` is the written id, or the provisional one that ``fmt`` would write (then ``written`` is False). ``span`` is
    the whole clause with its list marker, ``body`` starts after marker, tick and id. ``insert_at`` is where an id goes,
    ``insertion`` the exact text that writes it there: empty where one stands, or something that nearly is one.
    ``text`` is canonical (spec language, section 8): what is hashed. ``entry`` is None for plain prose.
    """

    id: ClauseId
    written: bool
    span: Span
    body: Span
    insert_at: int
    text: str
    id_span: Span | None = None
    tick: Span | None = None
    code: tuple[CodeSpan, ...] = ()
    fences: tuple[Fence, ...] = ()
    references: tuple[Reference, ...] = ()
    groups: tuple[OptionGroup, ...] = ()
    options: Options = Options()
    checks: tuple[Check, ...] = ()
    entry: Entry | None = None
    insertion: str = ""

    @property
    def shown(self) -> str:
        """The id as people see it: ``A3``, or ``A3?`` while it is provisional."""
        return self.id if self.written else f"{self.id}?"

    @property
    def executable(self) -> tuple[Check, ...]:
        """The checks that we can run."""
        if not self.checks:
            return ()
        return tuple([check for check in self.checks if check.kind is not CheckKind.MANUAL])


class Note(Record, frozen=True):
    """A block of a section that is no clause: rendered, hashed and shown, enforced by nobody."""

    span: Span
    text: str


class Section(Record, frozen=True):
    """A section; ``kind`` is None for one that the language does not know.

    ``name`` is the heading as written, ``alias`` tells that it is another name than the canonical one, ``language`` in
    which language it is a name (``en``, ``de``, ...; None for a section that the language does not know). ``span`` runs
    from the heading to the next section, ``body`` starts after the heading line. ``prose`` is the canonical text of
    everything in it.
    """

    kind: SectionKind | None
    name: str
    span: Span
    heading: Span
    name_span: Span
    body: Span
    alias: bool = False
    language: str | None = None
    clauses: tuple[Clause, ...] = ()
    notes: tuple[Note, ...] = ()
    prose: str = ""


class FrontMatter(Record, frozen=True):
    """The YAML front matter, typed; absent keys have the language's defaults."""

    span: Span | None = None
    id: SpecId | None = None
    title: str | None = None
    owner: str | None = None
    priority: int = 2
    lane: str = "default"
    lang: str = "en"
    after: tuple[SpecId, ...] = ()
    supersedes: tuple[SpecId, ...] = ()
    labels: tuple[str, ...] = ()


class Spec(Record, frozen=True, dict=True, gc=True):
    """A parsed spec: everything that was understood, and every fault that was met, all at once."""

    source: Source
    id: SpecId
    title: str
    front: FrontMatter
    sections: tuple[Section, ...]
    faults: tuple[Fault, ...] = ()

    def section(self, kind: SectionKind) -> Section | None:
        """The first section of a kind."""
        return next((one for one in self.sections if one.kind is kind), None)

    def clauses(self, *kinds: SectionKind) -> tuple[Clause, ...]:
        """The clauses of these kinds of section (none given: of all), in reading order."""
        found = self._found.get(kinds)
        if found is None:
            sections = [one for one in self.sections if one.kind is not None and (not kinds or one.kind in kinds)]
            found = self._found[kinds] = tuple(clause for one in sections for clause in one.clauses)
        return found

    @cached_property
    def _found(self) -> dict[tuple[SectionKind, ...], tuple[Clause, ...]]:
        """The answers of :meth:`clauses` so far: every rule asks."""
        return {}

    @cached_property
    def checks(self) -> tuple[tuple[Clause, Check], ...]:
        """The executable checks of criteria, of Keep passing and of the Failure plan, each with its clause."""
        found: list[tuple[Clause, Check]] = []
        for clause in self.clauses():
            entry = clause.entry
            more = entry.checks if isinstance(entry, ConstraintEntry | FailureEntry) else ()
            if clause.checks or more:
                checks = dict.fromkeys((*clause.executable, *more))
                found += [(clause, check) for check in checks if check.kind is not CheckKind.MANUAL]
        return tuple(found)

    def clause(self, clause_id: str) -> Clause | None:
        """The clause with this id, written or provisional."""
        return next((one for one in self.clauses() if one.id == clause_id), None)

    @property
    def waits_for(self) -> tuple[SpecId, ...]:
        """The specs that must have landed first: ``after``, and ``Spec:`` of Interfaces as far as this repository's."""
        entries = (clause.entry for clause in self.clauses(SectionKind.INTERFACES))
        named = (one for entry in entries if isinstance(entry, InterfaceEntry) for one in entry.specs)
        return tuple(dict.fromkeys((*self.front.after, *(one.spec for one in named if one.repository is None))))

    @property
    def offline(self) -> bool:
        """Whether a constraint says ``No network``, which refuses ``(network)`` to every check."""
        entries = (clause.entry for clause in self.clauses(SectionKind.CONSTRAINTS))
        return any(isinstance(one, ConstraintEntry) and one.word is ConstraintWord.NO_NETWORK for one in entries)

    @property
    def criteria(self) -> tuple[Clause, ...]:
        """The clauses of Acceptance."""
        return self.clauses(SectionKind.ACCEPTANCE)

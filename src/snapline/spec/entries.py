"""What clauses say beyond prose: options, checks, and the entries of the vocabularies, as the parser read them."""

from __future__ import annotations

from enum import StrEnum

from snapline.base.ids import ClauseId, SpecId
from snapline.base.record import Record
from snapline.base.text import Span


class Options(Record, frozen=True):
    """The merged option groups of a clause, or of one check of it. Times are seconds."""

    regression: bool = False
    slow: bool = False
    network: bool = False
    manual: bool = False
    signer: str | None = None
    timeout: float | None = None
    runs: int | None = None
    directory: str | None = None
    env: tuple[tuple[str, str], ...] = ()
    report: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()


class OptionGroup(Record, frozen=True):
    """One parenthesis of options and ids, all of whose members parsed."""

    span: Span
    options: Options
    ids: tuple[ClauseId, ...] = ()


class CheckKind(StrEnum):
    """The forms of a check (spec language, section 3)."""

    COMMAND = "command"
    TRANSCRIPT = "transcript"
    SCRIPT = "script"
    TEST = "test"
    MANUAL = "manual"


class TestNode(Record, frozen=True):
    """``PATH.py::NAME[::NAME][PARAMS]``; ``parameters`` None means all cases of the test."""

    __test__ = False  # pytest: a class of ours whose name only sounds like a test

    path: str
    names: tuple[str, ...]
    parameters: str | None = None

    @property
    def text(self) -> str:
        """The node as written."""
        case = f"[{self.parameters}]" if self.parameters is not None else ""
        return "::".join((self.path, *self.names)) + case


class TranscriptStep(Record, frozen=True):
    """One command of a transcript with what it must print.

    ``expected`` are the lines after it (wildcards unresolved), ``status`` the exit status that it must have.
    """

    command: str
    expected: tuple[str, ...]
    status: int = 0


class Check(Record, frozen=True):
    """One declared procedure. ``text`` is the command, the script's or the transcript's body, or the node.

    ``language`` is set for scripts, ``node`` for test nodes, ``steps`` for transcripts. A manual check has the span of
    its clause or option group; ``options.signer`` may name who signs.
    """

    kind: CheckKind
    span: Span
    text: str
    options: Options = Options()
    language: str | None = None
    node: TestNode | None = None
    steps: tuple[TranscriptStep, ...] = ()


class ConstraintWord(StrEnum):
    """The closed vocabulary of Constraints (spec language, section 4)."""

    CHANGE_ONLY = "Change only"
    DO_NOT_CHANGE = "Do not change"
    ASK_FIRST = "Ask first"
    KEEP_PASSING = "Keep passing"
    MUST_NOT_CONTAIN = "Must not contain"
    NO_NEW_DEPENDENCIES = "No new dependencies"
    AT_MOST = "At most"
    NO_NETWORK = "No network"
    BUDGET = "Budget"


class FailureWord(StrEnum):
    """The vocabulary of the Failure plan (spec language, section 7)."""

    ROLL_BACK_WHEN = "Roll back when"
    ROLLBACK = "Rollback"
    VERIFY_ROLLBACK = "Verify rollback"
    ESCALATE = "Escalate"
    RETRY = "Retry"


class GlobValue(Record, frozen=True):
    """A glob in a code span: its text and the span between the backticks."""

    text: str
    span: Span


class Budget(Record, frozen=True):
    """``Budget: 3 attempts, 90m, $5, 400k tokens``: any subset. ``wall`` is seconds, ``money`` US dollars."""

    attempts: int | None = None
    wall: float | None = None
    money: float | None = None
    tokens: int | None = None


class ConstraintEntry(Record, frozen=True):
    """A constraint that opens with an entry of the vocabulary; only the fields of its word are set.

    ``checks`` and ``ids`` belong to Keep passing, ``pattern`` to Must not contain, ``lines``/``files`` to At most.
    """

    word: ConstraintWord
    word_span: Span
    globs: tuple[GlobValue, ...] = ()
    checks: tuple[Check, ...] = ()
    ids: tuple[ClauseId, ...] = ()
    pattern: str | None = None
    lines: int | None = None
    files: int | None = None
    budget: Budget | None = None


class StepKind(StrEnum):
    """A step of ``Rollback:``."""

    COMMAND = "command"
    REVERT = "revert"


class RollbackStep(Record, frozen=True):
    """One step, in written order; ``text`` is the command, or ``revert``."""

    kind: StepKind
    text: str
    span: Span


class FailureEntry(Record, frozen=True):
    """A clause of the Failure plan that opens with its vocabulary; only the fields of its word are set.

    ``checks``/``ids`` belong to Roll back when and Verify rollback, ``within``/``every`` (seconds) to the former.
    """

    word: FailureWord
    word_span: Span
    steps: tuple[RollbackStep, ...] = ()
    checks: tuple[Check, ...] = ()
    ids: tuple[ClauseId, ...] = ()
    within: float | None = None
    every: float | None = None
    attempts: int | None = None
    who: str | None = None


class Binding(StrEnum):
    """What a spec does with something that it names in Interfaces or Tasks."""

    CHANGES = "changes"
    USES = "uses"
    PROVIDES = "provides"
    REMOVES = "removes"
    NEW = "new"
    TOUCHES = "touches"


class Named(Record, frozen=True):
    """A code span of Interfaces with its binding; ``new`` when ``(new)`` follows it or ``new`` binds it.

    Whether ``text`` is a path or a name depends on the base's tree: :func:`snapline.spec.interfaces.classify`.
    """

    text: str
    span: Span
    binding: Binding
    new: bool = False


class SpecName(Record, frozen=True):
    """A spec that ``Spec:`` names; ``repository`` is None for this one. Those of others are shown, not waited for."""

    span: Span
    spec: SpecId
    repository: str | None = None


class InterfaceEntry(Record, frozen=True):
    """A clause of Interfaces. ``opening`` is ``Service``, ``API``, ``Env``, ``Owner``, ``Spec`` or None.

    ``specs`` are those that ``Spec:`` names.
    """

    named: tuple[Named, ...] = ()
    opening: str | None = None
    opening_value: str = ""
    specs: tuple[SpecName, ...] = ()


class TaskEntry(Record, frozen=True):
    """The fields of a clause of Tasks; sentences that are no field stay prose in ``summary``."""

    summary: str
    proves: tuple[ClauseId, ...] = ()
    changes: tuple[GlobValue, ...] = ()
    after: tuple[ClauseId, ...] = ()
    agent: str | None = None
    lane: str | None = None


class ClarificationEntry(Record, frozen=True):
    """A question and its answer (None: nobody has answered yet), with who gave it and the clauses that it clarifies."""

    question: str
    answer: str | None = None
    who: str | None = None
    clarifies: tuple[ClauseId, ...] = ()


Entry = ConstraintEntry | FailureEntry | InterfaceEntry | TaskEntry | ClarificationEntry

"""The JSON documents of the verbs that read specs, as types: what `snapline schema` publishes.

Documents that are one type of a lower floor (a verification's report, a packet, a rollback's report) are not repeated
here. Tests hold every document that a verb really prints against its type.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta

from snapline.base.wire import Wire
from snapline.spec.model import Fault, FrontMatter, Section

Line = Annotated[int, Meta(ge=1)]
Count = Annotated[int, Meta(ge=0)]
Texts = tuple[str, ...]


class ErrorBody(Wire, frozen=True):
    """Why a verb failed: a stable code, a message and what to do about it, which may be empty."""

    code: str
    message: str
    hint: str


class Error(Wire, frozen=True):
    """What every verb prints when it fails."""

    error: ErrorBody


class SpecModel(Wire, frozen=True):
    """Everything that was understood of a spec, with the place of every part."""

    id: str
    title: str
    path: str
    revision: str
    front: FrontMatter
    sections: tuple[Section, ...]
    faults: tuple[Fault, ...]
    version: Literal[1] = 1


class Prompt(Wire, frozen=True):
    """The prompt of a task's first attempt, as it would be sent; ``task`` is null where none was named."""

    spec: str
    task: str | None
    prompt: str
    version: Literal[1] = 1


class FixEdit(Wire, frozen=True):
    """Replace the bytes from ``start`` to ``end`` by ``text``."""

    start: Count
    end: Count
    text: str


class FindingFix(Wire, frozen=True):
    """Edits that clear a finding; a ``suggested`` fix is a proposal, whose result a person looks at."""

    title: str
    applicability: Literal["safe", "suggested"]
    edits: tuple[FixEdit, ...]


class FindingRow(Wire, frozen=True):
    """One finding. Lines and columns count from 1, columns in code points, ``start`` and ``end`` are bytes.

    Ends are exclusive. ``clause`` is the id as people see it, ``A3?`` while it is not written.
    """

    code: str
    name: str
    severity: Literal["error", "warning", "info"]
    path: str
    line: Line
    column: Line
    end_line: Line
    end_column: Line
    start: Count
    end: Count
    message: str
    hint: str
    clause: str | None
    fix: FindingFix | None


class LintSummary(Wire, frozen=True):
    """Counts over all files; ``debt_change`` is null where no spec was approved before."""

    files: Count
    errors: Count
    warnings: Count
    infos: Count
    debt: Count
    debt_change: int | None


class SinceRow(Wire, frozen=True):
    """The spec debt of the last approved revision of a spec, as it is counted today, and the change since."""

    path: str
    revision: str
    debt: Count
    change: int


class SilentRow(Wire, frozen=True):
    """A spec in a language that some rules do not speak, and their codes."""

    path: str
    lang: str
    codes: Texts


class RuleCount(Wire, frozen=True):
    """How often a rule found something, and how many of these have a safe or a suggested fix."""

    code: str
    name: str
    count: Count
    safe: Count
    suggested: Count


class FixedRow(Wire, frozen=True):
    """A finding that was fixed, or with ``--diff`` would be."""

    code: str
    path: str
    clause: str | None
    title: str


class LeftRow(FixedRow, frozen=True):
    """A fix that was not applied, because it would do harm."""

    reason: str


class Lint(Wire, frozen=True):
    """The findings of some specs; with ``--fix`` and ``--diff`` those that are left, and what was fixed."""

    findings: tuple[FindingRow, ...]
    summary: LintSummary
    since: tuple[SinceRow, ...]
    silent: tuple[SilentRow, ...]
    statistics: tuple[RuleCount, ...] = ()
    fixed: tuple[FixedRow, ...] = ()
    left: tuple[LeftRow, ...] = ()
    written: Texts = ()
    stale: Texts = ()
    diff: str = ""
    text: str = ""
    version: Literal[1] = 1


class RuleRow(Wire, frozen=True):
    """A rule of lint: its severity (several, where it has variants), its fix, and whether its errors can be let pass.

    ``language`` is the language of the words that it looks for, null for a rule of structure.
    """

    code: str
    name: str
    severities: tuple[Literal["error", "warning", "info"], ...]
    fix: Literal["safe", "suggested"] | None
    waivable: bool
    language: str | None


class Rules(Wire, frozen=True):
    """All rules."""

    rules: tuple[RuleRow, ...]
    version: Literal[1] = 1


class RulePage(RuleRow, frozen=True):
    """One rule with its page, in Markdown."""

    page: str
    version: Literal[1] = 1


class Schemas(Wire, frozen=True):
    """Every schema by its name."""

    schemas: dict[str, dict[str, Any]]
    version: Literal[1] = 1

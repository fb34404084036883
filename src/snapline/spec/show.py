"""What the tool understood of a spec, told back (rule 2 of the language): nothing is read in silence."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from snapline.base.ids import RevisionId
from snapline.spec.enforced import unenforced_in
from snapline.spec.interfaces import Tree
from snapline.spec.model import (
    Binding,
    Check,
    CheckKind,
    ClarificationEntry,
    Clause,
    ConstraintEntry,
    ConstraintWord,
    Entry,
    FailureEntry,
    FailureWord,
    InterfaceEntry,
    Options,
    Section,
    SectionKind,
    Spec,
    StepKind,
    TaskEntry,
    TranscriptStep,
)
from snapline.spec.names import is_english
from snapline.spec.owners import owned_in, owners_in
from snapline.spec.revision import revision

PROSE: Final = "prose: shown to the agent and the reviewer, enforced by nobody"
SILENT: Final = "rules on wording are for English and are silent"
_NOTHING: Final = "(nothing that could be read)"
UNENFORCED: Final = "not enforced by this version"
NOTE: Final = "note: shown to the agent and the reviewer, belongs to no clause, enforced by nobody"


@dataclass(frozen=True, slots=True)
class ClauseShown:
    """A clause: its id as shown, its text, and one line for each thing that was understood in it."""

    id: str
    text: str
    reads: tuple[str, ...]
    enforced: bool


@dataclass(frozen=True, slots=True)
class SectionShown:
    """A section; ``kind`` is None for one that the language does not know. ``prose`` is set where it has no clauses.

    ``alias`` tells that ``name`` is not the section's own.
    """

    kind: SectionKind | None
    name: str
    alias: bool
    clauses: tuple[ClauseShown, ...]
    notes: tuple[str, ...]
    prose: str


@dataclass(frozen=True, slots=True)
class Description:
    """A spec as the tool reads it."""

    id: str
    title: str
    revision: RevisionId
    front: tuple[tuple[str, str], ...]
    sections: tuple[SectionShown, ...]


def describe(spec: Spec, tree: Tree | None = None) -> Description:
    """The structured reading of a spec; with a tree, who owns the paths in it is told beside them."""
    owners = owners_in(tree) if tree else None

    def shown(clause: Clause) -> ClauseShown:
        one = describe_clause(clause)
        owned = owned_in(spec, clause, owners, tree) if owners and tree else ()
        return dataclasses.replace(one, reads=(*one.reads, *owned))

    sections = tuple(_section(section, tuple(map(shown, section.clauses))) for section in spec.sections)
    return Description(spec.id, spec.title, revision(spec), tuple(_front(spec)), sections)


def _front(spec: Spec) -> Iterator[tuple[str, str]]:
    front = spec.front
    if front.owner:
        yield "owner", front.owner
    yield "priority", str(front.priority)
    yield "lane", front.lane
    yield "lang", front.lang if is_english(front.lang) else f"{front.lang} ({SILENT})"
    for name, values in (("after", front.after), ("supersedes", front.supersedes), ("labels", front.labels)):
        if values:
            yield name, ", ".join(values)


def _section(section: Section, clauses: tuple[ClauseShown, ...]) -> SectionShown:
    notes = tuple(note.text for note in section.notes)
    prose = "" if clauses or notes else section.prose
    return SectionShown(section.kind, section.name, section.alias, clauses, notes, prose)


def describe_clause(clause: Clause) -> ClauseShown:
    """The reading of one clause."""
    enforces = [describe_check(check) for check in clause.checks]
    if clause.entry is not None:
        enforces += _entry(clause.entry)
    reads = enforces or [PROSE]
    reads += [f"{UNENFORCED}: {what}" for _, what in unenforced_in(clause)]
    reads += [one for one in _references(clause) if one not in reads]
    return ClauseShown(clause.shown, clause.text, tuple(reads), bool(enforces))


def _references(clause: Clause) -> Iterator[str]:
    words: dict[str, list[str]] = {}
    for one in clause.references:
        name = f"{one.spec}/{one.clause}" if one.spec else one.clause
        words.setdefault("refers to" if one.word.value == "()" else one.word.value, []).append(name)
    for word, names in words.items():
        yield f"{word} {', '.join(dict.fromkeys(names))}"


def describe_check(check: Check) -> str:
    """What a check demands, with its options, in one line."""
    options = _options(check.options)
    tail = f" ({options})" if options else ""
    match check.kind:
        case CheckKind.COMMAND:
            return f"command: `{check.text}` exits with 0{tail}"
        case CheckKind.TRANSCRIPT:
            steps = (_step(step) for step in check.steps)
            return f"transcript: {', then '.join(steps) or 'no command'}{tail}"
        case CheckKind.SCRIPT:
            return f"script in {check.language} exits with 0{tail}"
        case CheckKind.TEST:
            return f"test: `{check.text}` runs and passes{tail}"
        case CheckKind.MANUAL:
            return f"manual: {check.options.signer or 'a person'} signs it in the review"


def _step(step: TranscriptStep) -> str:
    command = " ".join(step.command.replace("\\\n", " ").split())
    return f"`{command}` prints what is shown and exits with {step.status}"


def _options(options: Options) -> str:
    parts = [name for name in ("regression", "slow", "network") if getattr(options, name)]
    if options.timeout is not None:
        parts.append(f"timeout {options.timeout:g} s")
    if options.runs is not None:
        parts.append(f"runs {options.runs}")
    if options.directory is not None:
        parts.append(f"in {options.directory}")
    parts += [f"env {key}={value}" for key, value in options.env]
    parts += [f"report {glob}" for glob in options.report]
    parts += [f"keep {glob}" for glob in options.keep]
    return ", ".join(parts)


def _entry(entry: Entry) -> list[str]:
    if isinstance(entry, ConstraintEntry):
        return [_constraint(entry), *(describe_check(check) for check in entry.checks)]
    if isinstance(entry, FailureEntry):
        return [_failure(entry), *(describe_check(check) for check in entry.checks)]
    if isinstance(entry, InterfaceEntry):
        return _interface(entry)
    if isinstance(entry, ClarificationEntry):
        return _clarification(entry)
    return _task(entry)


def _constraint(entry: ConstraintEntry) -> str:  # noqa: PLR0911 - one return per word
    globs = ", ".join(f"`{glob.text}`" for glob in entry.globs) or _NOTHING
    match entry.word:
        case ConstraintWord.CHANGE_ONLY:
            return f"every changed path matches one of {globs}"
        case ConstraintWord.DO_NOT_CHANGE:
            return f"no changed path matches {globs}"
        case ConstraintWord.ASK_FIRST:
            return f"a change to {globs} waits for a person"
        case ConstraintWord.KEEP_PASSING:
            ids = f": {', '.join(entry.ids)}" if entry.ids else ""
            return f"keeps passing, at the base and after{ids}"
        case ConstraintWord.MUST_NOT_CONTAIN:
            where = f" in {globs}" if entry.globs else ""
            return f"no added line{where} matches {_NOTHING if entry.pattern is None else f'/{entry.pattern}/'}"
        case ConstraintWord.NO_NEW_DEPENDENCIES:
            return "no dependency is added"
        case ConstraintWord.AT_MOST:
            sizes = ((entry.lines, "lines"), (entry.files, "files"))
            size = ", ".join(f"{size} {unit}" for size, unit in sizes if size is not None)
            return f"the diff has at most {size or _NOTHING}"
        case ConstraintWord.NO_NETWORK:
            return "the agent reaches only its model's endpoint"
        case ConstraintWord.BUDGET:
            return f"the loop stops at {_budget(entry) or _NOTHING}"


def _budget(entry: ConstraintEntry) -> str:
    budget = entry.budget
    if budget is None:
        return ""
    parts = []
    if budget.attempts is not None:
        parts.append(f"{budget.attempts} attempts")
    if budget.wall is not None:
        parts.append(f"{budget.wall:g} s")
    if budget.money is not None:
        parts.append(f"${budget.money:g}")
    if budget.tokens is not None:
        parts.append(f"{budget.tokens} tokens")
    return ", ".join(parts)


def _failure(entry: FailureEntry) -> str:
    match entry.word:
        case FailureWord.ROLL_BACK_WHEN:
            ids = f" of {', '.join(entry.ids)}" if entry.ids else ""
            within = f" within {entry.within:g} s" if entry.within else ""
            often = f"every {entry.every:g} s" if entry.every else "every minute"
            return f"rolled back when a check{ids} fails twice in a row{within} after landing; run {often}"
        case FailureWord.ROLLBACK:
            steps = ("revert" if step.kind is StepKind.REVERT else f"`{step.text}`" for step in entry.steps)
            return "rollback: " + ", then ".join(steps)
        case FailureWord.VERIFY_ROLLBACK:
            ids = f": {', '.join(entry.ids)}" if entry.ids else ""
            return f"after a rollback this proves that it worked{ids}"
        case FailureWord.ESCALATE:
            return f"{entry.who or 'nobody'} is told when all else is exhausted"
        case FailureWord.RETRY:
            return f"at most {entry.attempts or 'the default number of'} attempts"


def _interface(entry: InterfaceEntry) -> list[str]:
    lines = [f"{entry.opening}: {entry.opening_value}"] if entry.opening else []
    for one in entry.specs:
        named = f"{one.spec} of the repository {one.repository}: shown, not waited for"
        lines.append(named if one.repository else f"waits until {one.spec} has landed")
    for binding in Binding:
        names = [f"`{one.text}`" + (" (new)" if one.new else "") for one in entry.named if one.binding is binding]
        if names:
            lines.append(f"{binding.value} {', '.join(names)}")
    return lines


def _clarification(entry: ClarificationEntry) -> list[str]:
    if entry.answer is None:
        return [f"question: {entry.question}", "not answered yet"]
    return [f"question: {entry.question}", f"answered by {entry.who or 'somebody unnamed'}: {entry.answer}"]


def _task(entry: TaskEntry) -> list[str]:
    lines = [f"task: {entry.summary}"]
    if entry.proves:
        lines.append(f"proves {', '.join(entry.proves)}")
    if entry.changes:
        lines.append("may change " + ", ".join(f"`{glob.text}`" for glob in entry.changes))
    if entry.after:
        lines.append(f"after {', '.join(entry.after)}")
    if entry.agent:
        lines.append(f"agent {entry.agent}")
    if entry.lane:
        lines.append(f"lane {entry.lane}")
    return lines

"""What a case may demand of the base that it goes into."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from tests.corpus.bases import Base
from tests.corpus.cases import Case

from snapline.spec.globs import matches
from snapline.spec.model import Binding, Clause, ConstraintEntry, ConstraintWord, InterfaceEntry, Spec
from snapline.spec.model import SectionKind as Kind

_PROGRAMS: Final = (".py", ".go", ".ts", ".js", ".rs", ".kt", ".rb", ".mjs", ".tsx")
"""Endings of files that are source beyond doubt."""
LISTED: Final = re.compile(r"[ \t]*(?:[-*+]|\d+[.)])[ \t]")


def suits(base: Base, case: Case) -> bool:
    """Whether all that a case needs is true of a base."""
    if case.code in base.expects:
        return False
    return all(_holds(base, case, need) for need in case.words("needs"))


def _holds(base: Base, case: Case, need: str) -> bool:
    if need in _FACTS:
        return _FACTS[need](base)
    if need == "list":
        return is_list(base.spec, section_of(case.place))
    kind, _, word = need.partition("-")
    match kind:
        case "nokey":
            return not re.search(rf"^{word}:", base.text, re.MULTILINE)
        case "no":
            return not _FACTS[word](base) if word in _FACTS else _WORDS[word] not in base.text
        case _:
            raise LookupError(f"{case.code}: no such need: {need}")


def section_of(place: str) -> Kind | None:
    """The section that a place begins with."""
    return next((kind for kind in Kind if place == kind.value or place.startswith(f"{kind.value} ")), None)


def is_list(spec: Spec, kind: Kind | None) -> bool:
    """Whether the clauses of a section are items."""
    clauses = spec.clauses(kind) if kind else ()
    return bool(clauses) and all(LISTED.match(spec.source.text, clause.span.start) for clause in clauses)


def names_goal(clause: Clause) -> bool:
    """Whether a criterion names a goal that it proves."""
    return any(reference.clause.startswith("G") and reference.spec is None for reference in clause.references)


def needs_task(clause: Clause) -> bool:
    """Whether a task has to prove the criterion: it is executable and no regression."""
    return bool(clause.executable) and not clause.options.regression


def _all_proved(base: Base) -> bool:
    return all(names_goal(clause) for clause in base.spec.criteria) and base.spec.clauses(Kind.GOAL) != ()


def _any_goal(base: Base) -> bool:
    return not _all_proved(base) and any(clause.written for clause in base.spec.clauses(Kind.GOAL))


def _constrained(base: Base, word: ConstraintWord) -> tuple[str, ...]:
    entries = (clause.entry for clause in base.spec.clauses(Kind.CONSTRAINTS))
    found = (entry.globs for entry in entries if isinstance(entry, ConstraintEntry) and entry.word is word)
    return tuple(one.text for globs in found for one in globs)


def _open_folder(base: Base) -> bool:
    inner = f"{folder(base)}/any/deep.x9"
    only = _constrained(base, ConstraintWord.CHANGE_ONLY)
    never = _constrained(base, ConstraintWord.DO_NOT_CHANGE)
    inside = not only or any(matches(glob, inner) for glob in only)
    return "/" in base.values["path"] and inside and not any(glob.startswith(folder(base)) for glob in never)


def folder(base: Base) -> str:
    """The folder of the file that a base changes."""
    return base.values["path"].rpartition("/")[0]


def _changes_path(base: Base) -> bool:
    entries = (clause.entry for clause in base.spec.clauses(Kind.INTERFACES))
    named = (one for entry in entries if isinstance(entry, InterfaceEntry) for one in entry.named)
    return any(one.text == base.values["path"] and one.binding is Binding.CHANGES for one in named)


def _all_written(base: Base) -> bool:
    return all(clause.written for clause in base.spec.clauses())


def _two_due(base: Base) -> bool:
    first, *others = base.spec.criteria
    return needs_task(first) and any(map(needs_task, others))


_FACTS: Final[Mapping[str, Callable[[Base], bool]]] = {
    "bug": lambda base: "bug" in base.spec.front.labels,
    "tasks": lambda base: bool(base.spec.clauses(Kind.TASKS)),
    "clarifications": lambda base: base.spec.section(Kind.CLARIFICATIONS) is not None,
    "ids": _all_written,
    "all-proved": _all_proved,
    "any-goal": _any_goal,
    "none-goal": _any_goal,
    "titled": lambda base: base.spec.title != base.spec.id,
    "change-only": lambda base: bool(_constrained(base, ConstraintWord.CHANGE_ONLY)),
    "open-dir": _open_folder,
    "changes-path": _changes_path,
    "py-test": lambda base: base.values["test"].endswith(".py"),
    "unassignable": lambda base: needs_task(base.spec.criteria[0]),
    "two-due": _two_due,
    "code": lambda base: base.values["path"].endswith(_PROGRAMS),
    "table": lambda base: "|---" in base.text,
}
_WORDS: Final[Mapping[str, str]] = {
    "budget": "Budget:",
    "atmost": "At most:",
    "retry": "Retry:",
    "escalate": "Escalate:",
    "verify": "Verify rollback:",
    "rollback": "Rollback:",
    "nonet": "No network",
}

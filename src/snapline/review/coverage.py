"""Which clauses explain a changed file; a file that none explains is what a reviewer looks at first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from snapline.base.ids import ClauseId
from snapline.base.regex import regex
from snapline.plan.derive import is_regression
from snapline.spec.globs import fault, matches
from snapline.spec.model import Binding, CheckKind, Clause, InterfaceEntry, SectionKind, Spec, TaskEntry

_WORD = regex(r"[^\s;|&<>()'\"`=,]+")


def explained_by(spec: Spec, path: str) -> tuple[ClauseId, ...]:
    """The clauses that say that ``path`` changes, in reading order.

    An interface does that it changes, provides, removes, makes or touches (using it does not); a task by what it
    changes; a criterion, regressions aside, by the paths that its checks and its code name. Constraints only limit,
    so they explain nothing.
    """
    kinds = (SectionKind.INTERFACES, SectionKind.ACCEPTANCE, SectionKind.TASKS)
    return tuple(clause.id for clause in spec.clauses(*kinds) if any(_names(one, path) for one in _paths(clause)))


def _paths(clause: Clause) -> Iterator[str]:
    """What a clause says about paths: globs, folders, files."""
    match clause.entry:
        case InterfaceEntry(named=named):
            for one in named:
                if one.binding is not Binding.USES:
                    yield one.text.partition("::")[0]
        case TaskEntry(changes=changes):
            yield from (glob.text for glob in changes)
        case _:
            if not is_regression(clause):
                yield from _of_criterion(clause)


def _of_criterion(clause: Clause) -> Iterator[str]:
    for check in clause.executable:
        match check.kind:
            case CheckKind.TEST:
                yield check.node.path if check.node else ""
            case CheckKind.COMMAND | CheckKind.TRANSCRIPT | CheckKind.SCRIPT | CheckKind.MANUAL:
                folder = f"{check.options.directory.rstrip('/')}/" if check.options.directory else ""
                words = (word.removeprefix("./") for word in _WORD.findall(check.text) if _is_pathlike(word))
                yield from (folder + word for word in words)
            case _:
                assert_never(check.kind)
    for span in clause.code:
        if any(check.span.overlaps(span.span) for check in clause.executable):
            continue
        yield from (word.partition("::")[0] for word in _WORD.findall(span.text) if _is_pathlike(word))


def _is_pathlike(word: str) -> bool:
    return ("/" in word or "." in word) and word.strip("./") != ""


def _names(said: str, path: str) -> bool:
    """Whether a file, folder or glob names ``path``."""
    clean = said.removeprefix("./").partition("::")[0]
    return bool(clean) and fault(clean) is None and matches(clean, path)

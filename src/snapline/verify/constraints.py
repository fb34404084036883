"""Constraints held against the diff of a candidate: pure, on its changed paths."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, assert_never

from snapline.base.plain import plain
from snapline.spec.globs import matches
from snapline.spec.model import Clause, ConstraintEntry, ConstraintWord, GlobValue, SectionKind, Spec
from snapline.verify.report import ConstraintRow, ConstraintVerdict

LOCK_FILES = (
    "**/package-lock.json", "**/npm-shrinkwrap.json", "**/yarn.lock", "**/pnpm-lock.yaml", "**/bun.lock",
    "**/uv.lock", "**/poetry.lock", "**/pdm.lock", "**/Pipfile.lock", "**/requirements*.lock",
    "**/Cargo.lock", "**/go.sum", "**/Gemfile.lock", "**/composer.lock", "**/flake.lock", "**/gradle.lockfile",
)  # fmt: skip
"""Lock files, which ``At most`` does not count."""
GENERATED = ("**/*.min.js", "**/*.min.css", "**/*.map", "**/*_pb2.py", "**/*.pb.go", "**/*.snap")
"""Generated files by their usual names, which ``At most`` does not count."""
CONFIG_FILE = "snapline.toml"
_SHOWN = 5


class Changed(Protocol):
    """One changed path of a diff; the counts are lines, None for binary content."""

    @property
    def path(self) -> str:
        """Relative to the root."""

    @property
    def added(self) -> int | None:
        """Lines added."""

    @property
    def removed(self) -> int | None:
        """Lines removed."""


def hold(spec: Spec, changes: Sequence[Changed], kept: Callable[[Clause], ConstraintRow]) -> tuple[ConstraintRow, ...]:
    """A row for every constraint of the spec; ``kept`` judges Keep passing, which takes runs."""
    rows = []
    for clause in spec.clauses(SectionKind.CONSTRAINTS):
        if not isinstance(clause.entry, ConstraintEntry):
            message = "shown to the agent and the reviewer, enforced by nobody"
            rows.append(ConstraintRow(clause.id, ConstraintVerdict.PROSE, message))
        elif clause.entry.word is ConstraintWord.KEEP_PASSING:
            rows.append(kept(clause))
        else:
            rows.append(_row(clause, clause.entry, changes))
    return tuple(rows)


def _row(clause: Clause, entry: ConstraintEntry, changes: Sequence[Changed]) -> ConstraintRow:
    match entry.word:
        case ConstraintWord.CHANGE_ONLY:
            outside = [one.path for one in changes if not _matches_any(entry.globs, one.path)]
            return _decided(clause, outside, "changed outside")
        case ConstraintWord.DO_NOT_CHANGE:
            inside = [one.path for one in changes if _matches_any(entry.globs, one.path)]
            return _decided(clause, inside, "must not change")
        case ConstraintWord.AT_MOST:
            return _at_most(clause, entry, changes)
        case ConstraintWord.BUDGET:
            return _budget(clause, entry)
        case (
            ConstraintWord.ASK_FIRST
            | ConstraintWord.MUST_NOT_CONTAIN
            | ConstraintWord.NO_NEW_DEPENDENCIES
            | ConstraintWord.NO_NETWORK
            | ConstraintWord.KEEP_PASSING
        ):
            message = f"`{entry.word}` is not enforced by this version"
            return ConstraintRow(clause.id, ConstraintVerdict.COULD_NOT_RUN, message)
        case _:
            assert_never(entry.word)


def _decided(clause: Clause, paths: Iterable[str], fault: str) -> ConstraintRow:
    found = list(paths)
    if not found:
        return ConstraintRow(clause.id, ConstraintVerdict.PASS, "")
    return ConstraintRow(clause.id, ConstraintVerdict.FAIL, f"{fault}: {listing(found)}")


def _at_most(clause: Clause, entry: ConstraintEntry, changes: Sequence[Changed]) -> ConstraintRow:
    counted = [one for one in changes if not any(matches(glob, one.path) for glob in (*LOCK_FILES, *GENERATED))]
    lines = sum((one.added or 0) + (one.removed or 0) for one in counted)
    faults = []
    if entry.lines is not None and lines > entry.lines:
        faults.append(f"{lines} lines changed, at most {entry.lines}")
    if entry.files is not None and len(counted) > entry.files:
        faults.append(f"{len(counted)} files changed, at most {entry.files}")
    verdict = ConstraintVerdict.FAIL if faults else ConstraintVerdict.PASS
    return ConstraintRow(clause.id, verdict, "; ".join(faults) or f"{lines} lines in {len(counted)} files")


def _budget(clause: Clause, entry: ConstraintEntry) -> ConstraintRow:
    budget = entry.budget
    if budget and (budget.money is not None or budget.tokens is not None):
        message = "a budget of money or tokens is not enforced by this version"
        return ConstraintRow(clause.id, ConstraintVerdict.COULD_NOT_RUN, message)
    return ConstraintRow(clause.id, ConstraintVerdict.PASS, "spent by attempts; a diff spends nothing")


def protected(changes: Sequence[Changed], spec_path: str | None, *, by_agent: bool) -> tuple[ConstraintRow, ...]:
    """The spec itself and the configuration: an agent must not change them; a person's change is shown."""
    touched = [one.path for one in changes if one.path in {CONFIG_FILE, spec_path} or ".git" in one.path.split("/")]
    if not touched:
        return ()
    if by_agent:
        return (ConstraintRow("protected", ConstraintVerdict.FAIL, f"protected, but changed: {listing(touched)}"),)
    return (ConstraintRow("protected", ConstraintVerdict.PASS, f"also changed: {listing(touched)}"),)


def listing(paths: Sequence[str]) -> str:
    """A few paths in words, and how many more there are."""
    shown = ", ".join(plain(path.encode("utf-8", "replace")) for path in paths[:_SHOWN])
    return f"{shown} and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else shown


def _matches_any(globs: Iterable[GlobValue], path: str) -> bool:
    return any(matches(glob.text, path) for glob in globs)

"""Constraints held against the diff of a candidate: pure, on its changed paths."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, assert_never

from snapline.base.plain import plain
from snapline.spec.globs import matches
from snapline.spec.model import Clause, ConstraintEntry, ConstraintWord, GlobValue, SectionKind, Spec
from snapline.spec.patterns import compiled
from snapline.verify.manifests.dependency import Additions
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


class Added(Protocol):
    """One added line of a diff, without its end."""

    @property
    def path(self) -> str:
        """Relative to the root."""

    @property
    def number(self) -> int:
        """In the new file, from 1."""

    @property
    def text(self) -> str:
        """What it says."""


def forbidding(spec: Spec) -> bool:
    """Whether a constraint is held against added lines."""
    entries = (clause.entry for clause in spec.clauses(SectionKind.CONSTRAINTS))
    return any(isinstance(one, ConstraintEntry) and one.word is ConstraintWord.MUST_NOT_CONTAIN for one in entries)


def bars_dependencies(spec: Spec) -> bool:
    """Whether a constraint is held against the dependencies of manifests."""
    entries = (clause.entry for clause in spec.clauses(SectionKind.CONSTRAINTS))
    return any(isinstance(one, ConstraintEntry) and one.word is ConstraintWord.NO_NEW_DEPENDENCIES for one in entries)


def hold(
    spec: Spec,
    changes: Sequence[Changed],
    kept: Callable[[Clause], ConstraintRow],
    added: Sequence[Added] = (),
    additions: Additions | None = None,
) -> tuple[ConstraintRow, ...]:
    """A row for every constraint of the spec.

    ``kept`` judges Keep passing, which takes runs; ``added`` are the added lines, needed where one is
    :func:`forbidding`, ``additions`` the added dependencies, needed where one :func:`bars_dependencies`.
    """
    difference = _Difference(changes, _globs_of(spec, ConstraintWord.ASK_FIRST), added, additions)
    rows = []
    for clause in spec.clauses(SectionKind.CONSTRAINTS):
        if not isinstance(clause.entry, ConstraintEntry):
            message = "shown to the agent and the reviewer, enforced by nobody"
            rows.append(ConstraintRow(clause.id, ConstraintVerdict.PROSE, message))
        elif clause.entry.word is ConstraintWord.KEEP_PASSING:
            rows.append(kept(clause))
        else:
            rows.append(_row(clause, clause.entry, difference))
    return tuple(rows)


@dataclass(frozen=True)
class _Difference:
    """What a candidate changes, and where a person is asked about it."""

    changes: Sequence[Changed]
    asked: Sequence[GlobValue]
    added: Sequence[Added]
    additions: Additions | None

    def within(self, globs: Sequence[GlobValue]) -> list[str]:
        return [one.path for one in self.changes if _matches_any(globs, one.path)]


def _row(clause: Clause, entry: ConstraintEntry, made: _Difference) -> ConstraintRow:
    match entry.word:
        case ConstraintWord.CHANGE_ONLY:
            # Ask first is the stronger word: there a person decides, and not this fence.
            inside = set(made.within((*entry.globs, *made.asked)))
            outside = [one.path for one in made.changes if one.path not in inside]
            row = _decided(clause, outside, "changed outside")
        case ConstraintWord.DO_NOT_CHANGE:
            row = _decided(clause, made.within(entry.globs), "must not change")
        case ConstraintWord.ASK_FIRST:
            row = _decided(clause, made.within(entry.globs), "a person decides on", ConstraintVerdict.ASK)
        case ConstraintWord.MUST_NOT_CONTAIN:
            row = _must_not_contain(clause, entry, made.added)
        case ConstraintWord.AT_MOST:
            row = _at_most(clause, entry, made.changes)
        case ConstraintWord.BUDGET:
            row = _budget(clause, entry)
        case ConstraintWord.NO_NEW_DEPENDENCIES:
            row = _no_new_dependencies(clause, made.additions)
        case ConstraintWord.NO_NETWORK:
            message = "held by the sandbox while the agent works; a diff reaches nothing"
            row = ConstraintRow(clause.id, ConstraintVerdict.PASS, message)
        case ConstraintWord.KEEP_PASSING:
            message = f"`{entry.word}` is not enforced by this version"
            row = ConstraintRow(clause.id, ConstraintVerdict.COULD_NOT_RUN, message)
        case _:
            assert_never(entry.word)
    return row


def _decided(
    clause: Clause, found: Sequence[str], fault: str, verdict: ConstraintVerdict = ConstraintVerdict.FAIL
) -> ConstraintRow:
    if not found:
        return ConstraintRow(clause.id, ConstraintVerdict.PASS, "")
    return ConstraintRow(clause.id, verdict, f"{fault}: {listing(found)}")


def _must_not_contain(clause: Clause, entry: ConstraintEntry, added: Sequence[Added]) -> ConstraintRow:
    pattern = compiled(entry.pattern or "")
    if isinstance(pattern, str):
        return ConstraintRow(clause.id, ConstraintVerdict.COULD_NOT_RUN, f"the pattern cannot be used: {pattern}")
    meant = (one for one in added if not entry.globs or _matches_any(entry.globs, one.path))
    places = [f"{one.path}:{one.number}" for one in meant if any(map(pattern.search, _lines_in(one.text)))]
    return _decided(clause, places, f"/{entry.pattern}/ was added in")


def _lines_in(text: str) -> tuple[str, ...]:
    """The text of a line of git's, and what it is to those who end lines with a carriage return, or read UTF-16."""
    plain = text.replace("\0", "")
    return (text, *plain.split("\r")) if "\r" in plain or plain != text else (text,)


def _no_new_dependencies(clause: Clause, made: Additions | None) -> ConstraintRow:
    if made is None:
        return ConstraintRow(clause.id, ConstraintVerdict.COULD_NOT_RUN, "the manifests were not compared")
    faults = []
    if made.dependencies:
        faults.append(f"dependencies were added: {listing(made.dependencies)}")
    if made.unreadable:
        faults.append(f"changed, and cannot be read: {listing(made.unreadable)}")
    verdict = ConstraintVerdict.FAIL if faults else ConstraintVerdict.PASS
    return ConstraintRow(clause.id, verdict, "; ".join(faults))


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


def _globs_of(spec: Spec, word: ConstraintWord) -> tuple[GlobValue, ...]:
    entries = (clause.entry for clause in spec.clauses(SectionKind.CONSTRAINTS))
    return tuple(glob for one in entries if isinstance(one, ConstraintEntry) and one.word is word for glob in one.globs)


def _matches_any(globs: Iterable[GlobValue], path: str) -> bool:
    return any(matches(glob.text, path) for glob in globs)

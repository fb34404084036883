"""What differs between two trees, entry by entry. Renames are never guessed: they are a removal and an addition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from snapline.base.ids import Oid
from snapline.base.regex import regex
from snapline.repo.git import Git, decode
from snapline.repo.objects import EntryKind, kind_of

_ABSENT = "000000"
_HUNK = regex(rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


class ChangeStatus(StrEnum):
    """What happened to a path; ``TYPE`` is a file that became a symlink, or the like."""

    ADDED = "A"
    REMOVED = "D"
    MODIFIED = "M"
    TYPE = "T"


@dataclass(frozen=True, slots=True)
class Change:
    """One changed path. Modes, oids and kinds are None on the side where it does not exist.

    ``added`` and ``removed`` count lines; both are None where ``binary``.
    """

    status: ChangeStatus
    path: str
    old_mode: str | None
    new_mode: str | None
    old_oid: Oid | None
    new_oid: Oid | None
    added: int | None
    removed: int | None

    @property
    def binary(self) -> bool:
        """Whether git sees no lines in it."""
        return self.added is None

    @property
    def old_kind(self) -> EntryKind | None:
        """What it was."""
        return kind_of(self.old_mode) if self.old_mode else None

    @property
    def new_kind(self) -> EntryKind | None:
        """What it is now."""
        return kind_of(self.new_mode) if self.new_mode else None


def diff(git: Git, base: str, commit: str) -> tuple[Change, ...]:
    """The changed entries from ``base`` to ``commit``, each by its own path, in git's order."""
    said = git.run(
        "diff-tree", "-r", "-z", "--raw", "--numstat", "--no-renames", "--full-index", "--no-ext-diff", "--no-textconv",
        base, commit, "--",
    )  # fmt: skip
    fields = iter(said.stdout.split(b"\0"))
    raw, first_count = _raw_part(fields)
    counts = _counts(first_count, fields)
    return tuple(_change(meta, path, counts) for meta, path in raw)


def patch(git: Git, base: str, commit: str, paths: Iterable[str] | None = None) -> str:
    """The difference as a unified diff, for people and prompts; binary files are only named.

    ``paths`` limits it to these files and folders, taken literally.
    """
    return git.run(
        "diff-tree", "-r", "-p", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-color",
        base, commit, "--", *(paths or ()),
    ).stdout.decode("utf-8", "replace")  # fmt: skip


@dataclass(frozen=True, slots=True)
class AddedLine:
    """A line that a diff adds, without its end; ``number`` counts from 1 in the new file."""

    path: str
    number: int
    text: str


def added_lines(git: Git, base: str, commit: str, changed: Sequence[Change]) -> Iterator[AddedLine]:
    """The lines added from ``base`` to ``commit``, whose difference is ``changed``; binary files as if they were text.

    Git's parts come in the order of ``changed`` (two for a changed type), and each hunk says how long it is: nothing
    that a line holds can be taken for a header. A submodule has no lines, though git tells its commit in one.
    """
    said = git.run(
        "diff-tree", "-r", "-p", "-U0", "--text", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-color",
        "--submodule=short", base, commit, "--",
    ).stdout  # fmt: skip
    paths = iter([one.path for one in changed for _ in range(1 + (one.status is ChangeStatus.TYPE))])
    submodules = frozenset(one.path for one in changed if one.new_kind is EntryKind.GITLINK)
    path, lines = "", iter(said.split(b"\n"))
    for line in lines:
        if line.startswith(b"diff --git "):
            path = next(paths)
        elif hunk := _HUNK.match(line):
            removed, number, left = (int(1 if part is None else part) for part in hunk.groups())
            while removed or left:
                text = next(lines)
                if text.startswith(b"-"):
                    removed -= 1
                elif text.startswith(b"+"):
                    if path not in submodules:
                        yield AddedLine(path, number, text[1:].decode("utf-8", "replace"))
                    number, left = number + 1, left - 1


def _raw_part(fields: Iterator[bytes]) -> tuple[list[tuple[bytes, bytes]], bytes]:
    found: list[tuple[bytes, bytes]] = []
    for field in fields:
        if not field.startswith(b":"):
            return found, field
        found.append((field, next(fields)))
    return found, b""


def _counts(first: bytes, rest: Iterator[bytes]) -> dict[bytes, tuple[int | None, int | None]]:
    counts: dict[bytes, tuple[int | None, int | None]] = {}
    for field in (first, *rest):
        if field:
            added, removed, path = field.split(b"\t", 2)
            counts[path] = (None, None) if added == b"-" else (int(added), int(removed))
    return counts


def _change(meta: bytes, path: bytes, counts: dict[bytes, tuple[int | None, int | None]]) -> Change:
    old_mode, new_mode, old_oid, new_oid, status = meta[1:].decode("ascii").split(" ")
    added, removed = counts.get(path, (0, 0))
    old, new = old_mode != _ABSENT, new_mode != _ABSENT
    return Change(
        ChangeStatus(status[0]),
        decode(path),
        old_mode if old else None,
        new_mode if new else None,
        Oid(old_oid) if old else None,
        Oid(new_oid) if new else None,
        added,
        removed,
    )

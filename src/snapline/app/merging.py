"""Merging three versions of a file: a spec by its clauses, anything else by lines as git does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from snapline.base.errors import EnvironmentFault, NotFound, UnreadableText
from snapline.base.text import Source
from snapline.repo.linemerge import merge_lines
from snapline.spec.merge import MARKER_SIZE, Conflict, is_spec, merge
from snapline.spec.parser import parse


class NoSuchVersion(NotFound):
    """One of the three files is not there."""

    code = "no-such-file"


class UnreadableVersion(EnvironmentFault):
    """One of the three files cannot be read."""

    code = "unreadable-file"


@dataclass(frozen=True)
class MergedFile:
    """The merged bytes. ``because`` says why the file was merged by lines; empty where it was merged by clauses.

    ``conflicts`` are those of clauses; by lines there is only their number, which ``count`` has in both cases.
    """

    content: bytes
    count: int
    conflicts: tuple[Conflict, ...] = ()
    remarks: tuple[str, ...] = ()
    because: str = ""


def merge_files(base: Path, ours: Path, theirs: Path, path: str, marker_size: int = MARKER_SIZE) -> MergedFile:
    """Merge what two sides made of ``base``; ``path`` is the file's name for people. Writes nothing.

    Raises :class:`NoSuchVersion`, :class:`UnreadableVersion`, and :class:`GitFault` for a file that git cannot merge
    either.
    """
    three = [_read(one, path) for one in (base, ours, theirs)]
    because = _no_spec(three)
    if because:
        lines = merge_lines(base, ours, theirs, marker_size)
        return MergedFile(lines.content, lines.conflicts, because=because)
    sources = [one for one in three if isinstance(one, Source)]
    merged = merge(sources[0], sources[1], sources[2], marker_size=marker_size)
    return MergedFile(merged.text.encode(), len(merged.conflicts), merged.conflicts, merged.remarks)


def _read(file: Path, path: str) -> Source | UnreadableText:
    try:
        return Source.from_bytes(path, file.read_bytes())
    except UnreadableText as fault:
        return fault
    except FileNotFoundError as fault:
        raise NoSuchVersion(f"there is no file {file}") from fault
    except OSError as fault:
        raise UnreadableVersion(f"{file} cannot be read: {fault.strerror}") from fault


def _no_spec(three: list[Source | UnreadableText]) -> str:
    """Why these are no versions of a spec; empty if they are."""
    for one in three:
        if isinstance(one, UnreadableText):
            return one.message
    if not any(is_spec(parse(one)) for one in three if isinstance(one, Source)):
        return "it has no section of a spec"
    return ""

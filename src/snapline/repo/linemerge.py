"""Git's own merge of three files, line by line: for what is no spec."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from snapline.repo.git import bare_run, fault

_MOST_CONFLICTS = 127
"""Git counts conflicts up to here in its exit status; above it says that it could not merge."""


@dataclass(frozen=True, slots=True)
class LineMerge:
    """The merged bytes, and how many conflicts are marked in them."""

    content: bytes
    conflicts: int


def merge_lines(base: Path, ours: Path, theirs: Path, marker_size: int) -> LineMerge:
    """Merge three files by lines, conflicts in the style of diff3; raises :class:`GitFault`, for binary files too."""
    done = bare_run(
        "merge-file", "-p", "-q", "--diff3", f"--marker-size={marker_size}", "-L", "ours", "-L", "base", "-L", "theirs",
        "--", str(ours.absolute()), str(base.absolute()), str(theirs.absolute()), cwd=ours.absolute().parent,
    )  # fmt: skip
    if not 0 <= done.status <= _MOST_CONFLICTS:
        raise fault("merge-file", done)
    return LineMerge(done.stdout, done.status)

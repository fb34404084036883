"""Fixing specs in their files: what is written, what would be, and what a file had become meanwhile."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from snapline.app.files import replace
from snapline.app.linting import context_for, result_of, told
from snapline.app.project import Project
from snapline.app.specs import named_files, read_source
from snapline.app.surroundings import Asked, Surroundings
from snapline.base.diagnostics import Applicability
from snapline.base.text import Source
from snapline.lint.fix import Mended, mend
from snapline.lint.result import FileResult


@dataclass(frozen=True)
class FixedFile:
    """One file with its fixes. ``written`` is False where nothing was to be written, or nothing could be.

    ``stale`` tells that the file changed while it was read, so that it was left alone.
    """

    before: Source
    mended: Mended
    result: FileResult
    written: bool = False
    stale: bool = False

    @property
    def changed(self) -> bool:
        """Whether the fixes change the text."""
        return self.mended.source.raw != self.before.raw

    @property
    def diff(self) -> str:
        """What the fixes change, as a patch that `git apply` takes from the repository's root; empty for nothing."""
        name = self.result.place or self.before.path
        old, new = _lines(self.before.text), _lines(self.mended.source.text)
        lines = unified_diff(old, new, f"a/{name}", f"b/{name}")
        return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def fix_files(
    named: Sequence[str], asked: Asked, wanted: Collection[Applicability], *, write: bool
) -> tuple[FixedFile, ...]:
    """Apply the fixes of the wanted kinds to the named files; with ``write`` they are written, each at one instant."""
    project = Project.around(Path.cwd())
    around = Surroundings.at_head(project, asked)
    done = []
    for file, source in [(file, read_source(file)) for file in named_files(named, project)]:
        fixed = fix_source(source, around, wanted)
        done.append(write_fixed(file, fixed) if write and fixed.changed else fixed)
    return tuple(done)


def fix_source(source: Source, around: Surroundings, wanted: Collection[Applicability]) -> FixedFile:
    """Apply the fixes of the wanted kinds to one text."""
    mended = mend(source, lambda one: context_for(one, around), wanted)
    result = result_of(context_for(mended.source, around), mended.findings, around)
    return FixedFile(source, mended, told(result, around))


def write_fixed(file: Path, fixed: FixedFile) -> FixedFile:
    """Write a fixed text at one instant, unless the file is no longer as it was read."""
    if file.read_bytes() != fixed.before.raw:
        return FixedFile(fixed.before, fixed.mended, fixed.result, stale=True)
    replace(file, fixed.mended.source.raw)
    return FixedFile(fixed.before, fixed.mended, fixed.result, written=True)


def _lines(text: str) -> list[str]:
    """Lines as a patch parts them: at LF alone."""
    *lines, last = text.split("\n")
    return [f"{line}\n" for line in lines] + ([last] if last else [])

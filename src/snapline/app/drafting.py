"""Writing specs: a new one from the template, and the missing ids into those that exist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from snapline.app.files import create, replace
from snapline.app.naming import used_ids
from snapline.app.project import Project
from snapline.app.specs import named_files, read_spec, shown
from snapline.base.errors import UsageFault
from snapline.base.ids import SPEC_ID, ClauseId, SpecId
from snapline.base.text import Source
from snapline.review.approval import approvals
from snapline.spec.edit import apply_checked
from snapline.spec.format import fmt_edits
from snapline.spec.model import Spec
from snapline.spec.parser import parse
from snapline.spec.template import template


class BadSpecId(UsageFault):
    """That is no spec id."""

    code = "bad-spec-id"
    hint = "An id is lower-case letters, digits, `.`, `_` and `-`, and begins with a letter or digit: `retry-uploads`."


class SpecExists(UsageFault):
    """There is such a spec already."""

    code = "spec-exists"


@dataclass(frozen=True)
class Formatted:
    """A text with the ids that its clauses lacked, in reading order; ``file`` is None for one that is no file."""

    before: Source
    after: Source
    ids: tuple[ClauseId, ...]
    file: Path | None = None

    @property
    def changed(self) -> bool:
        """Whether anything is written."""
        return self.before.raw != self.after.raw

    def write(self) -> None:
        """Put the new text in the file's place."""
        if self.file is not None and self.changed:
            replace(self.file, self.after.raw)


def new_spec(spec_id: str, title: str, owner: str) -> Path:
    """Write ``specs/ID.md`` from the template; raises :class:`BadSpecId` and :class:`SpecExists`."""
    if not SPEC_ID.fullmatch(spec_id):
        raise BadSpecId(f"{spec_id!r} is no spec id")
    project = Project.discover(Path.cwd())
    path = project.specs / f"{spec_id}.md"
    if not create(path, template(SpecId(spec_id), title, owner).encode()):
        raise SpecExists(f"{shown(path)} exists already", hint=f"`snapline show {spec_id}` prints it.")
    return path


def format_files(named: Sequence[str]) -> tuple[Formatted, ...]:
    """The specs that a person named (none: all of the project's) with the ids that lack; nothing is written yet."""
    project = Project.around(Path.cwd())
    files = named_files(named, project)
    return tuple(format_text(read_spec(file), project, file) for file in files)


def format_text(spec: Spec, project: Project | None, file: Path | None = None) -> Formatted:
    """One text with the ids that lack; none that an approved revision ever had is given again."""
    used = used_ids(approvals(project.records, spec.id)) if project is not None else frozenset()
    known = parse(spec.source, known=used) if used else spec
    edits = fmt_edits(known)
    after = apply_checked(known, edits, touching=None) if edits else spec.source
    ids = tuple(clause.id for clause in known.clauses() if not clause.written and clause.insertion)
    return Formatted(spec.source, after, ids, file)

"""Writing specs: a new one from the template, and the missing ids into one that exists."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from snapline.app.files import create, replace
from snapline.app.project import Project
from snapline.app.specs import find_file, read_spec, shown
from snapline.base.errors import UsageFault
from snapline.base.ids import SPEC_ID, ClauseId, SpecId
from snapline.spec.edit import apply_checked
from snapline.spec.format import fmt_edits
from snapline.spec.template import template


class BadSpecId(UsageFault):
    """That is no spec id."""

    code = "bad-spec-id"
    hint = "An id is lower-case letters, digits, `.`, `_` and `-`, and begins with a letter or digit: `retry-uploads`."


class SpecExists(UsageFault):
    """There is such a spec already."""

    code = "spec-exists"


@dataclass(frozen=True)
class Written:
    """The ids that were written into a spec, in reading order."""

    path: str
    ids: tuple[ClauseId, ...]


def new_spec(spec_id: str, title: str, owner: str) -> Path:
    """Write ``specs/ID.md`` from the template; raises :class:`BadSpecId` and :class:`SpecExists`."""
    if not SPEC_ID.fullmatch(spec_id):
        raise BadSpecId(f"{spec_id!r} is no spec id")
    project = Project.discover(Path.cwd())
    path = project.specs / f"{spec_id}.md"
    if not create(path, template(SpecId(spec_id), title, owner).encode()):
        raise SpecExists(f"{shown(path)} exists already", hint=f"`snapline show {spec_id}` prints it.")
    return path


def write_ids(named: str) -> Written:
    """Write the ids that the clauses of a spec lack, as splices, and say which."""
    path = find_file(named, Project.around(Path.cwd()))
    spec = read_spec(path)
    edits = fmt_edits(spec)
    if edits:
        replace(path, apply_checked(spec, edits, touching=None).raw)
    missing = tuple(clause.id for clause in spec.clauses() if not clause.written)
    return Written(spec.source.path, missing)

"""Which spec a person means: a path, an id or an ``id@revision``, read from the work tree or from the records."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from snapline.app.project import Project
from snapline.app.specs import find_file, read_spec
from snapline.base.ids import ClauseId, RevisionId, SpecId
from snapline.review.approval import Approval, approval_of, approvals
from snapline.spec.model import Spec
from snapline.spec.parser import parse
from snapline.spec.revision import revision


@dataclass(frozen=True)
class Meant:
    """The spec that is meant. ``file`` is None when it comes from a record."""

    project: Project
    spec: Spec
    file: Path | None

    @cached_property
    def revision(self) -> RevisionId:
        """The revision of the text that was read."""
        return revision(self.spec)

    @cached_property
    def approvals(self) -> tuple[Approval, ...]:
        """All approvals of this spec, oldest first."""
        return approvals(self.project.records, self.spec.id)

    @property
    def approval(self) -> Approval | None:
        """The latest approval of exactly this revision."""
        return next((one for one in reversed(self.approvals) if one.revision == self.revision), None)

    @property
    def path(self) -> str | None:
        """Where the spec lies in the repository; None for one that lies elsewhere."""
        if self.file is None:
            return self.approval.path if self.approval else None
        absolute = self.file.resolve()
        root = self.project.root.resolve()
        return absolute.relative_to(root).as_posix() if absolute.is_relative_to(root) else None


def find_spec(project: Project, name: str) -> Meant:
    """The spec that ``name`` means; raises :class:`NoSuchSpec`, or :class:`NotApproved` for an unknown revision."""
    spec_id, at, digits = name.rpartition("@")
    if at and not Path(name).is_file():
        found = approval_of(approvals(project.records, SpecId(spec_id)), SpecId(spec_id), digits)
        return Meant(project, parse(found.source), None)
    file = find_file(name, project)
    spec = read_spec(file)
    used = used_ids(approvals(project.records, spec.id))
    return Meant(project, parse(spec.source, known=used), file)


def used_ids(found: tuple[Approval, ...]) -> frozenset[ClauseId]:
    """Every clause id that an approved revision ever had: none of them is given again."""
    return frozenset(clause.id for one in found for clause in parse(one.source).clauses() if clause.written)

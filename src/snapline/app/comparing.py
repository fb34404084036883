"""Comparing two revisions of a spec: approved ones, those of any commit, and the file as it is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from snapline.app.naming import used_ids
from snapline.app.project import Project
from snapline.app.specs import NoSuchSpec, find_file, head_tree, read_spec
from snapline.base.errors import NotFound
from snapline.base.ids import ClauseId, SpecId, short
from snapline.base.regex import regex
from snapline.base.text import Source
from snapline.repo.user import NoCommits
from snapline.review.approval import Approval, approvals
from snapline.spec.diff import SpecDiff, diff
from snapline.spec.impact import Impact, impact
from snapline.spec.model import Spec
from snapline.spec.parser import parse

APPROVED = "approved"
"""The name of the latest approved revision."""
FILE = "file"
"""The name of the file as it is in the work tree."""
_DIGITS = regex(r"[0-9a-f]{4,64}")


class NoSuchRevision(NotFound):
    """There is no such revision of the spec."""

    code = "no-such-revision"
    hint = "Name an approved revision by its first digits, `approved`, a commit, COMMIT:PATH, or `file`."


@dataclass(frozen=True)
class Compared:
    """Two revisions and what differs; ``old`` and ``new`` say for people which they are."""

    spec: SpecId
    old: str
    new: str
    difference: SpecDiff
    impact: Impact


def compare(project: Project, name: str, old: str | None, new: str | None) -> Compared:
    """Compare two revisions of the spec ``name``; by default the latest approved one with the file.

    A spec that was never approved is compared with the commit that is checked out. Raises :class:`NoSuchSpec`,
    :class:`NoSuchRevision` and what resolving a commit raises.
    """
    history = _History(project, name)
    if old is None:
        old = APPROVED if history.approvals else "HEAD"
    first, second = history.revision(old), history.revision(new or FILE)
    change = diff(first[1], second[1])
    tree = head_tree(project)
    touched = impact(change, tree.paths if tree is not None else ())
    return Compared(second[1].id, first[0], second[0], change, touched)


class _History:
    """The revisions of one spec."""

    def __init__(self, project: Project, name: str) -> None:
        self.project = project
        self.name = name
        try:
            self.file: Path | None = find_file(name, project)
        except NoSuchSpec:
            self.file = None
            if not approvals(project.records, SpecId(name)):
                raise
        self.id = read_spec(self.file).id if self.file else SpecId(name)

    @cached_property
    def approvals(self) -> tuple[Approval, ...]:
        """The approvals of the spec, oldest first."""
        return approvals(self.project.records, self.id)

    @cached_property
    def known(self) -> frozenset[ClauseId]:
        """The ids that approved revisions have."""
        return used_ids(self.approvals)

    @property
    def path(self) -> str:
        """Where the spec lies, or lay when it was approved, relative to the repository."""
        if self.file is None:
            return self.approvals[-1].path
        absolute, root = self.file.resolve(), self.project.root.resolve()
        if not absolute.is_relative_to(root):
            raise NoSuchRevision(f"{self.file} lies outside the repository, so no commit has it")
        return absolute.relative_to(root).as_posix()

    def revision(self, name: str) -> tuple[str, Spec]:
        """A revision that a person named, with what it is called in the result."""
        if name == FILE:
            return self._work_tree()
        fitting = [one for one in self.approvals if name == APPROVED or _fits(name, one)]
        if fitting:
            return f"{self.id}@{short(fitting[-1].revision)}", self._read(fitting[-1].source)
        if name == APPROVED:
            raise NoSuchRevision(f"`{self.id}` is not approved", hint=f"Pin it first: snapline approve {self.id}")
        return self._commit(name)

    def _work_tree(self) -> tuple[str, Spec]:
        if self.file is None:
            raise NoSuchRevision(f"`{self.id}` has no file any more", hint="Name two of its revisions.")
        spec = read_spec(self.file)
        return spec.source.path, self._read(spec.source)

    def _commit(self, name: str) -> tuple[str, Spec]:
        commit, colon, path = name.partition(":")
        repository = self.project.repository
        try:
            oid = repository.resolve(commit)
        except NotFound as unknown:
            head = commit == "HEAD"
            raise (NoCommits() if head else NoSuchRevision(f"{name!r} is no revision of `{self.id}`")) from unknown
        path = path if colon and path else self.path
        content = repository.tree_view(oid).read(path)
        if content is None:
            raise NoSuchRevision(f"{commit} has no file {path}")
        return f"{commit}:{path}", self._read(Source.from_bytes(path, content))

    def _read(self, source: Source) -> Spec:
        return parse(source, known=self.known)


def _fits(name: str, approval: Approval) -> bool:
    return _DIGITS.fullmatch(name) is not None and approval.revision.startswith(name)

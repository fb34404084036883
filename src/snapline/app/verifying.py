"""Verifying any commit against a spec: no dispatch, no approval needed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from snapline.app.naming import Meant, find_spec
from snapline.app.project import Project
from snapline.app.setting import Say, Setting, remove
from snapline.base.errors import UsageFault
from snapline.base.ids import ClauseId, Oid
from snapline.review.signoff import sign_offs, signed
from snapline.verify.procedure import Verifier
from snapline.verify.report import Report
from snapline.verify.subject import Progress, Subject


class NoBase(UsageFault):
    """What the commit is to be compared with is not clear."""

    code = "no-base"
    hint = "Name it: --base REV."


@dataclass(frozen=True)
class Wanted:
    """What a person wants verified. At most one of ``commit``, ``staged`` and ``worktree`` is given."""

    spec: str
    commit: str | None = None
    staged: bool = False
    worktree: bool = False
    base: str | None = None
    checks_from: str | None = None


def verify(project: Project, wanted: Wanted, say: Say, progress: Progress) -> Report:
    """Baseline and acceptance of a spec against one commit, and the constraints on what it changed."""
    meant = find_spec(project, wanted.spec)
    commit = _commit(project, wanted)
    base = _base(project, meant, wanted, commit)
    if base == commit and wanted.base is None:
        say("note: the commit is its own base, so nothing changed; name the commit before the work: --base REV")
    project.vault.fetch(project.repository, base)
    setting = Setting(project, base, say)
    bench = setting.bench(meant.spec.front.lane, "verify")
    try:
        return Verifier(bench).verify(_subject(project, meant, wanted, base, commit), progress)
    finally:
        remove(bench.folder)


def _commit(project: Project, wanted: Wanted) -> Oid:
    from snapline.repo.snapshot import snapshot  # noqa: PLC0415 - only for what is not committed

    if wanted.staged or wanted.worktree:
        return snapshot(project.repository, project.vault, staged=wanted.staged)
    commit = project.repository.resolve(wanted.commit or "HEAD")
    project.vault.fetch(project.repository, commit)
    return commit


def _base(project: Project, meant: Meant, wanted: Wanted, commit: Oid) -> Oid:
    """The base named, else the merge base with the target branch of the approval, else with the branch at hand."""
    repository = project.repository
    if wanted.base is not None:
        return repository.resolve(wanted.base)
    if wanted.staged or wanted.worktree:
        return repository.head()
    target = meant.approvals[-1].target if meant.approvals else default_target(project)
    tip = repository.branch_tip(target) if target else None
    if tip is None:
        raise NoBase(f"there is no target branch to compare {commit[:8]} with")
    project.vault.fetch(repository, tip)
    found = project.vault.merge_base(tip, commit)
    if found is None:
        raise NoBase(f"{commit[:8]} and {target} have no common history")
    return found


def default_target(project: Project) -> str | None:
    """The branch that work is meant for where nobody said so: the remote's default, else ``main`` or ``master``."""
    repository = project.repository
    remote = repository.here.run("symbolic-ref", "--quiet", "refs/remotes/origin/HEAD", check=False)
    named = remote.text.removeprefix("refs/remotes/origin/") if remote.status == 0 else ""
    known = [name for name in (named, "main", "master", repository.branch() or "") if name]
    return next((name for name in known if repository.branch_tip(name) is not None), None)


def _subject(project: Project, meant: Meant, wanted: Wanted, base: Oid, commit: Oid) -> Subject:
    checks_from = project.repository.resolve(wanted.checks_from) if wanted.checks_from else None
    if checks_from:
        project.vault.fetch(project.repository, checks_from)
    return Subject(
        spec=meant.spec,
        revision=meant.revision,
        base=base,
        commit=commit,
        checks_from=checks_from,
        approved=meant.approval is not None,
        spec_path=meant.path,
        signed=_signed(project, meant, commit),
        session=uuid.uuid4().hex,
    )


def _signed(project: Project, meant: Meant, commit: Oid) -> frozenset[ClauseId]:
    """The criteria that somebody signed for exactly this revision and tree."""
    said = sign_offs(project.records, meant.spec.id)
    return frozenset(signed(said, meant.revision, project.vault.tree_of(commit)))

"""Intake: an agent's work comes back as a bundle, is inspected as data, and becomes one commit made by us."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath

from snapline.base.errors import Refused
from snapline.base.ids import Oid, TaskId, attempt_id, spec_of
from snapline.repo.bundle import BadBundle, Limits, unpack
from snapline.repo.changes import Change
from snapline.repo.git import decode
from snapline.repo.objects import EntryKind
from snapline.repo.pathpolicy import Reason, Refusal, escaping_links, refusals, shown
from snapline.repo.vault import SNAPLINE, Identity, Vault

COLLECT = Path(__file__).with_name("collect.sh").read_text("utf-8")
"""The text of the collecting script, for ``bash -c COLLECT collect BASE`` in the workspace, inside the sandbox.

Standard output is the bundle alone (empty: no change), messages are on standard error; status 3 means that nothing
could be collected.
"""
_TARGET_LIMIT = 4096


class AttemptTaken(Refused):
    """Another candidate of this attempt was published before."""

    code = "attempt-taken"


@dataclass(frozen=True, slots=True)
class Policy:
    """What an intake may bring: limits of the bundle, number of changed files, and the paths that may not change."""

    protected: tuple[str, ...] = ("snapline.toml",)
    limits: Limits = field(default_factory=Limits)
    changes: int = 20_000


@dataclass(frozen=True, slots=True)
class Intake:
    """What an attempt brought.

    ``candidate`` is None when there is no change or it was refused; ``tip`` is the agent's own last commit, kept under
    ``refs/quarantine`` once it is in the vault. ``flags`` are changes that a review should point at.
    """

    candidate: Oid | None
    tip: Oid | None = None
    changes: tuple[Change, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    flags: tuple[str, ...] = ()

    @property
    def unchanged(self) -> bool:
        """Whether the attempt brought nothing at all."""
        return self.candidate is None and not self.refusals


def collect_argv(base: Oid) -> tuple[str, ...]:
    """The command that collects a workspace, to be run in it, in the agent's sandbox."""
    return ("bash", "--noprofile", "--norc", "-c", COLLECT, "collect", base)


def take(
    vault: Vault,
    bundle: Path,
    task: TaskId,
    number: int,
    base: Oid,
    policy: Policy | None = None,
    *,
    identity: Identity = SNAPLINE,
    when: datetime | None = None,
) -> Intake:
    """Inspect a collected bundle and publish its candidate as ``refs/candidates/TASK/NUMBER``, made once.

    The candidate's parent is ``base``, its tree the bundle's tip's, its dates ``when`` (the base's by default): the
    same bundle gives the same candidate, so that a repeated intake is harmless. Raises :class:`AttemptTaken` when this
    attempt already published another one.
    """
    rules = policy or Policy()
    if bundle.stat().st_size == 0:
        return Intake(None)
    try:
        tip = unpack(vault.git, bundle, rules.limits)
    except BadBundle as fault:
        return Intake(None, refusals=(Refusal(Reason.BUNDLE, f"The work could not be taken in: {fault}"),))
    vault.update_ref(quarantine_ref(task, number), tip, vault.ref(quarantine_ref(task, number)))
    if not vault.is_ancestor(base, tip):
        message = f"the work does not build on the base {base[:12]}: its history was rewritten or begun anew"
        return Intake(None, tip, refusals=(Refusal(Reason.REWRITTEN, message),))
    changes = vault.diff(base, tip)
    found = _inspect(vault, base, tip, changes, rules)
    flags = tuple(change.path for change in changes if PurePosixPath(change.path).name == ".gitattributes")
    if found or not changes:
        return Intake(None, tip, changes, found, flags)
    candidate = vault.commit(vault.tree_of(tip), [base], _message(task, number), when or vault.when(base), identity)
    _claim(vault, candidate_ref(task, number), candidate)
    return Intake(candidate, tip, changes, (), flags)


def published(vault: Vault, task: TaskId, number: int) -> Oid | None:
    """The candidate of an attempt; None when it published none."""
    return vault.ref(candidate_ref(task, number))


def candidate_ref(task: TaskId, number: int) -> str:
    """The ref of an attempt's candidate."""
    return f"refs/candidates/{_ref_name(task)}/{number}"


def quarantine_ref(task: TaskId, number: int) -> str:
    """The ref of what an attempt's agent itself committed."""
    return f"refs/quarantine/{_ref_name(task)}/{number}"


def _ref_name(task: TaskId) -> str:
    """A task's id as part of a ref; dots become ``=`` (in no id) where git would refuse them."""
    parts = task.split("/")
    return "/".join(one.replace(".", "=") if ".." in one or one.endswith((".", ".lock")) else one for one in parts)


def _claim(vault: Vault, ref: str, oid: Oid) -> None:
    if not vault.update_ref(ref, oid, None) and vault.ref(ref) != oid:
        raise AttemptTaken(f"{ref} already holds another commit; it is never moved")


def _inspect(vault: Vault, base: Oid, tip: Oid, changes: tuple[Change, ...], rules: Policy) -> tuple[Refusal, ...]:
    if len(changes) > rules.changes:
        message = f"the work changes {len(changes)} files; at most {rules.changes} are taken in"
        return (Refusal(Reason.TOO_MANY, message),)
    found = refusals(changes, rules.protected)
    if not any(EntryKind.SYMLINK in (change.old_kind, change.new_kind) for change in changes):
        return found
    after = _targets(vault, tip)
    before = _targets(vault, base)
    tolerated = {path for path in escaping_links(before) if after.get(path) == before[path]}
    leaving = sorted(escaping_links(after) - tolerated)
    return found + tuple(
        Refusal(
            Reason.SYMLINK, f"{shown(path)} is a symlink that leads out of the repository: {shown(after[path])}", path
        )
        for path in leaving
    )


def _targets(vault: Vault, commit: Oid) -> dict[str, str]:
    """The symlinks of a commit; a target that is too long to be one counts as absolute."""
    with vault.blobs() as blobs:
        raw = {one.path: blobs.read(one.oid) for one in vault.entries(commit) if one.kind is EntryKind.SYMLINK}
    return {path: decode(target) if len(target) < _TARGET_LIMIT else "/..." for path, target in raw.items()}


def _message(task: TaskId, number: int) -> str:
    trailers = f"Spec: {spec_of(task)}\nTask: {task}\nAttempt: {attempt_id(task, number)}"
    return f"Work on {task}, attempt {number}\n\n{trailers}"

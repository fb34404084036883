"""Landing: the merge made in the vault, the target moved in the user's repository, and its reversal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from snapline.base.errors import Refused
from snapline.base.ids import Oid, short
from snapline.repo.checkouts import Checkout, worktrees_of
from snapline.repo.git import GitFault
from snapline.repo.pathpolicy import shown
from snapline.repo.steering import steering
from snapline.repo.user import UserRepository
from snapline.repo.vault import SNAPLINE, Identity, Vault, move_ref, pull

_MERGE_SECONDS = 900.0
"""How long a person's hooks may take when their work tree is moved."""


_FAST_FORWARD = ("--ff-only", "--no-overwrite-ignore", "--no-autostash", "--no-squash", "--commit", "--no-stat")
"""Named one by one, because a person's configuration may say otherwise of each."""
_FORBIDDEN = ("signature", "aborted by hook")
"""What git says when a rule of the person's, and not the state of the work tree, stands against the merge."""


class LandsNothing(Refused):
    """The landing would change nothing."""

    code = "lands-nothing"
    hint = "Was it landed and reverted before? Then dispatch the spec again instead of merging the old work again."


class LandResult(StrEnum):
    """How a move of the target ended.

    ``ALREADY``: it is there, from an earlier try. ``LOST_RACE``: the target is neither at the old nor the new commit,
    so start over. ``WORKING_TREE``: a person's work tree stands in the way. ``REFUSED``: git would not.
    """

    LANDED = "landed"
    ALREADY = "already"
    LOST_RACE = "lost-race"
    WORKING_TREE = "working-tree"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class LandOutcome:
    """The result, the target's commit as read back (None: the branch is not there), and why in words."""

    result: LandResult
    tip: Oid | None
    message: str = ""


@dataclass(frozen=True, slots=True)
class Joined:
    """A commit made in the vault, or the paths that conflict (then ``commit`` is None)."""

    commit: Oid | None
    conflicts: tuple[str, ...] = ()


def merge(
    vault: Vault, tip: Oid, work: Oid, message: str, *, when: datetime | None = None, identity: Identity = SNAPLINE
) -> Joined:
    """The merge commit of ``work`` into ``tip``, always with two parents; the same arguments give the same commit.

    ``when`` defaults to the later of the two commits' dates. Raises :class:`LandsNothing` when the result equals
    ``tip``'s tree.
    """
    merged = vault.merge_tree(tip, work)
    if merged.tree is None:
        return Joined(None, merged.conflicts)
    if merged.tree == vault.tree_of(tip):
        raise LandsNothing(f"merging {short(work)} into {short(tip)} changes nothing")
    moment = when or max(vault.when(tip), vault.when(work))
    return Joined(vault.commit(merged.tree, [tip, work], message, moment, identity))


def revert(
    vault: Vault,
    tip: Oid,
    landings: Sequence[Oid],
    message: str,
    *,
    when: datetime | None = None,
    identity: Identity = SNAPLINE,
) -> Joined:
    """One commit on ``tip`` that takes back merge commits, in the order given, each against its first parent.

    Raises :class:`LandsNothing` when nothing of them is left to take back.
    """
    tree = vault.tree_of(tip)
    for landing in landings:
        reverted = _without(vault, tree, landing)
        if reverted.tree is None:
            return Joined(None, reverted.conflicts)
        tree = reverted.tree
    if tree == vault.tree_of(tip):
        raise LandsNothing(f"reverting on {short(tip)} changes nothing", hint="It was reverted before.")
    return Joined(vault.commit(tree, [tip], message, when or vault.when(tip), identity))


def move_target(user: UserRepository, vault: Vault, target: str, new: Oid, old: Oid) -> LandOutcome:
    """Move branch ``target`` of the user's repository from ``old`` to ``new`` and read it back; safe to repeat.

    Where the branch is checked out, ``git merge --ff-only`` runs there, in the person's environment: their hooks may
    run, and what they have not committed is never overwritten; a landing that changes those hooks, or other files
    that steer the person's git, is left to them. Elsewhere the ref is compared and swapped.
    """
    settled = _settled(user, vault, target, new, old)
    if settled is not None:
        return settled
    pull(user.git, vault.folder, [new])
    holders = worktrees_of(user, target)
    return _in_worktree(user, vault, holders, target, new, old) if holders else _by_ref(user, vault, target, new, old)


def _settled(user: UserRepository, vault: Vault, target: str, new: Oid, old: Oid) -> LandOutcome | None:
    """The outcome that holds before anything is moved; None when the target is at ``old``."""
    tip = user.branch_tip(target)
    if tip is None:
        return LandOutcome(LandResult.LOST_RACE, None, f"the branch {target} is not there any more")
    if tip == new or _contains(user, tip, new):
        return LandOutcome(LandResult.ALREADY, tip, f"{target} already holds {short(new)}")
    if tip != old:
        return LandOutcome(LandResult.LOST_RACE, tip, f"{target} was moved to {short(tip)} meanwhile")
    if not vault.is_ancestor(old, new):
        return LandOutcome(LandResult.REFUSED, tip, f"{short(new)} does not build on {short(old)}")
    return None


def _contains(user: UserRepository, tip: Oid, new: Oid) -> bool:
    asked = user.git.run("merge-base", "--is-ancestor", "--", new, tip, check=False)
    return asked.status == 0


def _by_ref(user: UserRepository, vault: Vault, target: str, new: Oid, old: Oid) -> LandOutcome:
    try:
        moved = move_ref(user.git, f"refs/heads/{target}", new, old, reason=f"snapline: land {short(new)}")
    except GitFault as fault:
        return LandOutcome(LandResult.REFUSED, user.branch_tip(target), fault.message)
    if moved:
        return LandOutcome(LandResult.LANDED, new)
    return _settled(user, vault, target, new, old) or LandOutcome(
        LandResult.REFUSED, old, f"git did not move {target} and does not say why"
    )


def _in_worktree(
    user: UserRepository, vault: Vault, holders: Sequence[Checkout], target: str, new: Oid, old: Oid
) -> LandOutcome:
    place = holders[0]
    obstacle = _obstacle(holders, target, old)
    if obstacle:
        return LandOutcome(LandResult.WORKING_TREE, user.branch_tip(target), obstacle)
    steers = steering(place, [change.path for change in vault.diff(old, new)])
    if steers:
        return LandOutcome(LandResult.WORKING_TREE, old, _by_hand(steers, place, new))
    merged = place.personal.run("merge", *_FAST_FORWARD, new, check=False, timeout=_MERGE_SECONDS)
    after = _head_of(place)
    tip = user.branch_tip(target)
    if after == (target, new):
        return LandOutcome(LandResult.LANDED, tip)
    if tip is not None and _contains(user, tip, new):
        return LandOutcome(LandResult.ALREADY, tip, f"{target} already holds {short(new)}")
    if tip != old:
        return LandOutcome(LandResult.LOST_RACE, tip, f"{target} was moved meanwhile")
    forbidden = any(mark in merged.complaint for mark in _FORBIDDEN)
    result = LandResult.REFUSED if forbidden else LandResult.WORKING_TREE
    return LandOutcome(result, tip, f"git would not move {place.root}: {merged.complaint}")


def _by_hand(steers: Sequence[str], place: Checkout, new: Oid) -> str:
    """Why a landing is left to the person, and how they do it."""
    return (
        f"the landing changes what your git runs or obeys in {place.root}: {_listed(shown(one) for one in steers)}. "
        f"Look at it, then: git merge --ff-only {short(new)}"
    )


def _obstacle(holders: Sequence[Checkout], target: str, old: Oid) -> str:
    """Why the work trees that hold the target cannot be moved; empty when the only one can."""
    if len(holders) > 1:
        return f"{target} is checked out in {len(holders)} work trees: {_listed(one.root for one in holders)}"
    place = holders[0]
    if place.busy:
        return f"{place.busy} in {place.root}"
    if not place.root.is_dir():
        return f"{target} is checked out in {place.root}, which is not there now"
    if _head_of(place) != (target, old):
        return f"{place.root} has just been changed to another commit"
    return ""


def _head_of(place: Checkout) -> tuple[str, Oid]:
    """The branch that a work tree is on (empty: detached) and its commit."""
    name = place.git.run("symbolic-ref", "--quiet", "HEAD", check=False).text.removeprefix("refs/heads/")
    return name, Oid(place.git.run("rev-parse", "--verify", "--quiet", "HEAD^{commit}", check=False).text)


def _listed(names: Iterable[object]) -> str:
    return ", ".join(str(name) for name in names)


@dataclass(frozen=True, slots=True)
class _Reverted:
    tree: Oid | None
    conflicts: tuple[str, ...]


def _without(vault: Vault, tree: Oid, landing: Oid) -> _Reverted:
    """``tree`` with what ``landing`` brought taken out.

    It is a merge whose base is the landing and whose other side is its first parent. Commits of our own carry the
    three trees, since git before 2.40 takes no merge base by name.
    """
    parents = vault.parents(landing)
    if not parents:
        raise GitFault(f"{short(landing)} has no parent to go back to")
    when = vault.when(landing)
    origin = vault.commit(vault.tree_of(landing), [], "origin", when)
    ours = vault.commit(tree, [origin], "ours", when)
    theirs = vault.commit(vault.tree_of(parents[0]), [origin], "theirs", when)
    merged = vault.merge_tree(ours, theirs)
    return _Reverted(merged.tree, merged.conflicts)

"""Where a branch is checked out, and what keeps a work tree from being moved."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from snapline.repo.git import Git, GitFault, decode
from snapline.repo.user import UserRepository

_LOST = "a work tree whose place git does not know has the branch checked out"


@dataclass(frozen=True, slots=True)
class Checkout:
    """A work tree that holds a branch. ``busy`` says what is under way there (a rebase, a bisection), or is empty."""

    root: Path
    git_dir: Path
    busy: str = ""

    @property
    def git(self) -> Git:
        """Sealed git on it."""
        return Git(self.git_dir, self.root)

    @property
    def personal(self) -> Git:
        """Git on it as the person runs it."""
        return Git(self.git_dir, self.root, personal=True)


def worktrees_of(user: UserRepository, branch: str) -> tuple[Checkout, ...]:
    """The work trees that have ``branch`` checked out, or detached from it for a rebase or a bisection."""
    ref = f"refs/heads/{branch}"
    found = []
    for root, git_dir, head in _worktrees(user):
        busy = _LOST if root == git_dir else "" if head == ref else _detached_from(git_dir, branch)
        if head == ref or (busy and root != git_dir):
            found.append(Checkout(root, git_dir, busy))
    return tuple(found)


def _worktrees(user: UserRepository) -> list[tuple[Path, Path, str]]:
    """Every work tree: its folder, its git folder, and the ref that its HEAD names (empty when detached).

    The one we were called in comes first and is known best: for a submodule or a separate git folder, git's own list
    names the git folder in the work tree's place. Linked work trees that are gone hold nothing, unless locked.
    """
    own = user.here.run("symbolic-ref", "--quiet", "HEAD", check=False).text
    found = [(user.root, user.git_dir, own)]
    listed = user.git.run("worktree", "list", "--porcelain", "-z").stdout
    for block in listed.split(b"\0\0"):
        facts = dict(_fact(line) for line in block.split(b"\0") if line)
        if "worktree" not in facts or "bare" in facts:
            continue
        root = Path(facts["worktree"])
        git_dir = _git_dir(root) or (root if root == user.common_dir or "locked" in facts else None)
        if git_dir is not None and git_dir != user.git_dir:
            found.append((root, git_dir, facts.get("branch", "")))
    return found


def _fact(line: bytes) -> tuple[str, str]:
    key, _, value = line.partition(b" ")
    return decode(key), decode(value)


def _git_dir(root: Path) -> Path | None:
    """The git folder of a work tree; None when the work tree is no longer there."""
    pointer = root / ".git"
    if pointer.is_dir():
        return pointer
    try:
        said = pointer.read_bytes()
    except FileNotFoundError:
        return None
    if not said.startswith(b"gitdir: "):
        raise GitFault(f"{pointer} does not say where its git folder is")
    return root / decode(said.removeprefix(b"gitdir: ").strip())


def _detached_from(git_dir: Path, branch: str) -> str:
    marks = (
        ("rebase-merge/head-name", f"refs/heads/{branch}", "a rebase is under way"),
        ("rebase-apply/head-name", f"refs/heads/{branch}", "a rebase is under way"),
        ("BISECT_START", branch, "a bisection is under way"),
    )
    for name, expected, what in marks:
        place = git_dir / name
        if place.is_file() and place.read_text("utf-8", "surrogateescape").strip() == expected:
            return what
    return ""

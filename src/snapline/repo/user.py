"""The user's repository: found, questioned and fetched from. It is written only by landing and by records."""

from __future__ import annotations

import os
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from snapline.base.errors import EnvironmentFault, NotFound
from snapline.base.ids import Oid
from snapline.repo import objects
from snapline.repo.git import Git, Result, bare_run, decode, encode
from snapline.repo.objects import TreeView

ID_FILE = "snapline-id"
"""In the common git folder: the name of this repository in the state home."""


class NotARepository(EnvironmentFault):
    """This is not inside a git repository."""

    code = "not-a-repository"
    hint = "Make one here with `git init && git add -A && git commit -m 'First commit'`, or change into one."


class UnusableRepository(EnvironmentFault):
    """The repository cannot be used."""

    code = "unusable-repository"


class NoCommits(NotFound):
    """The repository has no commit yet."""

    code = "no-commits"
    hint = "Make the first one: `git add -A && git commit -m 'First commit'`."


@dataclass(frozen=True)
class UserRepository:
    """A user's repository as seen from one of its work trees.

    ``root`` is that work tree, ``git_dir`` its git folder, ``common_dir`` the one that all work trees share.
    """

    root: Path
    git_dir: Path
    common_dir: Path
    object_format: str

    @classmethod
    def discover(cls, path: Path) -> UserRepository:
        """The repository around ``path``.

        Raises :class:`NotARepository`, or :class:`UnusableRepository` for one that is bare, shallow, partial or owned
        by somebody whom git does not trust.
        """
        here = path.resolve()
        if not here.is_dir():
            raise NotARepository(f"{path} is not a folder")
        lines = _told_at_once(here) or _told_one_by_one(here)
        root, git_dir, common_dir = (Path(line) for line in lines[:3])
        repository = cls(root, git_dir, common_dir, lines[3])
        repository._refuse_incomplete(shallow=lines[4] == "true")
        return repository

    @property
    def git(self) -> Git:
        """Sealed git on what all work trees share: objects, refs."""
        return Git(self.common_dir)

    @property
    def here(self) -> Git:
        """Sealed git on this work tree's HEAD and index."""
        return Git(self.git_dir, self.root)

    @property
    def personal(self) -> Git:
        """Git on this work tree as the person runs it: their configuration, filters and ignore files."""
        return Git(self.git_dir, self.root, personal=True)

    def repo_id(self) -> str | None:
        """The name of this repository in the state home; None before :meth:`register`."""
        try:
            return (self.common_dir / ID_FILE).read_text("ascii").strip() or None
        except FileNotFoundError:
            return None

    def register(self) -> str:
        """The name of this repository, given on the first call."""
        known = self.repo_id()
        if known is not None:
            return known
        draft = self.common_dir / f"{ID_FILE}.{os.getpid()}.tmp"
        draft.write_text(uuid.uuid4().hex + "\n", "ascii")
        try:
            (self.common_dir / ID_FILE).hardlink_to(draft)
        except FileExistsError:
            return self.register()
        finally:
            draft.unlink()
        return self.register()

    def resolve(self, revision: str) -> Oid:
        """The commit that ``revision`` names, as git reads it here; raises :class:`objects.UnknownRevision`."""
        return objects.resolve(self.here, revision)

    def head(self) -> Oid:
        """The commit that is checked out; raises :class:`NoCommits`."""
        found = self.here.run("rev-parse", "--verify", "--quiet", "HEAD^{commit}", check=False)
        if found.status:
            raise NoCommits
        return Oid(found.text)

    def branch(self) -> str | None:
        """The branch that is checked out; None when HEAD is detached."""
        found = self.here.run("symbolic-ref", "--quiet", "HEAD", check=False).text
        return found.removeprefix("refs/heads/") if found.startswith("refs/heads/") else None

    def branch_tip(self, branch: str) -> Oid | None:
        """The commit of a local branch; None when there is no such branch."""
        found = self.git.run("rev-parse", "--verify", "--quiet", f"refs/heads/{branch}^{{commit}}", check=False)
        return Oid(found.text) if found.status == 0 else None

    def has_landed(self, spec: str, branch: str) -> bool:
        """Whether a landing of ``spec`` stands on a local branch."""
        return spec in self.landed(branch)

    def landed(self, branch: str) -> dict[str, str]:
        """The specs whose newest commit on a local branch reverts nothing, each with the revision that it names.

        A commit names its specs by the trailer ``Spec``; the revision is empty where there is no ``Revision``.
        """
        trailers = "%x09".join(
            f"%(trailers:key={one},valueonly,separator=%x20)" for one in ("Spec", "Revision", "Reverts")
        )
        said = self.git.run("log", "--grep=^Spec:", f"--format={trailers}", f"refs/heads/{branch}", "--", check=False)
        newest: dict[str, tuple[str, str]] = {}
        for line in said.text.splitlines():
            specs, revision, reverted = line.split("\t")
            for spec in specs.split():
                newest.setdefault(spec, (revision, reverted.strip()))
        return {spec: revision for spec, (revision, reverted) in newest.items() if not reverted}

    def ignored(self, paths: Sequence[str]) -> frozenset[str]:
        """Those of some paths, relative to the root, that git ignores for this person."""
        asked = b"".join(encode(path) + b"\0" for path in paths)
        said = self.personal.run(
            "check-ignore", "-z", "--stdin", input=asked, check=False, settings=("core.fsmonitor=false",)
        )
        return frozenset(decode(path) for path in said.stdout.split(b"\0") if path)

    def dirty(self) -> tuple[str, ...]:
        """Paths that differ from HEAD, staged or not, and untracked ones (a new folder as ``name/``)."""
        said = self.personal.run(
            "--no-optional-locks", "status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=normal",
            settings=("core.fsmonitor=false",),
        )  # fmt: skip
        return tuple(decode(line[3:]) for line in said.stdout.split(b"\0") if line)

    def tree_view(self, commit: Oid) -> TreeView:
        """A commit's tree for the language's questions."""
        return TreeView(self.git, commit)

    def user_identity(self) -> tuple[str, str] | None:
        """The person's name and mail address as git knows them; None when either is not set."""
        name, mail = (
            self.personal.run("config", "--get", f"user.{key}", check=False).text for key in ("name", "email")
        )
        return (name, mail) if name and mail else None

    def _refuse_incomplete(self, *, shallow: bool) -> None:
        if shallow:
            raise UnusableRepository(
                f"{self.root} is a shallow clone: part of its history is missing",
                hint="Fetch the rest first: `git fetch --unshallow`.",
            )
        keys = r"^(remote\..*\.promisor|extensions\.partialclone)$"
        told = self.git.run("config", "-z", "--get-regexp", keys, check=False)
        pairs = [one.partition("\n") for one in decode(told.stdout).split("\0")]
        if any(value == "true" if key.endswith(".promisor") else value for key, _, value in pairs):
            raise UnusableRepository(
                f"{self.root} is a partial clone: git would fetch missing objects while we read",
                hint="Clone it again without `--filter`, or run `git fetch --refetch --no-filter`.",
            )


_PLACES = (
    "--show-toplevel",
    "--absolute-git-dir",
    "--git-common-dir",
    "--show-object-format",
    "--is-shallow-repository",
)
_KIND = ("--is-bare-repository", "--is-inside-work-tree")


def _told_at_once(here: Path) -> list[str] | None:
    """What one process says about the repository around a folder; None where it is none, or a path has a line end."""
    said = bare_run("rev-parse", *_KIND, "--path-format=absolute", *_PLACES, cwd=here)
    kind, lines = said.text.split("\n")[:2], said.text.split("\n")[2:]
    return lines if said.status == 0 and kind == ["false", "true"] and len(lines) == len(_PLACES) else None


def _told_one_by_one(here: Path) -> list[str]:
    """The same, asked one by one; raises what :meth:`UserRepository.discover` raises."""
    found = bare_run("rev-parse", *_KIND, cwd=here)
    if found.status:
        raise _not_found(here, found)
    if found.text.split() != ["false", "true"]:
        raise _without_work_tree(here, bare=found.text.startswith("true"))
    return [bare_run("rev-parse", "--path-format=absolute", one, cwd=here).text for one in _PLACES]


def _not_found(here: Path, said: Result) -> EnvironmentFault:
    if "dubious ownership" in said.complaint:
        return UnusableRepository(
            f"git does not trust the repository around {here}, because another user owns it",
            hint=f"If you do, run: `git config --global --add safe.directory {here}`",
        )
    if "not a git repository" in said.complaint:
        return NotARepository(f"{here} is not inside a git repository")
    return UnusableRepository(f"git cannot read the repository around {here}: {said.complaint}")


def _without_work_tree(here: Path, *, bare: bool) -> EnvironmentFault:
    what = "is in a bare repository, which has no work tree" if bare else "is inside a .git folder"
    return UnusableRepository(f"{here} {what}", hint="Change into a work tree of the repository.")

"""Running git: sealed against everything that a repository or an environment could plant, or as the person would."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from snapline.base.errors import EnvironmentFault
from snapline.base.regex import regex

MINIMUM = (2, 38)
"""The oldest git that serves: the first with ``merge-tree --write-tree``."""

_SEALED_CONFIG = Path(__file__).with_name("sealed.gitconfig")
_SEALED_KEEPS = ("PATH", "TMPDIR", "LD_LIBRARY_PATH")
_PERSONAL_KEEPS = regex(
    r"GIT_(CONFIG_(GLOBAL|SYSTEM|NOSYSTEM)|ASKPASS|SSH|SSH_COMMAND|SSH_VARIANT|PROXY_COMMAND|SSL_\w+|HTTP_\w+|EXEC_PATH"
    r"|(AUTHOR|COMMITTER)_(NAME|EMAIL))"
)
_SEALED_SETTINGS = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.untrackedCache=false",
    "core.commitGraph=false",
    "core.attributesFile=/dev/null",
    "core.excludesFile=/dev/null",
    "core.autocrlf=false",
    "core.eol=lf",
    "core.symlinks=true",
    "core.fileMode=true",
    "core.quotePath=false",
    "core.logAllRefUpdates=false",
    "core.filesRefLockTimeout=10000",
    "core.packedRefsTimeout=10000",
    "core.sshCommand=/bin/false",
    "core.editor=true",
    "core.pager=cat",
    "credential.helper=",
    "commit.gpgSign=false",
    "gpg.program=/bin/false",
    "diff.external=",
    "diff.renames=false",
    "merge.renames=true",
    "merge.conflictStyle=merge",
    "submodule.recurse=false",
    "fetch.recurseSubmodules=false",
    "protocol.allow=never",
    "protocol.file.allow=always",
    "protocol.version=2",
    "gc.auto=0",
    "maintenance.auto=false",
)


class GitFault(EnvironmentFault):
    """Git could not do what it was asked."""

    code = "git"


class GitMissing(EnvironmentFault):
    """Git is not installed."""

    code = "git-missing"
    hint = "Install it: `apt-get install git` (2.38 or newer)."


@dataclass(frozen=True, slots=True)
class Result:
    """What a git command left: its two streams as bytes and its exit status."""

    stdout: bytes
    stderr: bytes
    status: int

    @property
    def text(self) -> str:
        """The standard output as text, undecodable bytes kept as surrogates, without the last line end."""
        return decode(self.stdout).removesuffix("\n")

    @property
    def complaint(self) -> str:
        """What git said on standard error, for a person."""
        return self.stderr.decode("utf-8", "replace").strip()


@dataclass(frozen=True)
class Git:
    """Git bound to one repository.

    Sealed (the default), nothing outside the arguments decides what happens: no system or personal configuration, no
    hooks, filters, file system monitor, external diff, replacement refs, grafts, commit graph, pager, editor or prompt,
    and no ``GIT_*`` variable of the caller. Personal, it runs with the person's HOME and configuration, because
    filters, ignore files, credentials and hooks are theirs there; ``GIT_*`` variables that would point it at another
    repository are left out all the same.
    """

    git_dir: Path
    work_tree: Path | None = None
    personal: bool = False
    variables: tuple[tuple[str, str], ...] = ()

    def given(self, **variables: str) -> Git:
        """The same git with these environment variables on top, such as ``GIT_INDEX_FILE``."""
        return replace(self, variables=(*self.variables, *variables.items()))

    def run(
        self,
        *args: str,
        input: bytes | None = None,  # noqa: A002 - the name that subprocess gives it
        check: bool = True,
        settings: Sequence[str] = (),
        cwd: Path | None = None,
        timeout: float | None = None,
    ) -> Result:
        """Run one command to its end; ``settings`` are ``key=value``, ``timeout`` is in seconds.

        Raises :class:`GitFault` when it exits with another status than 0 (unless ``check`` is false) or runs out of
        time, :class:`GitMissing` when there is no git.
        """
        # Git outlives us: a signal to our group, or a broken pipe, must not leave half-written refs and stale locks.
        with TemporaryFile() as out, TemporaryFile() as err:
            try:
                done = subprocess.run(
                    self.argv(*args, settings=settings),
                    input=input,
                    stdin=subprocess.DEVNULL if input is None else None,
                    stdout=out,
                    stderr=err,
                    env=self.environment(),
                    cwd=cwd or self.work_tree or self.git_dir,
                    timeout=timeout,
                    check=False,
                    umask=-1 if self.personal else 0o022,
                    start_new_session=True,
                )
            except FileNotFoundError as error:
                raise _not_started(error) from error
            except subprocess.TimeoutExpired as error:
                raise GitFault(f"git {args[0]} took more than {timeout:g} s and was stopped") from error
            result = Result(_all(out), _all(err), done.returncode)
        if check and result.status:
            raise fault(args[0], result)
        return result

    def argv(self, *args: str, settings: Sequence[str] = ()) -> list[str]:
        """The whole command line, with absolute paths."""
        places = [f"--git-dir={self.git_dir}"]
        if self.work_tree is not None:
            places.append(f"--work-tree={self.work_tree}")
        inherent = () if self.personal else _SEALED_SETTINGS
        return ["git", *places, *(part for one in (*inherent, *settings) for part in ("-c", one)), *args]

    def environment(self) -> dict[str, str]:
        """The environment that git runs in."""
        return {**(personal_environment() if self.personal else sealed_environment()), **dict(self.variables)}


def sealed_environment() -> dict[str, str]:
    """An environment in which git obeys its arguments alone."""
    return {
        **{name: os.environ[name] for name in _SEALED_KEEPS if name in os.environ},
        "HOME": "/nonexistent",
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": str(_SEALED_CONFIG),
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_GRAFT_FILE": "/dev/null",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "/bin/false",
        "GIT_EDITOR": "true",
        "GIT_PAGER": "cat",
    }


def personal_environment() -> dict[str, str]:
    """The person's environment, without the variables that would point git at another repository."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or _PERSONAL_KEEPS.fullmatch(name)
    }
    return {
        **kept,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_EDITOR": "true",
        "GIT_MERGE_AUTOEDIT": "no",
        "LANGUAGE": "C",
        "LC_ALL": "C.UTF-8",
    }


def bare_run(*args: str, cwd: Path) -> Result:
    """Run git in the person's environment without a repository named: for finding one. Never raises on a status."""
    try:
        done = subprocess.run(
            ["git", *args],
            cwd=cwd,
            env=personal_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except (FileNotFoundError, NotADirectoryError) as error:
        raise _not_started(error) from error
    return Result(done.stdout, done.stderr, done.returncode)


def version() -> tuple[int, ...]:
    """The version of the git on PATH, such as ``(2, 39, 5)``; raises :class:`GitMissing`."""
    said = bare_run("--version", cwd=Path("/")).text
    match = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", said)
    if match is None:
        raise GitMissing(f"`git --version` said {said!r}, which names no version")
    return tuple(int(part) for part in match.groups() if part is not None)


def decode(raw: bytes) -> str:
    """Text of a path or message; bytes that are not UTF-8 become surrogates, so that :func:`encode` gives them back."""
    return raw.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """The bytes of a text that :func:`decode` made."""
    return text.encode("utf-8", "surrogateescape")


def alternates(*stores: Path) -> str:
    """The value of ``GIT_ALTERNATE_OBJECT_DIRECTORIES`` for object stores, whatever is in their paths."""
    return ":".join('"' + str(one).replace("\\", "\\\\").replace('"', '\\"') + '"' for one in stores)


def fault(command: str, result: Result) -> GitFault:
    """The error for a command that failed, with what helps where we know it."""
    said = result.complaint or f"it exited with status {result.status} and said nothing"
    return GitFault(f"git {command} failed: {said}", hint=_hint(said))


_HINTS = (
    ("dubious ownership", "The folder belongs to another user; if you trust it, run the `git config` command above."),
    (".lock': File exists", "If no other git is running there, remove the lock file that is named above."),
    ("No space left", "Free some disk space and try again."),
    ("Permission denied", "Snapline needs to be able to read and write there."),
)


def _hint(said: str) -> str:
    return next((hint for mark, hint in _HINTS if mark in said), "")


def _all(stream: IO[bytes]) -> bytes:
    stream.seek(0)
    return stream.read()


def _not_started(error: OSError) -> EnvironmentFault:
    missing_folder = error.filename not in (None, "git")
    return GitFault(f"no such folder: {error.filename}") if missing_folder else GitMissing()

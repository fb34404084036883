"""A person at work in a repository of their own: real git, with their own HOME."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Person:
    """Runs git in ``root`` the way a person does; their configuration is in ``home``."""

    root: Path
    home: Path

    @property
    def env(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "Ann",
            "GIT_AUTHOR_EMAIL": "ann@example.org",
            "GIT_COMMITTER_NAME": "Ann",
            "GIT_COMMITTER_EMAIL": "ann@example.org",
        }

    def git(self, *args: str, check: bool = True) -> str:
        done = subprocess.run(
            ["git", *args], cwd=self.root, env=self.env, capture_output=True, check=False, stdin=subprocess.DEVNULL
        )
        if check and done.returncode:
            raise AssertionError(f"git {args} failed: {done.stderr.decode('utf-8', 'replace')}")
        return done.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")

    def write(self, path: str, text: str) -> Path:
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
        return place

    def commit(self, message: str = "Change", **files: str) -> str:
        """Write ``files`` (``__`` in a name is ``/``, a last ``_py`` is ``.py``), commit everything, return the id."""
        for name, text in files.items():
            self.write(name.replace("__", "/").replace("_py", ".py").replace("_txt", ".txt"), text)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")


def start(root: Path, home: Path, *, object_format: str = "sha1") -> Person:
    """A new repository with one commit of a few files, among them an executable and a symlink."""
    root.mkdir(parents=True)
    home.mkdir(exist_ok=True)
    person = Person(root, home)
    person.git("init", "-q", "-b", "main", f"--object-format={object_format}")
    person.write("tools/run.sh", "#!/bin/sh\necho run\n").chmod(0o755)
    (root / "link.py").symlink_to("src/a.py")
    person.commit("First", src__a_py="v = 1\n", tests__t_py="assert True\n", README_txt="hello\n")
    return person

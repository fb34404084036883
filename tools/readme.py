"""Runs the commands of the README and of the tutorial, in their order, each page on a fresh repository.

A comment in front of a fence says what is done with it: ``<!-- ci: run -->`` runs its lines, each of which must exit 0,
or with the status that ``<!-- ci: run STATUS -->`` names; ``<!-- ci: write PATH -->`` writes it to a file. Fences
without such a comment are not touched.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from snapline.agents import scripted

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
TUTORIAL = ROOT / "docs" / "tutorial" / "first-spec.md"
STEP = re.compile(r"^<!-- ci: (run|write) ?(\S*) -->\n(````?)\w+\n(.*?)^\3$", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"(?:^|\s+)# .*")
SOURCE = "def upload(send):\n    return send()\n"
TEST = """\
import unittest

from uploads import upload


class Upload(unittest.TestCase):
    def test_upload(self):
        self.assertEqual(upload(lambda: 1), 1)
"""
REAL_AGENT = "--agent codex"
PLAY = """\
[[play]]
steps = [
  { replace = "uploads.py", old = "    return send()", new = '''
    for _ in range(2):
        try:
            return send()
        except OSError:
            pass
    return send()''' },
  { say = "Uploads are tried three times." },
]
"""
SECONDS = 300


@dataclass(frozen=True)
class Step:
    """One thing that a page has its reader do: ``run`` a command, or ``write`` a text to ``path``.

    ``status`` is the exit status that the page promises.
    """

    verb: str
    path: str
    text: str
    status: int = 0


def steps(text: str) -> Iterator[Step]:
    """Everything that is marked in ``text``, in order, commands one by one."""
    for verb, word, _, body in STEP.findall(text):
        if verb == "write":
            yield Step(verb, word, body)
            continue
        for line in body.splitlines():
            command = COMMENT.sub("", line).strip()
            if command:
                yield Step(verb, "", command, int(word or 0))


def begin(folder: Path) -> None:
    """A repository without a commit."""
    folder.mkdir()
    subprocess.run(["git", "init", "--quiet", "-b", "main"], cwd=folder, check=True)


def make_repository(folder: Path) -> None:
    """A small package with a test and one commit."""
    begin(folder)
    (folder / "uploads.py").write_text(SOURCE)
    (folder / "test_uploads.py").write_text(TEST)
    identity = ("-c", "user.name=Reader", "-c", "user.email=reader@example.org")
    for command in (("add", "-A"), (*identity, "commit", "--quiet", "-m", "First")):
        subprocess.run(["git", *command], cwd=folder, check=True)


def in_ci(command: str, folder: Path) -> str:
    """A command with the scripted agent in the real agent's place."""
    script = folder / "play.toml"
    script.write_text(PLAY)
    return command.replace(REAL_AGENT, f"--agent-cmd {shlex.quote(scripted.command(script))}")


def follow(step: Step, folder: Path, home: Path) -> bool:
    """Do one step; say so, and whether it worked."""
    if step.verb == "write":
        path = folder / step.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(step.text, encoding="utf-8")
        return True
    identity = {
        f"GIT_{who}_{what}": "reader@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    search = f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", in_ci(step.text, home.parent)],
        cwd=folder,
        env=os.environ | identity | {"PATH": search, "SNAPLINE_HOME": str(home), "HOME": str(home.parent)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    print(f"$ {step.text}", flush=True)
    if done.returncode != step.status:
        print(f"{done.stdout}{done.stderr}exits {done.returncode}")
    return done.returncode == step.status


def follow_page(page: Path, prepare: Callable[[Path], None]) -> bool:
    """Follow a whole page; whether each of its steps worked, and there were any."""
    todo = list(steps(page.read_text(encoding="utf-8")))
    if not any(step.verb == "run" for step in todo):
        print(f"no command of {page.name} is marked to be run")
        return False
    with tempfile.TemporaryDirectory(prefix="snapline-readme-") as name:
        folder = Path(name) / "repository"
        prepare(folder)
        return all(follow(step, folder, Path(name) / "home") for step in todo)


def main() -> int:
    """Follow the README and the tutorial; 1 at the first step that does not work, or without any step."""
    return 0 if follow_page(README, make_repository) and follow_page(TUTORIAL, begin) else 1


if __name__ == "__main__":
    sys.exit(main())

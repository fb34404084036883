"""Which programs checks run, behind whatever wraps them, and which paths they need."""

from __future__ import annotations

import pytest

from snapline.base.text import Source
from snapline.lint.commands import path_words
from snapline.lint.invocations import Invocation, invocations
from snapline.spec.model import Spec
from snapline.spec.parser import parse

RUN = {
    "sudo -u x env A=b npx --yes jest -u": "jest -u",
    "uv run --with x python -m pytest -q": "pytest -q",
    "A=1 B='2 3' time -p .venv/bin/python3.12 -m pip install x": "pip install x",
    "timeout -k 1 10s npm start": "npm start",
    "if ! git -C a push; then exit 1; fi": "git -C a push / exit 1 / fi",
    "yarn vitest": "vitest",
    "yarn test": "yarn test",
    "coverage run -m pytest": "pytest",
    "python tools/x.py -m y": "python tools/x.py -m y",
    "poetry run ruff check": "ruff check",
    "ls | xargs -n 1 grep x": "ls / grep x",
    "npm exec -- eslint .": "eslint .",
    "bash -ec 'cd a && npm start'": "cd a / npm start",
    'sh -c "a $(b)"': "b / a $(b)",
    "bash run.sh -c": "bash run.sh -c",
    "A=b": "",
    "env": "",
}
NEEDED = {
    "cat build/in.txt": ["build/in.txt"],
    ".venv/bin/python -m pytest tests/a.py::b": [".venv/bin/python", "tests/a.py"],
    "bash ./tools/x.sh": ["tools/x.sh"],
    "make && ./build/app": [],
    "cd sub && cat notes.txt": ["notes.txt"],
    "grep -q a/b docs/x.md": ["docs/x.md"],
    "pytest -o build/x --junitxml build/y tests/z.py": ["tests/z.py"],
    "test ! -e build/old.txt": [],
    "test -e build/new.txt": ["build/new.txt"],
    "rm -f build/x.txt": [],
    "echo a/b.txt": [],
    "cat ../x.txt /tmp/y.txt": [],
}


def spec_of(command: str, options: str = "") -> Spec:
    return parse(Source.from_bytes("x.md", f"# Acceptance\n\n- A1: It goes on: `` $ {command} ``{options}\n".encode()))


def text_of(one: Invocation) -> str:
    return " ".join(word.text for word in one.argv)


@pytest.mark.parametrize("command", RUN)
def test_what_runs_is_found_behind_its_wrappers(command: str) -> None:
    assert " / ".join(map(text_of, invocations(spec_of(command)))) == RUN[command]


@pytest.mark.parametrize(
    ("command", "verb"),
    [("git -C a -c b=c push x", "push"), ("git --no-pager log", "log"), ("git", ""), ("npm ci", "ci")],
)
def test_the_verb_is_the_first_word_that_is_no_option(command: str, verb: str) -> None:
    assert [one.verb for one in invocations(spec_of(command))] == [verb]


def test_words_are_found_in_the_source_in_every_form_of_check() -> None:
    text = """\
# Acceptance

- A1: One: `$ bash -c 'npm start'`
- A2: Two:

  ```console
  $ echo a; npm \\
  > start
  npm start
  ```
- A3: Three:

  ```sh check
  set -e
  npm start
  ```
"""
    spec = parse(Source.from_bytes("x.md", text.encode()))
    spans = [one.span(spec.source, one.argv[-1]) for one in invocations(spec) if one.program == "npm"]
    assert [spec.source.slice(span) for span in spans] == ["start"] * 3
    assert [spec.source.position(span.start).line for span in spans] == [3, 8, 15]


@pytest.mark.parametrize("command", NEEDED)
def test_paths_that_have_to_be_there_before_the_check(command: str) -> None:
    assert list(path_words(spec_of(command))) == NEEDED[command]


def test_a_path_counts_from_where_the_check_runs() -> None:
    assert path_words(spec_of("cat in.txt", " (in sub)")) == ("sub/in.txt",)

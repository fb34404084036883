"""Setting up a repository: its configuration file, its folder of specs, its place in the state home."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from snapline.agents.catalogue import names
from snapline.app.config import FILE
from snapline.app.environments import guessed
from snapline.app.files import create, make_folder
from snapline.app.project import SPECS, Project
from snapline.app.specs import head_tree
from snapline.base.clock import SystemClock
from snapline.repo.remotes import records_refspec, without_records
from snapline.sandbox.environment import Environment
from snapline.sandbox.guess import Guess
from snapline.store.keys import Keyring

_HOOKS = {
    ".pre-commit-config.yaml": "pre-commit run --all-files",
    "lefthook.yml": "lefthook run pre-commit --all-files",
}
"""Files that configure hooks, which do not run on our commits, and the command that runs them on every file."""


@dataclass(frozen=True)
class Setup:
    """What setting up did: the paths that it made (none the second time), and what the environment was read from.

    ``key`` is the id of the key that signs on this machine. ``offers`` are commands for the person: each lets
    ``git fetch`` bring the records of a remote along.
    """

    root: Path
    repository: str
    created: tuple[str, ...]
    saw: str
    offers: tuple[str, ...] = ()
    key: str = ""


def set_up(project: Project) -> Setup:
    """Write ``snapline.toml`` and ``specs/`` where they lack, register the repository, and make the signing key.

    Changes nothing twice. Raises ``UnusableKey``.
    """
    tree = head_tree(project)
    guess = guessed(tree, project.environment) if tree else None
    hooks = tuple(command for name, command in _HOOKS.items() if (project.root / name).exists())
    created = []
    if create(project.root / FILE, configuration(guess, hooks).encode()):
        created.append(FILE)
    if not project.specs.is_dir():
        make_folder(project.specs)
        created.append(f"{SPECS}/")
    repository = project.repository.register()
    project.home.repository(repository).mkdir(mode=0o700, parents=True, exist_ok=True)
    key = Keyring(project.home.keys).ensure(SystemClock()).public.keyid
    return Setup(project.root, repository, tuple(created), guess.saw if guess else "", offers(project), key)


def offers(project: Project) -> tuple[str, ...]:
    """Commands that let ``git fetch`` bring along the records of each remote that it does not bring yet."""
    return tuple(
        f"git config --add remote.{remote}.fetch '{records_refspec(remote)}'"
        for remote in without_records(project.repository)
    )


def configuration(guess: Guess | None, hooks: tuple[str, ...]) -> str:
    """The text of a new ``snapline.toml``; all of it but a proposed environment is commented out."""
    return "\n".join(
        (
            "# Snapline's settings for this repository; every key is optional.",
            "# A run uses this file as it is committed at the base of its approval: commit it first.",
            "",
            *(_environment(guess) if guess else _NO_ENVIRONMENT),
            "",
            f"# The agent that does the work: {', '.join(names())},",
            "# or one of your own as [agents.NAME]; `snapline run --agent` overrules it.",
            "# [agent]",
            '# default = "codex"',
            "",
            "# A trust boundary: how many attempts run at once in it, and what they may see.",
            "# [lanes.default]",
            "# slots = 2",
            '# login = ["~/.codex"]         # folders of your home that hold the login of the agent',
            '# sandbox = "auto"             # "none": no isolation, said on every verdict',
            "",
            "# Commands that must pass on every candidate.",
            "# [verify]",
            f"# always = {json.dumps(list(hooks) or ['make lint'])}",
            "",
        )
    )


_NO_ENVIRONMENT = (
    "# The environment of checks and agents. Nothing here suggested one: checks run bare until you describe it.",
    "# [env]",
    '# setup = ["python3 -m venv .venv", ".venv/bin/pip install -r requirements.txt"]',
    '# inputs = ["requirements.txt"]',
    '# outputs = [".venv"]',
    '# path = [".venv/bin"]',
    '# check = "python --version"',
)


def _environment(guess: Guess) -> Iterator[str]:
    yield f"# The environment of checks and agents, proposed from {guess.saw}."
    yield "# Look it over: set-up has to make `outputs` from `inputs` and nothing else."
    yield "[env]"
    for name in Environment.__struct_fields__:
        value = getattr(guess.environment, name)
        if isinstance(value, dict):
            value = {key: one for key, one in value.items() if one}
            pairs = ", ".join(f"{key} = {json.dumps(one)}" for key, one in value.items())
            if value:
                yield f"{name} = {{ {pairs} }}"
        elif value:
            yield f"{name} = {json.dumps(value)}"

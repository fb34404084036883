"""From ``[env]`` to the environment that checks and agents run in."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from snapline.app.settings import EnvTable
from snapline.sandbox.environment import Environment, private_toolchains
from snapline.sandbox.guess import Guess, guess_environment
from snapline.spec.interfaces import Tree


def declared(
    table: EnvTable | None, tree: Tree, variables: Mapping[str, str], say: Callable[[str], None]
) -> Environment:
    """What ``[env]`` says; without it what the tree's lock files suggest, which is then told; else a bare one."""
    if table is not None:
        return Environment(**msgspec.structs.asdict(table))
    guess = guessed(tree, variables)
    if guess is None:
        return Environment()
    say(f"note: no [env] in snapline.toml; the environment is guessed from {guess.saw}")
    return guess.environment


def guessed(tree: Tree, variables: Mapping[str, str]) -> Guess | None:
    """An environment that a tree suggests, with the private toolchains of this machine that its programs need."""
    guess = guess_environment(tree.paths, tree.read)
    if guess is None:
        return None
    toolchains = private_toolchains(guess.programs, variables.get("PATH", ""))
    return Guess(msgspec.structs.replace(guess.environment, toolchains=toolchains), guess.saw, guess.programs)

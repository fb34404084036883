"""A small repository whose checks are quick shell commands, for everything about the verbs themselves."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.stage import Stage

ADD = """sed -i 's/echo 0;/echo "$(($1 + $2))";/' calc.sh"""
"""What an honest agent does about A1."""

MUL = """echo 'mul() { echo "$(($1 * $2))"; }' > mul.sh"""
"""What an honest agent does about A2."""

FILES = {
    "calc.sh": 'add() { echo 0; }\nsub() { echo "$(($1 - $2))"; }\n',
    "README.md": "A calculator.\n",
    "snapline.toml": "[lanes.default]\nslots = 2\nlimits = { wall = '60s' }\n\n[retry]\nattempts = 2\nwait = '1s'\n",
}
A1 = '- A1: The sum (G1): `$ . ./calc.sh && test "$(add 2 3)" = 5`'
A2 = '- A2: The product (G2): `$ . ./mul.sh && test "$(mul 2 3)" = 6`'
A3 = '- A3: Differences stay: `$ . ./calc.sh && test "$(sub 5 2)" = 3` (regression)'
TASKS = """
# Tasks
- T1: Let it add. Proves A1. Changes `calc.sh`.
- T2: Let it multiply. Proves A2. Changes `mul.sh`. After T1.
"""


def spec(
    acceptance: str = f"{A1}\n{A3}",
    failure: str = "- F1: Rollback: revert",
    constraints: str = "- C1: Do not change: `README.md`",
    rest: str = "",
    front: str = "",
) -> str:
    """A spec in which each part can be another."""
    head = f"---\n{front}\n---\n" if front else ""
    return f"""{head}# A calculator that counts

# Task
The calculator gives zero for everything, which breaks whoever calls it.

# Goal
- G1: `add` prints the sum.
- G2: `mul` prints the product.

# Constraints
{constraints}

# Interfaces
- I1: Changes `calc.sh`, new `mul.sh`.

# Acceptance
{acceptance}

# Failure plan
{failure}
{rest}"""


def desk(folder: Path) -> Stage:
    """The repository with one commit, below ``folder``; its only spec is ``calc``."""
    stage = Stage(folder / "repo", folder / "state", folder / "person", "shell")
    stage.root.mkdir(parents=True)
    stage.user_home.mkdir()
    stage.git("init", "-q", "-b", "main")
    stage.write({**FILES, "specs/calc.md": spec()})
    stage.commit("Start")
    return stage


def approved(stage: Stage, name: str = "calc") -> Stage:
    """Approve a spec as it is now, as Ada."""
    said = stage.say("approve", name, "--by", "Ada")
    assert said.status == 0, said.err
    return stage

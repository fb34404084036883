"""The tables of ``snapline.toml``: every key with its type, its default and what it means.

The configuration reference is generated from these descriptions.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from snapline.app.quantities import DURATION, SIZE
from snapline.base.wire import Wire


def _says(text: str) -> Meta:
    return Meta(description=text)


_DURATION = Meta(pattern=DURATION, extra={"form": "a duration such as `90s`, `10m` or `2h`"})
_SIZE = Meta(pattern=SIZE, extra={"form": "a size such as `500kB`, `64MB` or `1GB`"})
_COUNT = Meta(ge=1, le=1000, extra={"form": "a whole number from 1 to 1000"})

_NETWORK = Meta(extra={"form": '`"on"`, `"none"` or a list of hosts such as `["api.example.org", "[::1]:8080"]`'})

Words = tuple[str, ...]


class EnvTable(Wire, frozen=True):
    """The environment that checks and agents run in; absent, one is guessed from lock files and printed."""

    setup: Annotated[Words, _says("Commands that build the environment, in order, by `bash`, with network.")] = ()
    inputs: Annotated[Words, _says("Files that decide what set-up makes: lock files, usually.")] = ()
    outputs: Annotated[Words, _says("Folders that set-up makes, such as `.venv` or `node_modules`.")] = ()
    path: Annotated[Words, _says("Folders put in front of PATH, relative to the checkout.")] = ()
    check: Annotated[str, _says("A command that succeeds when the environment is whole.")] = ""
    editable: Annotated[Words, _says("Source folders put on PYTHONPATH, such as `src`.")] = ()
    toolchains: Annotated[Words, _says("Folders of this machine that checks may read: a pyenv or nvm, say.")] = ()
    variables: Annotated[dict[str, str], _says("Environment variables that set-up and checks see.")] = field(
        default_factory=dict
    )


class LimitsTable(Wire, frozen=True):
    """When a process of the lane is stopped."""

    wall: Annotated[str, _DURATION, _says("Longest time for the agents of one task, over all its attempts.")] = "60m"
    idle: Annotated[
        str, _DURATION, _says("Longest time without output and with next to no work done by a processor.")
    ] = "10m"
    log: Annotated[str, _SIZE, _says("Most that is kept of its output; the rest is dropped and counted.")] = "10MB"


class LaneTable(Wire, frozen=True):
    """A trust boundary with its slots."""

    slots: Annotated[int, _COUNT, _says("How many attempts of this lane may run at once.")] = 2
    sandbox: Annotated[
        Literal["auto", "none"],
        _says("`auto`: the best isolation this machine has, or refuse. `none`: no isolation, said on every verdict."),
    ] = "auto"
    tier: Annotated[
        Literal["T0", "T2"] | None, _says("The least isolation that the lane accepts; refused below it.")
    ] = None
    login: Annotated[
        Words, _says("Folders of the home, such as `~/.codex`, that the agent may read and write: its login.")
    ] = ()
    toolchains: Annotated[Words, _says("Folders of this machine that the agent may read: an nvm, say.")] = ()
    network: Annotated[
        Literal["on", "none"] | Words,
        _NETWORK,
        _says(
            "What the agent reaches. `on`: what this machine reaches. `none`: nothing. A list: only these hosts, by a "
            "proxy; `HOST` means its ports 443 and 80, `*.HOST` every name below it."
        ),
    ] = "on"
    limits: Annotated[LimitsTable, _says("Limits of a task and its attempts.")] = LimitsTable()


class AgentTable(Wire, frozen=True):
    """An agent of your own: how its command line is called."""

    command: Annotated[
        str | Words,
        _says(
            "A command for `bash -c`, or a list of arguments in which `{prompt}`, `{prompt_file}`, `{workspace}` and "
            "`{home}` are filled in."
        ),
    ]
    prompt: Annotated[Literal["stdin", "file", "argument"], _says("How the prompt arrives.")] = "stdin"
    env: Annotated[dict[str, str], _says("Environment variables that the agent sees.")] = field(default_factory=dict)
    inherits: Annotated[Words, _says("Variables of your own environment that it may see: its model's key, say.")] = ()
    login: Annotated[Words, _says("Folders of the home that hold its login, added to the lane's.")] = ()
    files: Annotated[dict[str, str], _says("Files written into its private home first: path and text.")] = field(
        default_factory=dict
    )
    reads: Annotated[Words, _says("Files and folders of this machine that it needs to read.")] = ()
    endpoints: Annotated[Words, _says("Hosts of its model, all that it reaches where a spec says `No network`.")] = ()


class AgentDefault(Wire, frozen=True):
    """Which agent does the work."""

    default: Annotated[str, _says("Name of a profile or of an `[agents.NAME]`; `run --agent` overrules it.")] = ""


class VerifyTable(Wire, frozen=True):
    """How candidates are verified."""

    parallel: Annotated[int, _COUNT, _says("How many verifications may run at once.")] = 2
    timeout: Annotated[str, _DURATION, _says("Longest time for one check without a `(timeout)` of its own.")] = "10m"
    always: Annotated[Words, _says("Commands that must pass on every candidate, such as your linter.")] = ()
    check_files: Annotated[Words, _says("Globs of files that count as tests; the usual patterns when empty.")] = ()


class ReviewTable(Wire, frozen=True):
    """When a person must look."""

    accept: Annotated[
        Literal["proved", "person"],
        _says("`proved`: proved work is accepted without a person. `person`: a person accepts every task."),
    ] = "proved"


class PlanTable(Wire, frozen=True):
    """How work is broken down."""

    shared: Annotated[
        Words, _says("Globs that tasks side by side may both change; changelogs and lock files when empty.")
    ] = ()


class LintTable(Wire, frozen=True):
    """What lint demands. Codes may be beginnings in lists: `LEX` is every rule whose code begins so.

    Errors that nobody can waive (see the page of a rule) stay whatever is written here.
    """

    strict: Annotated[bool, _says("A criterion that is neither executable nor `(manual)` is an error.")] = False
    select: Annotated[Words, _says("Codes of the rules to tell of; all rules when empty.")] = ()
    ignore: Annotated[Words, _says("Codes of rules not to tell of.")] = ()
    severities: Annotated[
        dict[str, Literal["error", "warning", "info", "off"]], _says("Another severity for a rule, by its whole code.")
    ] = field(default_factory=dict)
    per_path: Annotated[dict[str, Words], _says("Codes of rules not to tell of, by a glob for the paths of specs.")] = (
        field(default_factory=dict, name="per-path")
    )
    words: Annotated[
        dict[str, Words], _says("Words of your own, by the code of the rule that is to look for them too.")
    ] = field(default_factory=dict)


class RetryTable(Wire, frozen=True):
    """How often work is tried again."""

    attempts: Annotated[int, _COUNT, _says("Attempts at a task where its spec says nothing.")] = 3
    wait: Annotated[
        str, _DURATION, _says("The wait after a first failed attempt; doubled each time, five minutes at most.")
    ] = "10s"


class Config(Wire, frozen=True):
    """The whole of ``snapline.toml``."""

    env: Annotated[EnvTable | None, _says("Environment of checks and agents.")] = None
    lanes: Annotated[dict[str, LaneTable], _says("Trust boundaries, by name; `default` is always there.")] = field(
        default_factory=dict
    )
    agents: Annotated[dict[str, AgentTable], _says("Agents of your own, by name.")] = field(default_factory=dict)
    agent: Annotated[AgentDefault, _says("Which agent is used.")] = AgentDefault()
    verify: Annotated[VerifyTable, _says("Verification.")] = VerifyTable()
    review: Annotated[ReviewTable, _says("Review.")] = ReviewTable()
    plan: Annotated[PlanTable, _says("Planning.")] = PlanTable()
    lint: Annotated[LintTable, _says("Lint.")] = LintTable()
    retry: Annotated[RetryTable, _says("Retry.")] = RetryTable()

    def lane(self, name: str) -> LaneTable | None:
        """A lane by name; ``default`` exists even unwritten."""
        return self.lanes.get(name, LaneTable() if name == "default" else None)

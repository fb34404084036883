"""What an agent is, and what starting one for an attempt takes; nothing here starts anything."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from msgspec import field

from snapline.base.errors import EnvironmentFault, UsageFault
from snapline.base.ids import AttemptId
from snapline.base.wire import Wire


class PromptMode(StrEnum):
    """How an agent gets its prompt: on standard input, as a file that its arguments name, or as one argument."""

    STDIN = "stdin"
    FILE = "file"
    ARGUMENT = "argument"


class AgentProfile(Wire, frozen=True):
    """One kind of agent, as its command line was driven.

    ``argv`` is a template: ``{prompt}``, ``{prompt_file}``, ``{workspace}`` and ``{home}`` are filled in, each as a
    whole argument or a part of one; with ``in_shell`` it is ``bash -c COMMAND``, and COMMAND is taken as it is.
    ``inherits`` names variables of the caller's environment that it may see (the key of its model, say), ``login``
    folders under the caller's home that are shared with it, ``files`` what is written into its private home first,
    ``reads`` host files that it needs wherever they lie, ``endpoints`` the hosts of its model, as a network list names
    them. ``driven`` is the version that was driven against a scripted
    model; empty means that nobody here has driven it.
    """

    name: str
    argv: tuple[str, ...]
    prompt: PromptMode = PromptMode.STDIN
    in_shell: bool = False
    env: dict[str, str] = field(default_factory=dict)
    inherits: tuple[str, ...] = ()
    login: tuple[str, ...] = ()
    files: dict[str, str] = field(default_factory=dict)
    reads: tuple[str, ...] = ()
    endpoints: tuple[str, ...] = ()
    driven: str = ""
    install: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Seat:
    """Where an attempt takes place, as the agent sees it; only ``prompt_source`` is a path of the host."""

    attempt: AttemptId
    workspace: str
    home: str
    prompt_file: str
    prompt_source: str
    prompt: str


class Launch(Wire, frozen=True):
    """One start of an agent, whatever sandbox it is put in.

    ``argv``, ``env`` and ``files`` (path under its home -> text) are as the agent sees them. ``stdin``, ``reads`` (to
    be shown read-only, beside the program itself) and ``login`` (writable, shared) are host paths.
    """

    argv: tuple[str, ...]
    env: dict[str, str]
    stdin: str | None = None
    reads: tuple[str, ...] = ()
    login: tuple[str, ...] = ()
    files: dict[str, str] = field(default_factory=dict)


class NoSuchAgent(UsageFault):
    """There is no agent of that name."""

    code = "no-such-agent"


class AgentMissing(EnvironmentFault):
    """The agent's program is not on this machine."""

    code = "agent-missing"

"""Operational faults: one tree of errors, each with a code, a hint and the exit status it leads to.

A person's mistake in a spec is not an error but a finding (:mod:`snapline.base.diagnostics`).
"""

from __future__ import annotations

from enum import IntEnum


class ExitStatus(IntEnum):
    """What a command's exit status says."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    ENVIRONMENT = 3
    REFUSED = 4
    WAITS = 5
    BUG = 70
    INTERRUPTED = 130
    TERMINATED = 143


class SnaplineError(Exception):
    """Snapline could not do what was asked."""

    code = "error"
    hint = ""
    exit_status = ExitStatus.BUG

    def __init__(self, message: str = "", *, hint: str = "") -> None:
        super().__init__(message or (self.__doc__ or "").strip().splitlines()[0])
        if hint:
            self.hint = hint

    @property
    def message(self) -> str:
        """One sentence for the person."""
        return str(self)

    @property
    def told(self) -> str:
        """Message and hint as running text, for where there is room for one of them only."""
        stop = "" if self.message.endswith((".", "!", "?")) else "."
        return f"{self.message}{stop} {self.hint}" if self.hint else self.message


class UsageFault(SnaplineError):
    """The command was asked for something that it does not know."""

    code = "usage"
    exit_status = ExitStatus.USAGE


class UnreadableText(UsageFault):
    """A file cannot be read as a spec."""

    code = "unreadable-text"
    hint = "A spec is a UTF-8 text file of at most 1 MiB."


class NotFound(UsageFault):
    """There is no such thing."""

    code = "not-found"


class EnvironmentFault(SnaplineError):
    """The machine lacks something that this needs."""

    code = "environment"
    exit_status = ExitStatus.ENVIRONMENT


class Refused(SnaplineError):
    """A gate refused."""

    code = "refused"
    exit_status = ExitStatus.REFUSED


class CriteriaFailed(SnaplineError):
    """A criterion or a constraint does not hold."""

    code = "failed"
    exit_status = ExitStatus.FAILED


class WaitsForPerson(SnaplineError):
    """A person has to decide."""

    code = "waits"
    exit_status = ExitStatus.WAITS


_WORST_FIRST = (
    ExitStatus.BUG,
    ExitStatus.FAILED,
    ExitStatus.ENVIRONMENT,
    ExitStatus.REFUSED,
    ExitStatus.WAITS,
    ExitStatus.DONE,
)


def worst(*statuses: ExitStatus) -> ExitStatus:
    """The status that a command with several outcomes exits with; ``DONE`` for none."""
    return min(statuses, key=_WORST_FIRST.index, default=ExitStatus.DONE)

"""Where the demo takes place: a scratch folder, told about while the commands run there."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from snapline.app.demo.material import Material
from snapline.app.demo.teller import Teller
from snapline.app.scratch.place import CommandFailed, Scratch
from snapline.app.scratch.playing import agent_tables
from snapline.sandbox.trusted import Ended, Shown


class DemoCommandFailed(CommandFailed):
    """A program that the demo needs did not do what it was asked for."""

    code = "demo-command-failed"


@dataclass(frozen=True)
class Scene(Scratch):
    """One demo's folder, whoever watches it, and what the machine and the material are."""

    failure = DemoCommandFailed

    teller: Teller
    material: Material

    def lay_out(self) -> None:
        """Write the repository and the agents' scripts, and commit the repository."""
        self.write_scripts(self.material.scripts())
        settings = {
            "ENV": self.machine.environment(),
            "SANDBOX": "" if self.machine.sandbox.ok else 'sandbox = "none"\n',
            "AGENTS": agent_tables(self.agents, (name for name, _ in self.material.scripts()), self.variables),
        }
        self.commit(self.material.repository(settings))

    def snapline(self, *words: str) -> Ended:
        """Run one of Snapline's commands in the repository, as a person types it."""
        self.teller.typed(shlex.join(("snapline", *words)))
        return self.ours(words, Shown.ALL if self.teller.shares else Shown.NOTHING)

    def snapline_briefly(self, *words: str, messages: bool = False) -> Ended:
        """The same, but of the result only the flush lines are shown, and progress only with ``messages``."""
        self.teller.typed(shlex.join(("snapline", *words)))
        ended = self.ours(words, Shown.MESSAGES if messages and self.teller.shares else Shown.NOTHING)
        brief = [line for line in ended.stdout.splitlines() if not line.startswith((" ", "Next:"))]
        self.teller.quote("\n".join(brief) or ended.stderr.strip())
        return ended

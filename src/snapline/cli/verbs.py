"""The verbs and how they are found: each is imported when it is used, so that start-up stays cheap."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import cast

import click


@dataclass(frozen=True)
class Verb:
    """One subcommand: its name, the line that ``snapline --help`` shows, and the heading it stands under."""

    name: str
    summary: str
    stage: str


VERBS = (
    Verb("demo", "Show the main job on a small repository, without any agent or key of yours.", "Begin"),
    Verb("init", "Set up Snapline in this repository.", "Begin"),
    Verb("doctor", "Probe what this machine offers and say what to do.", "Begin"),
    Verb("prove", "Attack this machine and a lane in a scratch repository; show what holds.", "Begin"),
    Verb("new", "Write a new spec from the template.", "Shape a spec"),
    Verb("lint", "Show what is wrong with specs, and their spec debt.", "Shape a spec"),
    Verb("rule", "Explain a rule of lint, or list them all.", "Shape a spec"),
    Verb("show", "Print what Snapline understood of a spec.", "Shape a spec"),
    Verb("fmt", "Write the missing clause ids into specs.", "Shape a spec"),
    Verb("diff", "Show what differs between two revisions of a spec, clause by clause.", "Shape a spec"),
    Verb("merge", "Merge two people's edits of a spec, clause by clause.", "Shape a spec"),
    Verb("spec", "Give specs and their clauses other ids, and follow every reference.", "Shape a spec"),
    Verb("plan", "Show the tasks of a spec as waves, and who may change what.", "Shape a spec"),
    Verb("lsp", "Serve editors: diagnostics, completion, fixes, over standard input and output.", "Shape a spec"),
    Verb("approve", "Prove that a spec can be checked, and pin its revision.", "Shape a spec"),
    Verb("run", "Dispatch approved specs to agents, and stay until they have ended.", "Work on it"),
    Verb("status", "Show where runs and their tasks stand.", "Work on it"),
    Verb("log", "Tell the story of a task: events, verdicts, and what its agent printed.", "Work on it"),
    Verb("verify", "Hold any commit against a spec, in fresh checkouts.", "Judge it"),
    Verb("review", "Show a task's candidate against its spec, clause by clause.", "Judge it"),
    Verb("accept", "Accept what waits for a person, vouching for criteria.", "Judge it"),
    Verb("reject", "Send a task back to its agent, with your reasons.", "Judge it"),
    Verb("rollback", "Carry out a landed spec's failure plan, and prove it.", "Look after it"),
    Verb("attest", "Show and check the signed statements of what was verified.", "Look after it"),
    Verb("audit", "Walk the ledgers and all evidence, and name what does not hold.", "Look after it"),
    Verb("sync", "Exchange approvals, sign-offs and other records with a remote.", "Look after it"),
    Verb("schema", "Print the JSON Schema of the configuration and of every JSON document.", "Look after it"),
)


class Command(click.Command):
    """A verb's command; ``examples`` are pairs of a command line and what it does, shown by ``--help``."""

    def __init__(self, *args: object, examples: Sequence[tuple[str, str]] = (), **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.examples = tuple(examples)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples below the options."""
        with formatter.section("Examples"):
            for line, remark in self.examples:
                formatter.write(f"  {line}\n      {remark}\n")
        super().format_epilog(ctx, formatter)


class Family(Command, click.Group):
    """A verb that is several commands, each with examples of its own."""


class Verbs(click.Group):
    """The group of all verbs, imported lazily and listed by stage."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """All names, in the order of the way of work."""
        return [verb.name for verb in VERBS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import one verb; None for an unknown name."""
        if cmd_name not in {verb.name for verb in VERBS}:
            return None
        return cast("click.Command", import_module(f"snapline.cli.commands.{cmd_name}").command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb that is meant; an unknown one is a usage error that names the nearest."""
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            near = difflib.get_close_matches(args[0], self.list_commands(ctx), n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise click.UsageError(f"There is no command {args[0]!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """List the verbs under the headings of their stages, without importing them."""
        width = max(len(verb.name) for verb in VERBS)
        for stage in dict.fromkeys(verb.stage for verb in VERBS):
            with formatter.section(stage):
                formatter.write_dl([(verb.name.ljust(width), verb.summary) for verb in VERBS if verb.stage == stage])

"""``snapline verify``."""

from __future__ import annotations

from pathlib import Path

import click

from snapline.app.project import Project
from snapline.app.verifying import Wanted, verify
from snapline.base import wire
from snapline.base.errors import ExitStatus, UsageFault
from snapline.cli import progress, verdicts
from snapline.cli.options import reports
from snapline.cli.output import Output
from snapline.cli.verbs import Command
from snapline.verify.report import exit_status


@click.command(
    cls=Command,
    short_help="Hold any commit against a spec, in fresh checkouts.",
    examples=(
        ("snapline verify retry-uploads", "HEAD, compared with where it left the target branch."),
        ("snapline verify retry-uploads --commit origin/their-branch", "Somebody's branch."),
        ("snapline verify retry-uploads --staged", "What is staged right now; your index stays as it is."),
        (
            "snapline verify retry-uploads --checks-from fix --base fix~1 --commit fix",
            "The tests of `fix` decide, also on the base.",
        ),
    ),
)
@click.argument("spec")
@click.option("--commit", metavar="REV", help="The commit to verify. [default: HEAD]")
@click.option("--staged", is_flag=True, help="Verify what is staged instead of a commit.")
@click.option("--worktree", is_flag=True, help="Verify the work tree as it is, without ignored files.")
@click.option("--base", metavar="REV", help="What to compare with. [default: the merge base with the target branch]")
@click.option("--checks-from", metavar="REV", help="Take all check files from REV, also over the base.")
@reports
def command(output: Output, spec: str, **options: str | bool | None) -> ExitStatus:
    """Run the baseline and the acceptance of SPEC against a commit, and look at its constraints.

    SPEC is a path, an id or id@revision. Nothing is dispatched, no approval is needed and nothing of yours is
    touched. Exits 0 when accepted, 1 when something failed, 3 when something could not run, 5 when a person must sign.
    """
    wanted = Wanted(spec, **options)  # type: ignore[arg-type]
    if sum((wanted.commit is not None, wanted.staged, wanted.worktree)) > 1:
        raise UsageFault("--commit, --staged and --worktree exclude each other")
    report = verify(Project.discover(Path.cwd()), wanted, output.note, progress.of_checks(output))
    if output.as_json:
        output.document(wire.encode(report))
    else:
        verdicts.show(output, report)
    return exit_status(report)

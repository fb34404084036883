"""``snapline init``."""

from __future__ import annotations

import os
from pathlib import Path

import click

from snapline.app.doctor import examine
from snapline.app.driver import ATTRIBUTES, install, uninstall
from snapline.app.init import set_up
from snapline.app.project import Project
from snapline.base.errors import ExitStatus
from snapline.cli.commands.doctor import as_rows, line
from snapline.cli.options import reports
from snapline.cli.output import Output
from snapline.cli.verbs import Command

_NEXT = """
Next:
  git add snapline.toml && git commit -m "Set up Snapline"
  snapline new my-first-spec"""


@click.command(
    cls=Command,
    short_help="Set up Snapline in this repository.",
    examples=(
        ("snapline init", "Once, anywhere inside a git repository."),
        ("snapline init --merge-driver", "Let git merge specs by clauses, not by lines."),
    ),
)
@click.option(
    "--merge-driver/--no-merge-driver",
    "driver",
    default=None,
    help="Only this: have git merge specs by `snapline merge`, or no longer.",
)
@reports
def command(output: Output, *, driver: bool | None) -> ExitStatus:
    """Write a commented snapline.toml and the folder specs/, register the repository, make the key, run the doctor.

    The environment that snapline.toml proposes is read from the lock files in the repository: look it over. The
    key signs attestations on this machine and stays in the state home. Run twice, it changes nothing.

    --merge-driver writes a merge driver into the configuration of this clone (`merge.snapline` in .git/config) and
    names it for specs/ in .gitattributes, which is to be committed: each other clone needs the same command once, and
    merges specs by lines until then. --no-merge-driver takes both out again.
    """
    if driver is not None:
        return _driver(output, wanted=driver)
    setup = set_up(Project.discover(Path.cwd()))
    diagnosis = examine(setup.root, os.environ)
    if output.as_json:
        output.document(
            {
                "version": 1,
                "root": str(setup.root),
                "repository": setup.repository,
                "created": list(setup.created),
                "key": setup.key,
                "environment": setup.saw or None,
                "offers": list(setup.offers),
                "probes": as_rows(diagnosis),
            }
        )
    for path in setup.created:
        output.line(f"wrote {path}")
    if not setup.created:
        output.line("everything is there already")
    elif setup.saw:
        output.line(f"[env] is proposed from {setup.saw}: look it over")
    output.line(f"key {setup.key} signs what is verified on this machine")
    output.line()
    for probe in diagnosis.probes:
        output.line(line(output, probe))
    if setup.created:
        output.line(_NEXT)
        for offer in setup.offers:
            output.line(
                f"\nApprovals and sign-offs travel by `snapline sync`. To see others' by `git fetch`:\n  {offer}"
            )
    return ExitStatus.DONE


def _driver(output: Output, *, wanted: bool) -> ExitStatus:
    """Set up the merge driver, or take it away."""
    project = Project.discover(Path.cwd())
    change = install(project) if wanted else uninstall(project)
    if output.as_json:
        output.document({"version": 1, "merge_driver": wanted, "changed": list(change.changed)})
    for one in change.changed:
        output.line(f"{'wrote to' if wanted else 'took out of'} {one}")
    if not change.changed:
        output.line("everything is there already" if wanted else "there is no merge driver of ours")
    elif any(one.startswith(ATTRIBUTES) for one in change.changed):
        output.line(
            f"\nNext:\n  git add {ATTRIBUTES} && git commit -m 'Merge specs {'by clauses' if wanted else 'by lines'}'"
        )
    return ExitStatus.DONE

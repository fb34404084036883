"""``snapline spec``."""

from __future__ import annotations

from pathlib import Path

import click

from snapline.app.project import Project
from snapline.app.renaming import move, renumber
from snapline.base.errors import ExitStatus
from snapline.cli.options import reports
from snapline.cli.output import Output
from snapline.cli.verbs import Command, Family


@click.group(
    cls=Family,
    no_args_is_help=False,
    short_help="Give specs and their clauses other ids, and follow every reference.",
    examples=(
        ("snapline spec mv retry-uploads resume-uploads", "Another id for a spec."),
        ("snapline spec renumber retry-uploads A2=A7", "Another id for a clause."),
    ),
)
def command() -> None:
    """Give specs and their clauses other ids, and follow every reference to them in all specs of the repository.

    Only ids change; every other byte of the files stays, and what would change more is refused.
    """


@command.command(
    "mv",
    cls=Command,
    short_help="Give a spec another id.",
    examples=(("snapline spec mv retry-uploads resume-uploads", "Renames the file, its id, and references to it."),),
)
@click.argument("old")
@click.argument("new", metavar="NEW")
@reports
def mv(output: Output, old: str, new: str) -> ExitStatus:
    """Give the spec OLD the id NEW: its file's name, the `id:` in its front matter, and whatever names it in others.

    Followed are `OLD/A2`, `after`, `supersedes` and `Spec:`. The file is moved by `git mv` where git tracks it. Refused
    while a run of the spec has not ended, and when NEW is another spec's id or once was. The id is part of the
    revision: the spec has to be approved anew.
    """
    done = move(Project.discover(Path.cwd()), old, new)
    if output.as_json:
        output.document(
            {"version": 1, "spec": new, "path": done.path, "changed": list(done.changed), "approved": done.approved}
        )
    output.line(f"{new} is {done.path}")
    for path in done.changed:
        output.line(f"changed {path}")
    if done.approved:
        output.line(f"what was approved under the old id stays there; next: snapline approve {new}")
    return ExitStatus.DONE


@command.command(
    "renumber",
    cls=Command,
    short_help="Give clauses of a spec other ids.",
    examples=(
        ("snapline spec renumber retry-uploads A2=A7", "`A2` becomes `A7`, in all specs that refer to it."),
        ("snapline spec renumber retry-uploads G3=", "`G3` gets the next number that was never used."),
        ("snapline spec renumber retry-uploads", "New ids for clauses whose id stands twice, or was another clause's."),
    ),
)
@click.argument("spec")
@click.argument("pairs", metavar="[OLD=NEW]...", nargs=-1)
@reports
def renumber_command(output: Output, spec: str, pairs: tuple[str, ...]) -> ExitStatus:
    """Give clauses of SPEC other ids, and follow every reference to them; ranges such as A1-A3 are written out.

    An id that is another clause's, or that an approved revision ever had, is refused. Without pairs, a clause gets a
    new id if a clause above it has the same one, or if its id was taken out of an approved revision; references to
    that id go on meaning the other clause.
    """
    done = renumber(Project.discover(Path.cwd()), spec, pairs)
    if output.as_json:
        ids = [{"old": old, "new": new} for old, new in done.ids]
        output.document({"version": 1, "spec": spec, "ids": ids, "changed": list(done.changed)})
    for old, new in done.ids:
        output.line(f"{old} is {new} now")
    for path in done.changed:
        output.line(f"changed {path}")
    if not done.ids:
        output.line("nothing to do: every id is one clause's, and was never another one's")
    return ExitStatus.DONE

"""``snapline diff``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from snapline.app.comparing import Compared, compare
from snapline.app.project import Project
from snapline.base.errors import ExitStatus
from snapline.cli.differences import markdown_lines, text_lines
from snapline.cli.options import reports_as
from snapline.cli.output import Output
from snapline.cli.verbs import Command
from snapline.spec.diff import ClauseChange, TextChange, Words


@click.command(
    cls=Command,
    short_help="Show what differs between two revisions of a spec, clause by clause.",
    examples=(
        ("snapline diff retry-uploads", "The latest approved revision against the file."),
        ("snapline diff retry-uploads HEAD~3", "The file as it was three commits ago against the file as it is."),
        ("snapline diff retry-uploads 3f2a 9c1b", "Two approved revisions, by their first digits."),
        ("snapline diff retry-uploads main: --format markdown", "For a review."),
    ),
)
@click.argument("spec")
@click.argument("old", metavar="[A]", required=False)
@click.argument("new", metavar="[B]", required=False)
@click.option("--exit-code", is_flag=True, help="Exit 1 when there is a difference.")
@reports_as("markdown", words="text, exactly one JSON document, or Markdown for a review")
def command(output: Output, spec: str, old: str | None, new: str | None, *, exit_code: bool, form: str) -> ExitStatus:
    """Show what differs between two revisions of SPEC: clauses added, removed, changed word by word, and moved.

    A and B are an approved revision by its first digits, `approved` (the latest one), a commit, COMMIT:PATH, or `file`.
    Without A the latest approved revision (HEAD where there is none) is compared with the file. What differs in layout
    only is no difference. At the end stands what the change touches: tasks, checks to run again, and boundaries.
    """
    compared = compare(Project.discover(Path.cwd()), spec, old, new)
    if output.as_json:
        output.document(document(compared))
    elif form == "markdown":
        output.line("\n".join(markdown_lines(compared)))
    else:
        output.line("\n".join(text_lines(compared, lambda text, colour: output.paint(text, fg=colour))))
    differs = not compared.difference.same
    return ExitStatus.FAILED if exit_code and differs else ExitStatus.DONE


def document(compared: Compared) -> dict[str, object]:
    """The JSON document."""
    change, impact = compared.difference, compared.impact
    return {
        "version": 1,
        "spec": compared.spec,
        "old": {"name": compared.old, "revision": change.revisions[0]},
        "new": {"name": compared.new, "revision": change.revisions[1]},
        "same": change.same,
        "keys": [asdict(one) for one in change.keys],
        "sections": [asdict(one) for one in change.sections],
        "clauses": [_clause(one) for one in change.clauses],
        "texts": [_text(one) for one in change.texts],
        "impact": asdict(impact),
    }


def _clause(one: ClauseChange) -> dict[str, object]:
    return {
        "kind": one.kind,
        "moved": one.moved,
        "old": {"id": one.old.shown, "section": one.old_section, "text": one.old.text} if one.old else None,
        "new": {"id": one.new.shown, "section": one.new_section, "text": one.new.text} if one.new else None,
        "words": [_run(run) for run in one.words],
    }


def _text(one: TextChange) -> dict[str, object]:
    return {
        "kind": one.kind,
        "moved": one.moved,
        "section": one.section,
        "words": [_run(run) for run in one.words],
    }


def _run(run: Words) -> dict[str, object]:
    return {"kind": run.kind, "text": run.text}

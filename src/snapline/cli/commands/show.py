"""``snapline show``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from snapline.app.project import Project
from snapline.app.showing import meant_spec, prompt, reading
from snapline.base.errors import ExitStatus
from snapline.base.ids import short
from snapline.base.plain import plain
from snapline.cli.options import reports
from snapline.cli.output import Output
from snapline.cli.verbs import Command
from snapline.spec.export import document
from snapline.spec.show import ClauseShown, Description, SectionShown


@click.command(
    cls=Command,
    short_help="Print what Snapline understood of a spec.",
    examples=(
        ("snapline show retry-uploads", "Each clause, its id, and what it enforces."),
        ("snapline show retry-uploads --prompt", "The exact prompt that would be sent."),
        ("snapline show retry-uploads --prompt T2", "The one of another task."),
        ("snapline show retry-uploads --json", "The whole model, with the place of everything."),
    ),
)
@click.argument("spec")
@click.option(
    "--prompt", "task", metavar="[TASK]", is_flag=False, flag_value="", help="Print the prompt of a task instead."
)
@reports
def command(output: Output, spec: str, task: str | None) -> ExitStatus:
    """Print what was understood of SPEC: each clause with its id and what it enforces, or that it is prose.

    SPEC is a path, an id or id@revision. An id with a question mark is not written yet: `snapline fmt` does that.
    """
    if task is not None:
        text = prompt(Project.discover(Path.cwd()), spec, task, output.note)
        if output.as_json:
            output.document({"version": 1, "spec": spec, "task": task or None, "prompt": text})
        output.line(text.rstrip("\n"))
        return ExitStatus.DONE
    found = meant_spec(spec)
    if output.as_json:
        output.document(document(found))
    else:
        output.line("\n".join(_lines(output, reading(found))))
    return ExitStatus.DONE


def _lines(output: Output, shown: Description) -> Iterator[str]:
    yield f"{output.paint(plain(shown.title), bold=True)}  {shown.id}@{short(shown.revision)}"
    yield ", ".join(f"{name} {plain(value)}" for name, value in shown.front)
    for section in shown.sections:
        yield ""
        yield from _section(output, section)


def _section(output: Output, section: SectionShown) -> Iterator[str]:
    means = f" (read as {section.kind})" if section.alias else "" if section.kind else " (no section of the language)"
    yield f"{output.paint(plain(section.name or 'Before the first section'), bold=True)}{means}"
    if section.prose:
        yield from _indented(section.prose)
    for clause in section.clauses:
        yield from _clause(output, clause)
    for note in section.notes:
        yield from _indented(note)
        yield "      note: belongs to no clause, enforced by nobody"


def _clause(output: Output, clause: ClauseShown) -> Iterator[str]:
    first, *rest = plain(clause.text).splitlines() or [""]
    yield f"  {output.paint(clause.id, fg='cyan')}: {first}"
    yield from (f"      {line}" for line in rest)
    for read in clause.reads:
        yield f"      {output.paint('->', fg='green' if clause.enforced else 'yellow')} {plain(read)}"


def _indented(text: str) -> Iterator[str]:
    yield from (f"  {line}" for line in plain(text).splitlines())

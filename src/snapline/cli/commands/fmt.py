"""``snapline fmt``."""

from __future__ import annotations

import difflib
import sys
from pathlib import Path

import click

from snapline.app.drafting import Formatted, format_files, format_text
from snapline.app.project import Project
from snapline.base.errors import ExitStatus
from snapline.base.text import Source
from snapline.cli.options import reports
from snapline.cli.output import Output
from snapline.cli.verbs import Command
from snapline.spec.parser import parse

STDIN = "-"


@click.command(
    cls=Command,
    short_help="Write the missing clause ids into specs.",
    examples=(
        ("snapline fmt retry-uploads", "`- Uploads resume.` becomes `- G1: Uploads resume.`"),
        ("snapline fmt --check", "Exits 1 when a spec of this repository lacks an id; for CI."),
        ("snapline fmt retry-uploads --diff", "What would be written, as a patch; nothing is."),
        ("snapline fmt - --stdin-filename specs/a.md < draft", "From stdin to stdout, for an editor."),
    ),
)
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 when something would be written, and say where.")
@click.option("--diff", is_flag=True, help="Write nothing; print what would be written, as a patch.")
@click.option("--stdin-filename", "name", metavar="PATH", help="Where the text that comes from stdin (PATH -) belongs.")
@reports
def command(output: Output, paths: tuple[str, ...], *, check: bool, diff: bool, name: str | None) -> ExitStatus:
    """Write the ids that the clauses of specs lack; every other byte of the files stays as it is.

    A PATH is a file, a folder or the id of a spec, or - for stdin, whose text goes to stdout; without one, all of
    specs/ is formatted. An id that an approved revision ever had is not given again.
    """
    if STDIN in paths and len(paths) > 1:
        raise click.UsageError("`-` reads the one text from stdin; no other path can stand beside it.")
    if name is not None and paths != (STDIN,):
        raise click.UsageError("--stdin-filename names the text that comes from stdin: give `-` as the path.")
    done = (_stdin(name or STDIN),) if paths == (STDIN,) else format_files(paths)
    if not (check or diff):
        for one in done:
            one.write()
    if output.as_json:
        output.document(_document(done))
    elif diff:
        output.line("".join(_patch(one) for one in done).rstrip("\n") or "nothing to do")
    elif paths == (STDIN,) and not check:
        sys.stdout.buffer.write(done[0].after.raw)
        sys.stdout.buffer.flush()
    else:
        _tell(output, done, check=check)
    return ExitStatus.FAILED if check and any(one.changed for one in done) else ExitStatus.DONE


def _stdin(name: str) -> Formatted:
    return format_text(parse(Source.from_bytes(name, sys.stdin.buffer.read())), Project.around(Path.cwd()))


def _tell(output: Output, done: tuple[Formatted, ...], *, check: bool) -> None:
    verb = "would write" if check else "wrote"
    for one in done:
        if one.changed:
            output.line(f"{one.before.path}: {verb} {', '.join(one.ids)}")
        elif len(done) == 1:
            output.line(f"{one.before.path}: nothing to do")
    if len(done) != 1:
        count = sum(one.changed for one in done)
        output.line(f"{count} of {len(done)} specs {'would change' if check else 'changed'}")


def _patch(one: Formatted) -> str:
    old, new = (source.text.splitlines(keepends=True) for source in (one.before, one.after))
    lines = difflib.unified_diff(old, new, f"a/{one.before.path}", f"b/{one.before.path}")
    return "".join(line if line.endswith(("\n", "\r")) else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _document(done: tuple[Formatted, ...]) -> dict[str, object]:
    """The JSON document; the path and ids of a single text stand at the top too."""
    files = [{"path": one.before.path, "ids": list(one.ids), "changed": one.changed} for one in done]
    single = files[0] if len(files) == 1 else {}
    return {"version": 1, "path": single.get("path"), "ids": single.get("ids"), "files": files}

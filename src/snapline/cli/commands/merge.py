"""``snapline merge``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from snapline.app.files import create, replace
from snapline.app.merging import MergedFile, merge_files
from snapline.base.errors import ExitStatus, SnaplineError
from snapline.cli.options import reports
from snapline.cli.output import Output
from snapline.cli.verbs import Command
from snapline.spec.merge import MARKER_SIZE

DRIVER_FAULT = 129
"""Git takes up to 128 of a merge driver for conflicts that the driver has marked, and more for its fault."""
_FILE = click.Path(path_type=Path)


@click.command(
    cls=Command,
    short_help="Merge two people's edits of a spec, clause by clause.",
    examples=(
        ("snapline merge base.md ours.md theirs.md", "By hand: the result is in ours.md."),
        ("snapline merge base.md ours.md theirs.md -o -", "The result goes to standard output."),
    ),
)
@click.argument("base", type=_FILE)
@click.argument("ours", type=_FILE)
@click.argument("theirs", type=_FILE)
@click.option(
    "-o", "--output", "target", metavar="FILE", help="Write the result there (-: standard output), not to OURS."
)
@click.option(
    "--marker-size", type=click.IntRange(1, 200), default=MARKER_SIZE, show_default=True, help="Length of markers."
)
@click.option("--path", "name", metavar="PATH", help="What the file is called, for messages and for a spec's id.")
@reports
def command(
    output: Output,
    base: Path,
    ours: Path,
    theirs: Path,
    target: str | None,
    marker_size: int,
    name: str | None,
) -> ExitStatus:
    """Merge what OURS and THEIRS made of BASE, and write the result to OURS.

    Exits 0 when all is merged and 1 when conflicts are marked, each at its clause, in the style of diff3. There is one
    if and only if both sides changed one clause differently, or one deleted what the other changed. A file that is no
    spec is merged by lines, as git does. A fault exits 129, as git expects of a merge driver: `snapline init
    --merge-driver` makes this the one of the specs of a repository.
    """
    try:
        merged = merge_files(base, ours, theirs, name or str(ours), marker_size)
        _write(output, merged.content, target or str(ours))
    except SnaplineError as fault:
        output.error(fault.code, fault.message, fault.hint)
        click.get_current_context().exit(DRIVER_FAULT)
    _report(output, name or str(ours), merged)
    return ExitStatus.FAILED if merged.count else ExitStatus.DONE


def _write(output: Output, content: bytes, target: str) -> None:
    if target == "-":
        if not output.as_json:
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
    elif not create(Path(target), content):
        replace(Path(target), content)


def _report(output: Output, name: str, merged: MergedFile) -> None:
    """What was decided without asking, and what has to be decided, beside the result."""
    if output.as_json:
        output.document(
            {
                "version": 1,
                "path": name,
                "conflicts": merged.count,
                "clauses": [
                    {"name": one.name, "line": one.line, "why": one.why, "hint": one.hint} for one in merged.conflicts
                ],
                "remarks": list(merged.remarks),
                "by_lines": merged.because or None,
            }
        )
        return
    if merged.because:
        output.note(f"{name}: merged by lines, since it is no spec: {merged.because}")
    for remark in merged.remarks:
        output.note(f"{name}: {remark}")
    for one in merged.conflicts:
        output.note(f"{name}:{one.line}: conflict at {one.name}: {one.why}" + (f" ({one.hint})" if one.hint else ""))

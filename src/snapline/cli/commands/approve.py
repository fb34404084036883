"""``snapline approve``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from snapline.app.approving import Approved, BaselineRefused, FindingsRefuse, Wish, approve, send
from snapline.app.fence import refuse_inside_attempt
from snapline.app.project import Project
from snapline.base.clock import SystemClock
from snapline.base.errors import ExitStatus
from snapline.base.ids import short
from snapline.base.plain import plain
from snapline.cli import progress
from snapline.cli.options import reports
from snapline.cli.output import Output, colourful
from snapline.cli.verbs import Command
from snapline.lint.render import text as as_text
from snapline.review.approval import PinnedRow
from snapline.verify.baseline import BaselineRow


@click.command(
    cls=Command,
    short_help="Prove that a spec can be checked, and pin its revision.",
    examples=(
        ("snapline approve retry-uploads", "For the branch that is checked out."),
        ("snapline approve retry-uploads --target main --by '@alice'", "For another branch, in somebody's name."),
        ("snapline approve retry-uploads --waive SEC005 --because 'one line says it'", "Let a finding pass."),
    ),
)
@click.argument("spec")
@click.option("--by", metavar="NAME", help="Who approves. [default: your name in git]")
@click.option("--target", metavar="BRANCH", help="Where the work is to land. [default: the branch checked out]")
@click.option("--waive", metavar="CODE[:CLAUSE]", multiple=True, help="Let findings of this rule pass; repeatable.")
@click.option("--because", metavar="TEXT", default="", help="Why they may pass.")
@click.option("--no-write", is_flag=True, help="Refuse instead of writing missing clause ids into the file.")
@click.option("--push", is_flag=True, help="Send the record to the remote at once, as `snapline sync` does.")
@reports
def command(output: Output, spec: str, *, no_write: bool, push: bool, **options: str) -> ExitStatus:
    """Lint SPEC, prove its environment, run its checks on the base, and pin the revision as a record.

    Error findings and a check that passes before anything was done refuse (exit 4); a check that cannot run refuses
    (exit 3). Missing clause ids are written into the file first.
    """
    refuse_inside_attempt()
    project = Project.discover(Path.cwd())
    wish = Wish(spec, write=not no_write, **options)  # type: ignore[arg-type]
    try:
        done = approve(project, wish, SystemClock(), output.note, progress.of_checks(output))
    except FindingsRefuse as refused:
        style = as_text.ansi if colourful(sys.stderr) else as_text.plain
        output.note(as_text.render(refused.results, style).rstrip("\n"))
        raise
    except BaselineRefused as refused:
        for row in refused.baseline.rows:
            output.note(_baseline(row))
        raise
    if push:
        send(project, done)
    _show(output, done)
    return ExitStatus.DONE


def _show(output: Output, done: Approved) -> None:
    one = done.approval
    if output.as_json:
        output.document(
            {
                "version": 1,
                "spec": one.spec,
                "revision": one.revision,
                "by": one.by,
                "at": one.at,
                "base": one.base,
                "target": one.target,
                "tier": done.tier,
                "record": done.digest,
                "written": list(done.written),
                "waived": [{"code": w.code, "clause": w.clause, "because": w.because} for w in one.waived],
                "baseline": [
                    {"id": r.id, "regression": r.regression, "state": r.state, "because": r.because}
                    for r in one.baseline
                ],
                "manual": list(done.manual),
            }
        )
        return
    if done.written:
        output.line(f"{one.path}: wrote {', '.join(done.written)}")
    for row in one.baseline:
        output.line(_baseline(row))
    for clause in done.manual:
        output.line(f"  {clause:<4} judged by a person")
    output.line(f"Approved {one.spec}@{short(one.revision)} by {one.by} for {one.target} at {short(one.base)}.")
    output.line(f"Next: snapline run {one.spec}")


def _baseline(row: BaselineRow | PinnedRow) -> str:
    return f"  {row.id:<4} {plain(row.because)}{' (regression)' if row.regression else ''}"

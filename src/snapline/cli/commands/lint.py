"""``snapline lint``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from snapline.app.fixing import FixedFile, fix_files, fix_source
from snapline.app.linting import lint_files, lint_source, told
from snapline.app.lintkeys import odd_codes
from snapline.app.project import Project
from snapline.app.surroundings import Asked, Surroundings
from snapline.base.diagnostics import Applicability
from snapline.base.errors import ExitStatus, worst
from snapline.base.text import Source
from snapline.cli import findings
from snapline.cli.options import reports_as
from snapline.cli.output import Output
from snapline.cli.verbs import Command
from snapline.lint.result import FileResult, summarise

STDIN = "-"


@dataclass(frozen=True)
class Wish:
    """The command line."""

    paths: tuple[str, ...]
    asked: Asked
    fix: bool
    suggested: bool
    diff: bool
    run: bool
    counted: bool
    name: str | None

    @property
    def wanted(self) -> frozenset[Applicability]:
        """The kinds of fixes that are applied; none without ``--fix`` and ``--diff``."""
        if not (self.fix or self.diff):
            return frozenset()
        return frozenset(Applicability) if self.suggested else frozenset({Applicability.SAFE})

    @property
    def piped(self) -> bool:
        """Whether the text comes from stdin."""
        return self.paths == (STDIN,)


@click.command(
    cls=Command,
    short_help="Show what is wrong with specs, and their spec debt.",
    examples=(
        ("snapline lint", "All specs of this repository."),
        ("snapline lint specs/retry-uploads.md --fix", "Apply the safe fixes of one spec."),
        ("snapline lint --diff --suggested-fixes", "What all fixes would change; nothing is written."),
        ("snapline lint --select LEX,ACC304 --statistics", "How often some rules find something."),
        ("snapline lint --run retry-uploads", "Run the checks too: which pass before the work is done?"),
        ("snapline lint --format sarif > lint.sarif", "For code scanning services."),
        ("snapline lint - --stdin-filename specs/a.md < draft", "A text that is not saved."),
    ),
)
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@click.option("--fix", is_flag=True, help="Apply safe fixes, as splices: every other byte stays.")
@click.option("--diff", is_flag=True, help="Print what the fixes would change, as a patch; write nothing.")
@click.option("--suggested-fixes", "suggested", is_flag=True, help="Apply suggested fixes too. Look at the result.")
@click.option("--select", metavar="CODES", multiple=True, help="Tell of these rules only; beginnings count: LEX,ACC30.")
@click.option("--ignore", metavar="CODES", multiple=True, help="Do not tell of these rules.")
@click.option("--strict", is_flag=True, help="A criterion that is neither executable nor (manual) is an error.")
@click.option("--run", is_flag=True, help="Run the checks at HEAD, to find those that prove nothing (ACC315).")
@click.option("--statistics", "counted", is_flag=True, help="Count the findings by rule instead of listing them.")
@click.option("--stdin-filename", "name", metavar="PATH", help="Where the text that comes from stdin (PATH -) belongs.")
@click.option("--no-cache", "fresh", is_flag=True, help="Take nothing from the cache, and leave nothing there.")
@reports_as(
    "sarif",
    "github",
    "junit",
    words="text, exactly one JSON document, SARIF 2.1.0, annotations of GitHub Actions, or JUnit XML",
)
def command(
    output: Output,
    form: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    *,
    strict: bool,
    fresh: bool,
    **options: object,
) -> ExitStatus:
    """Show what is wrong with specs, each finding with its line, its rule and a hint.

    A PATH is a file, a folder or the id of a spec, or - for stdin; without one, all of specs/ is linted. Exits 1 when
    there is an error among the findings; warnings and infos do not count. Nothing is written without --fix, and no
    check runs without --run.
    """
    wish = Wish(asked=Asked(_codes(select), _codes(ignore), strict, fresh), **options)  # type: ignore[arg-type]
    _refuse_odd(wish, form)
    if wish.wanted:
        return _fix(output, wish, form)
    results, unrun = _run(output, wish) if wish.run else (_lint(wish), ())
    output.lasting = not wish.piped and not wish.run and all(result.lasting for result in results)
    findings.show(output, results, form, counted=wish.counted)
    for said in unrun:
        output.note(f"could not run: {said}")
    status = ExitStatus.FAILED if summarise(results).errors else ExitStatus.DONE
    return worst(status, ExitStatus.ENVIRONMENT) if unrun else status


def _codes(named: Sequence[str]) -> tuple[str, ...]:
    return tuple(code.strip() for one in named for code in one.split(","))


def _refuse_odd(wish: Wish, form: str) -> None:
    """Usage errors: what cannot be meant together, and codes that are no rule's."""
    odd = odd_codes(wish.asked.select, wish.asked.ignore)
    if odd:
        said = "; ".join(f"--{one.key[0]}: {one.message}" for one in odd)
        raise click.UsageError(" ".join((f"{said}.", odd[0].hint)))
    if STDIN in wish.paths and not wish.piped:
        raise click.UsageError("`-` reads the one text from stdin; no other path can stand beside it.")
    if wish.name is not None and not wish.piped:
        raise click.UsageError("--stdin-filename names the text that comes from stdin: give `-` as the path.")
    if wish.suggested and not wish.wanted:
        raise click.UsageError("--suggested-fixes says which fixes are applied: give --fix or --diff too.")
    if wish.run and wish.wanted:
        raise click.UsageError("--run does not go together with --fix and --diff: no fix clears what it finds.")
    if wish.wanted and form not in {"text", "json"}:
        raise click.UsageError(f"--fix and --diff say what they did as text or JSON, not as {form}.")


def _around(wish: Wish) -> Surroundings:
    return Surroundings.at_head(Project.around(Path.cwd()), wish.asked)


def _stdin(wish: Wish) -> Source:
    return Source.from_bytes(wish.name or STDIN, sys.stdin.buffer.read())


def _lint(wish: Wish) -> tuple[FileResult, ...]:
    if not wish.piped:
        return lint_files(wish.paths, wish.asked)
    around = _around(wish)
    return (told(lint_source(_stdin(wish), around), around),)


def _run(output: Output, wish: Wish) -> tuple[tuple[FileResult, ...], tuple[str, ...]]:
    from snapline.app.baselining import run_files, run_source  # noqa: PLC0415 - the engine's half of the program
    from snapline.cli import progress  # noqa: PLC0415 - as above

    watch = (output.note, progress.of_checks(output))
    if wish.piped:
        return run_source(_stdin(wish), wish.asked, *watch)
    return run_files(wish.paths, wish.asked, *watch)


def _fix(output: Output, wish: Wish, form: str) -> ExitStatus:
    write = wish.fix and not wish.diff
    if wish.piped:
        files: tuple[FixedFile, ...] = (fix_source(_stdin(wish), _around(wish), wish.wanted),)
    else:
        files = fix_files(wish.paths, wish.asked, wish.wanted, write=write)
    findings.show_fixed(output, files, form, diff=wish.diff, piped=wish.piped, counted=wish.counted)
    stale = [ExitStatus.REFUSED] if any(one.stale for one in files) else []
    errors = summarise([one.result for one in files]).errors
    return worst(*stale, ExitStatus.FAILED if errors else ExitStatus.DONE)

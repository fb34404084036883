"""``snapline demo``."""

from __future__ import annotations

import shlex
import shutil
import sys
import textwrap
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from snapline.app.demo.performance import perform
from snapline.app.demo.report import DemoReport, Step
from snapline.app.fence import refuse_inside_attempt
from snapline.base import wire
from snapline.base.errors import ExitStatus
from snapline.base.plain import plain
from snapline.cli.columns import columns
from snapline.cli.options import reports
from snapline.cli.output import Output
from snapline.cli.verbs import Command
from snapline.sandbox.policy import Tier

_WIDEST = 96
_CHAPTERS = 7
_WORTH_TELLING = 0.1


@click.command(
    cls=Command,
    short_help="Show the main job on a small repository, without any agent or key of yours.",
    examples=(
        ("snapline demo", "Into a new folder, which it names and keeps."),
        ("snapline demo ~/snapline-demo", "Into this folder, which is empty or not there yet."),
        ("snapline demo --json", "Each step with the commits, attempts and verdicts that prove it."),
    ),
)
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@reports
def command(output: Output, folder: Path | None) -> ExitStatus:
    """Approve a spec, see agents work, boast and cheat, land what is proved, and roll it back.

    Everything is real: git, agents that are processes, our checks in fresh trees, the store with its evidence. It
    happens in DIR with a state home of its own; nothing of yours is touched. Takes about a minute; exits 1 and
    names the step when one does not come out.
    """
    refuse_inside_attempt()
    screen = Screen(output)
    report = perform(folder, screen)
    if output.as_json:
        output.document(wire.encode(report))
    else:
        screen.close(report)
    if report.failed:
        output.error("demo-failed", f"the step `{report.failed}` did not come out", f"Look into {report.folder}")
    return ExitStatus.FAILED if report.failed else ExitStatus.DONE


def _to_look_around(report: DemoReport) -> Iterator[str]:
    repository, home, folder = (shlex.quote(path) for path in (report.repository, report.home, report.folder))
    yield f"cd {repository}; export SNAPLINE_HOME={home}"
    if shutil.which("snapline") is None:
        yield f"export PATH={shlex.quote(str(Path(sys.executable).parent))}:$PATH"
    yield "snapline log parcel/T2; snapline review parcel/T2; git log --graph"
    yield f"rm -rf {folder}   # when you have seen enough"


class Screen:
    """Tells the demo on stdout; on stderr, and shorter, when stdout is to hold JSON."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._width = min(shutil.get_terminal_size((80, 24)).columns, _WIDEST)
        self._began = time.monotonic()
        self._after_output = False
        self.shares = not output.as_json

    def begin(self, folder: Path, tier: Tier) -> None:
        """The demo begins."""
        self._tell(f"Snapline's demo, in {folder} (kept), at tier {tier}")

    def chapter(self, number: int, title: str, words: str) -> None:
        """A heading, and what is going to be seen."""
        self._output.line()
        self._tell(self._paint(f"{number}/{_CHAPTERS}  {title}", bold=True))
        self._after_output = False
        if words:
            self.say(words)

    def say(self, words: str) -> None:
        """A paragraph, wrapped."""
        if self._after_output:
            self._output.line()
        self._after_output = False
        self._output.line(self._wrapped(words))

    def warn(self, words: str) -> None:
        """A paragraph that is told in any case."""
        self._tell(words if self._output.as_json else self._wrapped(words))

    def typed(self, line: str) -> None:
        """A command line."""
        self._output.line()
        self._tell(self._paint(f"$ {line}", fg="cyan", bold=True))
        self._after_output = True

    def quote(self, text: str) -> None:
        """What a program printed."""
        self._output.line(plain(text))

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Columns; the last one is wrapped."""
        self._output.line()
        head, *lines = columns((heads, *rows), self._width)
        self._output.line(self._paint(head, bold=True))
        for line in lines:
            self._output.line(line)

    def done(self, step: Step) -> None:
        """Whether a step came out, and how long it took."""
        now = time.monotonic()
        took = f" ({now - self._began:.1f} s)" if now - self._began > _WORTH_TELLING else ""
        mark = self._paint("ok", fg="green", bold=True) if step.ok else self._paint("FAILED", fg="red", bold=True)
        self._output.line()
        self._tell(f"{mark}  {step.name}: {plain(step.says)}{took}")
        self._began = now

    def close(self, report: DemoReport) -> None:
        """What happened, where it is, and what to do next."""
        if report.failed is None:
            self.chapter(_CHAPTERS, "What happened", "")
            self.table(("step", "what came of it"), [(one.name, one.says) for one in report.steps])
        self._output.line()
        self._output.line(f"{report.seconds:.0f} s in all. Everything is kept; look around in it:")
        for line in _to_look_around(report):
            self._output.line(f"  {line}")
        if report.failed is None:
            self._output.line()
            self._output.line("Next, in a repository of your own:")
            for line in ("snapline init", "snapline new my-change", "snapline approve my-change"):
                self._output.line(self._paint(f"  $ {line}", fg="cyan", bold=True))

    def _wrapped(self, words: str) -> str:
        indent = "  " if words.startswith("- ") else ""
        return textwrap.fill(words, self._width, subsequent_indent=indent, break_on_hyphens=False)

    def _tell(self, text: str) -> None:
        if self._output.as_json:
            self._output.note(text)
        else:
            self._output.line(text)

    def _paint(self, text: str, *, fg: str | None = None, bold: bool = False) -> str:
        stream = sys.stderr if self._output.as_json else sys.stdout
        return self._output.paint(text, stream, fg=fg, bold=bold)

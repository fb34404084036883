"""The command line as a process: every ending has its status, its message and, asked for, its JSON."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest

from snapline import __version__
from snapline.base.errors import ExitStatus, Refused
from snapline.cli.endings import Terminated
from snapline.cli.main import execute, wants_json
from snapline.cli.output import Output, colourful
from snapline.cli.verbs import VERBS, Command


def run(*arguments: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "snapline", *arguments],
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_version() -> None:
    done = run("--version")
    assert (done.returncode, done.stdout) == (0, f"snapline {__version__}\n")


def test_help_names_every_verb() -> None:
    done = run("--help")
    assert done.returncode == 0
    assert all(verb.summary.split()[0] in done.stdout and f"  {verb.name}" in done.stdout for verb in VERBS)
    assert run().stdout == done.stdout


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_every_verb_has_its_summary_and_examples(verb: object, capsys: pytest.CaptureFixture[str]) -> None:
    name = getattr(verb, "name", "")
    command = import_module(f"snapline.cli.commands.{name}").command
    assert isinstance(command, Command)
    assert command.short_help == getattr(verb, "summary", "")
    assert command.examples
    assert execute([name, "--help"]) == 0
    said = capsys.readouterr().out
    assert all(line.startswith(f"snapline {name}") or "|" in line for line, _ in command.examples)
    assert all(line in said for line, _ in command.examples)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["lnt"], "Did you mean lint?"),
        (["lint", "--formt", "json"], "--formt"),
        (["new"], "Missing argument 'ID'"),
        (["lint", "--format", "yaml"], "'yaml' is not one of"),
    ],
)
def test_a_mistake_on_the_command_line_exits_2(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute(arguments) == ExitStatus.USAGE
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("error: ")
    assert message in said.err
    assert "\nhint: " in said.err


def test_a_usage_error_answers_in_json_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["lint", "--json", "--nope"]) == ExitStatus.USAGE
    said = capsys.readouterr()
    error = json.loads(said.out)["error"]
    assert (error["code"], set(error)) == ("usage", {"code", "message", "hint"})
    assert "--nope" in error["message"]
    assert said.err == ""


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["lint", "--json"], True),
        (["lint", "--format", "json"], True),
        (["lint", "--format=json"], True),
        (["lint", "--format", "text"], False),
        (["lint", "--", "--json"], False),
    ],
)
def test_json_is_recognised_before_the_arguments_are_parsed(arguments: list[str], *, expected: bool) -> None:
    assert wants_json(arguments) is expected


def ending(error: BaseException) -> click.Command:
    """A command that ends by ``error``, whatever its arguments are."""

    def verb() -> None:
        raise error

    settings = {"ignore_unknown_options": True, "allow_extra_args": True}
    return click.Command("verb", callback=verb, context_settings=settings)


ENDINGS = [
    (Refused("no", hint="because"), ExitStatus.REFUSED, "refused"),
    (ZeroDivisionError("x"), ExitStatus.BUG, "bug"),
    (KeyboardInterrupt(), ExitStatus.INTERRUPTED, "interrupted"),
    (click.Abort(), ExitStatus.INTERRUPTED, "interrupted"),
    (Terminated(), ExitStatus.TERMINATED, "terminated"),
    (click.FileError("f", "gone"), ExitStatus.USAGE, "usage"),
]


@pytest.mark.parametrize(("error", "status", "code"), ENDINGS)
def test_every_ending_has_its_status_and_message(
    error: BaseException, status: ExitStatus, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute([], ending(error)) == status
    said = capsys.readouterr()
    assert said.out == ""
    assert "error: " in said.err
    assert execute(["--json"], ending(error)) == status
    assert json.loads(capsys.readouterr().out)["error"]["code"] == code


def test_a_bug_shows_its_traceback_and_asks_for_a_report(capsys: pytest.CaptureFixture[str]) -> None:
    execute([], ending(ZeroDivisionError("deep down")))
    said = capsys.readouterr().err
    assert "Traceback" in said
    assert "deep down" in said
    assert "hint: Please report it" in said


def test_an_error_after_the_document_leaves_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    output = Output(as_json=True)
    output.line("not a document")
    output.document(b'{"version": 1}')
    output.error("bug", "too late")
    assert json.loads(capsys.readouterr().out) == {"version": 1}


def test_words_of_others_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    Output().error("x", "a\x1b[31mb\u202ec", hint="\x9b1Jd")
    assert capsys.readouterr().err == "error: abc\nhint: d\n"


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environment", "expected"),
    [
        (Terminal(), {}, True),
        (Terminal(), {"NO_COLOR": "1"}, False),
        (Terminal(), {"NO_COLOR": ""}, True),
        (Terminal(), {"TERM": "dumb"}, False),
        (io.StringIO(), {}, False),
    ],
)
def test_colour_is_for_terminals(stream: io.StringIO, environment: dict[str, str], *, expected: bool) -> None:
    assert colourful(stream, environment) is expected


def test_a_reader_that_leaves_changes_nothing(tmp_path: Path) -> None:
    command = f"{sys.executable} -m snapline --help"
    script = f"set -o pipefail; {{ {command}; echo $? >status; }} | true; cat status"
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.stdout.split(), done.stderr) == (["0"], "")


def test_an_output_that_is_lost_is_no_success_and_no_bug() -> None:
    """On a full disk all that was said is lost, and the status says so."""
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "snapline", "rule"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        assert done.returncode == ExitStatus.ENVIRONMENT
        assert done.stderr == "error: the output cannot be written: No space left on device\n"


@pytest.mark.parametrize(
    ("arguments", "status"), [("lint - <&-", 1), ("lint - >&- 2>&-", 1), ("fmt - <&- >&-", 0), ("rule ACC303 >&-", 0)]
)
def test_a_closed_stream_is_one_that_nobody_uses(arguments: str, status: int, tmp_path: Path) -> None:
    script = f"printf '# Task\n' | {sys.executable} -m snapline {arguments}"
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (status, "")


@pytest.mark.parametrize(
    ("sent", "status"), [(signal.SIGINT, ExitStatus.INTERRUPTED), (signal.SIGTERM, ExitStatus.TERMINATED)]
)
def test_signals_have_their_status(sent: signal.Signals, status: ExitStatus, tmp_path: Path) -> None:
    script = tmp_path / "waiting.py"
    script.write_text(
        "import click, time\n"
        "from snapline.cli.main import main\n"
        "main(click.Command('wait', callback=lambda: (print('ready', flush=True), time.sleep(60))))\n"
    )
    process = subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ
    )
    with process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(sent)
        assert process.wait(timeout=20) == status
        assert process.stderr.read().startswith("error: ")


def test_completion_is_offered() -> None:
    done = run(_SNAPLINE_COMPLETE="bash_source")
    assert (done.returncode, "snapline" in done.stdout) == (0, True)

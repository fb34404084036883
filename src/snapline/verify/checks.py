"""Each form of a check as a job for the sandbox: what is started, in which environment, with what beside it."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from snapline.sandbox.environment import Environment, variables
from snapline.sandbox.policy import PLAIN_PATH, Job, Limits, Mount, Sandbox, Shape
from snapline.spec.model import CheckKind
from snapline.verify import leftovers, programs, transcript
from snapline.verify.orders import CheckOrder
from snapline.verify.pytest_report import FOLDER_VARIABLE
from snapline.verify.reports import MAX_BYTES

CONTROL = "/snapline"
"""Where a check finds our side of it: outside the tree, gone after the check."""
BASE = "/snapline-base"
"""Where a check finds the base's tree, named by SNAPLINE_BASE_DIR."""
BASE_VARIABLE = "SNAPLINE_BASE_DIR"
REPORTER = "snapline_report.py"
REPORT, REPORTS, END = "report.jsonl", "reports", "end"
"""In the control folder: the report of test nodes, those of pytests that commands start, and a program's last mark."""
LOG_BYTES = 4 * 1024 * 1024
OUTPUT_KILL = 64 * 1024 * 1024
"""A check that prints more bytes than this is stopped and fails."""


@dataclass(frozen=True)
class Place:
    """Where a check runs: its tree and the base's on the host, and the environment with the mounts of its layer.

    ``hide`` are host paths that it may not see.
    """

    sandbox: Sandbox
    tree: Path
    base: Path | None
    environment: Environment
    mounts: tuple[Mount, ...] = ()
    hide: tuple[str, ...] = ()


@dataclass(frozen=True)
class Control:
    """Our side of one check: a folder outside the tree, and the marks that only we know.

    The check can write to the folder. ``nonce`` is in every line of our reporters, and so known to the processes that
    they report from; ``last`` is what a command or script writes after its last line, and known to no other.
    """

    folder: Path
    nonce: str
    last: str
    marks: tuple[str, ...]

    @property
    def report(self) -> bytes:
        """What the run of test nodes reported."""
        return leftovers.content(self.folder, REPORT, MAX_BYTES) or b""

    @property
    def reached_the_end(self) -> bool:
        """Whether a command or script left its mark after its last line."""
        return leftovers.content(self.folder, END, 2 * len(self.last)) == self.last.encode()

    @property
    def reports(self) -> Iterator[bytes]:
        """What pytests started by commands reported, one file each; no more in all than is read of one report."""
        left = MAX_BYTES
        for path in leftovers.files(self.folder / REPORTS):
            content = leftovers.content(self.folder, f"{REPORTS}/{path.name}", left)
            if content is not None:
                left -= len(content)
                yield content


def prepare(order: CheckOrder, place: Place, folder: Path, run: int) -> tuple[Job, Control]:
    """Lay out the control folder and make the job. The second run of a check goes backwards, with another hash seed."""
    marks = tuple(secrets.token_hex(16) for _ in order.steps)
    control = Control(folder, secrets.token_hex(16), secrets.token_hex(16), marks)
    (folder / REPORTS).mkdir(parents=True)
    mount = Mount(str(folder), CONTROL, writable=True)
    inside = place.sandbox.inside(mount)
    root = place.sandbox.workspace(place.tree)
    (folder / "root").symlink_to(root)
    reporter = Path(__file__).with_name("pytest_report.py").read_bytes()
    (folder / REPORTER).write_bytes(reporter)
    argv, stdin = _program(order, control, inside, root, place, backwards=run % 2 == 0)
    job = Job(
        argv=argv,
        shape=Shape.CHECK,
        limits=Limits(wall=order.timeout, log_bytes=LOG_BYTES, output_kill=OUTPUT_KILL),
        env=_variables(order, place, control, inside, root, run),
        cwd=f"/workspace/{order.directory}" if order.directory != "." else "/workspace",
        tree=str(place.tree),
        mounts=(*place.mounts, mount, *_base_mount(place)),
        toolchains=place.environment.toolchains,
        hide=place.hide,
        network=order.network,
        stdin=stdin,
        capture=order.kind is CheckKind.TRANSCRIPT,
    )
    return job, control


def _program(
    order: CheckOrder, control: Control, inside: str, root: str, place: Place, *, backwards: bool
) -> tuple[tuple[str, ...], str | None]:
    """The argument list, and the file that is its standard input."""
    bash = shutil.which("bash", path=PLAIN_PATH) or "/bin/bash"
    match order.kind:
        case CheckKind.TRANSCRIPT:
            text = transcript.program(order.transcript(), control.marks)
            return (bash, *transcript.SHELL_OPTIONS, "-c", programs.LOADER), _unseen(control, text)
        case CheckKind.SCRIPT if programs.is_foreign(order.language):
            end = f"{inside}/{END}"
            start, content = programs.script(order.language or "", order.text, end, control.last)
            _written(control, "script", content)
            return (bash, *programs.STRICT, "-c", start, "check", f"{inside}/script", end), None
        case CheckKind.COMMAND | CheckKind.SCRIPT:
            text = programs.shell(order.text, f"{inside}/{END}", control.last)
            return (bash, *programs.STRICT, "-c", programs.LOADER), _unseen(control, text)
        case CheckKind.TEST:
            _written(control, "control.json", json.dumps(_selection(order, control, inside, root, place, backwards)))
            script = programs.FIND_PYTHON + 'exec "$found" -s "$1" "$2"'
            return (
                bash,
                *programs.STRICT,
                "-c",
                script,
                "check",
                f"{inside}/{REPORTER}",
                f"{inside}/control.json",
            ), None
        case CheckKind.MANUAL:
            raise ValueError("a manual check cannot be run")
        case _:
            assert_never(order.kind)


def _selection(
    order: CheckOrder,
    control: Control,
    inside: str,
    root: str,
    place: Place,
    backwards: bool,  # noqa: FBT001 - private
) -> dict[str, object]:
    """What our pytest runner is told; the test file counts from the tree's root, or from ``(in DIR)``."""
    path = order.path or ""
    prefix = "" if order.directory == "." or (place.tree / path).exists() else f"{order.directory}/"
    return {
        "root": root,
        "report": f"{inside}/{REPORT}",
        "nonce": control.nonce,
        "files": [prefix + path],
        "wanted": [prefix + order.wanted] if order.wanted else [],
        "paths": [*place.environment.editable, order.directory],
        "backwards": backwards,
    }


def _variables(order: CheckOrder, place: Place, control: Control, inside: str, root: str, run: int) -> dict[str, str]:
    """Everything that a check's processes find in their environment."""
    fixed = variables(place.environment, root)
    paths = fixed.pop("PYTHONPATH", "")
    fixed |= {
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "CI": "1",
        "NO_COLOR": "1",
        "PYTHONHASHSEED": str(run),
        "PYTHONNOUSERSITE": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    if place.base is not None:
        fixed[BASE_VARIABLE] = place.sandbox.inside(_base_mount(place)[0])
    if order.kind is CheckKind.TRANSCRIPT:
        fixed |= {"PYTHONPATH": paths} if paths else {}
    elif order.kind is not CheckKind.TEST:
        fixed |= {
            "PYTHONPATH": f"{inside}:{paths}".rstrip(":"),
            "PYTEST_PLUGINS": REPORTER.removesuffix(".py"),
            FOLDER_VARIABLE: f"{inside}/{REPORTS}",
            "SNAPLINE_NONCE": control.nonce,
        }
    return fixed | dict(order.env)


def _base_mount(place: Place) -> tuple[Mount, ...]:
    return (Mount(str(place.base), BASE, writable=True),) if place.base else ()


def _written(control: Control, name: str, text: str) -> None:
    (control.folder / name).write_text(text, encoding="utf-8")


def _unseen(control: Control, text: str) -> str:
    """A file beside the control folder, which nothing inside can see: a shell's standard input."""
    path = control.folder.with_name("program")
    path.write_text(text, encoding="utf-8")
    return str(path)

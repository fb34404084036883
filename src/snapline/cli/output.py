"""What a command prints: results on stdout, messages and progress on stderr, or one JSON document."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, TextIO

import click

from snapline.base.plain import plain

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


def colourful(stream: TextIO, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether colour belongs on ``stream``: a terminal that is not dumb, and nobody set ``NO_COLOR``."""
    return stream.isatty() and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"


class Output:
    """Where a command's words go; ``as_json`` tells whether stdout is to hold exactly one JSON document."""

    def __init__(self, *, as_json: bool = False) -> None:
        self.as_json = as_json
        self.lasting = False
        """Whether the same command would print the same while nothing has changed that a cache can see."""
        self._documented = False

    def line(self, text: str = "") -> None:
        """One line (or several) of the result; silent when a JSON document was asked for."""
        if not self.as_json:
            self._write(sys.stdout, text + "\n")

    def document(self, value: Mapping[str, object] | bytes) -> None:
        """The one JSON document of this command; ``bytes`` are JSON already."""
        data = json.loads(value) if isinstance(value, bytes) else value
        ascii_only = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
        self._documented = True
        self._write(sys.stdout, json.dumps(data, ensure_ascii=ascii_only, indent=2) + "\n")

    def raw(self, content: bytes) -> None:
        """Bytes as they are, where the result is a file's content."""
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.flush()

    def note(self, text: str) -> None:
        """A message to the person, beside the result."""
        self._write(sys.stderr, text + "\n")

    def error(self, code: str, message: str, hint: str = "") -> None:
        """The one error that ends a command: for people on stderr, in JSON as the document."""
        if self.as_json:
            if not self._documented:
                self.document({"error": {"code": code, "message": message, "hint": hint}})
            return
        self.note(f"{self.paint('error:', sys.stderr, fg='red', bold=True)} {plain(message)}")
        if hint:
            self.note(f"{self.paint('hint:', sys.stderr, fg='cyan')} {plain(hint)}")

    def paint(self, text: str, stream: TextIO | None = None, *, fg: str | None = None, bold: bool = False) -> str:
        """``text`` in colour where ``stream`` (default stdout) shows colour."""
        return click.style(text, fg=fg, bold=bold or None) if colourful(stream or sys.stdout) else text

    @staticmethod
    def _write(stream: TextIO, text: str) -> None:
        stream.write(text)
        stream.flush()


class _Unread(io.FileIO):
    """A file descriptor whose reader may leave; ``kept`` holds a copy of what is written, ``fault`` what failed."""

    kept: bytearray | None = None
    fault: OSError | None = None

    def write(self, data: ReadableBuffer, /) -> int:
        if self.kept is not None:
            self.kept += data
        try:
            return super().write(data)
        except BrokenPipeError:
            return memoryview(data).nbytes
        except OSError as fault:
            self.fault = fault
            return memoryview(data).nbytes


def patient(stream: TextIO, kept: bytearray | None = None) -> TextIO:
    """A process's stream in a form that loses no verdict: what nobody reads, or cannot be encoded, is no error.

    A copy of what is written goes to ``kept``.
    """
    unread = _Unread(stream.fileno(), "w", closefd=False)
    unread.kept = kept
    raw = io.BufferedWriter(unread)
    return io.TextIOWrapper(raw, stream.encoding, "backslashreplace", line_buffering=stream.isatty())


def lost(stream: TextIO) -> OSError | None:
    """Why something that was written to a :func:`patient` stream, such as a file on a full disk, is not there."""
    stream.flush()
    raw = getattr(stream.buffer, "raw", None)
    return raw.fault if isinstance(raw, _Unread) else None


def open_closed() -> None:
    """Let the null device stand for each standard stream that was closed: no other file may get its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            number = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115 - open for good

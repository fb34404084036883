"""The pipes between a job and its shim: read fast, counted, stored up to a cap.

Standard library only: the shim starts without site packages.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import select

from snapline.sandbox.cappedlog import CappedLog

_BLOCK = 1 << 20
_F_SETPIPE_SZ = 1031


class Pipes:
    """Standard output and error of a job: both to the log, or the output raw to a file of its own (``capture``).

    The file is capped at ``most`` bytes, beyond which :meth:`is_over` is true.
    """

    def __init__(self, log: CappedLog, capture: str | None, most: int | None) -> None:
        self._log = log
        self._most = most
        self._room = most
        self._file: int | None = None
        self.received = 0
        error_read, self.error_end = _pipe()
        self._readers = {error_read}
        self._output_read: int | None = None
        self.output_end = self.error_end
        if capture is not None:
            self._file = os.open(capture, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            self._output_read, self.output_end = _pipe()
            self._readers.add(self._output_read)

    def hand_over(self) -> None:
        """Close the job's ends here, once the job has them."""
        for end in {self.error_end, self.output_end}:
            os.close(end)

    def pump(self, seconds: float, also: list[int]) -> None:
        """Read what there is; wait for it, or for a descriptor in ``also``, at most ``seconds``."""
        poll = select.poll()
        for descriptor in (*self._readers, *also):
            poll.register(descriptor, select.POLLIN)
        for descriptor, _ in poll.poll(seconds * 1000):
            if descriptor in self._readers:
                self._read(descriptor)

    def drain(self) -> None:
        """Read what is left. No writer lives any more, so it comes to an end."""
        for reader in tuple(self._readers):
            while reader in self._readers and self._read(reader):
                pass

    def is_over(self) -> bool:
        """Whether more came than is allowed."""
        return self._most is not None and self.received > self._most

    def close(self) -> None:
        """Make the raw output durable."""
        if self._file is not None:
            os.fsync(self._file)
            os.close(self._file)

    def _read(self, reader: int) -> bool:
        try:
            chunk = os.read(reader, _BLOCK)
        except BlockingIOError:
            return False
        if not chunk:
            self._readers.discard(reader)
            os.close(reader)
            return False
        self.received += len(chunk)
        if reader == self._output_read:
            self._store(chunk)
        else:
            self._log.add(chunk)
        return True

    def _store(self, chunk: bytes) -> None:
        if self._room is not None:
            chunk = chunk[: self._room]
            self._room -= len(chunk)
        assert self._file is not None  # noqa: S101 - a reader of output exists only with its file
        view = memoryview(chunk)
        while view:
            view = view[os.write(self._file, view) :]


def _pipe() -> tuple[int, int]:
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    with contextlib.suppress(OSError):
        fcntl.fcntl(writer, _F_SETPIPE_SZ, _BLOCK)
    return reader, writer

"""The way out of a run's network namespace, on the shim's side: the proxy's process, from before the job to its end.

Standard library only: the shim starts without site packages.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
from collections.abc import Callable, Sequence

from snapline.sandbox.child import NotOpened
from snapline.sandbox.destinations import parse_all
from snapline.sandbox.netspace import LOOPBACK, PORT, READY
from snapline.sandbox.requestlog import FILE

ERROR_FILE = "proxy.err"
_BOOT = "import sys; sys.path.insert(0, sys.argv[1]); from snapline.sandbox.proxyprocess import main; main()"
_START_SECONDS = 30.0
_END_SECONDS = 2.0
_OWN = ("localhost", LOOPBACK, "::1")


def variables(allowed: Sequence[str]) -> dict[str, str]:
    """What tells programs of the proxy.

    What a job serves on its own loopback is met without it, unless the list means the host's loopback by that name.
    """
    place = f"http://{LOOPBACK}:{PORT}"
    listed = {one.host for one in parse_all(allowed)}
    own = ",".join(name for name in _OWN if name not in listed)
    values = {"http_proxy": place, "https_proxy": place, "all_proxy": place, "no_proxy": own}
    # Node asks for this before its own `fetch` looks at the others.
    return values | {name.upper(): value for name, value in values.items()} | {"NODE_USE_ENV_PROXY": "1"}


class Passage:
    """The proxy of one run, started at once. Until :meth:`open` the job must wait: :meth:`options` tell it to.

    Everything that takes time is done before the job's namespaces are made, so that what waits there waits for
    milliseconds: when the shim is killed meanwhile, bubblewrap goes on as if it had been released.

    It is ended by the end of its standard input, whose other end is the shim's alone, and by the kernel when the shim
    is killed (``before``, which runs in the new process).
    """

    def __init__(self, allowed: Sequence[str], folder: str, sources: str, before: Callable[[], None]) -> None:
        self._folder = folder
        self._list = json.dumps({"allowed": list(allowed), "log": f"{folder}/{FILE}"})
        self._block, self._release = os.pipe()
        with open(f"{folder}/{ERROR_FILE}", "wb") as errors:  # noqa: PTH123 - pathlib costs the shim 10 ms
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", _BOOT, sources],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env={},
                cwd="/",
                start_new_session=True,
                preexec_fn=before,  # noqa: PLW1509 - the shim has one thread
            )
        try:
            self._hear()
        except NotOpened:
            self.close()
            raise

    def options(self) -> list[str]:
        """What makes bubblewrap wait before it starts the job."""
        return ["--block-fd", str(self._block)]

    def descriptors(self) -> tuple[int, ...]:
        """What bubblewrap needs for it."""
        return (self._block,)

    def open(self, pid: int) -> None:
        """Serve the network namespace of process ``pid``, and let the job begin; raises :class:`NotOpened`."""
        self._say(f"{self._list}\n{pid}\n")
        self._hear()
        os.write(self._release, b".")

    def close(self) -> None:
        """End the proxy, its record complete; at once if it does not by itself."""
        os.close(self._block)
        os.close(self._release)
        assert self._process.stdin is not None  # noqa: S101 - it was asked for
        self._process.stdin.close()
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _say(self, text: str) -> None:
        assert self._process.stdin is not None  # noqa: S101 - it was asked for
        with contextlib.suppress(BrokenPipeError):  # then it has ended, and says nothing either
            self._process.stdin.write(text.encode())
            self._process.stdin.flush()

    def _hear(self) -> None:
        """Wait for the proxy's word; raises :class:`NotOpened` with what it says instead."""
        assert self._process.stdout is not None  # noqa: S101 - it was asked for
        if not select.select([self._process.stdout], [], [], _START_SECONDS)[0]:
            raise NotOpened(f"it was not ready within {_START_SECONDS:.0f} s")
        if os.read(self._process.stdout.fileno(), len(READY)) != READY:
            with open(f"{self._folder}/{ERROR_FILE}", encoding="utf-8", errors="replace") as errors:  # noqa: PTH123 - as above
                raise NotOpened(errors.read().strip() or "its proxy ended")

"""Our own ends of what an attack reaches for: a port of this machine, an abstract socket, and an SSH agent's socket."""

from __future__ import annotations

import secrets
import socket
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from snapline.base.errors import EnvironmentFault

_HEARD = b"heard"
_WAIT = 0.1
SSH_AGENT = "ssh-agent"
"""Who gets through over the named socket."""


class CannotListen(EnvironmentFault):
    """The sockets that attacks reach for cannot be made."""

    code = "cannot-listen"
    hint = "The path of an SSH agent's socket has to be short: set TMPDIR to a short one, such as /tmp."


class Listener:
    """Hears who gets through to this process, as ``WAY WHO``: over TCP, UDP, an abstract and a named socket.

    It listens on loopback alone, and answers every word with ``heard``. What comes over the named socket, which stands
    for an SSH agent, is heard as :data:`SSH_AGENT`, and answered by ``secret``.
    """

    def __init__(self, place: Path) -> None:
        self.place = place
        self.name = f"snapline-prove-{secrets.token_hex(8)}"
        self.secret = f"ssh-agent-{secrets.token_hex(8)}"
        self.port = 0
        self._heard: list[str] = []
        self._ending = threading.Event()
        self._open = ExitStack()

    def __enter__(self) -> Self:
        """Begin to listen; raises :class:`CannotListen`."""
        with ExitStack() as opening:
            tcp = _bound(opening, socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0))
            self.port = int(tcp.getsockname()[1])
            udp = _bound(opening, socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", self.port))
            abstract = _bound(opening, socket.AF_UNIX, socket.SOCK_STREAM, f"\0{self.name}")
            named = _bound(opening, socket.AF_UNIX, socket.SOCK_STREAM, str(self.place))
            self._open = opening.pop_all()
        for end, answer in ((tcp, _HEARD), (abstract, _HEARD), (named, self.secret.encode())):
            end.listen()
            self._start(self._take_calls, end, answer)
        self._start(self._take_words, udp)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Listen no more."""
        self._ending.set()
        self._open.close()

    def heard(self, *whos: str) -> list[str]:
        """Over which ways one of ``whos`` got through, each once."""
        said = (one.partition(" ") for one in list(self._heard))
        return sorted({way for way, _, who in said if who in whos})

    def forget(self) -> None:
        """What was heard so far does not count."""
        self._heard.clear()

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        thread.start()
        self._open.callback(thread.join)

    def _take_calls(self, end: socket.socket, answer: bytes) -> None:
        while not self._ending.is_set():
            with suppress(OSError):
                call, _ = end.accept()
                with call:
                    call.settimeout(1.0)
                    said = call.recv(99).decode("utf-8", "replace")
                    self._heard.append(said if answer is _HEARD else f"{SSH_AGENT} {SSH_AGENT}")
                    call.sendall(answer)

    def _take_words(self, end: socket.socket) -> None:
        while not self._ending.is_set():
            with suppress(OSError):
                said, whence = end.recvfrom(99)
                self._heard.append(said.decode("utf-8", "replace"))
                end.sendto(_HEARD, whence)


def _bound(opening: ExitStack, family: int, kind: int, address: str | tuple[str, int]) -> socket.socket:
    end = opening.enter_context(socket.socket(family, kind))
    end.settimeout(_WAIT)
    try:
        end.bind(address)
    except OSError as error:
        raise CannotListen(f"cannot listen at {address!r}: {error}") from error
    return end

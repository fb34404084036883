"""Serving over standard input and output: nothing but the protocol goes to the client."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import sys
import threading
from typing import BinaryIO, Final

from pygls.exceptions import JsonRpcException, JsonRpcParseError
from pygls.io_ import run_async

from snapline.lint.registry import all_rules
from snapline.lsp.protocol import RequestFailed
from snapline.lsp.server import Server, make

_CHUNK: Final = 1 << 16
_COLLECTED: Final = (20_000, 20, 50)
"""Objects made before the youngest are looked through for cycles, and how often that is before older ones are."""


def serve() -> bool:
    """Serve the process's own standard streams until the client leaves; whether it took its leave properly.

    From here on, whatever else writes to standard output writes to standard error.
    """
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    for handler in logging.getLogger().handlers:
        handler.addFilter(_is_news)
    sys.stdout.flush()
    with os.fdopen(os.dup(1), "wb", buffering=0) as stream, os.fdopen(os.dup(0), "rb", buffering=0) as requests:
        os.dup2(2, 1)
        server = make()
        _settle()
        try:
            asyncio.run(_serve(server, requests, stream))
        except BrokenPipeError:
            logging.getLogger(__name__).warning("the client is gone")
        finally:
            server.trials.close()
        return server.protocol.was_shut_down and server.protocol.ended.is_set()


def _settle() -> None:
    """Load what every lint needs, and let the cycle collector leave alone what stays to the end.

    It would look through all modules again after every dozen keystrokes, for longer than a lint takes.
    """
    all_rules()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECTED)


def _is_news(record: logging.LogRecord) -> bool:
    """Whether a log record tells more than the answer that a client gets anyway."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, RequestFailed)


async def _serve(server: Server, requests: BinaryIO, answers: BinaryIO) -> None:
    reader = asyncio.StreamReader()
    server.protocol.set_writer(_Whole(answers))
    thread = threading.Thread(target=_feed, args=(requests, reader, asyncio.get_running_loop()), daemon=True)
    thread.start()

    def unreadable(error: Exception, _source: type[JsonRpcException]) -> None:
        server.protocol.refuse(None, JsonRpcParseError(f"a message cannot be read: {error}"))

    await run_async(server.protocol.ended, reader, server.protocol, error_handler=unreadable)
    server.trials.stop()


def _feed(requests: BinaryIO, reader: asyncio.StreamReader, loop: asyncio.AbstractEventLoop) -> None:
    """Pass on what comes in, in a thread of its own, which does not keep the process from ending."""
    descriptor = requests.fileno()
    while True:
        try:
            data = os.read(descriptor, _CHUNK)
            if not data:
                loop.call_soon_threadsafe(reader.feed_eof)
                return
            loop.call_soon_threadsafe(reader.feed_data, data)
        except (OSError, RuntimeError):  # the stream, or the loop, was closed
            return


class _Whole:
    """An unbuffered stream that writes everything, also to a pipe that takes only a part at once."""

    def __init__(self, stream: BinaryIO) -> None:
        self._descriptor = stream.fileno()

    def write(self, data: bytes) -> None:
        """Write all of it."""
        left = memoryview(data)
        while left:
            left = left[os.write(self._descriptor, left) :]

    def close(self) -> None:
        """Nothing: who opened the stream closes it."""

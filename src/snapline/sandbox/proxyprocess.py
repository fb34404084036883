"""The process of a run's proxy: a child of the run's shim, beside the sandbox, that ends with the shim.

It is told on standard input, a line each, what to serve and for which process; the end of that input is the end of
the run. Standard library only: it starts without site packages.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import socket
import sys
from collections.abc import Sequence

from snapline.sandbox import destinations, netspace
from snapline.sandbox.proxy import Proxy
from snapline.sandbox.requestlog import RequestLog

_STDIN, _STDOUT = 0, 1


def main() -> None:
    """Serve one run. Said twice, each time with the same word: that all is loaded, and that it serves."""
    os.write(_STDOUT, netspace.READY)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with os.fdopen(_STDIN, "rb", closefd=False) as stdin:
        line = stdin.readline()
        pid = stdin.readline()
    if not pid:
        return
    order = json.loads(line)
    try:
        listener = netspace.listen_in(int(pid))
    except OSError as fault:
        sys.exit(str(fault))
    asyncio.run(_serve(order["allowed"], RequestLog(order["log"]), listener))


async def _serve(allowed: Sequence[str], log: RequestLog, listener: socket.socket) -> None:
    """Until whoever started us is gone."""
    proxy = Proxy(destinations.parse_all(allowed), log)
    serving = asyncio.create_task(proxy.serve(listener))
    gone = asyncio.Event()
    asyncio.get_running_loop().add_reader(_STDIN, gone.set)
    os.write(_STDOUT, netspace.READY)
    await asyncio.wait({serving, asyncio.create_task(gone.wait())}, return_when=asyncio.FIRST_COMPLETED)
    if serving.done():
        serving.result()  # raises what ended it
    serving.cancel()
    await asyncio.wait({serving})
    log.close()
    os._exit(0)  # a name server that does not answer would keep us

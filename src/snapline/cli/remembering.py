"""Saying again what a command said when everything was as it is now."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence

from snapline.app.recall import run_of
from snapline.cli.output import Output, colourful, patient

_SELDOM = 200_000
"""New objects between two looks for cycles: what lint makes has none, and there is much of it."""


def execute_once(arguments: Sequence[str], execute: Callable[[Output], int], as_json: bool) -> int:  # noqa: FBT001 - of one caller
    """Run a command on the process's streams, or give its remembered result; returns the exit status."""
    gc.set_threshold(_SELDOM)
    manner = f"{colourful(sys.stdout)} {colourful(sys.stderr)} {sys.stdout.encoding}"
    run = run_of(arguments, os.environ, manner)
    known = run.recall() if run else None
    said, complaints = bytearray(), bytearray()
    sys.stdout = patient(sys.stdout, said if run and not known else None)
    sys.stderr = patient(sys.stderr, complaints)
    if known:
        status, before = known
        sys.stdout.buffer.write(before)
        sys.stdout.flush()
        return status
    output = Output(as_json=as_json)
    status = execute(output)
    sys.stdout.flush()
    sys.stderr.flush()
    if run and output.lasting and not complaints:
        run.keep(status, bytes(said))
    return status

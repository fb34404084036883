"""Measuring a command: CPU seconds of the process and all its children, beside wall time."""

from __future__ import annotations

import os
import resource
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True)
class Cost:
    """The medians of several runs, in seconds."""

    cpu: float
    wall: float
    runs: int


def measure(
    command: Sequence[str],
    folder: Path,
    runs: int,
    environment: Mapping[str, str],
    before: Callable[[], object] = lambda: None,
    statuses: Sequence[int] = (0,),
) -> Cost:
    """Run a command several times, ``before`` ahead of each; raises :class:`RuntimeError` when it fails."""
    cpus, walls = [], []
    for _ in range(runs):
        before()
        used, began = _children(), time.perf_counter()
        done = subprocess.run(
            command,
            cwd=folder,
            env=os.environ | environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
        )
        walls.append(time.perf_counter() - began)
        cpus.append(_children() - used)
        if done.returncode not in statuses:
            raise RuntimeError(
                f"{command[0]} ended with {done.returncode}: {done.stderr.decode('utf-8', 'replace')[-2000:]}"
            )
    return Cost(median(cpus), median(walls), runs)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime

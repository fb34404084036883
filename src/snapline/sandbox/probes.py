"""What this machine can do about isolation, each thing tried out by running it, with what to do where it cannot."""

from __future__ import annotations

import shutil
import subprocess

from snapline.sandbox import bubblewrap, containment, groups
from snapline.sandbox.policy import Probe

_SECONDS = 10


def probe_all() -> tuple[Probe, ...]:
    """Bubblewrap, namespaces, control groups."""
    return (bubblewrap.probe(), probe_namespaces(), probe_groups())


def probe_namespaces() -> Probe:
    """Whether this user can make a user and a PID namespace at all, tried with ``unshare``."""
    name = "namespaces"
    program = shutil.which("unshare")
    if program is None:
        return Probe(name, ok=False, detail="`unshare` is not installed", hint="Install the package `util-linux`.")
    trial = [program, "--user", "--map-root-user", "--pid", "--fork", "--kill-child", "sh", "-c", "exit 0"]
    try:
        done = subprocess.run(trial, capture_output=True, text=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return Probe(name, ok=False, detail=f"`unshare` does not end within {_SECONDS} s")
    if done.returncode == 0:
        return Probe(name, ok=True, detail="user and PID namespaces can be made")
    said = done.stderr.strip()
    return Probe(name, ok=False, detail=f"no user namespace can be made: {said}", hint=bubblewrap.remedy(said))


def probe_groups() -> Probe:
    """Whether runs without bubblewrap can be held by a version 2 control group, tried with a process that is killed."""
    name = "control groups"
    hint = "Not needed with bubblewrap. Without, a run whose supervisor is killed leaves its slot in quarantine."
    root = containment.group_root()
    if root is None:
        return Probe(name, ok=False, detail="no version 2 hierarchy is mounted", hint=hint)
    fault = groups.fault(root)
    if fault is not None:
        return Probe(name, ok=False, detail=fault, hint=hint)
    return Probe(name, ok=True, detail=f"version 2, at {root}: a group can be made, and killed")

"""What this machine can do about isolation, each thing tried out by running it, with what to do where it cannot."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from snapline.base.errors import SnaplineError
from snapline.sandbox import bubblewrap, containment, groups, netspace, process, requestlog
from snapline.sandbox.bubblewrap import Bubblewrap
from snapline.sandbox.policy import Job, Limits, Probe, Shape
from snapline.sandbox.requestlog import count

_SECONDS = 10
LISTS = "network lists"
"""The name of the probe that holds a job to listed hosts."""
_ASK = (
    f"exec 3<>/dev/tcp/{netspace.LOOPBACK}/{netspace.PORT} && "
    "printf 'CONNECT example.org:443 HTTP/1.1\\r\\n\\r\\n' >&3 && head -c 12 <&3"
)
_REFUSED = "HTTP/1.1 403"


def probe_all() -> tuple[Probe, ...]:
    """Bubblewrap, network lists, namespaces, control groups."""
    return (bubblewrap.probe(), probe_network(), probe_namespaces(), probe_groups())


def probe_network() -> Probe:
    """Whether an agent's network can be held to a list, tried with a job that asks the proxy for what is not listed."""
    name = LISTS
    hint = 'Needed only where a lane lists hosts, or a spec says `No network`; `network = "none"` does without.'
    job = Job(("bash", "-c", _ASK), Shape.AGENT, Limits(_SECONDS), cwd="/", allowed=("localhost:9",))
    with tempfile.TemporaryDirectory() as folder:
        try:
            ended = process.run(Bubblewrap(), job, Path(folder, "run"))
        except SnaplineError as fault:
            return Probe(name, ok=False, detail=fault.message, hint=hint)
        said = Path(folder, "run", process.LOG_FILE).read_text("utf-8", "replace").strip()
        refused = count(Path(folder, "run", requestlog.FILE)).refused
    if ended.ok and said == _REFUSED and refused == 1:
        return Probe(name, ok=True, detail="an agent's network can be closed, and opened for listed hosts by a proxy")
    return Probe(name, ok=False, detail=f"an agent cannot be held to listed hosts: {said}", hint=hint)


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

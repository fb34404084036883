"""The doctor: tries out everything that the work rests on, and says what to do about what is missing."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from snapline.agents.catalogue import names, profile
from snapline.app.config import BadConfig
from snapline.app.home import Home, file_system
from snapline.app.init import offers
from snapline.app.project import Project
from snapline.base.errors import ExitStatus, SnaplineError
from snapline.repo import git
from snapline.sandbox import bubblewrap, probes
from snapline.sandbox.probes import probe_all
from snapline.sandbox.select import KEY
from snapline.store.condition import condition
from snapline.store.database import open_database

LEAST_SPACE = 1_000_000_000
"""Free bytes in the state home below which the doctor complains."""
PYTHON = (3, 11)


@dataclass(frozen=True)
class Probe:
    """One thing that was tried: whether it works, what was seen, what to do, and whether work needs it."""

    name: str
    ok: bool
    detail: str
    hint: str = ""
    needed: bool = True


@dataclass(frozen=True)
class Diagnosis:
    """Everything that was tried, in order."""

    probes: tuple[Probe, ...]

    @property
    def status(self) -> ExitStatus:
        """``ENVIRONMENT`` when something that work needs does not work."""
        lacking = any(probe.needed and not probe.ok for probe in self.probes)
        return ExitStatus.ENVIRONMENT if lacking else ExitStatus.DONE


def examine(folder: Path, environment: Mapping[str, str]) -> Diagnosis:
    """Try out the machine, and the repository around ``folder`` where there is one."""
    home = Home.locate(environment, os.getuid())
    project = Project.around(folder)
    probes = [
        _guarded("git", _git),
        _guarded("python", _python),
        _guarded("state home", lambda: _state_home(home)),
        _guarded("sqlite", lambda: _sqlite(home)),
        _guarded("disk", lambda: _disk(home)),
        *_isolation(needed=not _goes_without(project), lists=_lists_hosts(project)),
        _guarded("agents", lambda: _agents(environment)),
    ]
    if project is not None:
        probes += _repository(project)
    return Diagnosis(tuple(probes))


def _guarded(name: str, probe: Callable[[], Probe]) -> Probe:
    """A fault that a probe meets is its result."""
    try:
        return probe()
    except SnaplineError as fault:
        return Probe(name, ok=False, detail=fault.message, hint=fault.hint)


def _git() -> Probe:
    version, least = (".".join(map(str, one)) for one in (git.version(), git.MINIMUM))
    ok = git.version() >= git.MINIMUM
    return Probe("git", ok, f"version {version}", "" if ok else f"Install git {least} or newer.")


def _python() -> Probe:
    version = ".".join(map(str, sys.version_info[:3]))
    return Probe("python", sys.version_info[:2] >= PYTHON, f"version {version} at {sys.executable}")


def _state_home(home: Home) -> Probe:
    home.prepare()
    kind = file_system(home.root, Path("/proc/self/mountinfo").read_text("utf-8", "surrogateescape"))
    return Probe("state home", ok=True, detail=f"{home.root} on {kind}: written, locked and renamed in")


def _sqlite(home: Home) -> Probe:
    home.prepare()
    database = open_database(home.database)
    try:
        found = condition(database)
    finally:
        database.close()
    ok = found.integrity == "ok" and found.journal == "delete"
    hint = "" if ok else f"Move {home.database} away and keep it; Snapline makes a new one."
    return Probe("sqlite", ok, f"version {found.version}, journal {found.journal}, integrity {found.integrity}", hint)


def _disk(home: Home) -> Probe:
    home.prepare()
    free = shutil.disk_usage(home.root).free
    ok = free >= LEAST_SPACE
    return Probe("disk", ok, f"{free / 1e9:.1f} GB free in {home.root}", "" if ok else "Free at least 1 GB there.")


def _isolation(*, needed: bool, lists: bool) -> Iterator[Probe]:
    """What isolates agents and checks.

    Only bubblewrap has to work, and not even that where a person does without; and ``lists`` of hosts where a lane
    has one.
    """
    for seen in probe_all():
        bubbles = seen.name == bubblewrap.NAME
        without = f"Or do without isolation: {KEY} in snapline.toml." if bubbles and not seen.ok else ""
        needed_for = (needed and bubbles) or (lists and seen.name == probes.LISTS)
        yield Probe(seen.name, seen.ok, seen.detail, f"{seen.hint} {without}".strip(), needed=needed_for)


def _goes_without(project: Project | None) -> bool:
    """Whether the person has written that the default lane has no isolation."""
    try:
        lane = project.config.lane("default") if project else None
    except BadConfig:
        return False
    return lane is not None and lane.sandbox == "none"


def _lists_hosts(project: Project | None) -> bool:
    """Whether a lane holds its agents to listed hosts."""
    try:
        lanes = project.config.lanes.values() if project else ()
    except BadConfig:
        return False
    return any(not isinstance(lane.network, str) for lane in lanes)


def _agents(environment: Mapping[str, str]) -> Probe:
    path = environment.get("PATH", "")
    found = [name for name in names() if shutil.which(profile(name).argv[0], path=path)]
    if found:
        return Probe("agents", ok=True, detail=f"on PATH: {', '.join(found)}", needed=False)
    hint = "Install one of them, or run any command: `snapline run SPEC --agent-cmd 'COMMAND'`."
    return Probe("agents", ok=False, detail=f"none of {', '.join(names())} is on PATH", hint=hint, needed=False)


def _repository(project: Project) -> Iterator[Probe]:
    yield _guarded("configuration", lambda: _configuration(project))
    yield _guarded("repository", lambda: _registered(project))
    yield _guarded("records", lambda: _records(project))


def _configuration(project: Project) -> Probe:
    lanes = ", ".join(project.config.lanes) or "default"
    return Probe("configuration", ok=True, detail=f"snapline.toml is read; lanes: {lanes}")


def _registered(project: Project) -> Probe:
    known = project.repository.repo_id()
    hint = "" if known else "Run `snapline init` here."
    detail = f"{project.root} is {f'registered as {known}' if known else 'not set up yet'}"
    return Probe("repository", known is not None, detail, hint, needed=False)


def _records(project: Project) -> Probe:
    faults = project.records.faults()
    if faults:
        hint = f"Not read: {faults[0].path}: {faults[0].message}."
        return Probe(
            "records", ok=False, detail=f"{len(faults)} entries are no intact records", hint=hint, needed=False
        )
    lacking = offers(project)
    if lacking:
        hint = f"`snapline sync` exchanges them; so that `git fetch` brings them along: {lacking[0]}"
        return Probe("records", ok=False, detail="git fetches none from the remote", hint=hint, needed=False)
    return Probe("records", ok=True, detail="every one is intact")

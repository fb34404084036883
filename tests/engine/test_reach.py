"""What an agent reaches, by its lane and its spec; and what a run keeps of it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import msgspec
import pytest
from tests.engine.scene import HONEST, SPEC, Scene, make_scene

from snapline.agents.base import AgentProfile
from snapline.agents.catalogue import names, profile
from snapline.agents.command import shell_profile
from snapline.base import wire
from snapline.base.text import Source
from snapline.engine.places import Places
from snapline.engine.reach import reach
from snapline.engine.settings import Lane
from snapline.sandbox import bubblewrap
from snapline.sandbox.destinations import parse_all
from snapline.sandbox.policy import Reach
from snapline.spec.parser import parse
from snapline.store import ledger
from snapline.store.evidence import EvidenceStore
from snapline.store.states import TaskState
from snapline.verify.report import AgentNetwork, Report

OFFLINE = SPEC.replace("- C1:", "- C2: No network\n- C1:")


@pytest.mark.parametrize(
    ("lane", "endpoints", "free", "offline"),
    [
        (Lane(), (), Reach(network=True), Reach(network=False)),
        (Lane(), ("api.test",), Reach(network=True), Reach(network=False, allowed=("api.test",))),
        (Lane(network=False), ("api.test",), Reach(network=False), Reach(network=False)),
        (
            Lane(network=False, allowed=("*.test:443", "web.org")),
            ("api.test", "x.org"),
            Reach(network=False, allowed=("*.test:443", "web.org")),
            Reach(network=False, allowed=("api.test:443",)),
        ),
    ],
)
def test_what_lane_and_spec_grant(lane: Lane, endpoints: tuple[str, ...], free: Reach, offline: Reach) -> None:
    agent = AgentProfile("a", ("a",), endpoints=endpoints)
    for text, wanted in ((SPEC, free), (OFFLINE, offline)):
        assert reach(lane, parse(Source.from_bytes("specs/a.md", text.encode())), agent) == wanted


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (Reach(network=True), "on"),
        (Reach(network=False), "none"),
        (Reach(network=False, allowed=("a.test", "b.test:1")), "only a.test, b.test:1"),
    ],
)
def test_a_reach_in_words(wanted: Reach, words: str) -> None:
    assert str(wanted) == words


@pytest.mark.parametrize("name", names())
def test_profiles_name_the_hosts_of_their_models(name: str) -> None:
    assert parse_all(profile(name).endpoints)


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return make_scene(tmp_path)


class Page(BaseHTTPRequestHandler):
    """A server of the host."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"page")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def asking(port: int) -> str:
    """An agent that asks the host's server directly and by the proxy, and then does its work."""
    direct = f"(exec 3<>/dev/tcp/127.0.0.1/{port}) && echo direct > direct.txt"
    words = "printf 'GET http://%s/ HTTP/1.1\\r\\n\\r\\n'"
    proxied = f"(exec 3<>/dev/tcp/127.0.0.1/3128; {words} 127.0.0.1:{port} >&3; grep -q page <&3 && echo > proxied.txt)"
    refused = f"(exec 3<>/dev/tcp/127.0.0.1/3128; {words} evil.test >&3; grep -q 403 <&3 && echo > refused.txt)"
    return f"{direct}; {proxied}; {refused}; {HONEST}"


def report(scene: Scene, run: str) -> tuple[Report, list[str]]:
    """The report of the run's last attempt, and the files that its candidate added."""
    (attempt,) = scene.attempts(run)
    assert attempt.report
    assert attempt.candidate
    vault = next((scene.home / "repos").glob("*/vault.git"))
    added = scene.git(f"--git-dir={vault}", "ls-tree", "--name-only", attempt.candidate).split()
    return wire.decode(EvidenceStore(Places(scene.home).evidence).read(attempt.report), Report), added


def needs_walls() -> None:
    if not bubblewrap.probe().ok:
        pytest.skip("bubblewrap is missing: NOT TESTED")


@pytest.mark.parametrize(
    ("text", "granted"),
    [
        (SPEC, "on"),
        (OFFLINE, "on"),
        *(
            pytest.param(text, granted, marks=pytest.mark.soak)
            for text in (SPEC, OFFLINE)
            for granted in ("none", "listed")
        ),
    ],
)
def test_a_run_holds_its_agent_to_what_is_granted(scene: Scene, port: int, text: str, granted: str) -> None:
    needs_walls()
    place = f"127.0.0.1:{port}"
    lane = Lane(network=granted == "on", allowed=(place,) if granted == "listed" else ())
    agent = msgspec.structs.replace(shell_profile(asking(port)), endpoints=(place,))
    run = scene.request("", text, lane=lane, agents={"command": agent})
    scene.execute(run)
    assert [task.state for task in scene.tasks(run)] == [TaskState.DONE]
    found, added = report(scene, run)
    free = text is SPEC and granted == "on"
    listed = granted == "listed" or (text is OFFLINE and granted == "on")
    assert ("direct.txt" in added, "proxied.txt" in added, "refused.txt" in added) == (free, listed, listed)
    kept = found.agent_network
    assert kept is not None
    with scene.database.read() as connection:
        events = ledger.events(connection, stream=run)
    told = [event for event in events if event.kind == "agent.network"]
    attested = [event.body["report"] for event in events if event.kind == "attempt.attested"]
    assert attested == [scene.attempts(run)[0].report], "what is signed says so, too"
    if listed:
        assert kept.requests
        assert msgspec.structs.replace(kept, requests=None) == AgentNetwork("listed", (place,), 1, 1)
        lines = EvidenceStore(Places(scene.home).evidence).read(kept.requests).decode().splitlines()
        hosts = [(one["host"], one["refused"]) for one in map(json.loads, lines) if "request" in one]
        assert hosts == [("127.0.0.1", ""), ("evil.test", "evil.test:80 is not in the network list")]
        (event,) = told
        assert event.body["requests"] == kept.requests
        assert (event.body["passed"], event.body["refused"]) == (1, 1)
    else:
        assert kept == AgentNetwork("on" if free else "none")
        assert [event.body["words"] for event in told] == ([] if free else ["had no network"])


def test_without_isolation_a_closed_network_stops_the_attempt(scene: Scene) -> None:
    lane = Lane(sandbox="none", network=False)
    run = scene.request(f"echo ran > {scene.root}/ran; {HONEST}", lane=lane)
    scene.execute(run)
    (task,) = scene.tasks(run)
    assert (task.state, task.reason) == (TaskState.WAITING, "environment")
    assert "at tier T0 there is no network namespace to close it by" in task.detail
    assert not (scene.root / "ran").exists()

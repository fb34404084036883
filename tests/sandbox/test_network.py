"""An agent's network: on, closed, or held to a list; and the proxy's process, which ends with its run.

The matrix is played in a network of its own (``networld``), where addresses of every kind can be had. Every attack is
seen to work with the network on; then only what is listed gets through.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.sandbox import networld
from tests.sandbox.networld import LOOPBACK, METADATA, METADATA6, NAMES, PRIVATE, PUBLIC, WEB
from tests.sandbox.test_process import launch_elsewhere
from tests.sandbox.victims import PYTHON, TOOLCHAIN, Victims, demand, wait_until

from snapline.sandbox import identity, probes, process, requestlog, select
from snapline.sandbox.bare import Bare, NoNetworkWall
from snapline.sandbox.bubblewrap import Bubblewrap
from snapline.sandbox.passage import ERROR_FILE
from snapline.sandbox.policy import Cause, Job, Limits, Reach, Shape
from snapline.sandbox.runfolder import supervisor

Shell = Callable[..., Job]
LIST = ("localhost:9",)
LITERAL = (PUBLIC, networld.OWN, PRIVATE, networld.LINK, METADATA, METADATA6, LOOPBACK, networld.LOOPBACK6)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What jobs reached, by how their network was closed."""
    own = ["unshare", "--user", "--map-root-user", "--net", "--mount", "--kill-child", "--fork"]
    trial = [*own, "sh", "-c", "ip link set lo up && ip link add near type veth peer name far"]
    tools = all(map(shutil.which, ("unshare", "ip", "mount")))
    works = tools and subprocess.run(trial, capture_output=True, check=False).returncode == 0
    demand("a network namespace of one's own", works=works)
    demand("bubblewrap", works=probes.probe_network().ok)
    argv = [*own, sys.executable, networld.__file__, "main", str(tmp_path_factory.mktemp("world")), TOOLCHAIN]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def pages(world: dict[str, Any], reach: str) -> dict[str, str]:
    """What answered, the proxy's own words aside."""
    return {what: said for what, said in world[reach]["reached"].items() if not said.startswith("snapline: ")}


def test_with_the_network_on_everything_is_reached(world: dict[str, Any]) -> None:
    reached = pages(world, "on")
    assert {f"tcp {host}": f"page of {host}" for host in LITERAL}.items() <= reached.items()
    assert reached["tcp loop.test"] == reached["tcp mapped.test"] == f"page of {LOOPBACK}"
    assert reached["tcp meta.test"] == f"page of {METADATA}"
    assert {f"udp {host}": "echo" for host in (PUBLIC, METADATA, LOOPBACK)}.items() <= reached.items()
    assert (reached["dns"], reached["resolver"], reached["abstract"]) == (PUBLIC, PUBLIC, "connected")


def test_without_network_nothing_is_reached(world: dict[str, Any]) -> None:
    assert world["none"] == {"reached": {}, "asked": [], "requests": []}


def test_only_what_is_listed_gets_through(world: dict[str, Any]) -> None:
    reached = pages(world, "listed")
    flipping = {what: said for what, said in reached.items() if "flip.test" in what}
    assert {what: said for what, said in reached.items() if what not in flipping} == {
        f"{way} {name}": f"page of {PUBLIC}" for way in ("connect", "get") for name in ("good.test", "both.test")
    }
    assert set(flipping.values()) == {f"page of {PUBLIC}"}, "a name that changes its answer never leads to the loopback"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("other.test", "other.test:8000 is not in the network list"),
        ("own.test", "own.test leads to 93.184.216.35, which is an address of this machine"),
        ("loop.test", "loop.test leads to 127.0.0.1, which is a loopback address"),
        ("loop6.test", "loop6.test leads to ::1, which is a loopback address"),
        ("private.test", "private.test leads to 10.9.8.7, which is a private address"),
        ("link.test", "link.test leads to 169.254.7.7, which is a link-local address"),
        ("meta.test", "meta.test leads to 169.254.169.254, which is a cloud's metadata address"),
        ("meta6.test", "meta6.test leads to fd00:ec2::254, which is a cloud's metadata address"),
        ("mapped.test", "mapped.test leads to ::ffff:7f00:1, which is an IPv4-mapped address"),
        (METADATA, "169.254.169.254:8000 is not in the network list"),
        (METADATA6, "[fd00:ec2::254]:8000 is not in the network list"),
    ],
)
def test_what_is_refused_is_told_to_the_agent_and_kept(world: dict[str, Any], name: str, why: str) -> None:
    for way in ("connect", "get"):
        assert world["listed"]["reached"][f"{way} {name}"] == f"snapline: {why}\n"
    kept = [one for one in world["listed"]["requests"] if one.get("host") == name]
    assert [(one["method"], one["port"], one["refused"]) for one in kept] == [
        ("CONNECT", WEB, why),
        ("GET", WEB, why),
    ]


def test_a_name_that_is_not_listed_is_not_even_asked_for(world: dict[str, Any]) -> None:
    assert "other.test" in world["on"]["asked"]
    assert world["listed"]["asked"] == sorted(set(NAMES) - {"other.test"})


def test_every_request_is_kept_with_its_address_and_its_bytes(world: dict[str, Any]) -> None:
    kept = world["listed"]["requests"]
    begun = [one for one in kept if "request" in one]
    assert len(begun) == 2 * (len(LITERAL) + len(NAMES))
    good = next(one for one in begun if one["host"] == "good.test" and one["method"] == "CONNECT")
    assert (good["address"], good["refused"]) == (PUBLIC, "")
    end = next(one for one in kept if one.get("end") == good["request"])
    assert (end["sent"], end["why"]) == (len("GET / HTTP/1.0\r\n\r\n"), "")
    assert end["received"] > len(f"page of {PUBLIC}")


def test_a_private_address_is_reached_where_the_list_names_it(world: dict[str, Any]) -> None:
    assert pages(world, "listed, an address too") == {
        f"{way} {host}": f"page of {LOOPBACK}" for way in ("connect", "get") for host in (LOOPBACK, "loop.test")
    }


def proxies(run_dir: Path) -> list[int]:
    """The processes of the run's proxy: children of its shim that are not bubblewrap."""
    who = supervisor(run_dir)
    if who is None:
        return []
    below = [pid for pid in identity.all_pids() if identity.parent_of(pid) == who.shim.pid]
    return [pid for pid in below if b"proxyprocess" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def waiting(tree: Path, victims: Victims) -> Job:
    """A job with a list that is found by its mark from outside."""
    argv = (PYTHON, "-I", "-S", "-c", "import time; time.sleep(60)", victims.mark)
    return Job(argv, Shape.AGENT, Limits(60.0), tree=str(tree), toolchains=(TOOLCHAIN,), allowed=LIST)


def test_a_program_finds_the_proxy_and_its_own_loopback(wrapped: Bubblewrap, shell: Shell, tmp_path: Path) -> None:
    text = "ls /proc/self/fd | wc -l; env | grep -i -e proxy | sort; env | grep -c -i -e proxy"
    process.run(wrapped, shell(text, Shape.AGENT, allowed=(*LIST, "api.test")), tmp_path / "run")
    said = (tmp_path / "run" / "log").read_text().splitlines()
    names = ("http", "https", "all")
    assert {f"{name}_proxy=http://127.0.0.1:3128" for name in names} <= set(said)
    assert {f"{name.upper()}_PROXY=http://127.0.0.1:3128" for name in names} <= set(said)
    assert "no_proxy=127.0.0.1,::1" in said, "the list means the host's localhost"
    assert (said[0], said[-1]) == ("4", "9"), "three descriptors, and that of ls"
    process.run(wrapped, shell(text, Shape.AGENT), tmp_path / "closed")
    assert (tmp_path / "closed" / "log").read_text() == "4\n0\n"


def test_the_proxy_ends_with_the_run(wrapped: Bubblewrap, shell: Shell, tmp_path: Path) -> None:
    process.launch(wrapped, shell("sleep 20", Shape.AGENT, allowed=LIST), tmp_path / "run")
    (proxy,) = wait_until(lambda: proxies(tmp_path / "run"))
    wait_until((tmp_path / "run" / requestlog.FILE).exists)
    process.stop(tmp_path / "run")
    ended = wait_until(lambda: process.wait(tmp_path / "run", 0.1))
    assert (ended.cause, ended.proved_empty) == (Cause.STOPPED, True)
    assert identity.identify(proxy) is None
    assert not (tmp_path / "run" / ERROR_FILE).read_text()


def test_the_proxy_serves_on_when_its_launcher_is_killed(
    wrapped: Bubblewrap, shell: Shell, tree: Path, tmp_path: Path
) -> None:
    ask = "exec 3<>/dev/tcp/127.0.0.1/3128; printf 'CONNECT x.test:443 HTTP/1.1\\r\\n\\r\\n' >&3; head -c 12 <&3"
    job = shell(f"until test -e go; do sleep 0.05; done; {ask}", Shape.AGENT, allowed=LIST)
    assert launch_elsewhere(wrapped, job, tmp_path / "run", "kill") == -signal.SIGKILL
    (proxy,) = wait_until(lambda: proxies(tmp_path / "run"))
    (tree / "go").touch()
    ended = process.run(wrapped, job, tmp_path / "run")
    assert (ended.ok, (tmp_path / "run" / "log").read_text()) == (True, "HTTP/1.1 403")
    assert requestlog.count(tmp_path / "run" / requestlog.FILE) == (0, 1, 0)
    assert identity.identify(proxy) is None


def test_the_proxy_ends_with_its_shim(wrapped: Bubblewrap, tree: Path, victims: Victims, tmp_path: Path) -> None:
    job, run_dir = waiting(tree, victims), tmp_path / "run"
    process.launch(wrapped, job, run_dir)
    victims.wait_alive(1)
    (proxy,) = wait_until(lambda: proxies(run_dir))
    who = supervisor(run_dir)
    assert who is not None
    os.kill(who.shim.pid, signal.SIGKILL)
    wait_until(lambda: identity.parent_of(proxy) is None)
    assert process.reap(run_dir).proved_empty
    victims.wait_gone()


@pytest.mark.soak
def test_nothing_is_left_whenever_its_shim_is_killed(
    wrapped: Bubblewrap, tree: Path, victims: Victims, tmp_path: Path
) -> None:
    job = waiting(tree, victims)
    lived = 0
    for trial in range(60):
        run_dir = tmp_path / f"run{trial}"
        process.launch(wrapped, job, run_dir)
        time.sleep(trial * 0.01)
        below = proxies(run_dir)
        lived += bool(victims.alive())
        who = supervisor(run_dir)
        if who is not None:
            os.kill(who.shim.pid, signal.SIGKILL)
        for proxy in below:
            wait_until(lambda proxy=proxy: identity.parent_of(proxy) is None)  # type: ignore[misc] # a default
        assert process.reap(run_dir).proved_empty
        assert not victims.alive()
    assert lived > 10


def test_a_job_whose_proxy_does_not_come_is_not_started(
    wrapped: Bubblewrap, shell: Shell, tree: Path, tmp_path: Path
) -> None:
    job = shell("touch began; sleep 20", Shape.AGENT, allowed=LIST)
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / requestlog.FILE).mkdir()  # where its record would be
    ended = process.run(wrapped, job, tmp_path / "run")
    assert (ended.cause, ended.status, ended.proved_empty) == (Cause.NOT_STARTED, None, True)
    assert "the network list cannot be served" in (tmp_path / "run" / "log").read_text()
    assert not (tree / "began").exists()


def test_a_proxy_that_is_killed_leaves_the_job_without_network(
    wrapped: Bubblewrap, shell: Shell, tree: Path, tmp_path: Path
) -> None:
    text = "touch began; until test -e go; do sleep 0.05; done; exec 3<>/dev/tcp/127.0.0.1/3128 && echo met"
    process.launch(wrapped, shell(text, Shape.AGENT, allowed=LIST), tmp_path / "run")
    (proxy,) = wait_until(lambda: proxies(tmp_path / "run"))
    wait_until((tree / "began").exists)
    os.kill(proxy, signal.SIGKILL)
    (tree / "go").touch()
    assert process.run(wrapped, shell(text), tmp_path / "run").status == 1
    assert "met" not in (tmp_path / "run" / "log").read_text()


@pytest.mark.parametrize("wanted", [Reach(network=False), Reach(network=False, allowed=("api.test",))])
def test_without_namespaces_a_closed_network_is_refused(wanted: Reach) -> None:
    select.demand_network(Bare(), Reach(network=True))
    with pytest.raises(NoNetworkWall, match="at tier T0 there is no network namespace") as refused:
        select.demand_network(Bare(), wanted)
    assert refused.value.exit_status == 3
    assert 'network = "on"' in refused.value.hint


def test_a_list_is_never_ignored(shell: Shell, tree: Path, tmp_path: Path) -> None:
    with pytest.raises(NoNetworkWall):
        process.launch(Bare(), shell("touch ran", Shape.AGENT, allowed=LIST), tmp_path / "run")
    assert process.inspect(tmp_path / "run") is process.RunState.ABSENT
    assert not (tree / "ran").exists()


def test_a_list_is_tried_out_before_it_is_relied_on(
    wrapped: Bubblewrap, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = Reach(network=False, allowed=("api.test",))
    select.demand_network(wrapped, listed)
    (tmp_path / "bwrap").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "bwrap").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(NoNetworkWall, match="cannot be held to listed hosts") as refused:
        select.demand_network(wrapped, listed)
    assert refused.value.exit_status == 3
    select.demand_network(wrapped, Reach(network=False))

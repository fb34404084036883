"""What a proof is made of: its attacks, how a claim comes to its standing, and who looks and listens."""

from __future__ import annotations

import os
import shlex
import socket
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from snapline.app.config import parse_config
from snapline.app.proving import sighting
from snapline.app.proving.claims import CLAIMS, Claim, choose
from snapline.app.proving.ground import Ground
from snapline.app.proving.judging import Judged
from snapline.app.proving.listening import SSH_AGENT, CannotListen, Listener
from snapline.app.proving.material import Arsenal, Breach
from snapline.app.proving.naively import Effect
from snapline.app.proving.report import Standing
from snapline.app.proving.witnessing import Witness
from snapline.app.scratch.machine import Machine
from snapline.app.settings import LaneTable, LimitsTable
from snapline.base.text import Source
from snapline.sandbox.policy import Probe, Tier
from snapline.spec.parser import parse

WORKS = Machine(Probe("bubblewrap", ok=True, detail="", hint=""), has_pytest=True)
ATTACKS = tuple(dict.fromkeys(one.attack for one in CLAIMS))
LANE = LaneTable(slots=9, login=("~/.tool", "/etc/x"), toolchains=("~/nvm",), limits=LimitsTable(idle="2m"))


def ground(folder: Path, tier: Tier = Tier.T2, breach: Breach | None = None) -> Ground:
    listener = Listener(folder / "sock")
    return Ground(folder, WORKS, "mine", LANE, tier, Arsenal(breach), ATTACKS, listener)


def test_the_scratch_repository_has_the_lane_and_bait_in_place_of_what_is_the_persons(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    monkeypatch.setenv("XDG_CONFIG_HOME", "/home/somebody/.config")
    made = ground(tmp_path)
    made.lay_out()
    config = parse_config((made.repository / "snapline.toml").read_bytes())
    lane = config.lanes["mine"]
    assert (lane.login, lane.toolchains, lane.limits.idle) == (("~/.tool",), ("/home/somebody/nvm",), "2m")
    assert (made.person / ".tool" / "token").read_text().strip() == made.secrets["login"]
    assert set(config.agents) == set(ATTACKS)
    assert made.environment["HOME"] == str(made.person)
    assert "XDG_CONFIG_HOME" not in made.environment
    assert made.git("status", "--porcelain") == ""


@pytest.mark.parametrize("name", ATTACKS)
def test_every_spec_is_read_without_a_fault(tmp_path: Path, name: str) -> None:
    values = {"LANE": "mine", "PORT": "1", "NAME": "n", "ENV": "", "SETTINGS": "", "AGENTS": ""}
    text = dict(Arsenal().repository((name,), values))[f"specs/{name}.md"]
    spec = parse(Source.from_bytes(f"specs/{name}.md", text.encode()))
    assert (spec.id, spec.front.lane, spec.faults) == (name, "mine", ())
    assert "{" not in text
    assert tmp_path.exists()


def test_there_are_eight_cheats() -> None:
    assert len([one for one in CLAIMS if one.name == one.attack and one.name.count("-")]) == 8


def test_every_claim_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "prove.md").read_text("utf-8")
    table = [line for line in page.splitlines() if line.startswith("| `")]
    assert [name for line in table for name in line.split("|")[1].replace("`", "").replace(",", "").split()] == [
        one.name for one in CLAIMS
    ]


def test_what_is_taken_away_on_purpose_is_taken_away(tmp_path: Path) -> None:
    open_ground = ground(tmp_path, breach=Breach.WALLS)
    open_ground.lay_out()
    assert parse_config((open_ground.repository / "snapline.toml").read_bytes()).lanes["mine"].sandbox == "none"
    values = {"LANE": "mine", "PORT": "1", "NAME": "n"}
    whole, blind = (dict(Arsenal(one).repository(("honest",), values)) for one in (None, Breach.CHECKS))
    assert "A2: " in whole["specs/honest.md"]
    assert "A2: " not in blind["specs/honest.md"]


def witness(folder: Path, tier: Tier, *, worked: bool) -> Witness:
    naive = {"reach": Effect(worked, {"taken": []})}
    return Witness(ground(folder, tier), naive, {}, {}, before="", after="", planted_ran=False)


@pytest.mark.parametrize(
    ("judged", "tier", "worked", "standing"),
    [
        (Judged(held=True, why="w"), Tier.T2, True, Standing.HELD),
        (Judged(held=False, why="w"), Tier.T2, True, Standing.BROKEN),
        (Judged(held=None, why="w"), Tier.T2, True, Standing.UNPROVED),
        (Judged(held=True, why="w"), Tier.T2, False, Standing.UNPROVED),
        (Judged(held=True, why="w"), Tier.T0, True, Standing.WEAKER),
        (Judged(held=False, why="w"), Tier.T0, True, Standing.WEAKER),
        (Judged(held=False, why="w", lacks="no promise"), Tier.T2, True, Standing.WEAKER),
    ],
)
def test_a_claim_comes_to_its_standing(
    tmp_path: Path, judged: Judged, tier: Tier, *, worked: bool, standing: Standing
) -> None:
    claim = Claim("keys", "says", "reach", lambda _: judged, Tier.T2)
    row = claim.row(witness(tmp_path, tier, worked=worked), "do this")
    assert row.standing is standing
    assert row.how == ("do this" if standing is Standing.WEAKER else "")
    assert row.facts["naive"] == {"taken": []}
    assert row.why


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda one: one.name)
def test_where_nothing_happened_nothing_is_held(tmp_path: Path, claim: Claim) -> None:
    made = ground(tmp_path)
    made.lay_out()
    users: dict[str, set[int]] = {mark: set() for mark in made.marks.values()}
    naive = {one: Effect(worked=True, facts={}) for one in ATTACKS if one != "honest"}
    seen = Witness(made, naive, dict.fromkeys(ATTACKS), users, made.tip(), made.tip(), planted_ran=False)
    expected = Standing.BROKEN if claim.name == "honest" else Standing.UNPROVED
    assert claim.row(seen, "").standing is expected


def test_claims_are_chosen_by_name_and_by_what_the_lane_shares() -> None:
    assert [one.name for one in choose(("network", "honest"), LaneTable())] == ["honest", "network"]
    assert {one.name for one in CLAIMS} - {one.name for one in choose((), LaneTable())} == {"login"}
    assert choose((), LANE) == CLAIMS


def call(listener: Listener, way: str) -> bytes:
    families = {"udp": (socket.AF_INET, socket.SOCK_DGRAM), "tcp": (socket.AF_INET, socket.SOCK_STREAM)}
    addresses: dict[str, Callable[[], str | tuple[str, int]]] = {
        "tcp": lambda: ("127.0.0.1", listener.port),
        "udp": lambda: ("127.0.0.1", listener.port),
        "abstract": lambda: f"\0{listener.name}",
        SSH_AGENT: lambda: str(listener.place),
    }
    family, kind = families.get(way, (socket.AF_UNIX, socket.SOCK_STREAM))
    with socket.socket(family, kind) as out:
        out.settimeout(5)
        out.connect(addresses[way]())
        out.sendall(f"{way} me".encode())
        return out.recv(99)


def test_who_gets_through_is_heard(tmp_path: Path) -> None:
    with Listener(tmp_path / "sock") as listener:
        assert [call(listener, way) for way in ("tcp", "udp", "abstract")] == [b"heard"] * 3
        assert listener.heard("me") == ["abstract", "tcp", "udp"]
        assert listener.heard("another", SSH_AGENT) == []
        assert call(listener, SSH_AGENT).decode() == listener.secret
        assert listener.heard(SSH_AGENT) == [SSH_AGENT]
        listener.forget()
        assert listener.heard("me", SSH_AGENT) == []
    with pytest.raises(OSError, match="refused"):
        call(listener, SSH_AGENT)


def test_a_path_too_long_for_a_socket_is_told(tmp_path: Path) -> None:
    with pytest.raises(CannotListen, match="too long"), Listener(tmp_path / ("x" * 120)):
        pytest.fail("it listens")


def test_a_process_is_known_by_its_mark_and_ended_alone() -> None:
    mark, other = sighting.new_mark(), sighting.new_mark()
    deaf = f"trap '' TERM; exec sleep {shlex.quote(mark)}"
    with subprocess.Popen(["bash", "-c", deaf]) as hang, subprocess.Popen(["sleep", other]) as bystander:
        try:
            with sighting.Lookout(mark, other) as lookout:
                while not all(lookout.users.values()):
                    assert hang.poll() is bystander.poll() is None
            assert lookout.users == {mark: {os.getuid()}, other: {os.getuid()}}
            assert sighting.outlives_polite_end(mark, 0.1)
            assert [found for found, _ in sighting.alive(mark, other)].count(mark) == 1
            sighting.end_all(mark)
            assert sighting.gone_within(mark, 5)
            assert not sighting.outlives_polite_end(mark, 0.1)
            assert sighting.alive(other) == [(other, bystander.pid)]
            assert not sighting.gone_within(other, 0.1)
        finally:
            for one in (hang, bystander):
                with suppress(ProcessLookupError):
                    one.kill()

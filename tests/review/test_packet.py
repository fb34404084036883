"""The packet of a candidate, and its text as a golden."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from snapline.base import wire
from snapline.base.ids import AttemptId, ClauseId, Digest, Oid, TaskId
from snapline.plan.derive import plan
from snapline.repo.changes import Change, ChangeStatus
from snapline.review.packet import PATCH, Candidate, EarlierAttempt, Packet, build
from snapline.review.signoff import SignOff
from snapline.review.text import render
from snapline.spec.model import Spec
from snapline.verify.report import AgentNetwork, Report


def change(path: str, added: int | None, removed: int | None) -> Change:
    return Change(ChangeStatus.MODIFIED, path, "100644", "100644", Oid("1" * 40), Oid("2" * 40), added, removed)


CANDIDATE = Candidate(
    attempt=AttemptId("demo#2"),
    changes=(change("src/client.py", 10, 2), change("src/sneaky.py", 1, 0), change("logo.png", None, None)),
    patch="diff --git a/src/client.py b/src/client.py\n+\x1b]0;owned\x07retry()\n",
    said="All tests pass!\x1b[2J\nBye.",
    handoff=(EarlierAttempt(AttemptId("demo#1"), "A1 failed", "1 file, +1 -0: src/client.py"),),
)


@pytest.fixture
def packet(spec: Spec, report: Report) -> Packet:
    word = SignOff(
        TaskId("demo"), spec.id, report.revision, report.commit, Oid("d" * 40), (ClauseId("A2"),), "@alice", "now"
    )
    return build(spec, plan(spec).tasks[0], report, CANDIDATE, {ClauseId("A2"): word})


def test_each_row_joins_words_verdict_evidence_and_diff(packet: Packet) -> None:
    first, second, third, fourth = packet.criteria
    assert first.checks[0].text == "make retry"
    assert first.checks[0].evidence == ("ab12" * 16,)
    assert (second.signed_by, second.waits) == ("@alice", False)
    assert (third.signed_by, third.waits) == (None, True)
    assert fourth.regression
    assert packet.waiting == ("A3",)
    assert packet.files[0].explained_by == ("I1",)
    assert packet.unexplained == ("src/sneaky.py", "logo.png")


def test_it_travels(packet: Packet) -> None:
    assert wire.decode(wire.encode(packet), Packet) == packet


def test_nothing_in_it_steers_a_terminal(packet: Packet) -> None:
    assert b"\\u001b" not in wire.encode(packet)
    assert "\x1b" not in render(packet)


def test_a_large_diff_is_cut(spec: Spec, report: Report) -> None:
    large = Candidate(AttemptId("demo#1"), (), "+x\n" * PATCH)
    assert len(build(spec, plan(spec).tasks[0], report, large, {}).patch.encode()) <= PATCH


def test_its_text(packet: Packet) -> None:
    assert render(packet) == GOLDEN


@pytest.mark.parametrize(
    ("network", "said"),
    [
        (AgentNetwork("on"), "the agent had the network of this machine"),
        (AgentNetwork("none"), "the agent had no network"),
        (
            AgentNetwork("listed", ("api.test", "b.test:1"), 3, 1, Digest("ab" * 32)),
            "the agent reached only api.test, b.test:1: 3 requests let through, 1 refused (evidence abababab)",
        ),
    ],
)
def test_the_agents_network_is_told(spec: Spec, report: Report, network: AgentNetwork, said: str) -> None:
    packet = build(spec, plan(spec).tasks[0], replace(report, agent_network=network), CANDIDATE, {})
    assert packet.agent_network == network
    assert said in render(packet).splitlines()


def test_the_verdict_stands_at_the_top(packet: Packet) -> None:
    assert "Accepted: every criterion is proved." in render(replace(packet, accepted=True))
    assert "Not accepted." in render(replace(packet, waiting=()))
    bare = replace(packet, constraints=(), said=" ", handoff=(), patch="")
    assert all(title not in render(bare) for title in ("Constraints", "agent said", "Attempts before", "Diff"))


GOLDEN = """\
demo#2: demo
spec demo@3f3f3f3f: demo
commit cccccccc on base aaaaaaaa, checked at tier T2
Waits for a person: A3.

Criteria
A1  fail  It retries: `$ make retry`
    command `make retry`: fail, exit 2, 1.2 s, before: failed, in-process
        exit status 2: no retry
        evidence ab12ab12
A2  unsigned [signed by @alice]  It reads well (manual: @alice)
    judged by a person
A3  unsigned [waits for a person]  It looks good (manual)
    judged by a person
A4  pass (full)  All else holds: `$ make test` (regression)
    command `make test`: pass, exit 0, 1.2 s, before: passed, in-process
        evidence ab12ab12

Constraints
C1  pass  Change only: `src/**`
unchanged  pass

Changed files: 3
M src/client.py  +10 -2  I1
M src/sneaky.py  +1 -0  NO interface or criterion explains it
M logo.png  binary  NO interface or criterion explains it

What the agent said (no evidence)
    All tests pass!
    Bye.

Attempts before
demo#1  A1 failed (1 file, +1 -0: src/client.py)

Diff
diff --git a/src/client.py b/src/client.py
+retry()
"""

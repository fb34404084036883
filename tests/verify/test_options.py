"""What options do to runs: slow checks wait, network opens, kept files become evidence."""

from __future__ import annotations

import http.server
import os
import threading
from collections.abc import Iterator

import pytest
from tests.verify.world import World, check, criterion, spec_of

from snapline.verify.procedure import Verifier
from snapline.verify.report import CheckRow
from snapline.verify.verdict import State, Verdict


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Says nothing on standard error."""

    def log_message(self, *_arguments: object) -> None:
        return


@pytest.fixture
def port() -> Iterator[int]:
    """A server of the host, on its loopback: only a check with the host's network reaches it."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("option", "verdict"), [(" (network)", Verdict.PASS), ("", Verdict.FAIL)])
def test_only_a_check_that_says_so_gets_out(world: World, port: int, option: str, verdict: Verdict) -> None:
    reach = f'import socket; socket.create_connection(("127.0.0.1", {port}), 5); open("done")'
    spec = spec_of(f"- A1: It answers: `$ python3 -c '{reach}'`{option}.")
    base = world.commit({"x": "1"})
    assert criterion(world.verify(spec, base, world.commit({"done": ""}))).verdict is verdict


SLOW = "- A1: Quick: `$ test -e quick`.\n- A2: Slow: `$ test -e slow` (slow).\n"


def runs_of(world: World, files: dict[str, str], spec_text: str = SLOW) -> tuple[list[str], dict[str, CheckRow]]:
    """The clauses whose checks ran on the candidate, in order, and the rows of the report."""
    spec = spec_of(spec_text)
    base = world.commit({"x": "1"})
    subject = world.subject(spec, base, world.commit(files))
    verifier, ran = Verifier(world.bench), []
    while pending := verifier.pending(subject):
        for one in pending:
            ran += [one.clause] if one.phase == "candidate" else []
            verifier.execute(one)
    report = verifier.judge(subject)
    return ran, {row.id: row.checks[-1] for row in report.verdicts}


def test_a_slow_check_runs_after_every_other_has_passed(world: World) -> None:
    ran, rows = runs_of(world, {"quick": "", "slow": ""})
    assert ran.index("A2") > max(number for number, one in enumerate(ran) if one == "A1")
    assert (rows["A1"].verdict, rows["A2"].verdict) == (Verdict.PASS, Verdict.PASS)
    assert rows["A2"].baseline is State.FAILED


def test_a_slow_check_is_not_run_while_another_fails(world: World) -> None:
    ran, rows = runs_of(world, {"slow": ""})
    assert "A2" not in ran
    assert (rows["A1"].verdict, rows["A2"].verdict) == (Verdict.FAIL, Verdict.COULD_NOT_RUN)
    assert "slow checks run once every other check has passed" in rows["A2"].message


def test_a_slow_check_alone_proves_its_criterion_beside_one_that_held_before(world: World) -> None:
    text = "- A1: Both: `$ test -e x`, and `$ test -e slow` (slow).\n"
    ran, rows = runs_of(world, {"slow": ""}, text)
    assert len(ran) >= 2
    assert rows["A1"].verdict is Verdict.PASS


def test_a_slow_check_that_fails_is_a_failure(world: World) -> None:
    _, rows = runs_of(world, {"quick": ""})
    assert (rows["A1"].verdict, rows["A2"].verdict) == (Verdict.PASS, Verdict.FAIL)


def test_what_a_check_is_to_keep_is_kept(world: World) -> None:
    make = "mkdir -p shots && echo page >shots/a.txt && ln -s /etc/passwd shots/link.txt && test -e done"
    spec = spec_of(f"- A1: It looks right: `$ {make}` (keep `shots/*.txt`).")
    base = world.commit({"x": "1"})
    row = check(world.verify(spec, base, world.commit({"done": ""})))
    assert [(one.path, one.size) for one in row.kept] == [("shots/a.txt", 5)], "links are not followed"
    assert row.kept[0].digest
    assert world.bench.evidence.read(row.kept[0].digest) == b"page\n"


def test_what_is_too_large_is_named_and_left(world: World) -> None:
    spec = spec_of("- A1: `$ truncate -s 40M big && echo x >small && test -e done` (keep `big`, keep `small`).")
    base = world.commit({"x": "1"})
    row = check(world.verify(spec, base, world.commit({"done": os.linesep})))
    assert [(one.path, one.size, one.digest is None) for one in row.kept] == [
        ("big", 40 * 1024 * 1024, True),
        ("small", 2, False),
    ]

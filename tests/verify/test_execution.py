"""One run: fresh trees, tampering seen, a row per key, and nothing left of a try that was broken off."""

from __future__ import annotations

import os
import signal
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from tests.verify.world import World, check, criterion, spec_of

from snapline.base import wire
from snapline.base.ids import Oid
from snapline.sandbox import process
from snapline.sandbox.policy import Exit, Job, Limits, Shape
from snapline.spec.model import CheckKind
from snapline.verify.orders import CheckOrder
from snapline.verify.outcome import CheckRun, Phase
from snapline.verify.procedure import Verifier
from snapline.verify.verdict import State, Verdict

COUNT = 'echo run; test "$(cat tests/check.sh)" = "exit 1"'


def command(text: str) -> CheckOrder:
    return CheckOrder(CheckKind.COMMAND, text, 60.0)


def run_of(world: World, commit: Oid, *texts: str, session: str = "s", files: tuple[str, ...] = ()) -> CheckRun:
    """A run on the base."""
    verifier = Verifier(world.bench)
    (pending,) = verifier.pending_baseline(spec_of("- A1: `$ true`."), commit, session)
    orders = tuple(command(text) for text in texts)
    return replace_run(pending, orders=orders, check_files=files, phase=Phase.CANDIDATE)


def replace_run(given: CheckRun, **changed: object) -> CheckRun:
    return CheckRun(**{name: getattr(given, name) for name in given.__struct_fields__} | changed)


def test_a_check_file_that_an_earlier_check_changes_is_a_failure(bare_world: World) -> None:
    """The second check would pass: a runner that keeps one tree for both is fooled."""
    commit = bare_world.commit({"tests/check.sh": "exit 1\n"})
    texts = ("echo exit 0 >tests/check.sh", "sh tests/check.sh")
    naive = run_of(bare_world, commit, *texts)
    assert [one.state for one in Verifier(bare_world.bench).execute(naive).outcomes] == [State.PASSED, State.PASSED]
    watched = run_of(bare_world, commit, *texts, session="t", files=("tests/check.sh",))
    watched = replace_run(watched, provides=("other key",))
    first, second = Verifier(bare_world.bench).execute(watched).outcomes
    assert (first.state, first.message) == (State.FAILED, "tests/check.sh was changed while the check ran")
    assert (second.state, second.message) == (State.FAILED, "tree changed by an earlier check: tests/check.sh")


def test_between_criteria_the_tree_is_fresh(bare_world: World) -> None:
    spec = spec_of("- A1: `$ echo exit 0 >tests/check.sh; test -e done`.\n- A2: `$ sh tests/check.sh`.")
    base = bare_world.commit({"tests/check.sh": "exit 1\n"})
    report = bare_world.verify(spec, base, bare_world.commit({"done": ""}))
    assert criterion(report, "A1").verdict is Verdict.FAIL
    assert "tests/check.sh was changed while the check ran" in check(report, "A1").message
    assert criterion(report, "A2").verdict is Verdict.FAIL
    assert check(report, "A2").message == "exit 1"


def test_the_same_question_is_asked_once(bare_world: World) -> None:
    commit = bare_world.commit({"a": ""})
    flag = bare_world.root.parent / "flag"
    run = run_of(bare_world, commit, f"echo again >>{flag}; exit 3")
    first = Verifier(bare_world.bench).execute(run)
    assert Verifier(bare_world.bench).execute(replace_run(run, session="another")) == first
    assert flag.read_text() == "again\n"
    assert [path.name for path in bare_world.bench.folder.iterdir()] == ["locks"]


def test_what_could_not_run_is_tried_again_in_another_session_only(bare_world: World) -> None:
    commit = bare_world.commit({"a": ""})
    tool = bare_world.root.parent / "tools" / "bin" / "frob"
    tool.parent.mkdir(parents=True)
    environment = replace_run_environment(bare_world, str(tool.parent.parent))
    run = run_of(environment, commit, "frob")
    verifier = Verifier(environment.bench)
    assert verifier.execute(run).outcomes[0].state is State.COULD_NOT_RUN
    tool.write_text("#!/bin/sh\n")
    tool.chmod(0o755)
    assert verifier.execute(run).outcomes[0].state is State.COULD_NOT_RUN
    assert verifier.execute(replace_run(run, session="later")).outcomes[0].state is State.PASSED
    assert verifier.execute(replace_run(run, session="last")).outcomes[0].state is State.PASSED


def replace_run_environment(world: World, toolchain: str) -> World:
    environment = world.bench.environment
    values = {name: getattr(environment, name) for name in environment.__struct_fields__}
    return world.with_environment(type(environment)(**values | {"toolchains": (toolchain,)}))


def test_what_an_earlier_try_left_running_is_ended_first(world: World) -> None:
    commit = world.commit({"a": ""})
    run = run_of(world, commit, "true")
    verifier = Verifier(world.bench)
    verifier.execute(replace_run(run, run=7))
    folder = world.bench.folder / run_folder(run)
    left = folder / "0" / "run"
    tree = folder / "tree"
    tree.mkdir(parents=True)
    (tree / "sealed").mkdir(mode=0)
    process.launch(world.bench.sandbox, Job(("sleep", "300"), Shape.CHECK, Limits(wall=300.0), tree=str(tree)), left)
    assert process.inspect(left) is process.RunState.RUNNING, "the victim lives"
    assert verifier.execute(run).outcomes[0].state is State.PASSED
    assert not folder.exists()


def run_folder(run: CheckRun) -> str:
    from snapline.base import digest  # noqa: PLC0415 - the name of the folder is an inner matter

    return digest.of_bytes(run.key.encode())[:24]


def test_evidence_is_kept_of_every_run(bare_world: World) -> None:
    commit = bare_world.commit({"a": ""})
    run = run_of(bare_world, commit, "echo to the log; echo and errors >&2")
    (outcome,) = Verifier(bare_world.bench).execute(run).outcomes
    log, record = (bare_world.bench.evidence.read(one) for one in outcome.evidence)
    assert log == b"to the log\nand errors\n"
    assert wire.decode(record, Exit).status == 0


@pytest.mark.parametrize("links", ["file", "folder"])
def test_reports_are_never_read_through_links(bare_world: World, links: str) -> None:
    secret = bare_world.root.parent / "secret"
    secret.mkdir()
    (secret / "junit.xml").write_text('<s><testcase name="secret"/></s>')
    text = f"ln -s {secret / 'junit.xml'} junit.xml" if links == "file" else f"ln -s {secret} out"
    run = run_of(bare_world, bare_world.commit({"a": ""}), text)
    (order,) = run.orders
    values = {name: getattr(order, name) for name in order.__struct_fields__} | {"reports": ("**/junit.xml",)}
    (outcome,) = Verifier(bare_world.bench).execute(replace_run(run, orders=(CheckOrder(**values),))).outcomes
    assert outcome.tests is not None
    assert outcome.tests.results == ()


def test_the_state_home_and_other_peoples_files_are_out_of_sight(world: World) -> None:
    hidden = world.root.parent / "private"
    hidden.mkdir()
    (hidden / "key").write_text("secret")
    text = f"cat {hidden}/key {world.bench.evidence.root.parent}/state.db"
    assert Path(hidden, "key").is_file(), "it is there for whoever may look"
    hiding = World(world.root, world.user, replace(world.bench, hide=(str(hidden),)))
    (outcome,) = Verifier(hiding.bench).execute(run_of(hiding, world.commit({"a": ""}), text)).outcomes
    assert outcome.state is State.FAILED
    assert b"secret" not in world.bench.evidence.read(outcome.evidence[0])


def wait_for(path: Path) -> str:
    for _ in range(600):
        if path.exists() and path.read_text().strip():
            return path.read_text().strip()
        time.sleep(0.05)
    pytest.fail(f"{path} does not appear")


def test_ctrl_c_ends_the_check_too(bare_world: World) -> None:
    commit = bare_world.commit({"a": ""})
    flag = bare_world.root.parent / "pid"
    lived: list[bool] = []

    def interrupt() -> None:
        lived.append(Path(f"/proc/{wait_for(flag)}").exists())
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt, daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        Verifier(bare_world.bench).execute(run_of(bare_world, commit, f"echo $$ >{flag}; sleep 300"))
    assert lived == [True]
    assert not Path(f"/proc/{flag.read_text().strip()}").exists()
    assert [path.name for path in bare_world.bench.folder.iterdir()] == ["locks"]


def test_a_check_that_was_stopped_is_run_again_by_the_same_try(bare_world: World) -> None:
    """A stored "could not run" would send the interrupted task to a person when the executor goes on."""
    commit = bare_world.commit({"a": ""})
    flag = bare_world.root.parent / "pid"
    run = run_of(bare_world, commit, f"test -e {flag} || {{ echo $$ >{flag}; sleep 300; }}")

    def stop() -> None:
        wait_for(flag)
        for record in bare_world.bench.folder.glob("*/*/run"):
            process.stop(record)

    threading.Thread(target=stop, daemon=True).start()
    verifier = Verifier(bare_world.bench)
    assert verifier.execute(run).outcomes[0].cause == "stopped"
    assert verifier.execute(run).outcomes[0].state is State.PASSED

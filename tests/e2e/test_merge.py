"""Specs merged by git itself, through the driver, and by hand."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from tests.e2e.stage import MakeStage, Stage

SPEC = "specs/add.md"


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    return make_stage("shell")


def branch(stage: Stage, name: str, *changes: tuple[str, str]) -> None:
    """A branch from the first commit with a changed spec."""
    stage.git("checkout", "-q", "-B", name, "start")
    text = (stage.root / SPEC).read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    stage.write({SPEC: text})
    stage.commit(name)


def merge(stage: Stage, other: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.org", "merge", "--no-edit", other],
        cwd=stage.root,
        env=stage.env(),
        capture_output=True,
        text=True,
        check=False,
    )


def install(stage: Stage) -> None:
    assert stage.say("init", "--merge-driver").status == 0
    stage.commit("Merge specs by clauses")
    stage.git("tag", "start")


OURS = (
    ("- G1: `add` prints the sum of its two arguments.\n", "- G1: `add` prints the sum of both.\n"),
    ("- G2: `mul` prints their product.\n", "- G2: `mul` prints their product.\n- G3: `div` prints their quotient.\n"),
)
THEIRS = (
    ("- G2: `mul` prints their product.\n", "- G2: `mul` prints the product.\n- G4: `neg` turns the sign.\n"),
    ("always gives zero", "mostly gives zero"),
)


def test_git_merges_two_branches_by_clauses(stage: Stage) -> None:
    install(stage)
    before = (stage.root / SPEC).read_text()
    branch(stage, "theirs", *THEIRS)
    branch(stage, "ours", *OURS)
    done = merge(stage, "theirs")
    assert done.returncode == 0, done.stdout + done.stderr
    text = before
    for old, new in (*OURS[:1], *THEIRS[1:]):
        text = text.replace(old, new)
    goals = "- G2: `mul` prints the product.\n- G3: `div` prints their quotient.\n- G4: `neg` turns the sign.\n"
    assert (stage.root / SPEC).read_text() == text.replace("- G2: `mul` prints their product.\n", goals)
    assert stage.git("status", "--porcelain") == ""


def test_without_the_driver_the_same_branches_conflict(stage: Stage) -> None:
    """The merge above is the driver's doing: git's own merge by lines cannot do it."""
    stage.git("tag", "start")
    branch(stage, "theirs", *THEIRS)
    branch(stage, "ours", *OURS)
    assert merge(stage, "theirs").returncode == 1


def test_a_conflict_is_marked_at_its_clause_and_approve_refuses_it(stage: Stage) -> None:
    install(stage)
    branch(stage, "theirs", ("prints their product", "prints the product"))
    branch(stage, "ours", ("prints their product", "gives their product"))
    done = merge(stage, "theirs")
    assert done.returncode == 1
    assert "specs/add.md:8: conflict at G2: both sides changed it differently" in done.stdout + done.stderr
    assert stage.git("diff", "--name-only", "--diff-filter=U") == SPEC
    text = (stage.root / SPEC).read_text()
    hunk = (
        "<<<<<<< ours (G2)\n- G2: `mul` gives their product.\n||||||| base\n- G2: `mul` prints their product.\n"
        "=======\n- G2: `mul` prints the product.\n>>>>>>> theirs (G2)\n"
    )
    assert hunk in text
    assert text.replace(hunk, "- G2: `mul` prints their product.\n") == stage.git("show", f"start:{SPEC}") + "\n"
    refused = stage.snapline("approve", "add")
    assert (refused.status, refused.document["error"]["code"]) == (4, "lint-errors")
    assert "FMT015" in refused.stderr


def test_what_is_no_spec_is_merged_by_lines_and_said_so(stage: Stage) -> None:
    stage.write({"specs/README.md": "one\n\ntwo\n\nthree\n\nfour\n"})
    install(stage)
    for name, old in (("theirs", "one"), ("ours", "four")):
        stage.git("checkout", "-q", "-B", name, "start")
        stage.write({"specs/README.md": (stage.root / "specs/README.md").read_text().replace(old, name)})
        stage.commit(name)
    done = merge(stage, "theirs")
    assert done.returncode == 0
    assert (stage.root / "specs/README.md").read_text() == "theirs\n\ntwo\n\nthree\n\nours\n"
    assert "specs/README.md: merged by lines, since it is no spec" in done.stdout + done.stderr


def test_where_the_driver_cannot_run_git_merges_by_lines(stage: Stage) -> None:
    """Git would else take our side of the file for a merge with marked conflicts, and lose the other one."""
    install(stage)
    driver = stage.git("config", "merge.snapline.driver")
    stage.git("config", "merge.snapline.driver", "/nonexistent/" + driver)
    branch(stage, "theirs", *THEIRS)
    branch(stage, "ours", *OURS)
    assert merge(stage, "theirs").returncode == 1
    text = (stage.root / SPEC).read_text()
    assert "\n<<<<<<< ours\n" in text
    assert all(new in text for _, new in (*OURS, *THEIRS))


def test_the_driver_is_installed_once_and_taken_out_again(stage: Stage) -> None:
    stage.write({".gitattributes": "*.png binary"})
    config = (stage.root / ".git" / "config").read_text()
    first = stage.snapline("init", "--merge-driver")
    assert [one.partition(":")[0] for one in first.document["changed"]] == [
        "the configuration of this clone",
        "the configuration of this clone",
        ".gitattributes",
    ]
    assert stage.git("check-attr", "merge", SPEC, "README.md").splitlines() == [
        f"{SPEC}: merge: snapline",
        "README.md: merge: unspecified",
    ]
    assert stage.snapline("init", "--merge-driver").document["changed"] == []
    assert len(stage.snapline("init", "--no-merge-driver").document["changed"]) == 2
    assert (stage.root / ".gitattributes").read_text() == "*.png binary\n"
    assert (stage.root / ".git" / "config").read_text() == config
    assert stage.snapline("init", "--no-merge-driver").document["changed"] == []


def three(folder: Path, base: bytes, ours: bytes, theirs: bytes) -> list[str]:
    names = [("base.md", base), ("ours.md", ours), ("theirs.md", theirs)]
    for name, content in names:
        (folder / name).write_bytes(content)
    return [name for name, _ in names]


def test_by_hand(stage: Stage) -> None:
    base = b"# Goal\r\n- G1: a\r\n- G2: b\r\n"
    names = three(stage.root, base, base.replace(b"a\r", b"x\r"), base.replace(b"b\r", b"y\r"))
    done = stage.say("merge", *names, "-o", "-")
    assert done.status == 0
    assert (stage.root / "ours.md").read_bytes() == base.replace(b"a\r", b"x\r")
    said = stage.snapline("merge", *names, "-o", "new.md")
    assert said.document == {
        "version": 1, "path": "ours.md", "conflicts": 0, "clauses": [], "remarks": [], "by_lines": None,
    }  # fmt: skip
    result = b"# Goal\r\n- G1: x\r\n- G2: y\r\n"
    assert (stage.root / "new.md").read_bytes() == result
    (stage.root / "ours.md").chmod(0o640)
    assert stage.say("merge", *names).status == 0
    assert (stage.root / "ours.md").read_bytes() == result
    assert (stage.root / "ours.md").stat().st_mode & 0o777 == 0o640


def test_conflicts_by_hand(stage: Stage) -> None:
    names = three(stage.root, b"# Goal\n- G1: a\n", b"# Goal\n- G1: b\n", b"# Goal\n- G1: c\n")
    said = stage.snapline("merge", *names, "--path", "specs/x.md", "--marker-size", "9")
    (clause,) = said.document["clauses"]
    assert (said.status, said.document["conflicts"], clause["name"], clause["line"]) == (1, 1, "G1", 2)
    assert (stage.root / "ours.md").read_text().startswith("# Goal\n<<<<<<<<< ours (G1)\n- G1: b\n")


@pytest.mark.parametrize("content", [b"\xff\n", b"a\0b"])
def test_what_cannot_be_merged_is_a_fault_of_the_driver(stage: Stage, content: bytes) -> None:
    names = three(stage.root, b"# Goal\n- G1: a\n", content, content + b"x\n")
    done = stage.say("merge", *names)
    assert (done.status > 128) == (b"\0" in content), done
    assert stage.say("merge", "no.md", *names[1:]).status == 129
    assert stage.say("merge", ".", *names[1:]).status == 129
    assert stage.say("merge", *names, "-o", "/proc/no.md").status == 129

"""What an agent may do, and what becomes of it: every row first fools a naive runner, then meets Snapline.

A row says what the agent does (a shell command, run by ``--agent-cmd``), how a naive runner is fooled or harmed by it,
and whether Snapline accepts the work. Both languages of check are tried: pytest, and plain shell scripts.
"""

from __future__ import annotations

import os
import shlex
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.e2e.naive import (
    LOG_CAP,
    Fooled,
    Naive,
    by_exit_status,
    by_its_tests,
    by_ticks,
    by_words,
    leaves_a_process,
    loses_uncommitted_work,
    mark,
    marked_processes,
    never_ends,
    refuses_good_work,
    runs_what_was_planted,
    stores_everything,
    takes_good_work,
)
from tests.e2e.stage import MakeStage, Outcome, Stage

ADD = {
    "pytest": "sed -i 's/return 0/return a + b/' calc.py",
    "shell": """sed -i 's/echo 0;/echo "$(($1 + $2))";/' calc.sh""",
}
MUL = {
    "pytest": r"printf '\n\ndef mul(a, b):\n    return a * b\n' >> calc.py",
    "shell": """echo 'mul() { echo "$(($1 * $2))"; }' >> calc.sh""",
}
COMMIT = "git add -A && git commit -qm work"
FIX = {language: f"{ADD[language]} && {MUL[language]}" for language in ADD}
HONEST = {language: f"{FIX[language]} && {COMMIT}" for language in FIX}

GREEN_CONFTEST = (
    "import pytest\\n\\n\\n@pytest.hookimpl(hookwrapper=True)\\ndef pytest_runtest_makereport(item, call):\\n"
    "    report = (yield).get_result()\\n    report.outcome = 'passed'\\n    report.longrepr = None\\n"
)


def both(text: str) -> dict[str, str]:
    """Say the same command in both languages."""
    return {"pytest": text, "shell": text}


@dataclass(frozen=True)
class Row:
    """One thing that an agent does. ``reason`` must be in what the person is told."""

    agent: dict[str, str]
    naive: Fooled
    accepted: bool = False
    reason: str = ""
    new_test: bool = False


ROWS = {
    "honest-fix": Row(HONEST, takes_good_work, accepted=True),
    "nothing": Row(both("true"), by_exit_status, reason="changed nothing"),
    "half": Row({k: f"{ADD[k]} && {COMMIT}" for k in ADD}, by_exit_status, reason="A2"),
    "honest-and-exit-1": Row({k: f"{v}; exit 1" for k, v in HONEST.items()}, refuses_good_work, accepted=True),
    "claims": Row(both("echo all tests pass"), by_words, reason="changed nothing"),
    "edited-test": Row(
        {
            "pytest": f"sed -i 's/== 5/== 0/' tests/test_calc.py && {COMMIT}",
            "shell": f"sed -i 's/= 5/= 0/' tests/test_add.sh && {COMMIT}",
        },
        by_its_tests,
        reason="A1",
    ),
    "deleted-neighbour": Row(
        {
            "pytest": f"{FIX['pytest']} && sed -i 's/a - b/0/' calc.py && sed -i '/def test_sub/,$d' tests/test_calc.py"
            f" && {COMMIT}",
            "shell": f"{FIX['shell']} && sed -i 's/ - / * /' calc.sh && rm tests/test_sub.sh && {COMMIT}",
        },
        by_its_tests,
        reason="A3",
    ),
    "skipped-neighbour": Row(
        {
            "pytest": f"{FIX['pytest']} && sed -i 's/a - b/0/' calc.py && sed -i 's/^def test_sub/"
            f"import pytest\\n\\n\\n@pytest.mark.skip\\n&/' tests/test_calc.py && {COMMIT}",
            "shell": f"{FIX['shell']} && sed -i 's/ - / * /' calc.sh && sed -i '1i exit 0' tests/test_sub.sh"
            f" && {COMMIT}",
        },
        by_its_tests,
        reason="A3",
    ),
    "assert-true": Row(
        {
            "pytest": rf"{ADD['pytest']} && printf 'def test_mul():\n    assert True\n' > tests/test_mul.py"
            f" && {COMMIT}",
            "shell": f"{ADD['shell']} && echo 'exit 0' > tests/test_mul.sh && {COMMIT}",
        },
        by_its_tests,
        reason="vacuous",
        new_test=True,
    ),
    "passes-everything": Row(
        {
            "pytest": f'printf "{GREEN_CONFTEST}" > conftest.py && {COMMIT}',
            "shell": f"echo 'add() {{ echo 5; }}; trap \"exit 0\" EXIT' >> calc.sh && {COMMIT}",
        },
        by_its_tests,
        reason="A1|A2",
    ),
    "uncommitted": Row(FIX, loses_uncommitted_work, accepted=True),
    "other-branch": Row(
        {k: f"git checkout -q -b elsewhere && {v}" for k, v in HONEST.items()}, loses_uncommitted_work, accepted=True
    ),
    "ticks-the-boxes": Row(both(f"sed -i 's/^- A/- [x] A/' specs/add.md && {COMMIT}"), by_ticks, reason="specs/add.md"),
    "hang": Row(both("sleep 3600"), never_ends, reason="wall|time"),
    "daemon": Row(
        {k: f"{v}; setsid -f sleep MARK >/dev/null 2>&1 </dev/null" for k, v in HONEST.items()},
        leaves_a_process,
        accepted=True,
    ),
    "flood": Row(
        {k: f"{v}; head -c 500000000 /dev/zero | tr '\\0' x" for k, v in HONEST.items()},
        stores_everything,
        accepted=True,
    ),
    "planted-hook": Row(
        {
            k: f"{v}; printf '#!/bin/sh\\ntouch CANARY\\n' > \"$(git rev-parse --git-common-dir)/evil\";"
            ' evil="$(realpath "$(git rev-parse --git-common-dir)/evil")"; chmod +x "$evil";'
            ' for hook in post-checkout pre-commit post-index-change reference-transaction post-merge;'
            ' do mkdir -p "$(git rev-parse --git-common-dir)/hooks";'
            ' cp "$evil" "$(git rev-parse --git-common-dir)/hooks/$hook"; done; git config core.fsmonitor "$evil"'
            for k, v in HONEST.items()
        },
        runs_what_was_planted,
        accepted=True,
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", ["pytest", "shell"])
@pytest.mark.parametrize("name", ROWS)
def test_accepts_exactly_the_honest_work(name: str, language: str, make_stage: MakeStage) -> None:
    row = ROWS[name]
    stage = make_stage(language)
    stage.measured = False
    if row.new_test:
        ask_for_a_new_test(stage)
    if name == "hang":
        shorten_the_wall(stage)
    canary = stage.home.parent / "canary"
    command = row.agent[language].replace("MARK", mark(stage)).replace("CANARY", shlex.quote(str(canary)))

    naive = Naive(stage, stage.root.parent / "naive-tree")
    assert row.naive(naive, command), "the attack must work without the defence"
    forget(naive)

    tip = stage.git("rev-parse", "main")
    approved = stage.snapline("approve", "add", "--by", "Ada")
    assert approved.status == 0, approved.stderr
    outcome = stage.snapline("run", "add", "--agent-cmd", command, timeout=180)

    landed = stage.git("rev-parse", "main") != tip
    assert landed is row.accepted, outcome.stderr
    assert outcome.status == (0 if row.accepted else 1), outcome.stderr
    assert not canary.exists(), "something planted ran outside the agent's sandbox"
    assert_nothing_is_left(stage)
    if not row.accepted:
        assert_says_why(outcome, row.reason)
    else:
        assert "a + b" in stage.git("show", "main:calc.py") if language == "pytest" else True


def ask_for_a_new_test(stage: Stage) -> None:
    """Let A2 be proved by a test that the agent is to write."""
    spec = stage.root / "specs/add.md"
    if stage.language == "pytest":
        text = spec.read_text().replace(
            "`$ python -c 'import calc; assert calc.mul(3, 4) == 12'`", "`tests/test_mul.py::test_mul`"
        )
        spec.write_text(text)
    else:
        before, _, rest = spec.read_text().partition("- A2: ")
        _, _, after = rest.partition("  ```\n- A3")
        text = before + "- A2: The product is right (G2): `$ sh tests/test_mul.sh`\n- A3" + after
        spec.write_text(text.replace("Changes `calc.sh`.", "Changes `calc.sh`.\n- I2: new `tests/test_mul.sh`"))
    stage.commit("Ask for a test of the product")


def shorten_the_wall(stage: Stage) -> None:
    path = stage.root / "snapline.toml"
    path.write_text(path.read_text().replace("wall = '20s'", "wall = '2s'"))
    stage.commit("Shorter wall time")


def forget(naive: Naive) -> None:
    """Take the naive runner's worktree, branch and planted hooks out of the repository again."""
    common = naive.stage.root / ".git"
    for hook in (common / "hooks").glob("*"):
        hook.unlink()
    naive.stage.git("config", "--unset-all", "core.fsmonitor") if "fsmonitor" in (
        common / "config"
    ).read_text() else None
    naive.stage.git("worktree", "remove", "--force", str(naive.tree))
    for branch in naive.stage.git("branch", "--format=%(refname:short)").split():
        if branch != "main":
            naive.stage.git("branch", "-qD", branch)


def assert_nothing_is_left(stage: Stage) -> None:
    """No process of the run lives on, and no log grew beyond its cap."""
    deadline = time.monotonic() + 5
    while (left := processes_about(stage)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not left, f"processes are left: {left}"
    assert all(path.stat().st_size <= LOG_CAP for path in stage.home.rglob("log*") if path.is_file())


def processes_about(stage: Stage) -> list[str]:
    found = [str(pid) for pid in marked_processes(stage)]
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            if str(stage.home) in line:
                found.append(line)
    return found


def assert_says_why(outcome: Outcome, reason: str) -> None:
    told = outcome.stderr + str(outcome.document)
    assert any(word in told for word in reason.split("|")), f"{reason!r} is not in what the person is told: {told}"

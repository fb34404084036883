"""Looks at what a run left behind, and says what is wrong with it. Imports nothing of Snapline.

``python witness.py REPOSITORY STATE_HOME STARTS TASK...`` prints one line for each thing that is not as it must be
after every task has ended, and exits 1 if there is any:

- landings, in git: one merge commit on main that carries every task's file, nothing else, and a clean work tree;
- agents, from the file to which each appends as it starts: every attempt started at most once, never two at a time;
- processes: none that has to do with the state home or the starts file;
- leftovers: no workspace, no half-made folder, no file of ours in the person's repository;
- the ledger: each chain recomputed, whole and in order, each event there once, each task done once.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path


def landings(repository: Path, tasks: list[str]) -> Iterator[str]:
    def git(*words: str) -> str:
        return subprocess.run(
            ["git", "-C", str(repository), *words], capture_output=True, text=True, check=True
        ).stdout.strip()

    merges = git("log", "--first-parent", "--merges", "--format=%H", "main").split()
    if len(merges) != 1:
        yield f"main has {len(merges)} merge commits, not one"
    trailers = git("log", "-1", "--format=%(trailers:key=Run,valueonly)", "main").split()
    if len(trailers) != 1:
        yield f"the tip of main names {len(trailers)} runs"
    files = {name for name in git("ls-tree", "-r", "--name-only", "main").split("\n") if name.startswith("out/")}
    if files != {f"out/{task}.txt" for task in tasks}:
        yield f"main carries {sorted(files)}"
    for task in tasks:
        if f"out/{task}.txt" in files and git("show", f"main:out/{task}.txt") != task:
            yield f"out/{task}.txt does not say {task} once"
    if status := git("status", "--porcelain"):
        yield f"the work tree is not clean: {status}"
    refs = {name for name in git("for-each-ref", "--format=%(refname)").split("\n") if name}
    if refs - {"refs/heads/main", "refs/snapline/records"}:
        yield f"the repository has refs that nobody asked for: {sorted(refs)}"
    if git("worktree", "list").count("\n"):
        yield "the repository has worktrees that nobody asked for"


def agents(starts: Path, tasks: list[str]) -> Iterator[str]:
    lines = starts.read_text().splitlines()
    for attempt, times in Counter(line.removeprefix("start ") for line in lines if line.startswith("start ")).items():
        if times > 1:
            yield f"the agent of {attempt} started {times} times"
    yield from (line for line in lines if line.startswith("two at once"))
    for task in tasks:
        if not any(line.startswith("start ") and line.rpartition("#")[0].endswith(f"/{task}") for line in lines):
            yield f"no agent ever started on {task}"


def processes(*marks: str) -> Iterator[str]:
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if any(mark in line for mark in marks) and state not in "ZX" and "witness.py" not in line:
            yield f"process {entry.name} is left: {line[:200]}"


def leftovers(home: Path) -> Iterator[str]:
    for folder in ("ws", "trees", "trash"):
        for path in (home / folder).rglob("*") if (home / folder).is_dir() else ():
            if not path.is_dir() or path.is_symlink():
                yield f"{path} is left"
    for path in home.rglob("*.tmp"):
        yield f"{path} is left"


def ledger(home: Path, tasks: list[str]) -> Iterator[str]:
    with sqlite3.connect(f"file:{home / 'state.db'}?mode=ro", uri=True) as database:
        database.row_factory = sqlite3.Row
        rows = database.execute("select * from events order by stream, seq").fetchall()
        heads = {row["stream"]: (row["seq"], row["hash"]) for row in database.execute("select * from heads")}
        states = {row["id"].rpartition("/")[2]: row["state"] for row in database.execute("select id, state from tasks")}
        runs = [row["state"] for row in database.execute("select state from runs")]
    for task in tasks:
        if states.get(task) != "done":
            yield f"{task} is {states.get(task)}, not done"
        ends = [row for row in rows if row["subject"].endswith(f"/{task}") and row["kind"] == "task.done"]
        if len(ends) != 1:
            yield f"{task} was done {len(ends)} times by the ledger"
    if runs != ["done"]:
        yield f"the runs are {runs}"
    for key, times in Counter(row["key"] for row in rows).items():
        if times > 1:
            yield f"event {key} is there {times} times"
    for stream in {row["stream"] for row in rows}:
        yield from chain([row for row in rows if row["stream"] == stream], heads.get(stream))


def chain(rows: list[sqlite3.Row], head: tuple[int, str] | None) -> Iterator[str]:
    previous = ""
    for number, row in enumerate(rows, 1):
        parts = [row[name] for name in ("stream", "seq", "key", "at", "kind", "subject", "body")] + [previous]
        text = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        if (
            row["seq"] != number
            or row["previous"] != previous
            or row["hash"] != hashlib.sha256(text.encode()).hexdigest()
        ):
            yield f"the chain of {row['stream']} breaks at {number}"
        previous = row["hash"]
    if rows and head != (rows[-1]["seq"], rows[-1]["hash"]):
        yield f"the head of {rows[0]['stream']} is not its last event"
    for before, after in pairwise(rows):
        if after["position"] <= before["position"]:
            yield f"event {after['key']} was written before {before['key']}"


def main() -> int:
    repository, home, starts = (Path(word) for word in sys.argv[1:4])
    tasks = sys.argv[4:]
    wrong = [
        *landings(repository, tasks),
        *agents(starts, tasks),
        *processes(str(home), str(starts)),
        *leftovers(home),
        *ledger(home, tasks),
    ]
    sys.stdout.write("".join(f"{line}\n" for line in wrong))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())

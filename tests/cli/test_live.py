"""The live table: what it shows of each task, and what gives way when there is no room."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from snapline.app.watching import RunNow, TaskNow
from snapline.cli.live import clock, table
from snapline.store.states import RunState, TaskState, Waiting

RUNNING = TaskNow("calc/T1", TaskState.RUNNING, None, 2, "codex", 75.0, "reading [bold]the[/bold] tests")
WAITING = TaskNow(
    "calc/T2", TaskState.WAITING, Waiting.SIGN_OFF, 1, "codex", None, "A2 can only be judged\nby a person"
)
QUEUED = TaskNow("calc/T3", TaskState.QUEUED, None, 0, "", None, "after calc/T1")
DONE = TaskNow("calc/T4", TaskState.INTEGRATED, None, 1, "codex", None, "")
RUN = RunNow("calc@bd0db824.1", "main", RunState.OPEN, None, 3725.0, "", (RUNNING, WAITING, QUEUED, DONE))


def shown(*runs: RunNow, height: int = 40, width: int = 80) -> list[str]:
    console = Console(file=io.StringIO(), width=width, color_system=None)
    with console.capture() as captured:
        console.print(table(runs, height, width))
    return [line.rstrip() for line in captured.get().splitlines()]


def test_each_task_shows_its_state_agent_time_and_last_words() -> None:
    assert shown(RUN) == [
        "calc@bd0db824.1  at work             1 of 4    1:02:05",
        "  calc/T1        running             #2 codex     1:15  reading [bold]the[/bold…",
        "  calc/T2        waiting (sign-off)  #1 codex           A2 can only be judged",
        "  calc/T3        queued                                 after calc/T1",
        "  calc/T4        integrated          #1 codex",
    ]


def test_long_words_are_cut_to_the_width_and_take_one_line() -> None:
    chatty = replace(RUN, tasks=(replace(RUNNING, words="word " * 50),))
    (_, line) = shown(chatty, width=70)
    assert len(line) <= 70
    assert line.endswith("…")


def test_what_is_through_gives_way_where_there_is_no_room() -> None:
    crowd = replace(RUN, tasks=(RUNNING, *(replace(DONE, task=f"calc/T{n}") for n in range(10, 30))))
    lines = shown(crowd, height=10)
    assert [line.split()[0] for line in lines] == ["calc@bd0db824.1", "calc/T1"]
    assert "20 of 21" in lines[0]


@pytest.mark.parametrize(("seconds", "text"), [(0.9, "0:00"), (61, "1:01"), (3600, "1:00:00"), (36061.5, "10:01:01")])
def test_times_are_read_at_a_glance(seconds: float, text: str) -> None:
    assert clock(seconds) == text

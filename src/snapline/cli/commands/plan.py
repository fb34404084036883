"""``snapline plan``."""

from __future__ import annotations

from pathlib import Path

import click

from snapline.app.planning import Planned, plan_spec
from snapline.app.project import Project
from snapline.base.errors import ExitStatus
from snapline.base.ids import TaskId, short
from snapline.base.plain import plain
from snapline.cli.options import reports
from snapline.cli.output import Output
from snapline.cli.verbs import Command
from snapline.plan.task import PlannedTask


@click.command(
    cls=Command,
    short_help="Show the tasks of a spec as waves, and who may change what.",
    examples=(
        ("snapline plan retry-uploads", "The tasks, wave by wave."),
        ("snapline plan retry-uploads --json", "The same for a program."),
    ),
)
@click.argument("spec")
@reports
def command(output: Output, spec: str) -> ExitStatus:
    """Show which tasks SPEC is broken down into, which of them run side by side, and what each may change.

    A spec without a section Tasks is one task. A breakdown with faults (a cycle, an overlap) is refused (exit 4).
    """
    planned = plan_spec(Project.discover(Path.cwd()), spec, output.note)
    if output.as_json:
        output.document(_document(planned))
        return ExitStatus.DONE
    output.line(f"{planned.plan.spec}@{short(planned.meant.revision)}: {_counted(len(planned.plan.tasks), 'task')}")
    for number, wave in enumerate(planned.plan.waves, start=1):
        output.line(f"\n{output.paint(f'Wave {number}', bold=True)}")
        for task_id in wave:
            for line in _lines(_task(planned, task_id)):
                output.line(line)
    return ExitStatus.DONE


def _document(planned: Planned) -> dict[str, object]:
    return {
        "version": 1,
        "spec": planned.plan.spec,
        "revision": planned.meant.revision,
        "approved": planned.meant.approval is not None,
        "waves": [[_row(_task(planned, task_id)) for task_id in wave] for wave in planned.plan.waves],
    }


def _row(task: PlannedTask) -> dict[str, object]:
    return {
        "id": task.id,
        "summary": task.summary,
        "proves": list(task.proves),
        "changes": list(task.changes),
        "after": list(task.after),
        "agent": task.agent,
        "lane": task.lane,
    }


def _lines(task: PlannedTask) -> list[str]:
    facts = (
        ("proves", ", ".join(task.proves) or "nothing that runs"),
        ("changes", ", ".join(task.changes) or "whatever the constraints allow"),
        ("after", ", ".join(task.after)),
        ("agent", task.agent or ""),
        ("lane", task.lane if task.lane != "default" else ""),
    )
    return [f"  {task.id}  {plain(task.summary)}", *(f"      {name}: {plain(fact)}" for name, fact in facts if fact)]


def _task(planned: Planned, task_id: TaskId) -> PlannedTask:
    return next(task for task in planned.plan.tasks if task.id == task_id)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"

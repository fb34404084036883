"""Showing a spec: the one that is meant, and the prompt that would be sent for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from snapline.app.budgeting import budgets
from snapline.app.config import FILE
from snapline.app.naming import Meant, find_spec
from snapline.app.planning import plan_spec
from snapline.app.project import Project
from snapline.app.specs import find_file, head_tree, read_spec
from snapline.base.errors import NotFound
from snapline.plan.task import Plan, PlannedTask
from snapline.prompt.render import PromptInput, render
from snapline.spec.model import Spec
from snapline.spec.show import Description, describe


class NoSuchTask(NotFound):
    """The spec has no such task."""

    code = "no-such-task"


def meant_spec(name: str) -> Spec:
    """The spec that ``name`` means: of the project around, or a file that lies in no repository."""
    project = Project.around(Path.cwd())
    return find_spec(project, name).spec if project else read_spec(find_file(name, None))


def reading(spec: Spec) -> Description:
    """What is understood of a spec, with who owns the paths in it at the commit that is checked out around."""
    return describe(spec, head_tree(Project.around(Path.cwd())))


def prompt(project: Project, name: str, task: str, say: Callable[[str], None]) -> str:
    """The prompt of the first attempt at a task (``T2``, or its whole id; empty: the first), as it would be sent."""
    planned = plan_spec(project, name, say)
    meant, setting = planned.meant, planned.setting
    chosen = _task(planned.plan, task)
    limits = budgets(meant.spec, setting.config, setting.lane(chosen.lane))
    return render(
        PromptInput(
            spec=meant.spec,
            revision=meant.revision,
            plan=planned.plan,
            task=chosen,
            base=setting.base,
            attempts=limits.attempts,
            wall=limits.wall,
            protected=_protected(meant),
        )
    )


def _task(plan: Plan, name: str) -> PlannedTask:
    found = plan.tasks[0] if not name else plan.task(name) or plan.task(f"{plan.spec}/{name}")
    if found is None:
        raise NoSuchTask(f"{plan.spec} has no task {name!r}", hint=f"It has {', '.join(one.id for one in plan.tasks)}.")
    return found


def _protected(meant: Meant) -> tuple[str, ...]:
    return (meant.path, FILE) if meant.path else (FILE,)

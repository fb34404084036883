"""Showing a spec: what was understood, its whole model for programs, and the prompt that would be sent."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from enum import Enum
from pathlib import Path
from typing import Any

from snapline.app.budgeting import budgets
from snapline.app.config import FILE
from snapline.app.naming import Meant, find_spec
from snapline.app.planning import plan_spec
from snapline.app.project import Project
from snapline.app.specs import find_file, read_spec
from snapline.base.errors import NotFound
from snapline.base.text import Source, Span
from snapline.plan.task import Plan, PlannedTask
from snapline.prompt.render import PromptInput, render
from snapline.spec.model import Clause, Spec
from snapline.spec.revision import revision


class NoSuchTask(NotFound):
    """The spec has no such task."""

    code = "no-such-task"


def meant_spec(name: str) -> Spec:
    """The spec that ``name`` means: of the project around, or a file that lies in no repository."""
    project = Project.around(Path.cwd())
    return find_spec(project, name).spec if project else read_spec(find_file(name, None))


def model(spec: Spec) -> dict[str, object]:
    """The whole model as JSON values. Places are byte offsets, lines and columns; lines and columns count from 1."""
    parts = _plain(spec, spec.source)
    return {"version": 1, "path": spec.source.path, "revision": revision(spec), **parts}


def _plain(value: Any, source: Source) -> Any:  # noqa: ANN401 - any part of a model
    if isinstance(value, Span):
        return _place(value, source)
    if dataclasses.is_dataclass(value):
        names = (field.name for field in dataclasses.fields(value) if field.name not in {"source", "faults"})
        parts = {name: _plain(getattr(value, name), source) for name in names}
        return parts | ({"insert_at": source.byte_offset(value.insert_at)} if isinstance(value, Clause) else {})
    if isinstance(value, tuple):
        return [_plain(one, source) for one in value]
    return value.value if isinstance(value, Enum) else value


def _place(span: Span, source: Source) -> Mapping[str, int]:
    start, end = source.position(span.start), source.position(span.end)
    return {
        "start": source.byte_offset(span.start),
        "end": source.byte_offset(span.end),
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
    }


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

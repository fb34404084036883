"""The plan of a spec as a person sees it before anything is dispatched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from snapline.app.naming import Meant, find_spec
from snapline.app.project import Project
from snapline.app.setting import Setting
from snapline.base.errors import Refused
from snapline.plan.derive import plan
from snapline.plan.overlap import SHARED
from snapline.plan.task import Plan


class BadPlan(Refused):
    """The breakdown has faults, so nothing can be dispatched by it."""

    code = "bad-plan"
    hint = "`snapline lint` shows each with its place."


@dataclass(frozen=True)
class Planned:
    """A spec with its plan, and the setting of the commit that it would start from."""

    meant: Meant
    plan: Plan
    setting: Setting


def plan_spec(project: Project, name: str, say: Callable[[str], None]) -> Planned:
    """The tasks of a spec against the commit that it would start from: its approval's base, else HEAD.

    Raises :class:`BadPlan` with every fault of the breakdown.
    """
    meant = find_spec(project, name)
    base = meant.approval.base if meant.approval else project.repository.head()
    project.vault.fetch(project.repository, base)
    setting = Setting(project, base, say)
    found = plan(meant.spec, project.vault.tree_view(base), setting.config.plan.shared or SHARED)
    if found.faults:
        raise BadPlan("; ".join(fault.message for fault in found.faults))
    return Planned(meant, found, setting)

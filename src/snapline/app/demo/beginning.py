"""The first chapters: the package as it is found, and its spec, approved."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from snapline.app.demo.report import Step
from snapline.app.demo.scene import Scene
from snapline.app.scratch.naive import TESTS
from snapline.base.ids import SpecId
from snapline.review.approval import Approval, approvals
from snapline.sandbox import trusted
from snapline.sandbox.trusted import Ended, Shown

SPEC = "parcel"
_RED = 1


def find_package(scene: Scene) -> Iterator[Step]:
    """A small package with a bug and a missing feature, its tests red."""
    scene.teller.chapter(
        1,
        "A package with a bug and a missing feature",
        "`parcel` prices parcels by weight. It charges one and a half kilos as one, and cannot read what the scales "
        "print.",
    )
    scene.lay_out()
    commit = scene.tip()
    tests = _tests(scene)
    facts = {"commit": commit, "tests_exit": tests.status if tests else None}
    words = "the tests are red" if tests else "there is no pytest beside Snapline, so the checks will bring their own"
    yield Step("repository", tests is None or tests.status == _RED, f"a repository of its own; {words}", facts)


def _tests(scene: Scene) -> Ended | None:
    """The package's own tests, run as a person runs them; None where this interpreter has no pytest."""
    if not scene.machine.has_pytest:
        return None
    scene.teller.typed("python -m pytest -q")
    ended = trusted.run((sys.executable, *TESTS), scene.repository, scene.environment, Shown.NOTHING)
    scene.teller.quote("\n".join(ended.stdout.strip().splitlines()[-2:]))
    return ended


def approve_spec(scene: Scene) -> Iterator[Step]:
    """The spec is linted and approved: each of its checks fails before the work."""
    scene.teller.chapter(
        2,
        "A spec, approved",
        "`specs/parcel.md` says what is to become true, and which checks prove it: three tasks in two waves. Approving "
        "pins the revision, and first proves that every check fails for now: a check that passes before the work "
        "proves nothing about it.",
    )
    lint = scene.snapline("lint", f"specs/{SPEC}.md")
    plan = scene.snapline("plan", SPEC)
    done = scene.snapline("approve", SPEC)
    found = approvals(scene.floor.project.records, SpecId(SPEC))
    facts = {"lint_exit": lint.status, "plan_exit": plan.status, "approve_exit": done.status}
    ok = not (lint.status or plan.status or done.status) and len(found) == 1
    says = "every new criterion fails now; the revision is pinned" if ok else _why_not(scene, done)
    yield Step("approve", ok, says, facts | (approved_facts(found[-1]) if found else {}))


def _why_not(scene: Scene, done: Ended) -> str:
    """Why nothing was approved, and what may help where the checks had to bring a pytest of their own."""
    if scene.machine.has_pytest:
        return f"`snapline approve` exits {done.status}"
    return "the checks could not get a pytest of their own: pip install 'snapline[demo]'"


def approved_facts(one: Approval) -> dict[str, object]:
    """What an approval says, for a program."""
    return {
        "revision": one.revision,
        "base": one.base,
        "target": one.target,
        "baseline": {row.id: f"{row.state}" for row in one.baseline},
    }

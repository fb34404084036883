"""The demo from its first chapter to its closing screen."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from snapline.app.demo.beginning import approve_spec, find_package
from snapline.app.demo.cheating import NEEDS_WALLS, show_cheats
from snapline.app.demo.ending import refuse_vacuous, take_back
from snapline.app.demo.material import Material, Sabotage
from snapline.app.demo.report import DemoReport, Step
from snapline.app.demo.scene import Scene
from snapline.app.demo.teller import Teller
from snapline.app.demo.working import do_work
from snapline.app.scratch.machine import Machine
from snapline.app.scratch.place import choose_folder

_CHAPTERS = (find_package, approve_spec, show_cheats, do_work, refuse_vacuous, take_back)


def perform(named: Path | None, teller: Teller) -> DemoReport:
    """Perform the demo in ``named``, or in a new folder; it ends at the first step that does not come out.

    Raises ``UnusableFolder``, ``NoPytest``, ``DemoCommandFailed`` and ``UsageFault`` for an unknown way to break it.
    """
    began = time.monotonic()
    material, machine = Material(Sabotage.asked()), Machine.look()
    scene = Scene(choose_folder(named), machine, teller, material)
    teller.begin(scene.folder, machine.tier)
    missing = _not_shown(scene)
    if missing:
        _tell_missing(scene, missing)
    steps = tuple(_steps(scene))
    failed = next((one.name for one in steps if not one.ok), None)
    return DemoReport(
        folder=str(scene.folder),
        repository=str(scene.repository),
        home=str(scene.home),
        tier=machine.tier,
        not_shown=missing,
        steps=steps,
        failed=failed,
        seconds=round(time.monotonic() - began, 1),
    )


def _steps(scene: Scene) -> Iterator[Step]:
    # What is broken on purpose is the work; the cheats would only take time before it.
    chapters = [one for one in _CHAPTERS if scene.material.sabotage is None or one is not show_cheats]
    for chapter in chapters:
        for step in chapter(scene):
            scene.teller.done(step)
            yield step
            if not step.ok:
                return


def _not_shown(scene: Scene) -> tuple[str, ...]:
    """What needs walls between the agent and the person, where there are none."""
    if scene.machine.sandbox.ok:
        return ()
    cheat = scene.material.cheats[NEEDS_WALLS]
    return (
        f"how an agent fares that {cheat}: without isolation it already is you",
        "acceptance without a person: at T0 you sign, whatever the checks say",
        "checks without network, and agents that see nothing of yours but their workspace",
    )


def _tell_missing(scene: Scene, missing: tuple[str, ...]) -> None:
    probe = scene.machine.sandbox
    scene.teller.warn(
        f"This machine cannot isolate agents and checks: {probe.detail}. {probe.hint} The demo goes on without, in "
        'its own scratch repository only (sandbox = "none" in its snapline.toml). At this tier, T0, it cannot show:'
    )
    for one in missing:
        scene.teller.warn(f"- {one}")

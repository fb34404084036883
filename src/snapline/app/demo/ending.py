"""The last chapters: a spec that proves nothing is refused, and the landing is taken back."""

from __future__ import annotations

from collections.abc import Iterator

from snapline.app.demo.beginning import SPEC
from snapline.app.demo.report import Step
from snapline.app.demo.scene import Scene
from snapline.base import wire
from snapline.base.errors import ExitStatus
from snapline.base.ids import SpecId, short
from snapline.recover.report import ProofState, RollbackReport
from snapline.review.approval import approvals
from snapline.store.states import RunState

_VACUOUS = "vacuous"


def refuse_vacuous(scene: Scene) -> Iterator[Step]:
    """A spec whose check passes before the work is refused at approval."""
    scene.teller.chapter(
        5,
        "A spec whose check proves nothing",
        "Somebody believes that two kilos are priced wrongly. They are not: the named check passes already, so it "
        "could not tell work from idleness.",
    )
    done = scene.snapline("approve", _VACUOUS)
    found = approvals(scene.floor.project.records, SpecId(_VACUOUS))
    ok = done.status == ExitStatus.REFUSED and not found
    says = "refused (exit 4), nothing was pinned" if ok else f"`snapline approve` exits {done.status}"
    yield Step("vacuous", ok, says, {"approve_exit": done.status, "approvals": len(found)})


def take_back(scene: Scene) -> Iterator[Step]:
    """The failure plan of the spec is carried out: one revert commit, and the proof that it worked."""
    scene.teller.chapter(
        6,
        "Taking it back",
        "Every spec says what happens if it fails. This one says: revert, and prove by a test that whole kilos cost "
        "what they did.",
    )
    landed = scene.tip()
    done = scene.snapline("rollback", SPEC)
    after = scene.tip()
    run, report = scene.run_of(SPEC), _report(scene)
    before_tree, after_tree = (scene.git("rev-parse", f"{one}^{{tree}}") for one in (f"{landed}^1", after))
    proofs = {one.id: str(one.state) for one in report.proofs} if report else {}
    rolled_back = run is not None and run.state is RunState.ROLLED_BACK and done.status == 0
    ok = rolled_back and before_tree == after_tree and set(proofs.values()) == {ProofState.HOLDS}
    says = f"{short(after)} takes the landing back: the tree is the one from before, {', '.join(proofs)} hold"
    if not ok:
        says = f"`snapline rollback` exits {done.status}, the run is {run.state if run else 'gone'}"
    facts = {
        "rollback_exit": done.status,
        "landed": landed,
        "after": after,
        "tree_before_landing": before_tree,
        "tree_after": after_tree,
        "proofs": proofs,
        "evidence": [digest for one in report.proofs for digest in one.evidence] if report else [],
    }
    yield Step("rollback", ok, says, facts)


def _report(scene: Scene) -> RollbackReport | None:
    run = scene.run_of(SPEC)
    kept = [one.report for one in run.landings if one.kind == "rollback" and one.report] if run else []
    return wire.decode(scene.floor.evidence.read(kept[-1]), RollbackReport) if kept else None

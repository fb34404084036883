"""TRC401 goal-unproved."""

from __future__ import annotations

from collections.abc import Iterator

from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.lint.drafts import manual_criterion
from snapline.lint.rule import Context, Rule
from snapline.lint.splices import Numbering, append_items, head
from snapline.spec.model import Clause, SectionKind, Spec


class GoalUnproved(Rule):
    """No criterion proves a goal.

    A criterion that names no goal proves the Goal section as a whole; where each names one, a goal that none names is
    unproved.

    ## Why it is bad

    The work is accepted when its criteria hold. A goal that none of them proves is a wish, and is left undone without
    anybody seeing it.

    ## Example

    ```markdown
    # Goal
    - G1: An interrupted upload goes on where it stopped.
    - G2: The owner is told about it.

    # Acceptance
    - A1: An upload goes on after a reconnect: `$ pytest -q tests/upload` (G1)
    ```

    Better:

    ```markdown
    # Acceptance
    - A1: An upload goes on after a reconnect: `$ pytest -q tests/upload` (G1)
    - A2: One mail is sent per interruption: `$ pytest -q tests/mail` (G2)
    ```

    ## How to fix

    Write the criterion, or name the goal in the one that proves it. The fix drafts one that a person judges.
    """

    code = "TRC401"
    name = "goal-unproved"
    severity = Severity.ERROR
    fixes = Applicability.SUGGESTED

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each goal; without criteria there is ACC301 instead."""
        spec = context.spec
        named = [_goals(spec, criterion) for criterion in spec.criteria]
        if not named or not all(named):
            return
        proved = frozenset[str]().union(*named)
        numbering = Numbering(context)
        for goal in spec.clauses(SectionKind.GOAL):
            if goal.id not in proved:
                yield self.finding(
                    context,
                    head(spec.source, goal),
                    "no criterion proves this goal",
                    hint=f"Add a criterion, or name the goal in the one that proves it: `({goal.id})`.",
                    clause=goal,
                    fix=self._draft(context, goal, numbering),
                )

    def _draft(self, context: Context, goal: Clause, numbering: Numbering) -> Fix | None:
        if not goal.written:
            return None
        edit = append_items(context.spec, SectionKind.ACCEPTANCE, [manual_criterion(numbering, goal)])
        return self.fix("Draft a criterion that a person judges", edit) if edit else None


def _goals(spec: Spec, criterion: Clause) -> frozenset[str]:
    """The goals that a criterion names."""
    letter = SectionKind.GOAL.letter or ""
    return frozenset(
        one.clause for one in criterion.references if one.spec in (None, spec.id) and one.clause.startswith(letter)
    )

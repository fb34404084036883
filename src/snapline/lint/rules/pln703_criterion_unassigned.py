"""PLN703 criterion-unassigned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.lint.drafts import one_line
from snapline.lint.rule import Context, Rule
from snapline.lint.splices import Numbering, append_items, insertion, paragraph_end
from snapline.plan.derive import needs_task
from snapline.spec.model import Clause, SectionKind, TaskEntry


class CriterionUnassigned(Rule):
    """No task proves a criterion, or a task proves none.

    ## Why it is bad

    Work that no task carries is not done, and shows only when the last task has landed. A task without a criterion is
    never known to be done.

    ## Example

    ```markdown
    # Acceptance
    - A1: An upload goes on: `$ pytest -q tests/upload`
    - A2: The option is documented: `$ grep -q resume docs/cli.md`

    # Tasks
    - T1: Retry loop in the client. Proves A1.
    ```

    Better:

    ```markdown
    # Tasks
    - T1: Retry loop in the client. Proves A1.
    - T2: Document the option. Proves A2.
    ```

    ## How to fix

    Say in the task that makes it true: `Proves A2.` Regression and manual criteria need no task.
    """

    code = "PLN703"
    name = "criterion-unassigned"
    severity = Severity.ERROR
    fixes = Applicability.SUGGESTED

    def adopted(self, context: Context) -> Iterator[Finding]:
        """The planner's faults; where one task and one criterion are left over, the fix brings them together."""
        numbering = Numbering(context)
        for finding in super().adopted(context):
            clause = context.spec.clause((finding.clause or "").rstrip("?"))
            if clause is None:
                yield finding
            elif clause.id.startswith("T"):
                yield replace(finding, fix=self._assign(context, clause))
            else:
                yield replace(finding, fix=self._new_task(context, clause, numbering))

    def _assign(self, context: Context, task: Clause) -> Fix | None:
        criteria = _unassigned(context)
        end = paragraph_end(context.spec.source, task)
        if len(criteria) != 1 or end is None:
            return None
        return self.fix(f"Let it prove {criteria[0].id}", insertion(end, f" Proves {criteria[0].id}."))

    def _new_task(self, context: Context, criterion: Clause, numbering: Numbering) -> Fix | None:
        if _idle(context) or not criterion.written:
            return None
        words = one_line(criterion.text).partition(": `")[0].rstrip(".:")
        item = f"{numbering.take('T')}: {words}. Proves {criterion.id}."
        edit = append_items(context.spec, SectionKind.TASKS, [item])
        return self.fix("Draft a task for it", edit) if edit else None


def _unassigned(context: Context) -> list[Clause]:
    proved = {one for _, entry in _tasks(context) for one in entry.proves}
    return [one for one in context.spec.criteria if needs_task(one) and one.id not in proved and one.written]


def _idle(context: Context) -> bool:
    """Whether a task proves nothing: then that one is to be completed, not another one added."""
    return any(not entry.proves for _, entry in _tasks(context))


def _tasks(context: Context) -> Iterator[tuple[Clause, TaskEntry]]:
    for clause in context.spec.clauses(SectionKind.TASKS):
        yield clause, clause.entry if isinstance(clause.entry, TaskEntry) else TaskEntry(clause.text)

"""FPL804 revert-loses-rollback."""

from __future__ import annotations

from collections.abc import Iterator

from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.base.regex import regex
from snapline.base.text import Edit, Span
from snapline.lint.declared import Declared
from snapline.lint.rule import Context, Rule
from snapline.lint.shell import simple_commands
from snapline.spec.model import Clause, FailureEntry, FailureWord, RollbackStep, SectionKind, StepKind

_UNMAKERS = frozenset({"rm", "rmdir", "unlink", "mkdir", "touch", "echo", "printf", "!"})
_TESTERS = frozenset({"test", "["})
_MODULE = "-m"
_PATH = regex(r"[\w@./][\w@./+-]*")
"""Also inside a word: of an option with its value, of a command in quotation marks, of a test node."""


class RevertLosesRollback(Rule):
    """A rollback command after `revert` needs a file that the spec adds: the revert takes it away.

    ## Why it is bad

    Steps run in their order: what stands before `revert` runs in the landed commit, what stands after it in the
    reverted one. There the new script is gone, and the rollback stops half way.

    ## Example

    ```markdown
    # Interfaces
    - I1: New `tools/undo_index.py`

    # Failure plan
    - F1: Rollback: revert, `$ python tools/undo_index.py`
    ```

    Better:

    ```markdown
    # Failure plan
    - F1: Rollback: `$ python tools/undo_index.py`, revert
    ```

    ## How to fix

    Put `revert` behind the command, as the fix does, or keep the script in another change that stays.
    """

    code = "FPL804"
    name = "revert-loses-rollback"
    severity = Severity.ERROR
    fixes = Applicability.SUGGESTED

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each command that would find its file gone."""
        spec = context.spec
        declared: Declared | None = None
        for clause in spec.clauses(SectionKind.FAILURE_PLAN):
            entry = clause.entry
            if not isinstance(entry, FailureEntry) or entry.word is not FailureWord.ROLLBACK:
                continue
            late = _after_revert(entry)
            declared = declared or (Declared(spec) if late else None)
            for step in late:
                path = _lost(step, declared) if declared else None
                if path is not None:
                    yield self.finding(
                        context,
                        step.span,
                        f"this runs after `revert`, which has taken `{path}` away: the spec adds it",
                        hint="Put `revert` behind it.",
                        clause=clause,
                        fix=self._reorder(context, clause, entry),
                    )

    def _reorder(self, context: Context, clause: Clause, entry: FailureEntry) -> Fix | None:
        """Write the steps anew with ``revert`` last, if nothing but commas and ``then`` stands between them."""
        source, steps = context.spec.source, entry.steps
        revert = next(index for index, step in enumerate(steps) if step.kind is StepKind.REVERT)
        whole = Span(steps[revert].span.start, steps[-1].span.end)
        if whole.end > clause.body.end:
            return None
        parts = [source.slice(step.span) for step in (*steps[revert + 1 :], steps[revert])]
        return self.fix("Revert last", Edit(whole, ", ".join(parts)))


def _after_revert(entry: FailureEntry) -> tuple[RollbackStep, ...]:
    kinds = [step.kind for step in entry.steps]
    first = kinds.index(StepKind.REVERT) if StepKind.REVERT in kinds else len(kinds)
    return tuple(step for step in entry.steps[first:] if step.kind is StepKind.COMMAND)


def _lost(step: RollbackStep, declared: Declared) -> str | None:
    """The new path that a command needs; one that it removes or makes is none."""
    for command in simple_commands(step.text) or ():
        if not command or command[0] in _UNMAKERS or (command[0] in _TESTERS and "!" in command):
            continue
        for before, word in zip(("", *command), command, strict=False):
            module = f"{word.replace('.', '/')}.py" if before == _MODULE else word
            paths: list[str] = _PATH.findall(module)
            found = next((path for path in paths if path in declared), None)
            if found is not None:
                return found.removeprefix("./")
    return None

"""FPL801 failure-plan-empty."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import ClassVar

from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.base.regex import regex
from snapline.base.text import Edit
from snapline.lint.lexicon.nothing import says_nothing
from snapline.lint.rule import Context, Rule
from snapline.lint.splices import append_items, head
from snapline.spec.model import Clause, Section, SectionKind, Spec

_HARD_TO_UNDO = regex(
    r"\b(?:migrat(?:e|es|ed|ing|ion|ions)|delet(?:e|es|ed|ing|ion)|publish(?:es|ed|ing)?|releas(?:e|es|ed|ing)"
    r"|schemas?|send(?:s|ing)?"
    r"|drop(?:s|ped|ping)?\s+(?:\w+\s+){0,2}(?:tables?|columns?|index(?:es)?|databases?|collections?|buckets?|views?))\b",
    re.IGNORECASE,
)
_SAID_TO_DO = (SectionKind.TASK, SectionKind.GOAL, SectionKind.INTERFACES, SectionKind.ACCEPTANCE, SectionKind.TASKS)


class FailurePlanEmpty(Rule):
    """The failure plan says nothing: it has no clause, or only "None", "N/A", "No rollback needed" and the like.

    ## Why it is bad

    That a change can fail is certain; only what happens then is open. Without a plan the rollback is a plain revert,
    which is fine for code alone and not enough where data, a schema or a message to the outside is involved. Where the
    spec speaks of such a thing, this is an error.

    ## Example

    ```markdown
    # Failure plan
    None.
    ```

    Better:

    ```markdown
    # Failure plan
    - F1: Rollback: revert
    - F2: Verify rollback: `$ pytest -q tests/upload`
    ```

    ## How to fix

    Say what is undone, in which order, and how somebody sees that it worked. The fix writes that a revert is all. A
    sentence that gives a reason, or says what is done instead, is a plan: "No rollback needed: turn the flag off".
    """

    code = "FPL801"
    name = "failure-plan-empty"
    severity = Severity.WARNING
    severities: ClassVar[Mapping[str, Severity]] = {"hard to undo": Severity.ERROR}
    fixes = Applicability.SUGGESTED

    def check(self, context: Context) -> Iterator[Finding]:
        """At most one finding; an empty heading is SEC002's, a missing one SEC001's."""
        section = context.spec.section(SectionKind.FAILURE_PLAN)
        if section is None or not (section.prose.strip() or section.clauses or section.notes):
            return
        if all(clause.entry is None and says_nothing(clause.text) for clause in section.clauses):
            word = _hard_to_undo(context.spec)
            clause = section.clauses[0] if section.clauses else None
            source = context.spec.source
            yield self.finding(
                context,
                head(source, clause) if clause else section.name_span,
                "the failure plan says nothing" + (f", and the spec speaks of `{word}`" if word else ""),
                hint="Say what is undone and how: `Rollback: revert`, commands, or a sentence.",
                clause=clause,
                variant="hard to undo" if word else "",
                fix=self._revert(context, section, clause),
            )

    def _revert(self, context: Context, section: Section, clause: Clause | None) -> Fix | None:
        if clause is None:
            edit = append_items(context.spec, SectionKind.FAILURE_PLAN, ["Rollback: revert"])
        elif len(section.clauses) == 1:
            edit = Edit(head(context.spec.source, clause), "Rollback: revert")
        else:
            edit = None
        return self.fix("Say that a revert is all", edit) if edit else None


def _hard_to_undo(spec: Spec) -> str | None:
    """The first word that tells that the work does something which a revert does not undo."""
    for kind in _SAID_TO_DO:
        for section in spec.sections:
            match = _HARD_TO_UNDO.search(section.prose) if section.kind is kind else None
            if match:
                return match[0]
    return None

"""CON501 numeric-conflict."""

from __future__ import annotations

from collections.abc import Iterator

from snapline.base.diagnostics import Finding, Severity
from snapline.lint.intervals import Bound, bounds
from snapline.lint.rule import Context, Rule
from snapline.lint.splices import head
from snapline.spec.model import Clause, ConstraintEntry, FailureEntry, SectionKind, Spec

_BOUNDED = (SectionKind.GOAL, SectionKind.CONSTRAINTS, SectionKind.INTERFACES, SectionKind.ACCEPTANCE)
"""The sections whose sentences are compared."""


class NumericConflict(Rule):
    """Two clauses allow different numbers of attempts, or bound the same thing by numbers that exclude each other.

    Only sentences that say the same but for the bound are compared: "the log keeps at most 30 days" and "the log keeps
    at least 90 days". Units of time and of size are converted; a condition ("at night") is a difference.

    ## Why it is bad

    Of two numbers of attempts the smaller would count, and whoever wrote the larger one would never learn why the third
    attempt was not made. Two bounds that exclude each other cannot be kept at all: whatever an agent does is wrong.

    ## Example

    ```markdown
    # Constraints
    - C1: Budget: 2 attempts, 60m

    # Failure plan
    - F1: Retry: 5
    ```

    Better: the number once.

    ```markdown
    # Constraints
    - C1: Budget: 60m

    # Failure plan
    - F1: Retry: 5
    ```

    ## How to fix

    Decide, and take the other number away.
    """

    code = "CON501"
    name = "numeric-conflict"
    severity = Severity.ERROR

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each clause that contradicts an earlier one."""
        yield from self._attempts(context)
        yield from self._bounds(context)

    def _attempts(self, context: Context) -> Iterator[Finding]:
        limits = list(_attempts(context.spec))
        for clause, attempts in limits[1:]:
            first, other = limits[0]
            if attempts != other:
                yield self.finding(
                    context,
                    head(context.spec.source, clause),
                    f"{clause.shown} allows {attempts} attempts, {first.shown} allows {other}",
                    hint="Say it once.",
                    clause=clause,
                )

    def _bounds(self, context: Context) -> Iterator[Finding]:
        known: dict[tuple[str, ...], list[Bound]] = {}
        for clause in context.spec.clauses(*_BOUNDED):
            for bound in bounds(context.words, clause):
                earlier = known.setdefault(bound.about, [])
                other = next((one for one in earlier if one.clause is not clause and one.excludes(bound)), None)
                earlier.append(bound)
                if other is not None:
                    here, there = (context.spec.source.slice(one.span) for one in (bound, other))
                    message = f"{clause.shown} says `{here}`, {other.clause.shown} says `{there}` of the same thing"
                    yield self.finding(context, bound.span, message, hint="Say it once.", clause=clause)


def _attempts(spec: Spec) -> Iterator[tuple[Clause, int]]:
    for clause in spec.clauses():
        entry = clause.entry
        attempts = None
        if isinstance(entry, ConstraintEntry) and entry.budget is not None:
            attempts = entry.budget.attempts
        elif isinstance(entry, FailureEntry):
            attempts = entry.attempts
        if attempts is not None:
            yield clause, attempts

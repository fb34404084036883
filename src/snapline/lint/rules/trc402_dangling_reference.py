"""TRC402 dangling-reference."""

from __future__ import annotations

import re
from collections.abc import Iterator

from snapline.base.diagnostics import Applicability, Finding, Severity
from snapline.base.ids import ClauseId, SpecId
from snapline.base.text import Edit, Span
from snapline.lint.rule import Context, Rule
from snapline.lint.similar import closest
from snapline.spec.model import Clause, InterfaceEntry, Reference, Spec

_MOST_NAMED = 8


class DanglingReference(Rule):
    """A clause or a spec is referred to that is not there.

    ## Why it is bad

    References carry the structure: what a criterion proves, what a task comes after, what a spec waits for. One that
    leads nowhere proves nothing and waits for ever.

    ## Example

    ```markdown
    # Goal
    - G1: An upload goes on after a reconnect.

    # Acceptance
    - A1: An upload goes on: `$ pytest -q tests/upload` (G2)
    ```

    Better:

    ```markdown
    - A1: An upload goes on: `$ pytest -q tests/upload` (G1)
    ```

    ## How to fix

    Name the clause that you mean, or take the reference away. An id that is only a word stands outside parentheses
    ("F1 score").
    """

    code = "TRC402"
    name = "dangling-reference"
    severity = Severity.ERROR
    fixes = Applicability.SUGGESTED

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each reference to a clause or a spec that is not there."""
        known: dict[SpecId, _Ids] = {}
        for clause in context.spec.clauses():
            for reference in clause.references:
                yield from self._reference(context, clause, reference, known)
            yield from self._dependencies(context, clause)
        yield from self._after(context)

    def _dependencies(self, context: Context, clause: Clause) -> Iterator[Finding]:
        """The specs of ``Spec:`` in Interfaces; one of another repository is not looked for."""
        entry = clause.entry
        if context.corpus is None or not isinstance(entry, InterfaceEntry):
            return
        for named in entry.specs:
            if named.repository is None and named.spec not in context.corpus:
                yield self._no_spec(context, named.spec, named.span, clause)

    def _reference(
        self, context: Context, clause: Clause, reference: Reference, known: dict[SpecId, _Ids]
    ) -> Iterator[Finding]:
        if reference.spec is None or reference.spec == context.spec.id:
            spec = context.spec
        elif context.corpus is None:
            return
        elif reference.spec in context.corpus:
            spec = context.corpus[reference.spec]
        else:
            yield self._no_spec(context, reference.spec, reference.span, clause)
            return
        if spec.id not in known:
            known[spec.id] = _Ids(spec)
        ids = known[spec.id]
        if reference.clause in ids.all:
            return
        same = [one for one in ids.by_letter.get(reference.clause[0], ()) if one != clause.id]
        only = same[0] if len(same) == 1 else None
        span = _inside(context, reference.span, reference.clause)
        named = ", ".join(same[:_MOST_NAMED]) + (", ..." if len(same) > _MOST_NAMED else "")
        yield self.finding(
            context,
            span,
            f"there is no {reference.clause}" + (f" in {spec.id}" if reference.spec else ""),
            hint=f"There is {named}." if same else f"No clause has an id with {reference.clause[0]}.",
            clause=clause,
            fix=self.fix(f"Refer to {only}", Edit(span, only)) if only and _written(context, span) else None,
        )

    def _after(self, context: Context) -> Iterator[Finding]:
        front = context.spec.front
        if context.corpus is None or front.span is None:
            return
        for other in (*front.after, *front.supersedes):
            if other not in context.corpus:
                yield self._no_spec(context, other, _inside(context, front.span, other), None)

    def _no_spec(self, context: Context, missing: SpecId, around: Span, clause: Clause | None) -> Finding:
        span = _inside(context, around, missing)
        guess = closest(missing, context.corpus or ())
        return self.finding(
            context,
            span,
            f"there is no spec {missing}",
            hint=f"Did you mean {guess}?" if guess else "A spec is named by its id: its file's name without `.md`.",
            clause=clause,
            fix=self.fix(f"Refer to {guess}", Edit(span, guess)) if guess else None,
        )


class _Ids:
    """The ids of a spec."""

    def __init__(self, spec: Spec) -> None:
        self.all = frozenset(clause.id for clause in spec.clauses())
        self.by_letter: dict[str, list[ClauseId]] = {}
        for clause in spec.clauses():
            self.by_letter.setdefault(clause.id[0], []).append(clause.id)


def _inside(context: Context, around: Span, words: str) -> Span:
    """Where ``words`` stand in ``around``, whole; ``around`` itself when they do not (a range such as A1-A3)."""
    text = context.spec.source.slice(around)
    match = re.search(rf"(?<![\w.-]){re.escape(words)}(?![\w-])", text)
    return Span(around.start + match.start(), around.start + match.end()) if match else around


def _written(context: Context, span: Span) -> bool:
    return re.fullmatch(r"[A-Z]\d+", context.spec.source.slice(span)) is not None

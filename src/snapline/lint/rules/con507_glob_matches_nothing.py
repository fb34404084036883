"""CON507 glob-matches-nothing."""

from __future__ import annotations

from collections.abc import Iterator

from snapline.base.diagnostics import Applicability, Finding, Severity
from snapline.base.text import Edit
from snapline.lint.declared import Declared, exists
from snapline.lint.rule import Context, Rule
from snapline.lint.similar import closest_glob
from snapline.lint.splices import unquoted
from snapline.spec.globs import fault, matches
from snapline.spec.model import Clause, ConstraintEntry, GlobValue, Spec, TaskEntry


class GlobMatchesNothing(Rule):
    """A glob of a constraint or of a task matches no path at the base, and nothing that is declared as new.

    ## Why it is bad

    A misspelt `Do not change` protects nothing, a misspelt `Change only` forbids everything. Both look right.

    ## Example

    ```markdown
    # Constraints
    - C1: Do not change: `src/auht/**`
    ```

    Better:

    ```markdown
    # Constraints
    - C1: Do not change: `src/auth/**`
    ```

    ## How to fix

    Correct the path; it is anchored at the repository's root. If the work adds it, say so in Interfaces: `new`.
    """

    code = "CON507"
    name = "glob-matches-nothing"
    severity = Severity.WARNING
    fixes = Applicability.SUGGESTED

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each glob that matches nothing; silent without a tree."""
        tree = context.tree
        if tree is None:
            return
        declared = context.declared
        for clause, glob in _globs(context.spec):
            if fault(glob.text) or exists(tree, glob.text) or _covers_new(declared, glob.text):
                continue
            guess = closest_glob(glob.text, tree)
            span = unquoted(context.spec.source, glob.span)
            yield self.finding(
                context,
                span,
                f"`{glob.text}` matches nothing at the base",
                hint=f"Did you mean `{guess}`?" if guess else "If the work adds it, say so in Interfaces: `new`.",
                clause=clause,
                fix=self.fix(f"Write {guess}", Edit(span, guess)) if guess else None,
            )


def _globs(spec: Spec) -> Iterator[tuple[Clause, GlobValue]]:
    for clause in spec.clauses():
        entry = clause.entry
        values = entry.globs if isinstance(entry, ConstraintEntry) else ()
        if isinstance(entry, TaskEntry):
            values = entry.changes
        for glob in values:
            yield clause, glob


def _covers_new(declared: Declared, glob: str) -> bool:
    """Whether the glob lies in something declared as new, or that in the glob."""
    return glob.rstrip("*") in declared or any(matches(glob, path.rstrip("/")) for path in declared.paths)

"""CON503 scope-conflict."""

from __future__ import annotations

from collections.abc import Iterator

from snapline.base.diagnostics import Finding, Severity
from snapline.base.text import Span
from snapline.lint.boundaries import Boundaries, covers, fence_of, globs_of
from snapline.lint.declared import exists, named_things
from snapline.lint.rule import Context, Rule
from snapline.lint.splices import unquoted
from snapline.spec.interfaces import Path, classify
from snapline.spec.model import Binding, Clause, ConstraintWord

_CHANGED = frozenset({Binding.CHANGES, Binding.NEW, Binding.REMOVES})


class ScopeConflict(Rule):
    """The constraints forbid what the spec demands.

    A path that is to be changed, added or removed lies outside, a test that has to be written does, or nothing is left
    that may be changed.

    ## Why it is bad

    No attempt can succeed: whoever does the work is refused, whoever obeys does not do the work. Each attempt costs
    time and money until somebody sees that the spec contradicts itself.

    ## Example

    ```markdown
    # Constraints
    - C1: Change only: `src/upload/**`

    # Interfaces
    - I1: changes `docs/upload.md`
    ```

    Better:

    ```markdown
    # Constraints
    - C1: Change only: `src/upload/**`, `docs/upload.md`
    ```

    ## How to fix

    Widen the boundary or drop the change. `Do not change` beats `Ask first`, which beats `Change only`: a carve-out is
    fine as long as something is left, and what `Ask first` names may be changed if a person agrees. What tasks say that
    they change is judged by PLN702.
    """

    code = "CON503"
    name = "scope-conflict"
    severity = Severity.ERROR

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding where nothing is left, and one for each path or test that lies outside."""
        yield from self._nothing_left(context)
        boundaries = Boundaries(context.spec, context.tree)
        for clause, path, span in (*_said_to_change(context), *_tests_to_write(context)):
            reason = boundaries.reason(path)
            if reason is not None:
                yield self.finding(
                    context,
                    unquoted(context.spec.source, span),
                    f"`{path}` has to be changed, but it {reason}",
                    hint="Widen the constraint, or leave this out.",
                    clause=clause,
                )

    def _nothing_left(self, context: Context) -> Iterator[Finding]:
        only = list(fence_of(context.spec))
        never = [glob.text for _, glob in globs_of(context.spec, ConstraintWord.DO_NOT_CHANGE)]
        open_to_all = not only and any(covers(one, "**") for one in never)
        if open_to_all or (only and all(any(covers(one, glob.text) for one in never) for _, glob in only)):
            clause, glob = (only or list(globs_of(context.spec, ConstraintWord.DO_NOT_CHANGE)))[0]
            yield self.finding(
                context,
                unquoted(context.spec.source, glob.span),
                "nothing is left that may be changed",
                hint="`Do not change` beats `Change only`; narrow it.",
                clause=clause,
            )


def _said_to_change(context: Context) -> Iterator[tuple[Clause, str, Span]]:
    for clause, named in named_things(context.spec):
        if (named.new or named.binding in _CHANGED) and _is_path(context, named.text):
            yield clause, named.text.partition("::")[0], named.span


def _tests_to_write(context: Context) -> Iterator[tuple[Clause, str, Span]]:
    """Test nodes in files that the base does not have, and that Interfaces does not name already."""
    if context.tree is None:
        return
    named = context.declared.paths
    for clause in context.spec.criteria:
        for check in clause.executable:
            if check.node and check.node.path not in named and not exists(context.tree, check.node.path):
                yield clause, check.node.path, check.span


def _is_path(context: Context, text: str) -> bool:
    if context.tree is None:
        return "/" in text and not any(char.isspace() for char in text) and "//" not in text
    return isinstance(classify(text.partition("::")[0], context.tree), Path)

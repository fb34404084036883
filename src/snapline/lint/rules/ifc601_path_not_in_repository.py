"""IFC601 path-not-in-repository."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.base.text import Edit, Span
from snapline.lint.declared import exists, named_things
from snapline.lint.rule import Context, Rule
from snapline.lint.similar import closest_glob
from snapline.lint.splices import insertion, unquoted
from snapline.spec.globs import is_literal
from snapline.spec.interfaces import Path, Tree, classify
from snapline.spec.model import Binding, Named


class PathNotInRepository(Rule):
    """A path that Interfaces names is not in the base's tree, and is not declared as new.

    ## Why it is bad

    Interfaces say where the work takes place. A path that is not there sends whoever does it to search, or to create a
    second file beside the real one.

    ## Example

    ```markdown
    # Interfaces
    - I1: changes `src/uplaod/client.py`
    - I2: changes `src/upload/resume.py`
    ```

    Better:

    ```markdown
    # Interfaces
    - I1: changes `src/upload/client.py`
    - I2: new `src/upload/resume.py`
    ```

    ## How to fix

    Correct the path, or put `new` in front of it or `(new)` after it. A path that is changed, used or removed must be
    there; one that is merely mentioned is a warning.
    """

    code = "IFC601"
    name = "path-not-in-repository"
    severity = Severity.ERROR
    severities: ClassVar[Mapping[str, Severity]] = {"touched": Severity.WARNING}
    fixes = Applicability.SUGGESTED

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each path that is not there; silent without a tree."""
        tree = context.tree
        if tree is None:
            return
        declared = context.declared
        for clause, named in named_things(context.spec):
            if named.new or named.binding in {Binding.NEW, Binding.PROVIDES}:
                continue
            path = named.text.partition("::")[0]
            if not isinstance(classify(path, tree), Path) or exists(tree, path) or path in declared:
                continue
            guess = closest_glob(path, tree)
            span = _path_span(context, named, path)
            yield self.finding(
                context,
                span,
                f"`{path}` is not in the repository at the base",
                hint=f"Did you mean `{guess}`?" if guess else "If the work adds it, put `new` in front of it.",
                clause=clause,
                variant="touched" if named.binding is Binding.TOUCHES else "",
                fix=self._repair(context, tree, named, path, span, guess),
            )

    def _repair(
        self, context: Context, tree: Tree, named: Named, path: str, span: Span, guess: str | None
    ) -> Fix | None:
        if guess:
            return self.fix(f"Write {guess}", Edit(span, guess))
        if not is_literal(path) or named.binding not in {Binding.TOUCHES, Binding.CHANGES} or exists(tree, named.text):
            return None
        text = context.spec.source.text
        end = named.span.end
        while text[end : end + 1] == "`":
            end += 1
        return self.fix("Declare it as new", insertion(end, " (new)"))


def _path_span(context: Context, named: Named, path: str) -> Span:
    """The path in the code span, without a symbol behind it."""
    inner = unquoted(context.spec.source, named.span)
    return Span(inner.start, min(inner.end, inner.start + len(path)))

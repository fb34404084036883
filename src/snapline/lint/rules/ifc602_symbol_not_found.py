"""IFC602 symbol-not-found."""

from __future__ import annotations

from collections.abc import Iterator

from snapline.base.diagnostics import Applicability, Finding, Severity
from snapline.base.text import Edit, Span
from snapline.lint.declared import named_things
from snapline.lint.rule import Context, Rule
from snapline.lint.similar import closest
from snapline.lint.splices import unquoted
from snapline.lint.symbols import Presence, Symbols
from snapline.spec.model import Binding


class SymbolNotFound(Rule):
    """`path::symbol` or `path::Class.method` names something that the Python file at the base does not define.

    ## Why it is bad

    The work is pinned to a name that is not there: it was renamed, lives elsewhere, or is misspelt. An agent will write
    a second one.

    ## Example

    ```markdown
    # Interfaces
    - I1: changes `src/upload/client.py::Client.sned`
    ```

    Better:

    ```markdown
    # Interfaces
    - I1: changes `src/upload/client.py::Client.send`
    ```

    ## How to fix

    Correct the name, or say `new` if the work adds it. The file is parsed, never run; names that only running it would
    show (star imports, inherited members, `setattr`) are not judged.
    """

    code = "IFC602"
    name = "symbol-not-found"
    severity = Severity.ERROR
    fixes = Applicability.SUGGESTED

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each missing symbol; silent without a tree."""
        if context.tree is None:
            return
        declared, symbols = context.declared, Symbols(context.tree)
        for clause, named in named_things(context.spec):
            path, _, symbol = named.text.partition("::")
            if not symbol or not path.endswith((".py", ".pyi")) or named.new or named.binding is Binding.NEW:
                continue
            parts = symbol.partition("[")[0].replace("::", ".").split(".")
            if not declared.holds(path, parts) and symbols.find(path, parts) is Presence.MISSING:
                guess = closest(".".join(parts), symbols.defined(path))
                inner = unquoted(context.spec.source, named.span)
                start = inner.start + len(path) + len("::")
                span = Span(start, min(inner.end, start + len(symbol)))
                yield self.finding(
                    context,
                    span,
                    f"`{path}` defines no `{symbol}`",
                    hint=f"Did you mean `{guess}`?" if guess else "If the work adds it, put `new` in front of it.",
                    clause=clause,
                    fix=self.fix(f"Write {guess}", Edit(span, guess)) if guess else None,
                )

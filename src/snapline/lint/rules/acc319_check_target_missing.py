"""ACC319 check-target-missing."""

from __future__ import annotations

from collections.abc import Iterator

from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.base.text import Edit, Span
from snapline.lint.checks import every_check
from snapline.lint.commands import targets
from snapline.lint.declared import exists, is_new
from snapline.lint.rule import Context, Rule
from snapline.lint.similar import closest_path
from snapline.lint.splices import append_items
from snapline.lint.symbols import Presence, find
from snapline.spec.interfaces import Tree
from snapline.spec.model import Check, Clause, SectionKind


class CheckTargetMissing(Rule):
    """A check runs a test, a file or a folder that the base does not have, and Interfaces does not call it new.

    ## Why it is bad

    Either it is a slip of the pen, and the check can never pass; or somebody has to write that test, and the spec does
    not say so.

    ## Example

    ```markdown
    # Acceptance
    - A1: An upload goes on after a reconnect: `tests/test_uplaod.py::test_reconnect`
    ```

    Better:

    ```markdown
    # Interfaces
    - I1: new `tests/test_upload.py::test_reconnect`

    # Acceptance
    - A1: An upload goes on after a reconnect: `tests/test_upload.py::test_reconnect`
    ```

    ## How to fix

    Correct the name, or declare in Interfaces what will be written: `new` in front of it, or `(new)` after it.
    """

    code = "ACC319"
    name = "check-target-missing"
    severity = Severity.WARNING
    fixes = Applicability.SUGGESTED

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each missing target; silent without a tree."""
        tree = context.tree
        if tree is None:
            return
        for clause, check in every_check(context.spec):
            folder = check.options.directory or clause.options.directory
            if folder and not exists(tree, _plain(folder)) and not is_new(context.spec, _plain(folder)):
                yield self._missing(context, clause, check, folder, tree)
            elif check.node is not None:
                yield from self._target(context, clause, check, check.node.text, folder, tree)
            else:
                for target in dict.fromkeys(targets(check)):
                    yield from self._target(context, clause, check, target, folder, tree)

    def _target(
        self, context: Context, clause: Clause, check: Check, target: str, folder: str | None, tree: Tree
    ) -> Iterator[Finding]:
        written, *names = target.partition("[")[0].split("::")
        path = _plain(f"{folder}/{written}" if folder else written)
        name = "::".join(names)
        if path.startswith(("/", "../")) or is_new(context.spec, path, name):
            return
        if not exists(tree, path):
            yield self._missing(context, clause, check, written, tree, declare=target)
        elif names and find(tree.read(path) or b"", names) is Presence.MISSING:
            yield self._missing(context, clause, check, name, tree, declare=target)

    def _missing(
        self, context: Context, clause: Clause, check: Check, what: str, tree: Tree, declare: str = ""
    ) -> Finding:
        span = _where(context, clause, check, what)
        guess = closest_path(_plain(what), tree.paths) if "::" not in what and declare != what.rstrip("/") else None
        meant = f"Did you mean `{guess}`? " if guess else ""
        return self.finding(
            context,
            span,
            f"`{what}` is not there at the base",
            hint=f"{meant}If the work adds it, say so in Interfaces: `new`.",
            clause=clause,
            fix=self._repair(context, span, guess, declare or what),
        )

    def _repair(self, context: Context, span: Span, guess: str | None, declare: str) -> Fix | None:
        if guess:
            return self.fix(f"call it {guess}", Edit(span, guess))
        edit = append_items(context.spec, SectionKind.INTERFACES, [f"new `{_plain(declare)}`"])
        return self.fix("declare it as new", edit) if edit else None


def _plain(path: str) -> str:
    return path.removeprefix("./")


def _where(context: Context, clause: Clause, check: Check, what: str) -> Span:
    """The words in the check, or in an option group of its clause; the check, if they are not there verbatim."""
    text = context.spec.source.text
    for span in (check.span, *(group.span for group in clause.groups), clause.span):
        start = text.find(what, span.start, span.end)
        if start >= 0:
            return Span(start, start + len(what))
    return check.span

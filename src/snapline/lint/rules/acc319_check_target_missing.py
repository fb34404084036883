"""ACC319 check-target-missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.base.text import Edit, Source, Span
from snapline.lint.checks import every_check
from snapline.lint.commands import targets
from snapline.lint.declared import Declared, exists
from snapline.lint.rule import Context, Rule
from snapline.lint.similar import closest, closest_path
from snapline.lint.splices import Numbering, append_items
from snapline.lint.symbols import Presence, Symbols
from snapline.spec.interfaces import Tree
from snapline.spec.model import Check, Clause, SectionKind, Spec


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
        if context.tree is None:
            return
        numbering, declared, symbols = Numbering(context), context.declared, Symbols(context.tree)
        for clause, check in every_check(context.spec):
            for missing in _missing(context.tree, declared, symbols, check):
                span = _where(context.spec.source, clause, check, missing.what)
                meant = f"Did you mean `{missing.guess}`? " if missing.guess else ""
                yield self.finding(
                    context,
                    span,
                    f"`{missing.what}` is not there at the base",
                    hint=f"{meant}If the work adds it, say so in Interfaces: `new`.",
                    clause=clause,
                    fix=self._repair(context.spec, span, missing, numbering),
                )

    def _repair(self, spec: Spec, span: Span, missing: _Missing, numbering: Numbering) -> Fix | None:
        if missing.guess:
            return self.fix(f"Call it {missing.guess}", Edit(span, missing.guess))
        item = f"{numbering.take('I')}: new `{missing.declare}`"
        edit = append_items(spec, SectionKind.INTERFACES, [item])
        return self.fix("Declare it as new", edit) if edit else None


@dataclass(frozen=True, slots=True)
class _Missing:
    """Words of a check that name nothing: as written, as Interfaces would declare them, and what was perhaps meant."""

    what: str
    declare: str
    guess: str | None


def _missing(tree: Tree, declared: Declared, symbols: Symbols, check: Check) -> Iterator[_Missing]:
    folder = check.options.directory
    if folder and not exists(tree, folder) and folder not in declared:
        yield _Missing(folder, f"{folder}/", closest_path(folder, tree.listing.only_folders))
        return
    for target in (check.node.text,) if check.node else dict.fromkeys(targets(check)):
        written, *names = target.partition("[")[0].split("::")
        path = _plain(f"{folder}/{written}" if folder and not check.node else written)
        if path.startswith(("/", "../")) or declared.holds(path, names):
            continue
        if not exists(tree, path):
            yield _Missing(written, "::".join((path, *names)), closest_path(path, tree.listing))
        elif names and symbols.find(path, names) is Presence.MISSING:
            name, guess = "::".join(names), closest(".".join(names), symbols.defined(path))
            yield _Missing(name, f"{path}::{name}", guess.replace(".", "::") if guess else None)


def _plain(path: str) -> str:
    return path.removeprefix("./")


def _where(source: Source, clause: Clause, check: Check, what: str) -> Span:
    """The words in the check, or in an option group of its clause; the check, if they are not there verbatim."""
    for span in (check.span, *(group.span for group in clause.groups), clause.span):
        start = source.text.find(what, span.start, span.end)
        if start >= 0:
            return Span(start, start + len(what))
    return check.span

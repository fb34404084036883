"""ACC319 check-target-missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import assert_never

from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.base.text import Edit, Source, Span
from snapline.lint.checks import every_check
from snapline.lint.declared import exists
from snapline.lint.inputs import Naming, Target, targets
from snapline.lint.invocations import Invocation
from snapline.lint.rule import Context, Rule, Uncommitted
from snapline.lint.similar import closest, closest_path
from snapline.lint.splices import Numbering, append_items
from snapline.lint.symbols import Presence, Symbols
from snapline.spec.interfaces import Tree
from snapline.spec.model import Check, Clause, SectionKind, Spec

_PRODUCT_NAMES = """
    dist build out output target node_modules vendor .venv venv coverage htmlcov tmp temp .cache artifacts _build obj
"""
_PRODUCTS = frozenset(_PRODUCT_NAMES.split())
"""Folders that are commonly made, and not committed."""


class CheckTargetMissing(Rule):
    """A check runs or reads a file or a folder that the base does not have, and Interfaces does not call it new.

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

    What a command reads is known by its program (test runners, interpreters, `make -C`, `cargo --manifest-path`, `cd`),
    by redirection (`<`), and by options that can only read (`--config`, `--golden`). What a check writes or makes
    first (`>`, `--out`, `mkdir`), folders of products (`dist/`, `build/`), addresses, patterns and import paths are
    left alone.

    ## How sure it is

    It is an info, although a warning was wanted: on checks that were written without a look at the rule it found
    92 of 100, and brought no false finding. What it misses are programs that it does not know to read the file.
    """

    code = "ACC319"
    name = "check-target-missing"
    severity = Severity.INFO
    fixes = Applicability.SUGGESTED

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each missing target; silent without a tree."""
        if context.tree is None:
            return
        numbering, symbols = Numbering(context), Symbols(context.tree)
        ran = {span: list(some) for span, some in groupby(context.invocations, key=lambda one: one.check.span)}
        for clause, check in every_check(context.spec):
            for missing in _missing(context, context.tree, symbols, check, ran.get(check.span, ())):
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


def _missing(
    context: Context, tree: Tree, symbols: Symbols, check: Check, ran: Sequence[Invocation]
) -> Iterator[_Missing]:
    folder = check.options.directory or ""
    if folder and not exists(tree, folder) and folder not in context.declared:
        yield _Missing(folder, f"{folder}/", closest_path(folder, tree.listing.only_folders))
        return
    if check.node:
        yield from _absent(context, tree, symbols, Target(_plain(check.node.text)), "")
        return
    gone: list[str] = []
    for target in dict.fromkeys(targets(ran)):
        if target.path.startswith(tuple(gone)):
            continue
        yield from _absent(context, tree, symbols, target, folder.rstrip("/"))
        if not exists(tree, f"{folder.rstrip('/')}/{target.path}" if folder else target.path):
            gone.append(f"{target.path}/")  # what is said of a folder is said of all in it


def _absent(context: Context, tree: Tree, symbols: Symbols, target: Target, folder: str) -> Iterator[_Missing]:
    """What ``target`` names and the tree has not: a file or folder, or a name in a file."""
    _, *names = target.text.partition("[")[0].split("::")
    path = f"{folder}/{target.path}" if folder else target.path
    if path.startswith(("/", "../")) or context.declared.holds(path, names) or _excused(context, tree, path, target):
        return
    if not exists(tree, path):
        written = target.text.partition("[")[0].partition("::")[0]
        before = path.removesuffix(written)
        guess = closest_path(path, tree.listing)
        meant = guess.removeprefix(before) if guess and guess.startswith(before) else None
        yield _Missing(written, "::".join((path, *names)), meant)
    elif names and symbols.find(path, names) is Presence.MISSING:
        name, guess = "::".join(names), closest(".".join(names), symbols.defined(path))
        yield _Missing(name, f"{path}::{name}", guess.replace(".", "::") if guess else None)


def _excused(context: Context, tree: Tree, path: str, target: Target) -> bool:
    """Whether a path that is absent is no mistake, or another rule's: a product, something that may be no file."""
    parents = ["/".join(path.split("/")[: count + 1]) for count in range(path.count("/") + 1)]
    if any(one.rpartition("/")[2] in _PRODUCTS and one not in tree.folders() for one in parents):
        return True
    if context.uncommitted.get(path) is Uncommitted.IGNORED:
        return True
    match target.naming:
        case Naming.SURE:
            return False
        case Naming.PART:
            return any(target.text in one for one in tree.paths)
        case Naming.LIKELY:
            return not _expected(tree, path)
        case _:
            assert_never(target.naming)


def _expected(tree: Tree, path: str) -> bool:
    """Whether the tree has the folder of a path, or files with its ending; at the root, only such files at the root."""
    folder, _, name = path.rpartition("/")
    if folder and folder in tree.folders():
        return True
    stem, dot, ending = name.rpartition(".")
    near = tree.paths if folder else [one for one in tree.paths if "/" not in one]
    return bool(stem and dot) and any(one.endswith(f".{ending}") for one in near)


def _plain(path: str) -> str:
    return path.removeprefix("./")


def _where(source: Source, clause: Clause, check: Check, what: str) -> Span:
    """The words in the check, or in an option group of its clause; the check, if they are not there verbatim."""
    for span in (check.span, *(group.span for group in clause.groups), clause.span):
        start = source.text.find(what, span.start, span.end)
        if start >= 0:
            return Span(start, start + len(what))
    return check.span

"""Paths in a spec: what they match in the repository, who changes them, and which spans name them."""

from __future__ import annotations

from collections.abc import Iterator

from snapline.base.ids import SpecId
from snapline.lsp.marks import Mark
from snapline.lsp.view import View
from snapline.spec.globs import is_literal, matches
from snapline.spec.interfaces import Name, Path, Symbol, classify
from snapline.spec.model import Binding, Clause, InterfaceEntry, Named, SectionKind, Spec, TaskEntry

MAX_LISTED = 8
"""Files, or clauses, that hover names; of the rest it tells the number."""


def told(view: View, mark: Mark) -> str:
    """What hover says about a path or a name, as Markdown."""
    thing = classify(mark.text, view.tree)
    if isinstance(thing, Name) and mark.named is not None:
        return f"`{mark.text}` is a name: shown to the agent and the reviewer, checked by nobody"
    path = thing.path if isinstance(thing, Symbol) else mark.text
    lines = [_state(view, mark, path)]
    if isinstance(thing, Symbol):
        lines.append(f"symbol `{thing.name}`")
    lines += [f"matches `{one}`" for one in _listed(matched(view, path))] if not is_literal(path) else []
    lines += _listed(tuple(_changers(view, path)))
    return f"`{mark.text}`\n\n" + "\n".join(f"- {one}" for one in lines)


def matched(view: View, glob: str) -> tuple[str, ...]:
    """The files of the base that a glob matches, sorted."""
    if view.tree is None:
        return ()
    return tuple(sorted(path for path in view.tree.paths if matches(glob, path)))


def file_of(view: View, text: str) -> str | None:
    """The file that a span names, where it is a literal path to one, below the root; None otherwise."""
    thing = classify(text, view.tree)
    if isinstance(thing, Name):
        return None
    path = (thing.path if isinstance(thing, Symbol) else thing.text).removeprefix("./").rstrip("/")
    return path if is_literal(path) and view.tree is not None and path in view.tree.paths else None


def is_path(view: View, text: str) -> bool:
    """Whether a span names a path, and not a mere name."""
    return isinstance(classify(text, view.tree), Path | Symbol)


def is_new(spec: Spec, path: str) -> bool:
    """Whether the spec says that it creates a path."""
    return any(one.new and one.text.partition("::")[0].rstrip("/") == path.rstrip("/") for one in _named(spec))


def _named(spec: Spec) -> Iterator[Named]:
    for clause in spec.clauses(SectionKind.INTERFACES):
        if isinstance(clause.entry, InterfaceEntry):
            yield from clause.entry.named


def _state(view: View, mark: Mark, path: str) -> str:
    if view.tree is None:
        return "there is no commit to look it up in"
    plain = path.removeprefix("./").rstrip("/")
    if plain in view.tree.paths:
        return "exists at the base"
    if plain in view.tree.folders():
        below = sum(one.startswith(f"{plain}/") for one in view.tree.paths)
        return f"a folder at the base, with {below} file{'s' if below != 1 else ''}"
    if not is_literal(path):
        found = len(matched(view, path))
        return f"matches {found} file{'s' if found != 1 else ''} at the base"
    if (mark.named is not None and mark.named.new) or is_new(view.spec, path):
        return "new: not at the base, and the spec says that it creates it"
    return "not at the base, and not said to be new"


def _changers(view: View, path: str) -> Iterator[str]:
    """The clauses that say that they change a path, here and in the other specs."""
    for spec in (view.spec, *view.others.values()):
        for clause in spec.clauses(SectionKind.INTERFACES, SectionKind.TASKS):
            how = _changes(clause, path)
            if how:
                yield f"{how} by {_name(view, spec.id, clause)}"


def _changes(clause: Clause, path: str) -> str:
    entry = clause.entry
    if isinstance(entry, TaskEntry):
        return "changed" if any(_same(glob.text, path) for glob in entry.changes) else ""
    if not isinstance(entry, InterfaceEntry):
        return ""
    verbs = {Binding.CHANGES: "changed", Binding.NEW: "created", Binding.REMOVES: "removed"}
    found = (verbs.get(one.binding) for one in entry.named if _same(one.text.partition("::")[0], path))
    return next((verb for verb in found if verb), "")


def _same(text: str, path: str) -> bool:
    return text.rstrip("/") == path.rstrip("/") or (is_literal(path) and matches(text, path))


def _name(view: View, spec: SpecId, clause: Clause) -> str:
    return clause.shown if spec == view.spec.id else f"{spec}/{clause.shown}"


def _listed(found: tuple[str, ...]) -> list[str]:
    more = len(found) - MAX_LISTED
    return [*found[:MAX_LISTED], *([f"and {more} more"] if more > 0 else [])]

"""What the base's tree holds, and what a spec says that it will add to it."""

from __future__ import annotations

from collections.abc import Iterator

from snapline.spec.globs import is_literal, matches
from snapline.spec.interfaces import Tree
from snapline.spec.model import Binding, Clause, InterfaceEntry, Named, SectionKind, Spec


def named_things(spec: Spec) -> Iterator[tuple[Clause, Named]]:
    """Everything that Interfaces names in code, with its clause."""
    for clause in spec.clauses(SectionKind.INTERFACES):
        if isinstance(clause.entry, InterfaceEntry):
            for named in clause.entry.named:
                yield clause, named


def new_things(spec: Spec) -> frozenset[str]:
    """The texts that Interfaces declares as new: paths, globs and ``path::name``."""
    return frozenset(named.text for _, named in named_things(spec) if named.new or named.binding is Binding.NEW)


def is_new(spec: Spec, path: str, name: str = "") -> bool:
    """Whether a path, or a name in it, is declared as new; a new file or folder covers all in it."""
    for text in new_things(spec):
        where, _, what = text.partition("::")
        if what:
            if where == path and name and (name == what or name.startswith(f"{what}::")):
                return True
        elif where.rstrip("/") == path.rstrip("/") or matches(where, path):
            return True
    return False


def exists(tree: Tree, path: str) -> bool:
    """Whether a file, a folder, or something that a glob matches is in the tree."""
    bare = path.rstrip("/")
    if bare in tree.paths or bare in tree.folders() or bare in {"", "."}:
        return True
    return not is_literal(path) and any(matches(path, one) for one in tree.paths)

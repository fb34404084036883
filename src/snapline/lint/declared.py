"""What the base's tree holds, and what a spec says that it will add to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from snapline.spec.globs import is_literal, matches
from snapline.spec.interfaces import Tree
from snapline.spec.model import Binding, Clause, InterfaceEntry, Named, SectionKind, Spec


def named_things(spec: Spec) -> Iterator[tuple[Clause, Named]]:
    """Everything that Interfaces names in code, with its clause."""
    for clause in spec.clauses(SectionKind.INTERFACES):
        if isinstance(clause.entry, InterfaceEntry):
            for named in clause.entry.named:
                yield clause, named


class Declared:
    """What Interfaces declares as new: files, folders, globs, and names in files."""

    def __init__(self, spec: Spec) -> None:
        self.texts = frozenset(one.text for _, one in named_things(spec) if one.new or one.binding is Binding.NEW)
        parted = [text.partition("::") for text in self.texts]
        self.paths = frozenset(path for path, _, _ in parted)
        self._whole = frozenset(path.removeprefix("./").rstrip("/") for path, _, name in parted if not name)
        self._globs = tuple(path for path in self._whole if not is_literal(path))
        self._names = frozenset((path, name.replace("::", ".")) for path, _, name in parted if name)

    def __contains__(self, path: str) -> bool:
        """Whether a file or folder is declared, or lies in something that is."""
        parts = path.removeprefix("./").rstrip("/").split("/")
        return any("/".join(parts[: count + 1]) in self._whole for count in range(len(parts))) or any(
            matches(glob, path) for glob in self._globs
        )

    def holds(self, path: str, names: Sequence[str]) -> bool:
        """Whether a name in a file, or the class that it is in, or the file, is declared."""
        tops = (".".join(names[: count + 1]) for count in range(len(names)))
        return path in self or any((path, one) in self._names for one in tops)


def exists(tree: Tree, path: str) -> bool:
    """Whether a file, a folder, or something that a glob matches is in the tree."""
    bare = path.rstrip("/")
    if bare in tree.paths or bare in tree.folders() or bare in {"", "."}:
        return True
    return not is_literal(path) and bool(tree.listing.matching(path))

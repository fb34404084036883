"""Who owns a path, as the repository's CODEOWNERS says, read beside what Interfaces say.

The form is GitHub's (https://docs.github.com/articles/about-code-owners): one pattern and its owners per line, the last
pattern that matches counts. Patterns that GitHub does not read either (``!``, ``[ ]``) are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from snapline.base.regex import regex
from snapline.spec import globs
from snapline.spec.interfaces import OWNER, Path, Symbol, Tree, classify
from snapline.spec.model import Clause, InterfaceEntry, SectionKind, Spec

PLACES: Final = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
"""Where the file may be; the first that is there counts."""
MOST_LINES: Final = 5_000

_LINE: Final = regex(r"(?P<pattern>(?:[^\s\\#]|\\.)+)(?P<owners>(?:[ \t]+[^\s#]+)*)[ \t]*(?:#.*)?")
_NAME: Final = regex(r"@\w[\w./-]*")


@dataclass(frozen=True, slots=True)
class Owners:
    """A CODEOWNERS file: where it is, and its globs with their owners, in order."""

    place: str
    lines: tuple[tuple[str, tuple[str, ...]], ...]

    def of(self, path: str) -> tuple[str, ...]:
        """The owners of a file or folder; none where no line matches, or the last one that does names nobody."""
        found = (owners for glob, owners in reversed(self.lines) if globs.matches(glob, path))
        return next(found, ())


def owners_in(tree: Tree) -> Owners | None:
    """The owners that a tree declares; None if it declares none."""
    for place in PLACES:
        raw = tree.read(place) if place in tree.paths else None
        if raw is not None:
            text = raw.decode("utf-8", errors="replace")
            return Owners(place, tuple(_lines(text)))
    return None


def _lines(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for line in text.splitlines()[:MOST_LINES]:
        match = _LINE.fullmatch(line.strip())
        glob = _glob(match["pattern"]) if match else None
        if match and glob is not None:
            yield glob, tuple(match["owners"].split())


def _glob(pattern: str) -> str | None:
    """A pattern as one of our globs: without a slash in front or inside it holds at any depth."""
    plain = re.sub(r"\\(.)", r"\1", pattern)
    if plain in ("*", "/*"):
        return "**" if plain == "*" else "*"
    anchored = "/" in plain.rstrip("/")
    glob = plain.lstrip("/") if anchored else f"**/{plain}"
    return glob if globs.fault(glob) is None and "[" not in glob else None


def owned_in(spec: Spec, clause: Clause, owners: Owners, tree: Tree) -> Iterator[str]:
    """What a clause of Interfaces names that somebody owns, in words; and who of them no ``Owner:`` names."""
    entry = clause.entry
    declared = _declared(spec)
    for one in entry.named if isinstance(entry, InterfaceEntry) else ():
        found = classify(one.text, tree)
        path = found.path if isinstance(found, Symbol) else found.text if isinstance(found, Path) else ""
        names = owners.of(path.rstrip("/")) if path and globs.is_literal(path) else ()
        if names:
            strange = declared and not declared & frozenset(names)
            tail = "; `Owner:` names none of them" if strange else ""
            yield f"`{path}` is owned by {', '.join(names)} ({owners.place}){tail}"


def _declared(spec: Spec) -> frozenset[str]:
    entries = (clause.entry for clause in spec.clauses(SectionKind.INTERFACES))
    values = (one.opening_value for one in entries if isinstance(one, InterfaceEntry) and one.opening == OWNER)
    return frozenset(name for value in values for name in _NAME.findall(value))

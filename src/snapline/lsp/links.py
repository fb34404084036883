"""Links: the files and specs that a spec names, which an editor opens by a click."""

from __future__ import annotations

from dataclasses import dataclass

from snapline.base.ids import SpecId
from snapline.base.text import Span
from snapline.lsp import paths
from snapline.lsp.marks import MarkKind
from snapline.lsp.view import View


@dataclass(frozen=True, slots=True)
class Link:
    """A span that leads to a file of the repository, or to another spec."""

    span: Span
    file: str | None = None
    spec: SpecId | None = None


def links(view: View) -> tuple[Link, ...]:
    """Every link of a spec, in order."""
    found = []
    for mark in view.marks:
        if mark.kind is MarkKind.PATH:
            file = paths.file_of(view, mark.text)
            if file:
                found.append(Link(mark.span, file=file))
        elif mark.spec is not None and mark.spec in view.others:
            found.append(Link(mark.span, spec=mark.spec))
    return tuple(found)

"""Where something is defined, and where it is referred to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from snapline.base.ids import ClauseId, SpecId
from snapline.base.text import Span
from snapline.lsp import paths
from snapline.lsp.marks import Mark, MarkKind, marks
from snapline.lsp.view import View
from snapline.spec.model import Clause, Spec

START = Span(0, 0)
"""The beginning of a file."""


@dataclass(frozen=True, slots=True)
class Target:
    """A place in a spec (``spec`` and ``span``), or a file of the repository (``file``)."""

    spec: SpecId | None = None
    span: Span = START
    whole: Span = START
    file: str | None = None


def definition(view: View, offset: int) -> tuple[Target, ...]:
    """Where what stands at an offset is defined: a clause, a spec, a file; several for a range of ids."""
    mark = view.at(offset)
    if mark is None:
        return ()
    match mark.kind:
        case MarkKind.ID | MarkKind.REFERENCE:
            found = (view.clause(one, mark.spec) for one in _ids(mark))
            return tuple(_place(*one) for one in found if one)
        case MarkKind.SPEC:
            spec = view.others.get(mark.spec) if mark.spec else None
            return (Target(spec.id),) if spec else ()
        case MarkKind.PATH:
            file = paths.file_of(view, mark.text)
            return (Target(file=file),) if file else ()
        case _:
            return ()


def references(view: View, offset: int, *, declaration: bool) -> tuple[Target, ...]:
    """Every place in this and the other specs that means what stands at an offset."""
    mark = view.at(offset)
    if mark is None:
        return ()
    if mark.kind is MarkKind.PATH:
        wanted = mark.text.partition("::")[0]
        return tuple(
            Target(spec.id, one.span, one.span)
            for spec in _all(view)
            for one in marks(spec)
            if one.kind is MarkKind.PATH and one.text.partition("::")[0] == wanted
        )
    if mark.kind is MarkKind.SPEC and mark.spec:
        return tuple(_of_spec(view, mark.spec, declaration=declaration))
    if mark.kind in (MarkKind.ID, MarkKind.REFERENCE):
        home = mark.spec or view.spec.id
        found = (_of_clause(view, home, one, declaration=declaration) for one in _ids(mark))
        return tuple(target for several in found for target in several)
    return ()


def naming(spec: Spec, home: SpecId, clause_id: ClauseId) -> Iterator[Mark]:
    """The references to a clause of the spec ``home`` that stand in ``spec``."""
    if spec.id != home and f"{home}/" not in spec.source.text:
        return
    for one in marks(spec):
        if one.kind is MarkKind.REFERENCE and clause_id in one.ids and (one.spec or spec.id) == home:
            yield one


def _of_clause(view: View, home: SpecId, clause_id: ClauseId, *, declaration: bool) -> Iterator[Target]:
    found = view.clause(clause_id, home)
    if declaration and found:
        yield _place(*found)
    for spec in _all(view):
        for one in naming(spec, home, clause_id):
            yield Target(spec.id, one.span, one.span)


def _of_spec(view: View, home: SpecId, *, declaration: bool) -> Iterator[Target]:
    if declaration and home in view.others:
        yield Target(home)
    for spec in _all(view):
        if home not in spec.source.text:
            continue
        for one in marks(spec):
            if one.spec == home:
                yield Target(spec.id, one.span, one.span)


def _all(view: View) -> Iterator[Spec]:
    yield view.spec
    yield from view.others.values()


def _ids(mark: Mark) -> tuple[ClauseId, ...]:
    return mark.ids or (ClauseId(mark.text),)


def _place(spec: Spec, clause: Clause) -> Target:
    return Target(spec.id, clause.id_span or Span(clause.body.start, clause.body.start), clause.span)

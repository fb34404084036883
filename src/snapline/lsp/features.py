"""The answers to requests that only ask: each finds the text, asks a pure function, and puts it into the protocol."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lsprotocol import types

from snapline.app.editing_runs import Ending, Outcome
from snapline.base.text import Span
from snapline.lsp import answers, navigation, outline
from snapline.lsp import completion as completing
from snapline.lsp import hover as hovering
from snapline.lsp import lenses as running
from snapline.lsp import links as linking
from snapline.lsp import tokens as colouring
from snapline.lsp.buffers import place_of, range_of
from snapline.lsp.navigation import Target
from snapline.lsp.session import Reading, Session
from snapline.lsp.view import View
from snapline.spec.model import Clause

_Placed = types.HoverParams | types.CompletionParams | types.DefinitionParams | types.ReferenceParams
_ENDINGS = {
    Ending.FAILS: types.DiagnosticSeverity.Information,
    Ending.WAITS: types.DiagnosticSeverity.Information,
    Ending.VACUOUS: types.DiagnosticSeverity.Warning,
    Ending.COULD_NOT_RUN: types.DiagnosticSeverity.Warning,
    Ending.FLAKY: types.DiagnosticSeverity.Warning,
}


def hover(session: Session, params: types.HoverParams) -> types.Hover | None:
    """What stands under the cursor."""
    asked = _asked(session, params)
    told = hovering.hover(asked[1], asked[2]) if asked else None
    return answers.hover(asked[0].positions, told, session.client) if asked and told else None


def completion(session: Session, params: types.CompletionParams) -> types.CompletionList | None:
    """What may stand at the cursor."""
    asked = _asked(session, params)
    if asked is None:
        return None
    found = completing.complete(asked[1], asked[2])
    return answers.completions(asked[0].positions, found, session.client)


def definition(session: Session, params: types.DefinitionParams) -> list[types.Location] | None:
    """Where it is defined."""
    asked = _asked(session, params)
    return _locations(session, asked[1], navigation.definition(*asked[1:])) if asked else None


def references(session: Session, params: types.ReferenceParams) -> list[types.Location] | None:
    """Where it is referred to."""
    asked = _asked(session, params)
    if asked is None:
        return None
    found = navigation.references(asked[1], asked[2], declaration=params.context.include_declaration)
    return _locations(session, asked[1], found)


def symbols(
    session: Session, params: types.DocumentSymbolParams
) -> list[types.DocumentSymbol] | list[types.SymbolInformation] | None:
    """The outline."""
    reading = session.view(params.text_document.uri)
    if reading is None or reading.view is None:
        return None
    found = outline.symbols(reading.view)
    if session.client.nested_symbols:
        return answers.symbols(reading.positions, found)
    return answers.flat_symbols(reading.positions, params.text_document.uri, found)


def folds(session: Session, params: types.FoldingRangeParams) -> list[types.FoldingRange] | None:
    """What can be folded."""
    reading = session.view(params.text_document.uri)
    return answers.folds(outline.folds(reading.view)) if reading and reading.view else None


def tokens(
    session: Session, params: types.SemanticTokensParams | types.SemanticTokensRangeParams
) -> types.SemanticTokens | None:
    """What to colour."""
    reading = session.view(params.text_document.uri)
    if reading is None or reading.view is None:
        return None
    within = None
    if isinstance(params, types.SemanticTokensRangeParams):
        within = reading.positions.span(range_of(params.range))
    return types.SemanticTokens(colouring.encoded(colouring.tokens(reading.view, within), reading.positions))


def lenses(session: Session, params: types.CodeLensParams) -> list[types.CodeLens] | None:
    """What can be run."""
    reading = session.view(params.text_document.uri)
    if reading is None or reading.view is None:
        return None
    found = running.lenses(reading.view)
    return [answers.lens(reading.positions, params.text_document.uri, one) for one in found]


def links(session: Session, params: types.DocumentLinkParams) -> list[types.DocumentLink] | None:
    """What can be opened."""
    reading = session.view(params.text_document.uri)
    if reading is None or reading.view is None:
        return None
    found = []
    for one in linking.links(reading.view):
        target = _uri(session, reading.view, Target(one.spec, file=one.file))
        if target is not None:
            found.append(types.DocumentLink(answers.range_(reading.positions, one.span), target))
    return found


def diagnostics(session: Session, params: types.DocumentDiagnosticParams) -> types.RelatedFullDocumentDiagnosticReport:
    """What is wrong with a text, for an editor that asks."""
    reading = session.read(params.text_document.uri)
    return types.RelatedFullDocumentDiagnosticReport(items=diagnosed(session, reading) if reading else [])


def diagnosed(session: Session, reading: Reading) -> list[types.Diagnostic]:
    """The diagnostics of a text: its findings, what its checks said, or why it cannot be read."""
    wrong = reading.unreadable
    if wrong is not None:
        return [answers.note(reading.positions, wrong.span, types.DiagnosticSeverity.Error, wrong.message)]
    if reading.view is None:
        return []
    found = [answers.diagnostic(reading.positions, one) for one in reading.view.findings]
    return [*found, *_ran(reading, session.ran(reading))]


def _ran(reading: Reading, ran: Iterable[tuple[Clause, Outcome]]) -> Iterable[types.Diagnostic]:
    told = {one.code for one in reading.view.findings} if reading.view else set()
    for clause, outcome in ran:
        if outcome.ending is Ending.HOLDS or (outcome.ending is Ending.VACUOUS and "ACC315" in told):
            continue
        span = clause.id_span or Span(clause.body.start, clause.body.start)
        message = f"{outcome.clause} {outcome.ending}: {outcome.message}"
        yield answers.note(reading.positions, span, _ENDINGS[outcome.ending], message)


def _asked(session: Session, params: _Placed) -> tuple[Reading, View, int] | None:
    """The text that a request is about, and the offset in it."""
    reading = session.view(params.text_document.uri)
    if reading is None or reading.view is None:
        return None
    return reading, reading.view, reading.positions.offset(place_of(params.position))


def _locations(session: Session, view: View, targets: Iterable[Target]) -> list[types.Location]:
    found = []
    for one in targets:
        uri = _uri(session, view, one)
        spec = view.spec if one.spec in (None, view.spec.id) else view.others.get(one.spec) if one.spec else None
        if uri is None:
            continue
        if one.file is not None or spec is None:
            found.append(types.Location(uri, types.Range(types.Position(0, 0), types.Position(0, 0))))
        else:
            found.append(answers.location(uri, spec.source, session.encoding, one.span))
    return found


def _uri(session: Session, view: View, target: Target) -> str | None:
    """The URI of a target."""
    if target.file is not None:
        return Path(view.root / target.file).as_uri() if view.root else None
    spec = view.spec if target.spec in (None, view.spec.id) else view.others.get(target.spec) if target.spec else None
    return session.uri_of(spec) if spec else None

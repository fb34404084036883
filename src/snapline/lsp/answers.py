"""Answers in the words of the protocol: spans become ranges, and our kinds the editor's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from lsprotocol import types

from snapline.base.diagnostics import Finding, Severity
from snapline.base.text import Edit, Source, Span
from snapline.lsp.client import Client
from snapline.lsp.completion import Completion
from snapline.lsp.hover import Hover
from snapline.lsp.lenses import Lens
from snapline.lsp.outline import Fold, FoldKind, Symbol
from snapline.lsp.positions import Encoding, Place, Positions
from snapline.lsp.proposals import Proposal, ProposalKind

SOURCE: Final = "snapline"
"""Who found it: what an editor shows beside a diagnostic."""

_SEVERITIES: Final = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}
_COMPLETIONS: Final = {
    ProposalKind.SECTION: types.CompletionItemKind.Module,
    ProposalKind.WORD: types.CompletionItemKind.Keyword,
    ProposalKind.OPTION: types.CompletionItemKind.Property,
    ProposalKind.KEY: types.CompletionItemKind.Field,
    ProposalKind.ID: types.CompletionItemKind.Reference,
    ProposalKind.SPEC: types.CompletionItemKind.Module,
    ProposalKind.FILE: types.CompletionItemKind.File,
    ProposalKind.FOLDER: types.CompletionItemKind.Folder,
    ProposalKind.SYMBOL: types.CompletionItemKind.Function,
    ProposalKind.RULE: types.CompletionItemKind.Constant,
}


def position(place: Place) -> types.Position:
    """A position."""
    return types.Position(place.line, place.character)


def range_(positions: Positions, span: Span) -> types.Range:
    """A span's range."""
    return types.Range(position(positions.place(span.start)), position(positions.place(span.end)))


def location(uri: str, source: Source, encoding: Encoding, span: Span) -> types.Location:
    """A span of another text, or of this one."""
    return types.Location(uri, range_(Positions(source, encoding), span))


def diagnostic(positions: Positions, finding: Finding) -> types.Diagnostic:
    """A finding; its hint is the second line."""
    return types.Diagnostic(
        range=range_(positions, finding.span),
        message=f"{finding.message}\n{finding.hint}" if finding.hint else finding.message,
        severity=_SEVERITIES[finding.severity],
        code=finding.code,
        source=SOURCE,
    )


def note(positions: Positions, span: Span, severity: types.DiagnosticSeverity, message: str) -> types.Diagnostic:
    """Something that is no finding of a rule."""
    return types.Diagnostic(range_(positions, span), message, severity, source=SOURCE)


def hover(positions: Positions, told: Hover, client: Client) -> types.Hover:
    """What is told about a span."""
    kind = types.MarkupKind.Markdown if client.marked_hover else types.MarkupKind.PlainText
    content = types.MarkupContent(kind, told.markdown if client.marked_hover else unmarked(told.markdown))
    return types.Hover(content, range_(positions, told.span))


def unmarked(markdown: str) -> str:
    """Our Markdown for an editor that shows it as it is."""
    return markdown.replace("**", "")


def completions(positions: Positions, found: Completion, client: Client) -> types.CompletionList:
    """What is proposed, in our order."""
    items = [_item(positions, one, number, client) for number, one in enumerate(found.proposals)]
    return types.CompletionList(is_incomplete=found.more, items=items)


def _item(positions: Positions, one: Proposal, number: int, client: Client) -> types.CompletionItem:
    snippet = client.snippets and bool(one.snippet)
    told = types.MarkupContent(types.MarkupKind.Markdown, one.told) if client.marked_proposals else one.told
    return types.CompletionItem(
        label=one.label,
        kind=_COMPLETIONS[one.kind],
        detail=one.detail or None,
        documentation=told if one.told else None,
        sort_text=f"{number:05}",
        filter_text=one.text if one.kind in (ProposalKind.FILE, ProposalKind.FOLDER) else one.label,
        insert_text_format=types.InsertTextFormat.Snippet if snippet else types.InsertTextFormat.PlainText,
        text_edit=types.TextEdit(range_(positions, one.span), one.snippet if snippet else one.text),
    )


def edits(positions: Positions, given: Iterable[Edit]) -> list[types.TextEdit]:
    """Edits of one text."""
    return [types.TextEdit(range_(positions, one.span), one.text) for one in given]


def workspace_edit(
    changed: Sequence[tuple[str, int | None, Sequence[types.TextEdit | types.SnippetTextEdit]]], *, versioned: bool
) -> types.WorkspaceEdit:
    """Edits of several texts, each with its version where it is open."""
    if not versioned:
        plain = {uri: [one for one in several if isinstance(one, types.TextEdit)] for uri, _, several in changed}
        return types.WorkspaceEdit(changes=plain)
    return types.WorkspaceEdit(
        document_changes=[
            types.TextDocumentEdit(types.OptionalVersionedTextDocumentIdentifier(uri, version), list(several))
            for uri, version, several in changed
        ]
    )


def action_edits(
    positions: Positions, given: Iterable[Edit], blank: str, *, snippets: bool
) -> list[types.TextEdit | types.SnippetTextEdit]:
    """The edits of an action; what a person has to fill in is a place to type at where the editor can."""
    plain: list[types.TextEdit | types.SnippetTextEdit] = list(edits(positions, given))
    if not (snippets and blank):
        return plain
    made = []
    for one in plain:
        text = one.new_text if isinstance(one, types.TextEdit) else ""
        escaped = text.replace("\\", "\\\\").replace("$", "\\$").replace("}", "\\}")
        value = escaped.replace(f" {blank} ", f" ${{1:{blank}}} ", 1)
        made.append(types.SnippetTextEdit(one.range, types.StringValue(value)))
    return list(made)


def symbols(positions: Positions, found: Iterable[Symbol]) -> list[types.DocumentSymbol]:
    """Sections with their clauses."""
    return [
        types.DocumentSymbol(
            name=one.name,
            kind=types.SymbolKind.Namespace if one.is_section else types.SymbolKind.Key,
            range=range_(positions, one.span),
            selection_range=range_(positions, one.name_span),
            detail=one.detail or None,
            children=symbols(positions, one.inside),
        )
        for one in found
    ]


def flat_symbols(
    positions: Positions, uri: str, found: Iterable[Symbol], outer: str = ""
) -> list[types.SymbolInformation]:
    """The same for an editor that knows no nesting."""
    flat: list[types.SymbolInformation] = []
    for one in found:
        kind = types.SymbolKind.Namespace if one.is_section else types.SymbolKind.Key
        place = types.Location(uri, range_(positions, one.span))
        flat.append(types.SymbolInformation(place, one.name, kind, container_name=outer or None))
        flat += flat_symbols(positions, uri, one.inside, one.name)
    return flat


def folds(found: Iterable[Fold]) -> list[types.FoldingRange]:
    """What can be folded."""
    kinds = {FoldKind.REGION: types.FoldingRangeKind.Region, FoldKind.COMMENT: types.FoldingRangeKind.Comment}
    return [types.FoldingRange(one.first, one.last, kind=kinds[one.kind]) for one in found]


def lens(positions: Positions, uri: str, one: Lens) -> types.CodeLens:
    """A command above a line."""
    arguments: list[types.LSPAny] = [uri] if one.clause is None else [uri, one.clause]
    return types.CodeLens(range_(positions, one.span), types.Command(one.title, one.trial.value, arguments=arguments))

"""What the editor at the other end can do."""

from __future__ import annotations

from dataclasses import dataclass

from lsprotocol import types
from pygls.capabilities import get_capability


@dataclass(frozen=True, slots=True)
class Client:
    """An editor's capabilities, as far as answers depend on them.

    ``resolves`` tells that it asks for an action's edits when it is chosen; ``pulls`` that it asks for diagnostics
    itself, ``refreshes`` that it does so when told to; ``marked_hover`` and ``marked_proposals`` that it shows Markdown
    there; ``progress`` that it shows the progress of what the server runs.
    """

    pulls: bool = False
    refreshes: bool = False
    nested_symbols: bool = False
    snippets: bool = False
    marked_hover: bool = False
    marked_proposals: bool = False
    snippet_edits: bool = False
    versioned_edits: bool = False
    resolves: bool = False
    watches: bool = False
    progress: bool = False


def client_of(given: types.ClientCapabilities) -> Client:
    """What an editor said when it came."""
    completion = get_capability(given, "text_document.completion.completion_item.snippet_support")
    nested = get_capability(given, "text_document.document_symbol.hierarchical_document_symbol_support")
    hover = get_capability(given, "text_document.hover.content_format")
    proposals = get_capability(given, "text_document.completion.completion_item.documentation_format")
    watches = get_capability(given, "workspace.did_change_watched_files.dynamic_registration")
    return Client(
        pulls=get_capability(given, "text_document.diagnostic") is not None,
        refreshes=bool(get_capability(given, "workspace.diagnostics.refresh_support")),
        nested_symbols=bool(nested),
        snippets=bool(completion),
        marked_hover=types.MarkupKind.Markdown in (hover or ()),
        marked_proposals=types.MarkupKind.Markdown in (proposals or ()),
        snippet_edits=bool(get_capability(given, "workspace.workspace_edit.snippet_edit_support")),
        versioned_edits=bool(get_capability(given, "workspace.workspace_edit.document_changes")),
        resolves="edit" in (get_capability(given, "text_document.code_action.resolve_support.properties") or ()),
        watches=bool(watches),
        progress=bool(get_capability(given, "window.work_done_progress")),
    )

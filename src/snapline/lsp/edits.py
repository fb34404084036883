"""The answers to requests that change texts: formatting, renaming, code actions."""

from __future__ import annotations

from collections.abc import Sequence

from lsprotocol import types

from snapline.lsp import actions, answers, renaming
from snapline.lsp.buffers import place_of, range_of
from snapline.lsp.positions import Positions
from snapline.lsp.protocol import RequestFailed
from snapline.lsp.renaming import Refusal
from snapline.lsp.session import Reading, Session
from snapline.lsp.view import View
from snapline.spec.format import fmt_edits


def formatting(session: Session, params: types.DocumentFormattingParams) -> list[types.TextEdit] | None:
    """What ``snapline fmt`` would write."""
    reading = session.view(params.text_document.uri)
    return answers.edits(reading.positions, fmt_edits(reading.view.spec)) if reading and reading.view else None


def prepare_rename(session: Session, params: types.PrepareRenameParams) -> types.PrepareRenamePlaceholder:
    """The id that would be renamed."""
    reading, view, offset = _asked(session, params)
    found = renaming.renamable(view, offset)
    if isinstance(found, Refusal):
        raise RequestFailed(found.message)
    return types.PrepareRenamePlaceholder(answers.range_(reading.positions, found.span), found.id)


def rename(session: Session, params: types.RenameParams) -> types.WorkspaceEdit:
    """A clause under another id, everywhere."""
    _, view, offset = _asked(session, params)
    found = renaming.rename(view, offset, params.new_name)
    if isinstance(found, Refusal):
        raise RequestFailed(found.message)
    changed: list[tuple[str, int | None, list[types.TextEdit | types.SnippetTextEdit]]] = []
    for spec_id, several in found.items():
        spec = view.spec if spec_id == view.spec.id else view.others[spec_id]
        uri = params.text_document.uri if spec is view.spec else session.uri_of(spec)
        buffer = session.buffers.get(uri)
        positions = Positions(spec.source, session.encoding)
        changed.append((uri, buffer.version if buffer else None, [*answers.edits(positions, several)]))
    return answers.workspace_edit(changed, versioned=session.client.versioned_edits)


def code_actions(session: Session, params: types.CodeActionParams) -> list[types.CodeAction] | None:
    """What can be done about the findings at a range."""
    reading = session.view(params.text_document.uri)
    if reading is None or reading.view is None:
        return None
    span = reading.positions.span(range_of(params.range))
    wanted = [str(getattr(one, "value", one)) for one in params.context.only or ()]
    if wanted and all(_is_kind(actions.ActionKind.FIX_ALL, one) for one in wanted):
        everything = actions.mended(reading.view, session.reader(reading))
        return [_action(session, reading, everything)] if everything else []
    found = (one for one in actions.actions(reading.view, span) if _is_wanted(one, wanted))
    return [_action(session, reading, one) for one in found]


def _action(session: Session, reading: Reading, one: actions.Action) -> types.CodeAction:
    made = answers.action_edits(reading.positions, one, snippets=session.client.snippet_edits)
    changed = [(reading.buffer.uri, reading.buffer.version, made)]
    return types.CodeAction(
        title=one.title,
        kind=one.kind.value,
        diagnostics=[answers.diagnostic(reading.positions, finding) for finding in one.findings],
        is_preferred=one.preferred or None,
        edit=answers.workspace_edit(changed, versioned=session.client.versioned_edits),
    )


def _is_wanted(one: actions.Action, wanted: Sequence[str]) -> bool:
    return not wanted or any(_is_kind(one.kind, kind) for kind in wanted)


def _is_kind(kind: str, wanted: str) -> bool:
    """Whether a kind is one that was asked for, or below it."""
    return kind == wanted or kind.startswith(f"{wanted}.") or wanted == ""


def _asked(session: Session, params: types.PrepareRenameParams | types.RenameParams) -> tuple[Reading, View, int]:
    reading = session.view(params.text_document.uri)
    if reading is None or reading.view is None:
        raise RequestFailed("this text is no spec")
    return reading, reading.view, reading.positions.offset(place_of(params.position))

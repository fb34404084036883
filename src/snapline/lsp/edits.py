"""The answers to requests that change texts: formatting, renaming, code actions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from lsprotocol import types
from pygls.exceptions import JsonRpcContentModified

from snapline.base.text import Span
from snapline.lsp import actions, answers, renaming
from snapline.lsp.buffers import place_of, range_of
from snapline.lsp.lenses import lenses
from snapline.lsp.positions import Positions
from snapline.lsp.protocol import RequestFailed
from snapline.lsp.renaming import Refusal
from snapline.lsp.session import Reading, Session
from snapline.lsp.view import View
from snapline.spec.format import fmt_edits

RUN: Final = "snapline.run"
"""The kind of the actions that run checks."""


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
    found = (one for one in actions.actions(reading.view, span) if _is_wanted(one, wanted))
    made = [_action(session, reading, one) for one in found]
    runs = _runs(reading, span) if not wanted or any(_is_kind(RUN, one) for one in wanted) else []
    return [*(one for one in made if one.edit or one.data), *runs]


def _runs(reading: Reading, span: Span) -> list[types.CodeAction]:
    """The lenses of the clause at the cursor, for editors that show none."""
    view = reading.view
    clause = view.clause_at(span.start) if view else None
    here = (one for one in lenses(view) if clause and one.clause == clause.id) if view else ()
    return [
        types.CodeAction(
            title=f"{one.title} ({one.clause})",
            kind=RUN,
            command=answers.lens(reading.positions, reading.buffer.uri, one).command,
        )
        for one in here
    ]


def resolve_action(session: Session, params: types.CodeAction) -> types.CodeAction:
    """An action that was chosen, with its edits."""
    asked = params.data if isinstance(params.data, dict) else {}
    reading = session.view(str(asked.get("uri")))
    if reading is None or reading.view is None or reading.buffer.version != asked.get("version"):
        raise JsonRpcContentModified("the text has changed since this was offered")
    known = {_name(one): one for one in actions.every(reading.view)}
    chosen = known.get(str(asked.get("name")))
    params.edit = _edit(session, reading, chosen) if chosen else None
    return params


def _action(session: Session, reading: Reading, one: actions.Action) -> types.CodeAction:
    """An action; one that takes thought is worked out when it is chosen, where the editor knows how to ask."""
    later = session.client.resolves and one.deed is not actions.Deed.FIX
    data = {"uri": reading.buffer.uri, "version": reading.buffer.version, "name": _name(one)}
    return types.CodeAction(
        title=one.title,
        kind=one.kind.value,
        diagnostics=[answers.diagnostic(reading.positions, one.finding)] if one.finding else None,
        is_preferred=one.preferred or None,
        edit=None if later else _edit(session, reading, one),
        data=data if later else None,
    )


def _edit(session: Session, reading: Reading, one: actions.Action) -> types.WorkspaceEdit | None:
    edits = actions.edits_of(reading.view, one, session.reader(reading)) if reading.view else ()
    made = answers.action_edits(reading.positions, edits, one.blank, snippets=session.client.snippet_edits)
    changed = [(reading.buffer.uri, reading.buffer.version, made)]
    return answers.workspace_edit(changed, versioned=session.client.versioned_edits) if made else None


def _name(one: actions.Action) -> str:
    """What tells an action from the others of its text."""
    return f"{one.deed} {one.finding.code} {one.finding.span.start}" if one.finding else one.deed.value


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

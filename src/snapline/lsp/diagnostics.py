"""When diagnostics are told: at once when a text is opened, a little after the last keystroke when it is changed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from lsprotocol import types

from snapline.lsp import features
from snapline.lsp.buffers import key

if TYPE_CHECKING:
    from snapline.lsp.server import Server

QUIET: Final = 0.15
"""Seconds without a keystroke before a text is linted."""


class Publisher:
    """Tells an editor what is wrong with its texts; one that asks by itself is only told when to ask again."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._waiting: dict[str, asyncio.TimerHandle] = {}

    def schedule(self, uri: str) -> None:
        """Tell about a text once nobody types any more, and about those that refer to it."""
        if self._server.session.client.pulls:
            return
        waiting = self._waiting.pop(key(uri), None)
        if waiting is not None:
            waiting.cancel()
        self._waiting[key(uri)] = asyncio.get_running_loop().call_later(QUIET, self._due, uri)

    def publish(self, uri: str) -> None:
        """Tell about a text now."""
        session = self._server.session
        reading = session.read(uri)
        if reading is not None and not session.client.pulls:
            found = features.diagnosed(session, reading)
            params = types.PublishDiagnosticsParams(uri, found, reading.buffer.version)
            self._server.text_document_publish_diagnostics(params)
        self.tell_notes()

    def publish_all(self) -> None:
        """Tell about every open text: something around them has changed."""
        if self._server.session.client.refreshes:
            self._server.workspace_diagnostic_refresh(None)
        for buffer in self._server.session.buffers:
            self.publish(buffer.uri)

    def clear(self, uri: str) -> None:
        """A text was closed: nothing more is told about it."""
        waiting = self._waiting.pop(key(uri), None)
        if waiting is not None:
            waiting.cancel()
        if not self._server.session.client.pulls:
            self._server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))

    def tell_notes(self) -> None:
        """Tell a person what stands in the way, once."""
        notes = self._server.session.notes
        for text in notes:
            self._server.window_show_message(types.ShowMessageParams(types.MessageType.Warning, text))
        notes.clear()

    def _due(self, uri: str) -> None:
        self._waiting.pop(key(uri), None)
        self.publish(uri)
        reading = self._server.session.read(uri)
        spec = reading.view.spec.id if reading and reading.view else None
        for buffer in self._server.session.buffers:
            if spec is not None and key(buffer.uri) != key(uri) and spec in buffer.text:
                self.publish(buffer.uri)

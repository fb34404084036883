"""The server: which request is answered by what."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Callable
from typing import Any, Final

from lsprotocol import types
from lsprotocol.converters import get_converter
from pygls.lsp.server import LanguageServer

from snapline import __version__
from snapline.lsp import edits, features
from snapline.lsp.actions import ActionKind
from snapline.lsp.client import client_of
from snapline.lsp.completion import TRIGGERS
from snapline.lsp.diagnostics import Publisher
from snapline.lsp.lenses import Trial
from snapline.lsp.positions import chosen
from snapline.lsp.protocol import Protocol
from snapline.lsp.session import Session
from snapline.lsp.tokens import MODIFIERS, TYPES
from snapline.lsp.trials import Trials

Answer = Callable[[Session, Any], object]

WATCHED: Final = ("**/specs/**/*.md", "**/snapline.toml")
"""The files whose change may change findings."""

_SELECTOR: Final = types.SemanticTokensLegend(list(TYPES), list(MODIFIERS))
_ANSWERS: Final[dict[str, tuple[Answer, object | None]]] = {
    types.TEXT_DOCUMENT_HOVER: (features.hover, None),
    types.TEXT_DOCUMENT_COMPLETION: (features.completion, types.CompletionOptions(trigger_characters=list(TRIGGERS))),
    types.TEXT_DOCUMENT_DEFINITION: (features.definition, None),
    types.TEXT_DOCUMENT_REFERENCES: (features.references, None),
    types.TEXT_DOCUMENT_DOCUMENT_SYMBOL: (features.symbols, None),
    types.TEXT_DOCUMENT_FOLDING_RANGE: (features.folds, None),
    types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL: (features.tokens, _SELECTOR),
    types.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE: (features.tokens, _SELECTOR),
    types.TEXT_DOCUMENT_CODE_LENS: (features.lenses, None),
    types.TEXT_DOCUMENT_DOCUMENT_LINK: (features.links, None),
    types.TEXT_DOCUMENT_FORMATTING: (edits.formatting, None),
    types.TEXT_DOCUMENT_PREPARE_RENAME: (edits.prepare_rename, None),
    types.TEXT_DOCUMENT_RENAME: (edits.rename, None),
    types.TEXT_DOCUMENT_CODE_ACTION: (
        edits.code_actions,
        types.CodeActionOptions(
            code_action_kinds=[*(kind.value for kind in ActionKind), edits.RUN], resolve_provider=True
        ),
    ),
    types.CODE_ACTION_RESOLVE: (edits.resolve_action, None),
    types.TEXT_DOCUMENT_DIAGNOSTIC: (
        features.diagnostics,
        types.DiagnosticOptions(inter_file_dependencies=True, workspace_diagnostics=False),
    ),
}


class Server(LanguageServer):
    """A server with its session. Every answer is a function of the session and the request's parameters."""

    protocol: Protocol

    def __init__(self) -> None:
        super().__init__("snapline", __version__, protocol_cls=Protocol, converter_factory=get_converter)
        self.session = Session()
        self.publisher = Publisher(self)
        self.trials = Trials(self)


def make() -> Server:
    """A server that waits for its first message."""
    server = Server()
    for method, (answer, options) in _ANSWERS.items():
        server.feature(method, options)(_answering(server, answer))
    for method, heed in _NOTICES.items():
        server.feature(method)(_heeding(server, heed))
    for trial in Trial:
        server.command(trial.value)(_running(server, trial))
    return server


def _answering(server: Server, answer: Answer) -> Callable[[Any], object]:
    def answered(params: Any) -> object:  # noqa: ANN401 - each request has its own
        result = answer(server.session, params)
        server.publisher.tell_notes()
        return result

    return answered


def _heeding(server: Server, heed: Callable[[Server, Any], None]) -> Callable[[Any], None]:
    def heeded(params: Any) -> None:  # noqa: ANN401 - each notification has its own
        heed(server, params)

    return heeded


def _running(server: Server, trial: Trial) -> Callable[[types.ExecuteCommandParams], object]:
    def run(params: types.ExecuteCommandParams) -> object:
        return server.trials.run(trial, params)

    return run


def _initialize(server: Server, params: types.InitializeParams) -> None:
    general = params.capabilities.general
    offered = general.position_encodings if general else None
    server.session.encoding = chosen([getattr(one, "value", one) for one in offered or ()])
    server.session.client = client_of(params.capabilities)
    asyncio.get_running_loop().set_exception_handler(_report)


def _report(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """A bug in something that nobody waits for is told on standard error; the server goes on."""
    logging.getLogger(__name__).error("%s", context.get("message"), exc_info=context.get("exception"))


def _initialized(server: Server, _params: types.InitializedParams) -> None:
    if not server.session.client.watches:
        return
    watchers = [types.FileSystemWatcher(one) for one in WATCHED]
    options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
    one = types.Registration("snapline-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
    server.client_register_capability(types.RegistrationParams([one]))


def _opened(server: Server, params: types.DidOpenTextDocumentParams) -> None:
    server.session.buffers.open(params.text_document)
    server.publisher.publish(params.text_document.uri)
    gc.freeze()  # the tree, the other specs, the names in files: they stay as long as this text is open


def _changed(server: Server, params: types.DidChangeTextDocumentParams) -> None:
    session = server.session
    session.buffers.change(params.text_document, params.content_changes, session.encoding)
    server.publisher.schedule(params.text_document.uri)


def _closed(server: Server, params: types.DidCloseTextDocumentParams) -> None:
    server.session.close(params.text_document.uri)
    server.publisher.clear(params.text_document.uri)


def _files_changed(server: Server, _params: object) -> None:
    server.session.forget()
    server.publisher.publish_all()


def _shut_down(server: Server, _params: object) -> None:
    server.trials.stop()


_NOTICES: Final[dict[str, Callable[[Server, Any], None]]] = {
    types.INITIALIZE: _initialize,
    types.INITIALIZED: _initialized,
    types.SHUTDOWN: _shut_down,
    types.TEXT_DOCUMENT_DID_OPEN: _opened,
    types.TEXT_DOCUMENT_DID_CHANGE: _changed,
    types.TEXT_DOCUMENT_DID_CLOSE: _closed,
    types.TEXT_DOCUMENT_DID_SAVE: _files_changed,
    types.WORKSPACE_DID_CHANGE_WATCHED_FILES: _files_changed,
}

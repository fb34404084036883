"""The protocol's manners: every request is answered, a bad one with an error, and nothing is lost in between.

pygls leaves a request without an answer that is malformed, comes before ``initialize`` or after ``shutdown``; it ends
the process inside of a handler; and it cuts lines where editors do not. What it does differently here, it does so for
these reasons.
"""

from __future__ import annotations

import inspect
import threading
from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams
from pygls.protocol import LanguageServerProtocol
from pygls.protocol.language_server import lsp_method

from snapline.base.errors import SnaplineError

if TYPE_CHECKING:
    from pygls.protocol.json_rpc import MsgId, RPCMessage

_NOT_INITIALIZED: Final = -32002
_INVALID_REQUEST: Final = -32600
REQUEST_FAILED: Final = -32803
"""The protocol's code for a request that is right, and could not be carried out."""


@dataclass(frozen=True)
class Malformed:
    """A message that could not be read. ``id`` is None for one that wants no answer."""

    id: Any
    error: JsonRpcException


class RequestFailed(JsonRpcException):
    """What was asked cannot be done: a person is told why."""

    CODE = REQUEST_FAILED


class Protocol(LanguageServerProtocol):
    """The language server protocol, strictly. ``ended`` is set when the client said ``exit``."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - pygls's
        super().__init__(*arguments, **named)
        self.ended = threading.Event()

    @property
    def was_shut_down(self) -> bool:
        """Whether the client asked for it before it left."""
        return self._shutdown

    def structure_message(self, data: dict[str, Any]) -> Any:  # noqa: ANN401 - pygls's
        """A message in its type; a malformed one keeps its id, so that it can be answered."""
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            return Malformed(data.get("id") if "method" in data else None, error)

    def handle_message(self, message: RPCMessage | Malformed) -> None:
        """Answer or carry out one message."""
        if isinstance(message, Malformed):
            if message.id is not None:
                self.refuse(message.id, message.error)
            return
        if not hasattr(message, "jsonrpc"):
            self.refuse(None, JsonRpcException("this is no message of the protocol", _INVALID_REQUEST))
            return
        method, number = getattr(message, "method", None), getattr(message, "id", None)
        early = self._workspace is None and method not in (None, types.INITIALIZE, types.EXIT)
        late = self._shutdown and method not in (None, types.EXIT)
        if not (early or late):
            super().handle_message(message)
        elif number is not None and early:
            self.refuse(number, JsonRpcException("the server is not initialized", _NOT_INITIALIZED))
        elif number is not None:
            self.refuse(number, JsonRpcException("the server was shut down", _INVALID_REQUEST))

    @lsp_method(types.EXIT)
    def lsp_exit(self, *_arguments: object) -> Generator[object, object, None]:
        """End the loop that reads messages; what waits for the process is ended there."""
        self.ended.set()
        yield from ()

    @lsp_method(types.WORKSPACE_EXECUTE_COMMAND)
    async def lsp_workspace__execute_command(  # type: ignore[override]
        self, params: types.ExecuteCommandParams
    ) -> object:
        """Carry out a command as a task, which pygls runs too, and which the client can cancel."""
        handler = self.fm.commands.get(params.command)
        if handler is None:
            raise JsonRpcInvalidParams(f"there is no command `{params.command}`")
        result = handler(params)
        return await result if inspect.isawaitable(result) else result

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: types.DidOpenTextDocumentParams) -> Generator[object, object, None]:
        """The texts are kept by us alone."""
        yield from self._handled(types.TEXT_DOCUMENT_DID_OPEN, params)

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(
        self, params: types.DidChangeTextDocumentParams
    ) -> Generator[object, object, None]:
        """As above: pygls ends lines at form feeds and the like too, where no editor does."""
        yield from self._handled(types.TEXT_DOCUMENT_DID_CHANGE, params)

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: types.DidCloseTextDocumentParams) -> Generator[object, object, None]:
        """As above."""
        yield from self._handled(types.TEXT_DOCUMENT_DID_CLOSE, params)

    def _handled(self, method: str, params: object) -> Generator[object, object, None]:
        handler = self.fm.features.get(method)
        if handler is not None:
            yield handler, (params,), None

    def refuse(self, number: MsgId | None, error: JsonRpcException) -> None:
        """Answer with an error; a message whose id cannot be read has the id null."""
        said = {"code": error.code, "message": error.message}
        self._send_data({"jsonrpc": self.VERSION, "id": number, "error": said})


def failed(fault: SnaplineError) -> RequestFailed:
    """A fault as the protocol's error."""
    return RequestFailed(fault.told)

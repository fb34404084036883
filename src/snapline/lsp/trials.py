"""Running checks for an editor: in a thread, with progress, ended when the editor says so."""

from __future__ import annotations

import asyncio
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams, JsonRpcRequestCancelled

from snapline.app.editing_runs import Checking, Ending, Outcome, Question, Stopped
from snapline.base.errors import SnaplineError
from snapline.base.ids import ClauseId
from snapline.base.plain import plain
from snapline.lsp.lenses import Trial
from snapline.lsp.protocol import RequestFailed, failed
from snapline.lsp.session import Reading

if TYPE_CHECKING:
    from snapline.lsp.server import Server

_QUESTIONS: Final = {Trial.CHECK: Question.WORK_TREE, Trial.BASELINE: Question.BASELINE}
_GOOD: Final = (Ending.HOLDS, Ending.WAITS)


class Trials:
    """The runs of a session, one after the other. Nothing runs unless a command asks for it."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="checks")
        self._running: set[Checking] = set()

    async def run(self, trial: Trial, params: types.ExecuteCommandParams) -> list[dict[str, object]]:
        """Carry out a command; gives one row for each clause, and tells and shows them."""
        uri, clause = _arguments(params)
        reading = self._server.session.view(uri)
        shelf = self._server.session.shelf(reading.buffer) if reading else None
        if reading is None or reading.view is None or shelf is None:
            raise RequestFailed("checks run for a spec in a git repository, and this text is none")
        token = await self._begin(trial, params, clause)
        checking = Checking(shelf.project, reading.view.spec, clause, _QUESTIONS[trial], self._sayer(token))
        progress = self._server.work_done_progress
        if token is not None:
            progress.tokens[token].add_done_callback(lambda _: checking.stop())
        try:
            outcomes = await self._outcomes(checking)
        finally:
            if token is not None:
                del progress.tokens[token]
                progress.end(token, types.WorkDoneProgressEnd())
        self._tell(reading, clause, outcomes)
        return [{"clause": one.clause, "ending": one.ending.value, "message": plain(one.message)} for one in outcomes]

    def stop(self) -> None:
        """End everything that runs."""
        for one in self._running:
            one.stop()

    def close(self) -> None:
        """End everything that runs, and wait for it."""
        self.stop()
        self._pool.shutdown(cancel_futures=True)

    async def _outcomes(self, checking: Checking) -> tuple[Outcome, ...]:
        self._running.add(checking)
        work = asyncio.get_running_loop().run_in_executor(self._pool, checking.run)
        work.add_done_callback(lambda done: done.cancelled() or done.exception())
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            checking.stop()
            raise
        except Stopped as stopped:
            raise JsonRpcRequestCancelled(stopped.message) from stopped
        except SnaplineError as fault:
            raise failed(fault) from fault
        finally:
            self._running.discard(checking)

    async def _begin(
        self, trial: Trial, params: types.ExecuteCommandParams, clause: ClauseId | None
    ) -> types.ProgressToken | None:
        """Begin to show progress: under the client's own token, or one that it lets us make; None for neither."""
        progress = self._server.work_done_progress
        token = params.work_done_token
        if token is None and self._server.session.client.progress:
            token = str(uuid.uuid4())
            await progress.create_async(token)
        if token is not None:
            what = "Baseline" if trial is Trial.BASELINE else "Checks"
            title = f"{what} of {clause}" if clause else what
            progress.begin(token, types.WorkDoneProgressBegin(title, cancellable=True))
        return token

    def _sayer(self, token: types.ProgressToken | None) -> _Sayer:
        return _Sayer(self._server, asyncio.get_running_loop(), token)

    def _tell(self, reading: Reading, clause: ClauseId | None, outcomes: tuple[Outcome, ...]) -> None:
        view = reading.view
        if view is None:
            return
        uri = reading.buffer.uri
        self._server.session.remember(uri, {one.id: one for one in view.spec.clauses()}, outcomes)
        told = (
            "; ".join(f"{one.clause} {_sentence(one)}" for one in outcomes) or f"{clause or view.spec.id}: nothing ran"
        )
        good = all(one.ending in _GOOD for one in outcomes)
        kind = types.MessageType.Info if good else types.MessageType.Warning
        self._server.window_show_message(types.ShowMessageParams(kind, told))
        self._server.publisher.publish(uri)
        if self._server.session.client.refreshes:
            self._server.workspace_diagnostic_refresh(None)


class _Sayer:
    """Passes on what a run says, from its thread."""

    def __init__(self, server: Server, loop: asyncio.AbstractEventLoop, token: types.ProgressToken | None) -> None:
        self._server = server
        self._loop = loop
        self._token = token

    def __call__(self, text: str) -> None:
        self._loop.call_soon_threadsafe(self._say, plain(text))

    def _say(self, text: str) -> None:
        self._server.window_log_message(types.LogMessageParams(types.MessageType.Info, text))
        if self._token is not None and self._token in self._server.work_done_progress.tokens:
            self._server.work_done_progress.report(self._token, types.WorkDoneProgressReport(message=text))


def _sentence(one: Outcome) -> str:
    if one.ending is Ending.HOLDS:
        return "holds"
    return plain(one.message) if one.message else one.ending.value


def _arguments(params: types.ExecuteCommandParams) -> tuple[str, ClauseId | None]:
    """A URI, and perhaps the id of a clause."""
    given = params.arguments or []
    texts = [one for one in given if isinstance(one, str)]
    if len(texts) != len(given) or not 1 <= len(texts) <= 2:  # noqa: PLR2004 - a URI and an id
        raise JsonRpcInvalidParams(f"`{params.command}` takes a document's URI and perhaps the id of a clause")
    return texts[0], ClauseId(texts[1]) if len(texts) > 1 else None

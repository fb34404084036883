"""Running checks from an editor: in the sandbox, with progress, only when asked, ended when the editor says so."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcRequestCancelled
from tests.lsp.scene import TEXT, Editor, able, connect, until

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def run(editor: Editor, command: str, *arguments: str) -> list[tuple[str, str]]:
    """The rows of a command: clause and ending."""
    params = types.ExecuteCommandParams(command, list(arguments))
    found = await editor.client.workspace_execute_command_async(params)
    assert isinstance(found, list | tuple)
    return [(row["clause"], row["ending"]) for row in found if isinstance(row, dict)]


async def test_a_baseline_says_why_a_check_fails_now(editor: Editor) -> None:
    uri = editor.open(TEXT)
    await editor.diagnostics(uri)
    assert await run(editor, "snapline.baseline", uri, "A2") == [("A2", "fails")]
    assert "A2 fails now because" in editor.client.messages[-1].message
    told = [one for one in await editor.diagnostics(uri) if one.code is None]
    assert [editor.quoted(uri, one.range) for one in told] == ["A2"]
    (reports,) = [one for one in editor.client.progress_reports.values() if one][-1:]
    assert isinstance(reports[0], types.WorkDoneProgressBegin)
    assert (reports[0].title, reports[0].cancellable) == ("Baseline of A2", True)
    assert isinstance(reports[-1], types.WorkDoneProgressEnd)
    editor.type(uri, editor.place(uri, "succeeds"), "always ")
    assert [one for one in await editor.diagnostics(uri) if one.code is None] == []


async def test_a_vacuous_check_is_a_finding_until_its_clause_changes(editor: Editor) -> None:
    uri = editor.open(TEXT.replace("$ grep -q resume src/resume.py", "$ grep -q send src/upload.py"))
    await editor.diagnostics(uri)
    assert await run(editor, "snapline.baseline", uri, "A2") == [("A2", "vacuous")]
    assert "ACC315" in {one.code for one in await editor.diagnostics(uri)}
    editor.type(uri, editor.place(uri, "-q send"), "-c ")
    assert "ACC315" not in {one.code for one in await editor.diagnostics(uri)}


async def test_a_check_runs_on_the_work_tree_and_on_the_text_that_is_not_saved(editor: Editor) -> None:
    (editor.stage.root / "src/resume.py").write_text("def resume():\n    return 1\n")
    uri = editor.open(TEXT.replace("- A2: `$ grep -q resume", "- A2: `$ grep -q 'def resume'"))
    assert await run(editor, "snapline.runCheck", uri, "A2") == [("A2", "holds")]
    assert await run(editor, "snapline.runCheck", uri, "C3") == [("C3", "holds")]
    rows = dict(await run(editor, "snapline.runCheck", uri))
    (editor.stage.root / "src/resume.py").unlink()
    assert {one: rows[one] for one in ("A1", "A2", "A3", "C3")} == {
        "A1": "fails",
        "A2": "holds",
        "A3": "holds",
        "C3": "holds",
    }


async def test_nothing_runs_by_itself(editor: Editor, tmp_path: Path) -> None:
    stage = editor.stage
    before = sorted(stage.home.rglob("*")) if stage.home.exists() else []
    uri = editor.open(TEXT.replace("$ grep -q resume", f"$ touch {tmp_path}/ran; grep -q resume"))
    await editor.diagnostics(uri)
    await editor.client.text_document_code_lens_async(types.CodeLensParams(editor.document(uri)))
    await editor.client.text_document_hover_async(types.HoverParams(editor.document(uri), editor.place(uri, "touch")))
    assert not (tmp_path / "ran").exists()
    assert (sorted(stage.home.rglob("*")) if stage.home.exists() else []) == before


@pytest.mark.parametrize("how", ["request", "progress"])
async def test_a_check_is_ended_when_the_editor_says_so(editor: Editor, how: str) -> None:
    nap = "1234.5" if how == "request" else "1235.5"
    uri = editor.open(TEXT.replace("$ grep -q resume src/resume.py", f"$ sleep {nap}"))
    client = editor.client
    known = set(client.progress_reports)
    params = types.ExecuteCommandParams("snapline.baseline", [uri, "A2"])
    sent = client.protocol.send_request("workspace/executeCommand", params, msg_id=f"run-{how}")
    asked = asyncio.wrap_future(sent)
    await until(lambda: sleeping(nap))
    if how == "request":
        client.cancel_request(types.CancelParams(f"run-{how}"))
    else:
        (token,) = set(client.progress_reports) - known
        client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))
    with pytest.raises(JsonRpcRequestCancelled):
        await asked
    await until(lambda: not sleeping(nap))
    assert await run(editor, "snapline.baseline", uri, "A3") == [("A3", "holds")]


async def test_a_check_ends_with_the_session(editor: Editor) -> None:
    other = await connect(editor.stage, able())
    uri = other.open(TEXT.replace("$ grep -q resume src/resume.py", "$ sleep 1236.5"))
    params = types.ExecuteCommandParams("snapline.baseline", [uri, "A2"])
    asked = asyncio.ensure_future(other.client.workspace_execute_command_async(params))
    await until(lambda: sleeping("1236.5"))
    server = other.client._server  # noqa: SLF001 - pytest-lsp has no other way
    assert server is not None
    assert server.stdin is not None
    server.stdin.close()
    await until(lambda: not sleeping("1236.5"))
    assert await server.wait() == 1
    asked.cancel()
    await other.client.stop()  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ([], "takes a document's URI"),
        ([1], "takes a document's URI"),
        (["file:///nowhere.md"], "a spec in a git repository"),
        (["URI", "A9"], "there is no check in A9"),
        (["URI", "G1"], "there is no check in G1"),
    ],
)
async def test_what_cannot_run_says_so(editor: Editor, arguments: list[object], why: str) -> None:
    uri = editor.open(TEXT)
    given = [uri if one == "URI" else one for one in arguments]
    with pytest.raises(JsonRpcException, match=why):
        await editor.client.workspace_execute_command_async(types.ExecuteCommandParams("snapline.runCheck", given))


def sleeping(seconds: str) -> bool:
    """Whether a ``sleep`` of that length lives, wherever it does."""
    for folder in Path("/proc").iterdir():
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0") if folder.name.isdigit() else []
        except OSError:
            continue
        if words[:1] and os.path.basename(words[0]) == b"sleep" and seconds.encode() in words:  # noqa: PTH119 - bytes
            return True
    return False

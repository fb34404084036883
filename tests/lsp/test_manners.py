"""The protocol's manners: every request is answered, nonsense with an error, and the server lives on."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from tests.e2e.stage import Stage
from tests.lsp.scene import TEXT


@dataclass
class Line:
    """A server and the raw bytes to and from it."""

    process: subprocess.Popen[bytes]
    number: int = 0

    def send(self, body: bytes) -> None:
        assert self.process.stdin
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def notify(self, method: str, params: object) -> None:
        self.send(json.dumps({"jsonrpc": "2.0", "method": method, "params": params}).encode())

    def receive(self) -> dict[str, Any]:
        """The next message; anything else on standard output fails here."""
        assert self.process.stdout
        length = 0
        while (line := self.process.stdout.readline()) != b"\r\n":
            name, _, value = line.decode().partition(": ")
            assert name in ("Content-Length", "Content-Type"), line
            length = int(value) if name == "Content-Length" else length
        message = json.loads(self.process.stdout.read(length))
        assert isinstance(message, dict)
        return message

    def ask(self, method: str, params: object) -> dict[str, Any]:
        """The answer to a request; notifications before it are passed over."""
        self.number += 1
        self.send(json.dumps({"jsonrpc": "2.0", "id": self.number, "method": method, "params": params}).encode())
        while (message := self.receive()).get("id") != self.number:
            pass
        return message

    def shake(self, **params: object) -> None:
        self.ask("initialize", {"processId": None, "rootUri": None, "capabilities": {}, **params})
        self.notify("initialized", {})


@pytest.fixture
def line(stage: Stage) -> Iterator[Line]:
    process = subprocess.Popen(
        [sys.executable, "-m", "snapline", "lsp", "--stdio"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=stage.root,
        env=stage.env(),
    )
    yield Line(process)
    process.kill()
    process.communicate()


def opened(line: Line, uri: str, text: str = TEXT) -> None:
    item = {"uri": uri, "languageId": "markdown", "version": 1, "text": text}
    line.notify("textDocument/didOpen", {"textDocument": item})


def test_nonsense_is_answered_with_errors_and_the_server_lives_on(line: Line, stage: Stage) -> None:
    assert line.ask("shutdown", None)["error"]["code"] == -32002
    line.shake()
    uri = (stage.root / "specs/uploads.md").as_uri()
    opened(line, uri)
    line.send(b'{"jsonrpc": "2.0", "id"')
    while (message := line.receive()).get("method"):
        pass
    assert (message["id"], message["error"]["code"]) == (None, -32700)
    line.send(b"[1, 2]")
    assert line.receive()["error"]["code"] in (-32600, -32700)
    line.send(b'{"id": 5}')
    assert line.receive()["error"]["code"] == -32600
    assert line.ask("textDocument/hover", {"position": 3})["error"]["code"] == -32602
    assert line.ask("textDocument/hover", {"textDocument": {"uri": uri}, "position": {"line": -1, "character": 0}})
    assert line.ask("snapline/nothing", {})["error"]["code"] == -32601
    assert line.ask("workspace/executeCommand", {"command": "rm", "arguments": ["-rf"]})["error"]["code"] == -32602
    far = {"textDocument": {"uri": uri}, "position": {"line": 10**6, "character": 10**6}}
    assert line.ask("textDocument/hover", far)["result"] is None
    none = {"textDocument": {"uri": "file:///not/open.md"}, "position": {"line": 0, "character": 0}}
    assert line.ask("textDocument/completion", none)["result"] is None
    line.notify(
        "textDocument/didChange", {"textDocument": {"uri": "file:///not/open.md", "version": 2}, "contentChanges": []}
    )
    line.notify("textDocument/didChange", {"contentChanges": "?"})
    line.notify("snapline/nothing", {})
    symbols = line.ask("textDocument/documentSymbol", {"textDocument": {"uri": uri}})["result"]
    assert [one["name"] for one in symbols][:3] == ["Task", "Goal", "G1"]
    assert line.ask("shutdown", None)["result"] is None
    assert line.ask("textDocument/documentSymbol", {"textDocument": {"uri": uri}})["error"]["code"] == -32600
    line.notify("exit", None)
    assert line.process.wait(20) == 0


def test_leaving_without_a_word_ends_the_server(line: Line) -> None:
    line.shake()
    line.notify("exit", None)
    assert line.process.wait(20) == 1


def test_a_terminated_server_ends(line: Line) -> None:
    line.shake()
    line.process.send_signal(signal.SIGTERM)
    assert line.process.wait(20) == 143


def test_an_editor_that_knows_little_gets_little(line: Line, stage: Stage) -> None:
    line.shake()
    uri = (stage.root / "specs/uploads.md").as_uri()
    opened(line, uri)
    place = TEXT[: TEXT.index("G1: Up")].count("\n")
    at = {"textDocument": {"uri": uri}, "position": {"line": place, "character": 3}}
    told = line.ask("textDocument/hover", at)["result"]["contents"]
    assert told["kind"] == "plaintext"
    assert told["value"].startswith("G1 Uploads 😀 resume")
    edit = line.ask("textDocument/rename", {**at, "newName": "G8"})["result"]
    assert list(edit) == ["changes"]
    assert uri in edit["changes"]


@pytest.mark.parametrize(("needle", "clause"), [("- A2:", "A2"), ("- C3:", "C3"), ("- G1:", None)])
def test_checks_can_be_run_by_an_action_where_lenses_are_not_shown(
    line: Line, stage: Stage, needle: str, clause: str | None
) -> None:
    line.shake()
    uri = (stage.root / "specs/uploads.md").as_uri()
    opened(line, uri)
    place = {"line": TEXT[: TEXT.index(needle)].count("\n"), "character": 3}
    asked = {"range": {"start": place, "end": place}, "context": {"diagnostics": [], "only": ["snapline.run"]}}
    told = line.ask("textDocument/codeAction", {"textDocument": {"uri": uri}, **asked})["result"]
    assert [(one["title"], one["kind"], one["command"]["command"], one["command"]["arguments"]) for one in told] == (
        []
        if clause is None
        else [
            (f"Run this check ({clause})", "snapline.run", "snapline.runCheck", [uri, clause]),
            (f"Baseline ({clause})", "snapline.run", "snapline.baseline", [uri, clause]),
        ]
    )


def test_a_file_that_becomes_unreadable_crashes_nothing(line: Line, stage: Stage) -> None:
    line.shake(workspaceFolders=[{"uri": stage.root.as_uri(), "name": "one"}, {"uri": "file:///gone", "name": "two"}])
    other = stage.root / "specs/auth.md"
    saved = other.read_bytes()
    uri = (stage.root / "specs/uploads.md").as_uri()
    opened(line, uri)
    other.write_bytes(b"\xff\xfe\0")
    line.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
    asked = {"textDocument": {"uri": uri}}
    assert line.ask("textDocument/documentSymbol", asked)["result"]
    other.unlink()
    other.symlink_to("auth.md")
    line.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
    assert line.ask("textDocument/documentSymbol", asked)["result"]
    other.unlink()
    other.write_bytes(saved)
    (stage.root / ".git").rename(stage.root / ".gone")
    line.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
    assert line.ask("textDocument/documentSymbol", asked)["result"]
    line.notify(
        "textDocument/didChange",
        {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"text": TEXT + "\n"}]},
    )
    assert line.ask("textDocument/codeLens", asked)["result"] == []
    (stage.root / ".gone").rename(stage.root / ".git")
    line.notify("workspace/didChangeWatchedFiles", {"changes": []})
    assert line.ask("textDocument/codeLens", asked)["result"]


def test_several_folders_are_each_their_own_repository(line: Line, stage: Stage) -> None:
    second = Stage(stage.root.parent / "second", stage.home, stage.user_home, "shell")
    second.root.mkdir()
    second.git("init", "-q", "-b", "main")
    second.write({"specs/lonely.md": TEXT.replace("id: uploads", "id: lonely")})
    second.commit("Start")
    line.shake(workspaceFolders=[{"uri": one.root.as_uri(), "name": one.root.name} for one in (stage, second)])
    uris = [(stage.root / "specs/uploads.md").as_uri(), (second.root / "specs/lonely.md").as_uri()]
    for uri in uris:
        opened(line, uri, TEXT if "uploads" in uri else TEXT.replace("id: uploads", "id: lonely"))
    links = [line.ask("textDocument/documentLink", {"textDocument": {"uri": uri}})["result"] for uri in uris]
    assert {one["target"].rpartition("/")[2] for one in links[0]} >= {"auth.md", "upload.py"}
    assert links[1] == []


def test_without_its_extra_the_verb_says_what_to_install(stage: Stage) -> None:
    script = (
        "import sys; sys.modules['pygls'] = None; from snapline.cli.main import execute; sys.exit(execute(['lsp']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=stage.env(), check=False, timeout=60
    )
    assert done.returncode == 3
    assert "pip install 'snapline[lsp]'" in done.stderr
    assert done.stdout == ""

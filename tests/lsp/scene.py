"""A repository with specs, and an editor that is connected to the real server by pipes."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient
from tests.e2e.stage import Stage, toolchain

FILES = {
    "snapline.toml": f"[env]\n{toolchain()}",
    "src/upload.py": "def send():\n    return 0\n",
    "src/http.py": "class Session:\n    def get(self):\n        return None\n",
    "tests/test_upload.py": "def test_resume():\n    assert False\n",
    "README.md": "Uploads.\n",
    "specs/auth.md": """\
# Task

Everybody can upload anything at all, and nobody knows who it was that did so.

# Goal

- G1: Only people who are logged in upload.

# Constraints

- C1: Do not change: `README.md`

# Interfaces

- I1: Changes `src/upload.py`; see uploads/G1.

# Acceptance

- A1: An upload without a login is refused with 401 (G1, uploads/G2): `$ test -e src/auth.py`

# Failure plan

- F1: Rollback: revert
""",
}
TEXT = """\
---
id: uploads
title: Uploads 🚀
owner: "@alice"
after: [auth]
---
# Task

Uploads of large files break off 😀 when the connection is lost, and people begin them again by hand.

# Goal

- G1: Uploads 😀 resume after a connection breaks.
- G2: Nothing is sent twice.

# Constraints

- C1: Change only: `src/**`, `tests/**`
- C2: 😀 Old clients keep working, see G1.
- C3: Keep passing: A3

# Interfaces

- I1: Changes `src/upload.py`, new `src/resume.py`; uses `src/http.py::Session`.
- I2: Service: the upload service 😀, per auth/G1.

# Acceptance

- A1: A resumed upload 😀 sends no byte twice (G1, G2): `tests/test_upload.py::test_resume` (timeout 2m).
- A2: `$ grep -q resume src/resume.py` succeeds 😀. Proves G1.
- A3: Old uploads work: `$ grep -q send src/upload.py` (regression)

# Failure plan

- F1: Rollback: revert

# Tasks

- T1: Resume. Proves A1-A2. Changes `src/**`.
"""


def repository(folder: Path) -> Stage:
    """The repository with one commit, below ``folder``."""
    stage = Stage(folder / "repo", folder / "state", folder / "person", "shell")
    stage.root.mkdir(parents=True)
    stage.user_home.mkdir()
    stage.git("init", "-q", "-b", "main")
    stage.write({**FILES, "specs/uploads.md": TEXT})
    stage.commit("Start")
    return stage


def able(*, encodings: tuple[str, ...] = (), pulls: bool = False) -> types.ClientCapabilities:
    """An editor that can do everything that the server makes use of."""
    return types.ClientCapabilities(
        general=types.GeneralClientCapabilities(position_encodings=list(encodings)) if encodings else None,
        workspace=types.WorkspaceClientCapabilities(
            workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=True),
            workspace_folders=True,
            diagnostics=types.DiagnosticWorkspaceClientCapabilities(refresh_support=True) if pulls else None,
        ),
        text_document=types.TextDocumentClientCapabilities(
            document_symbol=types.DocumentSymbolClientCapabilities(hierarchical_document_symbol_support=True),
            completion=types.CompletionClientCapabilities(
                completion_item=types.ClientCompletionItemOptions(
                    snippet_support=True, documentation_format=[types.MarkupKind.Markdown]
                )
            ),
            code_action=types.CodeActionClientCapabilities(
                resolve_support=types.ClientCodeActionResolveOptions(properties=["edit"]),
                data_support=True,
                is_preferred_support=True,
            ),
            hover=types.HoverClientCapabilities(content_format=[types.MarkupKind.Markdown]),
            rename=types.RenameClientCapabilities(prepare_support=True),
            diagnostic=types.DiagnosticClientCapabilities() if pulls else None,
            publish_diagnostics=types.PublishDiagnosticsClientCapabilities(version_support=True),
        ),
        window=types.WindowClientCapabilities(work_done_progress=True),
    )


@dataclass
class Editor:
    """A client with the texts that it has open; ``width`` is how it counts, in bytes of ``encoding``."""

    client: LanguageClient
    stage: Stage
    encoding: str = "utf-16-le"
    width: int = 2
    texts: dict[str, str] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    told: dict[str, list[types.PublishDiagnosticsParams]] = field(default_factory=dict)

    def uri(self, name: str) -> str:
        """The URI of a file of the repository."""
        return (self.stage.root / name).as_uri()

    def open(self, text: str, name: str = "specs/uploads.md", *, uri: str = "", language: str = "markdown") -> str:
        """Open a text that need not be saved."""
        where = uri or self.uri(name)
        self.texts[where], self.versions[where] = text, next(self.numbers)
        item = types.TextDocumentItem(where, language, self.versions[where], text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return where

    def close(self) -> None:
        """Close everything."""
        for uri in self.texts:
            identifier = types.TextDocumentIdentifier(uri)
            self.client.text_document_did_close(types.DidCloseTextDocumentParams(identifier))
        self.texts.clear()

    def place(self, uri: str, needle: str, shift: int = 0, *, after: str = "") -> types.Position:
        """Where ``needle`` begins (plus ``shift`` characters), behind ``after``; counted as editors do."""
        text = self.texts[uri]
        offset = text.index(needle, text.index(after)) + shift
        start = text.rfind("\n", 0, offset) + 1
        return types.Position(text.count("\n", 0, offset), self.units(text[start:offset]))

    def units(self, text: str) -> int:
        """How many units a text has."""
        return len(text.encode(self.encoding)) // self.width

    def quoted(self, uri: str, given: types.Range) -> str:
        """The text in a range, read as an editor reads it."""
        lines = self.texts[uri].split("\n")
        start, end = given.start, given.end

        def units(line: int, until: int) -> str:
            return lines[line].encode(self.encoding)[: until * self.width].decode(self.encoding)

        if start.line == end.line:
            return units(end.line, end.character)[len(units(start.line, start.character)) :]
        first = lines[start.line][len(units(start.line, start.character)) :]
        return "\n".join([first, *lines[start.line + 1 : end.line], units(end.line, end.character)])

    def type(self, uri: str, at: types.Position, text: str, *, over: str = "") -> None:
        """Put ``text`` in the place of ``over``, which stands at a position on one line."""
        end = types.Position(at.line, at.character + self.units(over))
        lines = self.texts[uri].split("\n")
        line = lines[at.line].encode(self.encoding)
        head = line[: at.character * self.width].decode(self.encoding)
        tail = line[end.character * self.width :].decode(self.encoding)
        lines[at.line] = head + text + tail
        self.texts[uri] = "\n".join(lines)
        self.versions[uri] = next(self.numbers)
        change = types.TextDocumentContentChangePartial(types.Range(at, end), text)
        document = types.VersionedTextDocumentIdentifier(uri=uri, version=self.versions[uri])
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))

    def apply(self, uri: str, edits: list[Any]) -> str:
        """The text after some edits, made as an editor makes them."""
        text = self.texts[uri]
        for one in sorted(edits, key=lambda edit: (edit.range.start.line, edit.range.start.character), reverse=True):
            start, end = self._offset(text, one.range.start), self._offset(text, one.range.end)
            text = text[:start] + one.new_text + text[end:]
        return text

    def _offset(self, text: str, place: types.Position) -> int:
        lines = text.split("\n")
        before = sum(len(line) + 1 for line in lines[: place.line])
        head = lines[place.line].encode(self.encoding)[: place.character * self.width].decode(self.encoding)
        return before + len(head)

    async def diagnostics(self, uri: str, version: int | None = None) -> list[types.Diagnostic]:
        """What the server told about a version of a text (the last one), waited for."""
        wanted = version or self.versions[uri]
        await until(lambda: any(one.version == wanted for one in self.told.get(uri, [])))
        return list([one for one in self.told[uri] if one.version == wanted][-1].diagnostics)

    @staticmethod
    def document(uri: str) -> types.TextDocumentIdentifier:
        """A text as requests name it."""
        return types.TextDocumentIdentifier(uri)


async def until(true: Callable[[], object], seconds: float = 60) -> None:
    """Wait for what the server says unasked, however busy the machine is."""
    for _ in range(int(seconds * 100)):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came true")


async def connect(stage: Stage, capabilities: types.ClientCapabilities) -> Editor:
    """Start a server and shake hands."""
    command = [sys.executable, "-m", "snapline", "lsp"]
    client = await ClientServerConfig(server_command=command, server_env=stage.env()).start()
    assert isinstance(client, LanguageClient)
    editor = Editor(client, stage)
    kept = client.protocol.fm.features[types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS]

    def told(params: types.PublishDiagnosticsParams) -> None:
        editor.told.setdefault(params.uri, []).append(params)
        kept(params)

    client.protocol.fm.features[types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS] = told
    folder = types.WorkspaceFolder(stage.root.as_uri(), "repo")
    await client.initialize_session(
        types.InitializeParams(capabilities=capabilities, root_uri=folder.uri, workspace_folders=[folder])
    )
    return editor


async def disconnect(editor: Editor) -> int | None:
    """Take leave; gives the server's exit status."""
    await editor.client.shutdown_session()
    server = editor.client._server  # noqa: SLF001 - pytest-lsp has no other way
    await editor.client.stop()  # type: ignore[no-untyped-call]
    return server.returncode if server else None

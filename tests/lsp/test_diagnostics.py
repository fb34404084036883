"""Findings while one types: told at once, then after each pause, each for the version that it is about."""

from __future__ import annotations

import pytest
from lsprotocol import types
from tests.e2e.stage import Stage
from tests.lsp.scene import TEXT, Editor, able, connect, disconnect, until

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def codes(editor: Editor, uri: str) -> dict[str, str]:
    """The codes that were told, with the texts that they are about."""
    return {str(one.code): editor.quoted(uri, one.range) for one in await editor.diagnostics(uri)}


def last(editor: Editor, uri: str) -> set[int | str | None]:
    """The codes of what was told last, about whichever version."""
    return {one.code for one in editor.told[uri][-1].diagnostics}


async def test_findings_come_with_place_severity_code_and_hint(editor: Editor, text: str) -> None:
    uri = editor.open(text.replace("Nothing is sent twice.", "😀 Uploads are TBD."))
    found = {one.code: one for one in await editor.diagnostics(uri)}
    told = found["PLH101"]
    assert editor.quoted(uri, told.range) == "TBD"
    assert (told.severity, told.source) == (types.DiagnosticSeverity.Error, "snapline")
    assert "\n" in told.message
    assert found["CON504"].severity == types.DiagnosticSeverity.Information


async def test_each_pause_brings_the_findings_of_the_last_version(editor: Editor, text: str) -> None:
    uri = editor.open(text)
    first = editor.versions[uri]
    assert "PLH101" not in await codes(editor, uri)
    place = editor.place(uri, "😀 resume", 2)
    for letter in "TBD":
        editor.type(uri, place, letter)
        place = types.Position(place.line, place.character + 1)
    editor.type(uri, place, " ")
    assert (await codes(editor, uri))["PLH101"] == "TBD"
    told = [one.version for one in editor.told[uri] if one.version and one.version >= first]
    assert told == [first, editor.versions[uri]]
    editor.type(uri, types.Position(place.line, place.character - 3), "", over="TBD ")
    assert "PLH101" not in await codes(editor, uri)


async def test_several_changes_in_one_notice_apply_in_their_order(editor: Editor, text: str) -> None:
    uri = editor.open(text)
    place = editor.place(uri, "😀 Old")
    editor.versions[uri] = next(editor.numbers)
    document = types.VersionedTextDocumentIdentifier(uri=uri, version=editor.versions[uri])
    first = types.TextDocumentContentChangePartial(types.Range(place, place), "A😀")
    behind = types.Position(place.line, place.character + 3)
    second = types.TextDocumentContentChangePartial(types.Range(behind, behind), " TBD ")
    editor.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [first, second]))
    editor.texts[uri] = editor.texts[uri].replace("😀 Old", "A😀 TBD 😀 Old")
    assert (await codes(editor, uri))["PLH101"] == "TBD"
    whole = types.TextDocumentContentChangeWholeDocument(text)
    editor.versions[uri] = next(editor.numbers)
    document = types.VersionedTextDocumentIdentifier(uri=uri, version=editor.versions[uri])
    editor.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [whole]))
    editor.texts[uri] = text
    assert "PLH101" not in await codes(editor, uri)


async def test_a_lone_form_feed_ends_no_line(editor: Editor, text: str) -> None:
    uri = editor.open(text.replace("Nothing is", "Nothing\f\u2028\x85 is"))
    editor.type(uri, editor.place(uri, "sent twice"), "TBD ")
    assert (await codes(editor, uri))["PLH101"] == "TBD"


async def test_a_closed_text_has_no_findings(editor: Editor, text: str) -> None:
    uri = editor.open(text.replace("- G2: ", "- TBD "))
    assert await codes(editor, uri)
    editor.close()
    await until(lambda: not editor.told[uri][-1].diagnostics)
    assert editor.told[uri][-1].diagnostics == ()


async def test_what_is_no_spec_is_left_alone(editor: Editor) -> None:
    uri = editor.open("# Uploads\n\nTBD\n", "README.md")
    assert await editor.diagnostics(uri) == []
    hover = types.HoverParams(editor.document(uri), types.Position(0, 3))
    assert await editor.client.text_document_hover_async(hover) is None


async def test_a_text_without_a_file_is_read_by_its_sections(editor: Editor, text: str) -> None:
    uri = editor.open(text.replace("Nothing is", "TBD is"), uri="untitled:Untitled-1")
    assert (await codes(editor, uri))["PLH101"] == "TBD"
    own = editor.open("# Goal\n\n- TBD\n", uri="untitled:Untitled-2", language="snapline")
    assert "PLH101" in await codes(editor, own)


async def test_a_text_outside_of_a_repository_is_read_alone(editor: Editor, stage: Stage, text: str) -> None:
    uri = editor.open(text, uri=(stage.user_home / "notes" / "idea.md").as_uri())
    found = await codes(editor, uri)
    assert "IFC601" not in found
    assert "CON504" in found
    lenses = types.CodeLensParams(editor.document(uri))
    assert await editor.client.text_document_code_lens_async(lenses) == ()


@pytest.mark.parametrize(
    ("broken", "told"), [("a\0b", "NUL"), ("x" * (1024 * 1024 + 1), "at most"), ("a\ud800b", "half of a character")]
)
async def test_a_text_that_is_none_is_told_so_and_comes_back(editor: Editor, text: str, broken: str, told: str) -> None:
    uri = editor.open(text.replace("Nothing is", broken))
    (only,) = await editor.diagnostics(uri)
    assert told in only.message
    assert only.severity == types.DiagnosticSeverity.Error
    editor.versions[uri] = next(editor.numbers)
    document = types.VersionedTextDocumentIdentifier(uri=uri, version=editor.versions[uri])
    change = types.TextDocumentContentChangeWholeDocument(text)
    editor.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))
    assert "CON504" in {one.code for one in await editor.diagnostics(uri)}


async def test_an_unsaved_text_counts_in_the_others(editor: Editor, stage: Stage) -> None:
    auth = editor.open((stage.root / "specs/auth.md").read_text(), "specs/auth.md")
    assert "TRC402" not in await codes(editor, auth)
    uri = editor.open(TEXT.replace("- G2: Nothing", "- G3: Nothing").replace("(G1, G2)", "(G1, G3)"))
    assert "TRC402" not in await codes(editor, uri)
    before = len(editor.told[auth])
    editor.type(uri, editor.place(uri, "twice"), "at all ")
    await until(lambda: len(editor.told[auth]) > before)
    assert (await codes(editor, auth))["TRC402"].endswith("G2")


async def test_a_commit_and_a_changed_configuration_are_noticed(editor: Editor, stage: Stage, text: str) -> None:
    later = f"src/later{len(text)}.py"
    uri = editor.open(text.replace("`src/upload.py`, new", f"`{later}`, new"))
    assert (await codes(editor, uri))["IFC601"] == later
    stage.write({later: ""})
    stage.commit("Later")
    editor.type(uri, editor.place(uri, "twice"), "ever ")
    assert "IFC601" not in await codes(editor, uri)
    stage.write({"snapline.toml": "[lint]\nignore = ['CON504']\n"})
    editor.client.text_document_did_save(types.DidSaveTextDocumentParams(editor.document(uri)))
    await until(lambda: "CON504" not in last(editor, uri))
    assert "CON504" not in await codes(editor, uri)
    stage.write({"snapline.toml": "[lint]\nignor = ['CON504']\n"})
    editor.client.text_document_did_save(types.DidSaveTextDocumentParams(editor.document(uri)))
    await until(lambda: "CON504" in last(editor, uri))
    assert "CON504" in await codes(editor, uri)
    await until(lambda: editor.client.messages)
    assert "ignor" in editor.client.messages[-1].message


async def test_an_editor_that_asks_is_not_told_unasked(stage: Stage) -> None:
    editor = await connect(stage, able(pulls=True))
    uri = editor.open(TEXT.replace("Nothing is", "😀 TBD is"))
    report = await editor.client.text_document_diagnostic_async(types.DocumentDiagnosticParams(editor.document(uri)))
    assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
    assert {one.code: editor.quoted(uri, one.range) for one in report.items}["PLH101"] == "TBD"
    editor.client.text_document_did_save(types.DidSaveTextDocumentParams(editor.document(uri)))
    await until(lambda: editor.client.diagnostic_refresh_count)
    assert editor.client.diagnostic_refresh_count == 1
    assert editor.told == {}
    assert await disconnect(editor) == 0


@pytest.mark.parametrize(("encoding", "codec", "width"), [("utf-8", "utf-8", 1), ("utf-32", "utf-32-le", 4)])
async def test_other_encodings_of_positions(stage: Stage, encoding: str, codec: str, width: int) -> None:
    editor = await connect(stage, able(encodings=("utf-7", encoding, "utf-16")))
    editor.encoding, editor.width = codec, width
    uri = editor.open(TEXT.replace("Nothing is", "ä😀 TBD is"))
    assert (await codes(editor, uri))["PLH101"] == "TBD"
    editor.type(uri, editor.place(uri, "ä😀 TBD"), "é😀", over="ä😀")
    editor.type(uri, editor.place(uri, "TBD"), "TBD 😀 ")
    assert [editor.quoted(uri, one.range) for one in await editor.diagnostics(uri) if one.code == "PLH101"] == [
        "TBD",
        "TBD",
    ]
    assert await disconnect(editor) == 0

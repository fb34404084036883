"""What an editor changes for a person: fixes, suppressions, ids, formatting."""

from __future__ import annotations

from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from tests.e2e.stage import Stage
from tests.lsp.scene import TEXT, Editor

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def actions(editor: Editor, uri: str, needle: str, *only: str) -> list[types.CodeAction]:
    """What is offered at ``needle``."""
    place = editor.place(uri, needle)
    end = types.Position(place.line, place.character + editor.units(needle))
    context = types.CodeActionContext([], list(only) or None)
    params = types.CodeActionParams(editor.document(uri), types.Range(place, end), context)
    found = await editor.client.text_document_code_action_async(params)
    return [one for one in found or [] if isinstance(one, types.CodeAction)]


async def chosen(editor: Editor, uri: str, action: types.CodeAction) -> str:
    """The text after an action was chosen; one without edits is asked for them."""
    if action.edit is None:
        action = await editor.client.code_action_resolve_async(action)
    return editor.apply(uri, changes(action.edit)[uri])


def changes(edit: types.WorkspaceEdit | None) -> dict[str, list[Any]]:
    """The edits by file."""
    assert edit is not None
    changed = [one for one in edit.document_changes or [] if isinstance(one, types.TextDocumentEdit)]
    return {one.text_document.uri: list(one.edits) for one in changed}


async def test_a_safe_fix_is_preferred_and_a_proposal_is_not(editor: Editor, text: str) -> None:
    uri = editor.open(text.replace("- G2: Nothing", "- 😀 Nothing").replace("`src/resume.py`", "`src/uploadd.py`", 1))
    found = await actions(editor, uri, "😀 Nothing", "quickfix")
    safe = next(one for one in found if one.diagnostics and one.diagnostics[0].code == "IDS021")
    assert (safe.is_preferred, safe.kind) == (True, "quickfix")
    assert "- G2: 😀 Nothing is sent twice." in editor.apply(uri, changes(safe.edit)[uri])
    proposed = [one for one in await actions(editor, uri, "src/**", "quickfix") if one.is_preferred]
    assert proposed == []


async def test_an_edit_names_the_version_that_it_is_for(editor: Editor, text: str) -> None:
    uri = editor.open(text.replace("- G2: ", "- "))
    editor.type(uri, editor.place(uri, "Nothing"), "😀 ")
    (first, *_) = await actions(editor, uri, "😀 Nothing", "quickfix")
    assert first.edit is not None
    (document,) = first.edit.document_changes or []
    assert isinstance(document, types.TextDocumentEdit)
    assert document.text_document.version == editor.versions[uri]


async def test_everything_safe_is_fixed_at_once(editor: Editor, text: str) -> None:
    uri = editor.open(text.replace("- G2: ", "- ").replace("- A3: ", "- 😀 "))
    (found,) = await actions(editor, uri, "Uploads of", "source.fixAll")
    assert (found.kind, found.edit) == ("source.fixAll.snapline", None)
    assert await chosen(editor, uri, found) == text.replace("- A3: ", "- A3: 😀 ")
    assert await actions(editor, uri, "Uploads of", "source.organizeImports") == []


async def test_a_finding_is_ignored_with_a_reason(editor: Editor, text: str) -> None:
    newline = "\r\n" if "\r\n" in text else "\n"
    uri = editor.open(text.replace("- C3: ", f"- C4: Another thing stays as it is.{newline}- C3: "))
    found = await actions(editor, uri, "😀 Old clients", "quickfix")
    ignore = next(one for one in found if one.title.startswith("Ignore CON504"))
    fixed = await chosen(editor, uri, ignore)
    assert "ignore CON504 reason -->" in fixed
    editor.close()
    again = editor.open(fixed)
    told = await editor.diagnostics(again)
    codes = [one.code for one in told]
    assert [editor.quoted(again, one.range) for one in told if one.code == "CON504"] == [
        "Another thing stays as it is."
    ]
    assert not [one for one in codes if str(one).startswith("SUP")]


async def test_an_action_for_a_text_that_has_changed_is_refused(editor: Editor, text: str) -> None:
    uri = editor.open(text)
    found = await actions(editor, uri, "😀 Old clients", "quickfix")
    ignore = next(one for one in found if one.title.startswith("Ignore CON504"))
    editor.type(uri, editor.place(uri, "twice"), "ever ")
    with pytest.raises(JsonRpcException, match="has changed"):
        await chosen(editor, uri, ignore)


async def test_what_nobody_may_ignore_is_not_offered_to_be_ignored(editor: Editor, text: str) -> None:
    uri = editor.open(text.replace("- A3: ", "- A2: "))
    found = await actions(editor, uri, "A2: Old")
    assert "IDS022" in {one.code for action in found for one in action.diagnostics or []}
    assert not [one.title for one in found if one.title.startswith("Ignore IDS")]


async def rename(editor: Editor, uri: str, needle: str, name: str) -> dict[str, list[Any]]:
    params = types.RenameParams(editor.document(uri), editor.place(uri, needle, 1), name)
    return changes(await editor.client.text_document_rename_async(params))


async def test_an_id_is_renamed_in_every_spec(editor: Editor, text: str) -> None:
    uri = editor.open(text)
    found = await rename(editor, uri, "G1: Up", "G7")
    here = editor.apply(uri, found.pop(uri))
    assert here == text.replace("- G1:", "- G7:").replace("see G1", "see G7").replace("(G1, G2)", "(G7, G2)").replace(
        "Proves G1", "Proves G7"
    )
    (other,) = found
    assert other == editor.uri("specs/auth.md")
    assert [one.new_text for one in found[other]] == ["uploads/G7"]


async def test_a_range_is_written_out_when_one_of_its_ids_is_renamed(editor: Editor, text: str) -> None:
    uri = editor.open(text)
    here = editor.apply(uri, (await rename(editor, uri, "A2: `", "A9"))[uri])
    assert "Proves A1, A9." in here
    keeps = editor.apply(uri, (await rename(editor, uri, "A3: Old", "A8"))[uri])
    assert "Keep passing: A8" in keeps


@pytest.mark.parametrize(
    ("needle", "name", "why"),
    [
        ("G1: Up", "G2", "is the id of another clause"),
        ("G1: Up", "A7", "ids of this section begin with `G`"),
        ("G1: Up", "goal", "is no id"),
        ("G1: Up", "G0", "is no id"),
        ("auth/G1", "G7", "belongs to another spec"),
        ("A1-A2", "A7", "names several clauses"),
        ("Uploads of", "G7", "there is no clause's id here"),
    ],
)
async def test_a_rename_that_cannot_be_is_refused(editor: Editor, text: str, needle: str, name: str, why: str) -> None:
    uri = editor.open(text)
    with pytest.raises(JsonRpcException, match=why):
        await rename(editor, uri, needle, name)


async def test_what_would_be_renamed_is_shown_first(editor: Editor, text: str) -> None:
    uri = editor.open(text)
    params = types.PrepareRenameParams(editor.document(uri), editor.place(uri, "G1.", 1, after="Old clients"))
    found = await editor.client.text_document_prepare_rename_async(params)
    assert isinstance(found, types.PrepareRenamePlaceholder)
    assert (editor.quoted(uri, found.range), found.placeholder) == ("G1", "G1")


async def test_formatting_writes_the_ids_that_lack(editor: Editor, text: str) -> None:
    uri = editor.open(text.replace("- G2: ", "- ").replace("- A3: ", "- 😀 "))
    options = types.FormattingOptions(tab_size=2, insert_spaces=True)
    found = await editor.client.text_document_formatting_async(
        types.DocumentFormattingParams(editor.document(uri), options)
    )
    assert editor.apply(uri, list(found or [])) == text.replace("- A3: ", "- A3: 😀 ")


async def test_an_id_of_an_approved_revision_is_never_given_again(editor: Editor, stage: Stage) -> None:
    stage.write({"specs/uploads.md": TEXT.replace("- G2: Nothing", "- G5: Nothing").replace("(G1, G2)", "(G1, G5)")})
    stage.write({"specs/auth.md": (stage.root / "specs/auth.md").read_text().replace("uploads/G2", "uploads/G5")})
    stage.commit("Another id")
    said = stage.say("approve", "uploads", "--by", "Ada", *(f"--waive={one}" for one in WAIVED), "--because", "a trial")
    assert said.status == 0, said.err
    uri = editor.open(TEXT)
    with pytest.raises(JsonRpcException, match="ids are never used again"):
        await rename(editor, uri, "G1: Up", "G5")


WAIVED: tuple[str, ...] = ()

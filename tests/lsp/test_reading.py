"""What an editor is told about a spec: hover, definition, references, symbols, folds, colours, lenses, links."""

from __future__ import annotations

import pytest
from lsprotocol import types
from tests.lsp.scene import Editor

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def hover(editor: Editor, uri: str, needle: str, shift: int = 0, after: str = "") -> tuple[str, str]:
    """What is told about a place, and the text that it is told about."""
    place = editor.place(uri, needle, shift, after=after)
    told = await editor.client.text_document_hover_async(types.HoverParams(editor.document(uri), place))
    assert told is not None
    assert isinstance(told.contents, types.MarkupContent)
    assert told.range is not None
    return told.contents.value, editor.quoted(uri, told.range)


@pytest.mark.parametrize(
    ("needle", "after", "about", "told"),
    [
        ("G1: Up", "", "G1", "**G1** Uploads 😀 resume after a connection breaks."),
        ("G1.", "Old clients", "G1", "**G1** Uploads 😀 resume"),
        ("auth/G1", "", "auth/G1", "**auth/G1** Only people who are logged in upload."),
        ("A1-A2", "", "A1-A2", "**A2** `$ grep -q resume src/resume.py` succeeds"),
        ("auth]", "", "auth", "**auth** (`"),
        ("src/upload.py", "I1", "src/upload.py", "- exists at the base"),
        ("src/upload.py", "I1", "src/upload.py", "- changed by auth/I1"),
        ("src/resume.py", "I1", "src/resume.py", "- new: not at the base, and the spec says that it creates it"),
        ("src/**", "C1", "src/**", "- matches `src/http.py`"),
        ("src/http.py::", "I1", "src/http.py::Session", "- symbol `Session`"),
        ("$ grep -q resume", "", "`$ grep -q resume src/resume.py`", "- it must fail at the base and pass after"),
        ("$ grep -q send", "", "`$ grep -q send src/upload.py`", "- regression: it must pass at the base, and after"),
        ("test_resume`", "", "`tests/test_upload.py::test_resume`", "at the checkout's root; timeout 120 s"),
        ("timeout 2m", "", "timeout 2m", "**timeout**: How long it may take"),
        ("Change only", "", "Change only", "- every changed path matches one of `src/**`, `tests/**`"),
        ("Keep passing", "", "Keep passing", "- keeps passing, at the base and after: A3"),
        ("Rollback", "F1", "Rollback", "- rollback: revert"),
        ("Acceptance", "", "Acceptance", "What checks prove that it worked."),
    ],
)
async def test_hover(editor: Editor, text: str, needle: str, after: str, about: str, told: str) -> None:
    uri = editor.open(text)
    found, quoted = await hover(editor, uri, needle, 1, after)
    assert quoted == about
    assert told in found


async def test_hover_tells_of_a_rule_where_it_found_something_and_where_it_is_ignored(
    editor: Editor, text: str
) -> None:
    newline = "\r\n" if "\r\n" in text else "\n"
    vague = text.replace("Nothing is sent twice.", "Uploads 😀 are TBD.")
    uri = editor.open(vague.replace("# Task", f"<!-- snapline: ignore CON504 too early -->{newline}# Task"))
    assert (await hover(editor, uri, "TBD", 1))[0].startswith("**PLH101 placeholder**")
    assert (await hover(editor, uri, "CON504", 1))[1] == "CON504"


async def test_nothing_is_told_about_plain_words(editor: Editor, text: str) -> None:
    uri = editor.open(text)
    place = editor.place(uri, "connection is lost")
    assert await editor.client.text_document_hover_async(types.HoverParams(editor.document(uri), place)) is None


async def definition(editor: Editor, uri: str, needle: str, after: str = "") -> list[types.Location]:
    params = types.DefinitionParams(editor.document(uri), editor.place(uri, needle, 1, after=after))
    found = await editor.client.text_document_definition_async(params)
    assert isinstance(found, list | tuple)
    assert all(isinstance(one, types.Location) for one in found)
    return [one for one in found if isinstance(one, types.Location)]


async def test_definition_of_an_id_is_its_clause(editor: Editor, text: str) -> None:
    uri = editor.open(text)
    (found,) = await definition(editor, uri, "G1.", "Old clients")
    assert (found.uri, editor.quoted(uri, found.range)) == (uri, "G1")
    both = await definition(editor, uri, "A1-A2")
    assert [editor.quoted(uri, one.range) for one in both] == ["A1", "A2"]


async def test_definition_reaches_other_specs_and_files(editor: Editor, text: str) -> None:
    uri = editor.open(text)
    (clause,) = await definition(editor, uri, "auth/G1")
    assert (clause.uri, clause.range.start.line) == (editor.uri("specs/auth.md"), 6)
    (spec,) = await definition(editor, uri, "auth]")
    assert (spec.uri, spec.range.start.line) == (editor.uri("specs/auth.md"), 0)
    (file,) = await definition(editor, uri, "src/upload.py", "I1")
    assert file.uri == editor.uri("src/upload.py")
    assert await definition(editor, uri, "src/resume.py", "I1") == []


async def references(editor: Editor, uri: str, needle: str, after: str = "", *, own: bool = True) -> list[str]:
    context = types.ReferenceContext(include_declaration=own)
    params = types.ReferenceParams(context, editor.document(uri), editor.place(uri, needle, 1, after=after))
    found = await editor.client.text_document_references_async(params)
    return sorted(f"{one.uri.rpartition('/')[2]}:{one.range.start.line}" for one in found or [])


async def test_references_of_an_id_are_found_in_every_spec(editor: Editor, text: str) -> None:
    uri = editor.open(text)
    everywhere = ["auth.md:14", "uploads.md:12", "uploads.md:18", "uploads.md:28", "uploads.md:29"]
    assert await references(editor, uri, "G1: Up") == everywhere
    assert await references(editor, uri, "G1: Up", own=False) == [one for one in everywhere if one[-3:] != ":12"]
    assert await references(editor, uri, "A3: Old") == ["uploads.md:19", "uploads.md:30"]
    assert await references(editor, uri, "A2: `") == ["uploads.md:29", "uploads.md:38"]
    assert await references(editor, uri, "auth/G1") == ["auth.md:18", "auth.md:6", "uploads.md:24"]


async def test_references_of_specs_and_paths(editor: Editor, text: str) -> None:
    uri = editor.open(text)
    assert await references(editor, uri, "auth]", own=False) == ["uploads.md:24", "uploads.md:4"]
    assert await references(editor, uri, "src/upload.py", "I1") == ["auth.md:14", "uploads.md:23"]


async def test_symbols_are_sections_with_their_clauses(editor: Editor, text: str) -> None:
    uri = editor.open(text)
    params = types.DocumentSymbolParams(editor.document(uri))
    found = await editor.client.text_document_document_symbol_async(params)
    sections = [one for one in found or [] if isinstance(one, types.DocumentSymbol)]
    named = {one.name: [inner.name for inner in one.children or []] for one in sections}
    assert named == {
        "Task": [],
        "Goal": ["G1", "G2"],
        "Constraints": ["C1", "C2", "C3"],
        "Interfaces": ["I1", "I2"],
        "Acceptance": ["A1", "A2", "A3"],
        "Failure plan": ["F1"],
        "Tasks": ["T1"],
    }
    assert [editor.quoted(uri, one.selection_range) for one in sections] == list(named)
    goal = (sections[1].children or [])[0]
    assert goal.detail == "Uploads 😀 resume after a connection breaks."
    assert editor.quoted(uri, goal.range) == "- G1: Uploads 😀 resume after a connection breaks."


async def test_sections_comments_and_the_front_matter_fold(editor: Editor, text: str) -> None:
    newline = "\r\n" if "\r\n" in text else "\n"
    comment = f"<!--{newline}Why?{newline}-->{newline}"
    uri = editor.open(text.replace("# Goal", f"{comment}# Goal"))
    found = await editor.client.text_document_folding_range_async(types.FoldingRangeParams(editor.document(uri)))
    kinds = {(one.start_line, one.end_line): one.kind for one in found or []}
    assert kinds[0, 5] == types.FoldingRangeKind.Region
    assert kinds[10, 12] == types.FoldingRangeKind.Comment
    assert kinds[13, 16] == types.FoldingRangeKind.Region


async def test_semantic_tokens_name_what_stands_there(editor: Editor, text: str) -> None:
    uri = editor.open(text)
    params = types.SemanticTokensParams(editor.document(uri))
    found = await editor.client.text_document_semantic_tokens_full_async(params)
    assert found is not None
    coloured = decoded(editor, uri, found)
    assert ("G1", "property") in coloured
    assert ("auth/G1", "variable") in coloured
    assert ("A1-A2", "variable") in coloured
    assert ("Change only", "keyword") in coloured
    assert ("Keep passing", "keyword") in coloured
    assert ("timeout 2m", "modifier") in coloured
    assert ("regression", "modifier") in coloured
    assert ("`$ grep -q resume src/resume.py`", "macro") in coloured
    assert ("src/upload.py", "string") in coloured
    assert ("auth", "namespace") in coloured


async def test_semantic_tokens_of_a_part(editor: Editor, text: str) -> None:
    uri = editor.open(text)
    place = editor.place(uri, "- C1")
    part = types.Range(place, types.Position(place.line + 1, 0))
    params = types.SemanticTokensRangeParams(editor.document(uri), part)
    found = await editor.client.text_document_semantic_tokens_range_async(params)
    assert found is not None
    assert decoded(editor, uri, found) == [
        ("C1", "property"),
        ("Change only", "keyword"),
        ("src/**", "string"),
        ("tests/**", "string"),
    ]


def decoded(editor: Editor, uri: str, found: types.SemanticTokens) -> list[tuple[str, str]]:
    """The coloured texts with their types."""
    names = ("property", "variable", "keyword", "modifier", "macro", "string", "namespace")
    told, line, start = [], 0, 0
    for at in range(0, len(found.data), 5):
        lines, units, length, kind, _ = found.data[at : at + 5]
        line, start = line + lines, units if lines else start + units
        place = types.Range(types.Position(line, start), types.Position(line, start + length))
        told.append((editor.quoted(uri, place), names[kind]))
    return told


async def test_lenses_stand_above_what_can_be_run(editor: Editor, text: str) -> None:
    uri = editor.open(text)
    found = await editor.client.text_document_code_lens_async(types.CodeLensParams(editor.document(uri)))
    told = [(one.range.start.line, one.command.title, one.command.arguments) for one in found or [] if one.command]
    acceptance = editor.place(uri, "# Acceptance").line
    assert told == [
        (acceptance, "Run all checks", (uri,)),
        (acceptance, "Baseline of all", (uri,)),
        (editor.place(uri, "C3").line, "Run this check", (uri, "C3")),
        (editor.place(uri, "C3").line, "Baseline", (uri, "C3")),
        *(
            (editor.place(uri, f"{one}:").line, title, (uri, one))
            for one in ("A1", "A2", "A3")
            for title in ("Run this check", "Baseline")
        ),
    ]


async def test_links_lead_to_files_and_specs(editor: Editor, text: str) -> None:
    uri = editor.open(text)
    found = await editor.client.text_document_document_link_async(types.DocumentLinkParams(editor.document(uri)))
    told = {editor.quoted(uri, one.range): one.target for one in found or []}
    assert told == {
        "auth": editor.uri("specs/auth.md"),
        "auth/G1": editor.uri("specs/auth.md"),
        "src/upload.py": editor.uri("src/upload.py"),
        "src/http.py::Session": editor.uri("src/http.py"),
        "tests/test_upload.py": editor.uri("tests/test_upload.py"),
    }

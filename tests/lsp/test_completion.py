"""What an editor proposes at the cursor."""

from __future__ import annotations

import pytest
from lsprotocol import types
from tests.lsp.scene import Editor

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def complete(editor: Editor, text: str, line: str, before: str) -> tuple[str, list[types.CompletionItem]]:
    """What is proposed at the bar in ``line``, which is put before the line that begins with ``before``."""
    newline = "\r\n" if "\r\n" in text else "\n"
    head, bar, tail = line.partition("|")
    assert bar
    uri = editor.open(text.replace(before, f"{head}{tail}{newline}{before}", 1))
    place = editor.place(uri, f"{head}{tail}{newline}{before}", len(head))
    found = await editor.client.text_document_completion_async(types.CompletionParams(editor.document(uri), place))
    assert isinstance(found, types.CompletionList)
    return uri, list(found.items)


async def labels(editor: Editor, text: str, line: str, before: str) -> list[str]:
    return [one.label for one in (await complete(editor, text, line, before))[1]]


@pytest.mark.parametrize(
    ("line", "before", "first", "other"),
    [
        ("# |", "# Tasks", "# Clarifications", "# Goal"),
        ("- C9: |", "# Interfaces", "Change only", "Rollback"),
        ("- 😀", "# Interfaces", "", ""),
        ("- C9: no n|", "# Interfaces", "No new dependencies", "Change only"),
        ("- F9: |", "# Tasks", "Roll back when", "Change only"),
        ("- I9: |", "# Acceptance", "Changes", "Rollback"),
        ("- T9: It 😀 resumes. Pr|", "- T1", "Proves", "Changes"),
        ("- A9: It 😀 works. Proves |", "- A3", "G1", "auth"),
        ("- A9: It 😀 works. Proves G1, |", "- A3", "G1", "auth"),
        ("- A9: See au|", "- A3", "auth", "G1"),
        ("- A9: See auth/|", "- A3", "G1", "G2"),
        ("- A9: It 😀 works (|", "- A3", "G1", "none"),
        ("- A9: It 😀 works: `$ true` (re|", "- A3", "regression", "slow"),
        ("- A9: It 😀 works: `$ true` (regression, t|", "- A3", "timeout", "slow"),
        ("- A9: It 😀 works (manual: |", "- A3", "manual: @alice", "slow"),
        ("- C9: Keep passing: |", "# Interfaces", "A1", "timeout"),
        ("- I9: 😀 Changes `|", "# Acceptance", "specs/", "src/upload.py"),
        ("- I9: 😀 Changes `src/|", "# Acceptance", "src/http.py", "specs/"),
        ("- I9: 😀 Changes `up|", "# Acceptance", "specs/uploads.md", "src/http.py"),
        ("- I9: Uses `src/http.py::|", "# Acceptance", "Session", "send"),
        ("- A9: It works: `$ grep -q 😀 src/|", "- A3", "src/http.py", "specs/"),
        ("- A9: It works: `tests/test_upload.py::te|", "- A3", "test_resume", "Session"),
        ("- I9: Spec: a|", "# Acceptance", "auth", "uploads"),
        ("<!-- snapline: ignore CON5|", "# Acceptance", "CON501", "ACC301"),
        ("pri|", "owner:", "priority", "owner"),
        ("supersedes: [a|", "owner:", "auth", "uploads"),
    ],
)
async def test_proposals(editor: Editor, text: str, line: str, before: str, first: str, other: str) -> None:
    if "|" not in line:
        line, first = f"{line} words|", ""
    found = await labels(editor, text, line, before)
    assert (found[0] if found else "") == first
    assert other not in found


async def test_a_section_is_proposed_on_the_level_of_the_others(editor: Editor, text: str) -> None:
    deeper = text.replace("# Failure plan", "x").replace("# ", "## ")
    found = await labels(editor, deeper, "|", "## Acceptance")
    assert found[0] == "## Failure plan"
    assert "## Goal" not in found


async def test_a_proposal_takes_the_place_of_what_was_typed(editor: Editor, text: str) -> None:
    uri, items = await complete(editor, text, "- C9: 😀 x; change o|", "# Interfaces")
    assert items == []
    editor.close()
    uri, items = await complete(editor, text, "- C9: change o|", "# Interfaces")
    edit = items[0].text_edit
    assert isinstance(edit, types.TextEdit)
    assert editor.quoted(uri, edit.range) == "change o"
    assert (edit.new_text, items[0].insert_text_format) == ("Change only: `$1`", types.InsertTextFormat.Snippet)
    editor.close()
    uri, items = await complete(editor, text, "- I9: 😀 Changes `src/up|`", "# Acceptance")
    edit = items[0].text_edit
    assert isinstance(edit, types.TextEdit)
    assert (editor.quoted(uri, edit.range), edit.new_text) == ("src/up", "src/upload.py")


async def test_nothing_is_proposed_in_the_prose_of_the_task(editor: Editor, text: str) -> None:
    assert await labels(editor, text, "People see the | (re", "# Goal") == []

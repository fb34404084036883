"""Checks: the forms in which a criterion, ``Keep passing`` or the failure plan says how it is decided."""

from __future__ import annotations

import difflib
import re
from typing import Final

from snapline.base.regex import regex
from snapline.base.text import Source, Span
from snapline.spec.blocks import Block, BlockKind
from snapline.spec.model import Check, CheckKind, CodeSpan, Fence, Options, TestNode
from snapline.spec.reading import Reading
from snapline.spec.transcripts import read_steps

CODE: Final = "ACC313"
LANGUAGES: Final = ("sh", "bash", "python", "node")
"""The languages of scripts."""
PROMPT: Final = "$ "
"""How a code span begins that is a command."""
TRANSCRIPT: Final = "console"
"""The first word of a transcript's fence."""

_NODE: Final = regex(
    r"(?P<path>[^:\s]{1,400}\.py)(?P<names>(?:::[^\W\d]\w{0,200})+)(?:\[(?P<parameters>.*)\])?", re.DOTALL
)
_NEARLY_NODE: Final = regex(r"\S{1,400}\.py::\S")
_NO_BLANK: Final = regex(r"\$[a-z./][^\s$]*\s")


def read_node(text: str) -> TestNode | None:
    """A test node (``tests/a.py::test_b[case]``); None if ``text`` is none."""
    match = _NODE.fullmatch(text)
    if match is None:
        return None
    path = match["path"]
    if path.startswith("/") or "\\" in path or ".." in path.split("/"):
        return None
    return TestNode(path.removeprefix("./"), tuple(match["names"][2:].split("::")), match["parameters"])


def read_span_check(reading: Reading, code: CodeSpan, clause: str) -> Check | None:
    """The check that inline code is, if it is one; what nearly is one becomes a fault."""
    if code.text.startswith(PROMPT):
        return _command(reading, code, clause)
    node = read_node(code.text)
    if node:
        return Check(CheckKind.TEST, code.span, node.text, node=node)
    _report_nearly(reading, code, clause)
    return None


def _command(reading: Reading, code: CodeSpan, clause: str) -> Check | None:
    command = code.text[len(PROMPT) :].strip()
    if command:
        return Check(CheckKind.COMMAND, code.span, command)
    reading.fault(CODE, code.span, "there is no command after `$`", "Write it: `$ pytest -q`.", clause=clause)
    return None


def _report_nearly(reading: Reading, code: CodeSpan, clause: str) -> None:
    """The fault of inline code that is nearly a test node or a command."""
    if _NEARLY_NODE.match(code.text):
        reading.fault(
            CODE,
            code.span,
            f"`{code.text[:80]}` is nearly a test node, and would not run",
            "A node is a path from the repository's root and names: `tests/test_a.py::TestB::test_c[case]`.",
            clause=clause,
        )
    elif code.text.strip() == "$" or _NO_BLANK.match(code.text):
        reading.fault(
            CODE, code.span, "a command begins with `$` and a blank; this would not run", "Write `$ `.", clause=clause
        )


def looks_like_check(text: str) -> bool:
    """Whether inline code reads as a command or a test node."""
    return (text.startswith(PROMPT) and len(text) > len(PROMPT)) or read_node(text) is not None


def is_check_fence(block: Block) -> bool:
    """Whether a fence is a transcript or a script."""
    words = block.info.split()
    return block.kind is BlockKind.FENCE and (words[:1] == [TRANSCRIPT] or "check" in words)


def fence_of(source: Source, block: Block) -> Fence:
    """A fenced block in the model's terms."""
    opening = block.lines[0]
    start = opening.start + len(block.markup)
    while start < opening.end and source.text[start] in " \t":
        start += 1
    info = block.info.strip()
    inner_start = min(source.line_span(source.position(opening.start).line).end, block.span.end)
    inner_end = block.lines[-1].start if block.closed and len(block.lines) > 1 else block.span.end
    inner = Span(inner_start, max(inner_start, inner_end))
    return Fence(block.span, info, Span(start, start + len(info)), inner, block.text)


def read_fence_check(reading: Reading, block: Block, clause: str) -> Check | None:
    """The check that a fence is, if it is one; what cannot run becomes a fault."""
    fence = fence_of(reading.source, block)
    words = fence.info.split()
    if not is_check_fence(block):
        _nearly_check(reading, fence, words, clause)
        return None
    if not block.closed:
        _report_unclosed(reading, fence, block.markup, clause)
        return None
    if words[0] == TRANSCRIPT:
        return _transcript(reading, fence, clause)
    language = words[0]
    if language not in LANGUAGES:
        _report_language(reading, fence, language, clause)
        return None
    if not fence.text.strip():
        reading.fault(CODE, fence.span, "this script is empty", "Write what decides the criterion.", clause=clause)
        return None
    return Check(CheckKind.SCRIPT, fence.span, fence.text, language=language)


def manual_check(span: Span, options: Options) -> Check:
    """The check that a person makes."""
    return Check(CheckKind.MANUAL, span, "", options)


def _transcript(reading: Reading, fence: Fence, clause: str) -> Check:
    steps, wrong = read_steps(fence.text)
    if wrong:
        _report_transcript(reading, fence, wrong, clause)
    return Check(CheckKind.TRANSCRIPT, fence.span, fence.text, steps=steps)


def _report_transcript(reading: Reading, fence: Fence, wrong: str, clause: str) -> None:
    hint = "A transcript is `$ command` lines, continued by `> `, each followed by its output."
    reading.fault(CODE, fence.inner, f"this transcript cannot be read: {wrong}", hint, clause=clause)


def _report_unclosed(reading: Reading, fence: Fence, markup: str, clause: str) -> None:
    reading.fault(CODE, fence.info_span, "this fence is never closed", f"Close it with `{markup}`.", clause=clause)


def _report_language(reading: Reading, fence: Fence, language: str, clause: str) -> None:
    first = "a check's fence begins with its language"
    message = first if language == "check" else f"`{language}` is no language that checks run in"
    hint = f"Languages: {', '.join(LANGUAGES)}. Write for example `sh check`."
    reading.fault(CODE, fence.info_span, message, hint, clause=clause)


def _nearly_check(reading: Reading, fence: Fence, words: list[str], clause: str) -> None:
    for index, word in enumerate(words[:8]):
        bare = word.strip("{}.,:;=").lower()
        near = TRANSCRIPT if index == 0 and _close(bare, TRANSCRIPT) else "check" if _close(bare, "check") else ""
        if near:
            reading.fault(
                CODE,
                fence.info_span,
                f"`{word[:40]}` is nearly `{near}`, and this fence would not run",
                f"Did you mean `{near}`?",
                clause=clause,
            )
            return


def _close(word: str, wanted: str) -> bool:
    return bool(difflib.get_close_matches(word[:20], (wanted,), n=1, cutoff=0.83))

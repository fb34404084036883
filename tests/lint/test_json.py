"""The JSON that programs read: exactly its keys, bytes for offsets, code points for columns."""

from __future__ import annotations

import json

from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.base.text import Edit, Source, Span
from snapline.lint.render.json import render
from snapline.lint.result import FileResult

TEXT = "\ufeff# Ziel\r\n- größer als 上传\r\n"


def finding(quoted: str, fix: Fix | None = None) -> Finding:
    start = TEXT.index(quoted)
    span = Span(start, start + len(quoted))
    return Finding("ACC303", "no-check", Severity.WARNING, "x.md", span, "it is", "Do it.", "A3?", fix)


def document(*findings: Finding) -> dict[str, object]:
    source = Source.from_bytes("x.md", TEXT.encode())
    loaded: dict[str, object] = json.loads(render([FileResult(source, findings)]))
    return loaded


def test_the_document_has_exactly_these_keys() -> None:
    at = TEXT.index("上传")
    fix = Fix("drop it", Applicability.SAFE, (Edit(Span(at, at + 2), "all"),))
    assert document(finding("größer", fix)) == {
        "version": 1,
        "findings": [
            {
                "code": "ACC303",
                "name": "no-check",
                "severity": "warning",
                "path": "x.md",
                "line": 2,
                "column": 3,
                "end_line": 2,
                "end_column": 9,
                "start": 13,
                "end": 21,
                "message": "it is",
                "hint": "Do it.",
                "clause": "A3?",
                "fix": {
                    "title": "drop it",
                    "applicability": "safe",
                    "edits": [{"start": 26, "end": 32, "text": "all"}],
                },
            }
        ],
        "summary": {"files": 1, "errors": 0, "warnings": 1, "infos": 0, "debt": 2, "debt_change": None},
        "since": [],
        "silent": [],
    }


def test_offsets_cut_the_bytes_that_the_finding_quotes() -> None:
    (one,) = json.loads(render([FileResult(Source.from_bytes("x.md", TEXT.encode()), (finding("上传"),))]))["findings"]
    assert TEXT.encode()[one["start"] : one["end"]].decode() == "上传"
    assert one["fix"] is None


def test_text_beyond_ascii_is_written_as_it_is() -> None:
    source = Source.from_bytes("上.md", TEXT.encode())
    assert '"path": "上.md"' in render([FileResult(source, (finding("上传"),))])

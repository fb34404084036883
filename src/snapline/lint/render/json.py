"""Findings for programs: one JSON document, places both as lines and columns and as byte offsets."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from snapline.base.diagnostics import Finding, Fix
from snapline.base.text import Source, Span
from snapline.lint.result import FileResult, statistics, summarise


def render(results: Sequence[FileResult]) -> str:
    """The document as text, ending in a line end; equal results give equal text."""
    return json.dumps(document(results), ensure_ascii=False, indent=2) + "\n"


def document(results: Sequence[FileResult]) -> dict[str, object]:
    """The document: version, findings, summary. Lines and columns from 1, ends exclusive, offsets in bytes."""
    return {
        "version": 1,
        "findings": [one_finding(one.source, finding) for one in results for finding in one.findings],
        "summary": asdict(summarise(results)),
        "since": [
            {"path": one.source.path, "revision": one.since.revision, "debt": one.since.debt, "change": one.change}
            for one in results
            if one.since
        ],
        "silent": [
            {"path": one.source.path, "lang": one.lang, "codes": list(one.silent)} for one in results if one.silent
        ],
    }


def counts(results: Sequence[FileResult]) -> list[dict[str, object]]:
    """How often each rule found something."""
    return [asdict(one) for one in statistics(results)]


def one_finding(source: Source, finding: Finding) -> dict[str, object]:
    """One finding of a source."""
    start, end = source.position(finding.span.start), source.position(finding.span.end)
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity.value,
        "path": source.path,
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
        **_bytes(source, finding.span),
        "message": finding.message,
        "hint": finding.hint,
        "clause": finding.clause,
        "fix": _fix(source, finding.fix) if finding.fix else None,
    }


def _fix(source: Source, fix: Fix) -> dict[str, object]:
    edits = [{**_bytes(source, edit.span), "text": edit.text} for edit in fix.edits]
    return {"title": fix.title, "applicability": fix.applicability.value, "edits": edits}


def _bytes(source: Source, span: Span) -> dict[str, int]:
    return {"start": source.byte_offset(span.start), "end": source.byte_offset(span.end)}

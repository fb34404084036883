"""Findings as SARIF 2.1.0 (OASIS Standard, with Errata 01): what code scanning services and editors read.

Columns are counted in code points. A byte order mark is no part of a line in SARIF, so that the columns of the first
line of such a file are one less than ours. Places are relative to the repository's root, named ``%SRCROOT%``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence

from snapline import __version__
from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.base.digest import of_value
from snapline.base.text import Source, Span
from snapline.lint.registry import all_rules
from snapline.lint.result import FileResult
from snapline.lint.rule import Rule

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "%SRCROOT%"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")
_BOM = "\ufeff"


def render(results: Sequence[FileResult]) -> str:
    """The log as text, ending in a line end; equal results give equal text."""
    return json.dumps(document(results), ensure_ascii=False, indent=2) + "\n"


def document(results: Sequence[FileResult]) -> dict[str, object]:
    """The log: one run, whose rules are all rules, with the findings of every file."""
    rules = {rule.code: index for index, rule in enumerate(all_rules())}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "Snapline",
                        "semanticVersion": __version__,
                        "rules": [_rule(rule) for rule in all_rules()],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "newlineSequences": ["\r\n", "\n", "\r"],
                "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the repository."}}},
                "artifacts": [
                    {"location": _location(one, None), "encoding": "UTF-8", "length": len(one.source.raw)}
                    for one in results
                ],
                "results": [found for index, one in enumerate(results) for found in _results(one, index, rules)],
            }
        ],
    }


def _rule(rule: Rule) -> dict[str, object]:
    first, _, rest = rule.page.partition("\n\n")
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": " ".join(first.split())},
        "help": {"text": rest.strip() or first, "markdown": rule.page},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"fix": rule.fixes.value if rule.fixes else "none"},
    }


def _results(one: FileResult, index: int, rules: Mapping[str, int]) -> list[dict[str, object]]:
    prints = _fingerprints(one)
    return [
        _result(one, finding, index, {"ruleIndex": rules[finding.code]} if finding.code in rules else {}, fingerprint)
        for finding, fingerprint in zip(one.findings, prints, strict=True)
    ]


def _result(
    one: FileResult, finding: Finding, index: int, rule: Mapping[str, int], fingerprint: str
) -> dict[str, object]:
    location: dict[str, object] = {
        "physicalLocation": {
            "artifactLocation": _location(one, index),
            "region": _region(one.source, finding.span, quoted=True),
        }
    }
    if finding.clause is not None:
        name = finding.clause
        location["logicalLocations"] = [{"name": name, "fullyQualifiedName": f"{one.spec}/{name}", "kind": "member"}]
    result: dict[str, object] = {
        "ruleId": finding.code,
        **rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": _message(finding)},
        "locations": [location],
        "partialFingerprints": {"snaplineFinding/v1": fingerprint},
    }
    if finding.fix is not None:
        result["fixes"] = [_fix(one, finding.fix, index)]
    return result


def _message(finding: Finding) -> str:
    """Message and hint; what reads as a link, which only the spec's author can have written, is none."""
    text = f"{finding.message}. {finding.hint}" if finding.hint else finding.message
    return text.replace("](", "] (")


def _fix(one: FileResult, fix: Fix, index: int) -> dict[str, object]:
    said = fix.title if fix.applicability is Applicability.SAFE else f"{fix.title} (suggested: look at the result)"
    replacements = [
        {"deletedRegion": _region(one.source, edit.span), "insertedContent": {"text": edit.text}} for edit in fix.edits
    ]
    change = {"artifactLocation": _location(one, index), "replacements": replacements}
    return {"description": {"text": said}, "artifactChanges": [change]}


def _location(one: FileResult, index: int | None) -> dict[str, object]:
    """The file, from the repository's root where it lies below that."""
    location: dict[str, object] = {"uri": _uri(one.place or one.source.path)}
    if one.place is not None:
        location["uriBaseId"] = ROOT
    if index is not None:
        location["index"] = index
    return location


def _uri(path: str) -> str:
    """A path as a relative reference (RFC 3986): what is not plain is written as the bytes of its UTF-8."""
    raw = path.encode("utf-8", "surrogateescape")
    written = "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in raw)
    return f"file://{written}" if written.startswith("/") else written


def _region(source: Source, span: Span, *, quoted: bool = False) -> dict[str, object]:
    start, end = source.position(span.start), source.position(span.end)
    mark = source.text.startswith(_BOM)
    region: dict[str, object] = {
        "startLine": start.line,
        "startColumn": max(1, start.column - (mark and start.line == 1)),
        "endLine": end.line,
        "endColumn": max(1, end.column - (mark and end.line == 1)),
    }
    if quoted and span.end > span.start:
        region["snippet"] = {"text": source.slice(span)}
    return region


def _fingerprints(one: FileResult) -> list[str]:
    """What makes each finding the same one in another state of the file: not its line, but what it is about."""
    seen: Counter[str] = Counter()
    prints: list[str] = []
    for finding in one.findings:
        about = [finding.code, one.place or one.source.path, finding.clause, one.source.slice(finding.span)]
        base = of_value(about)
        prints.append(of_value([base, seen[base]]))
        seen[base] += 1
    return prints

"""Findings as JUnit XML, in the form that Jenkins' xunit plugin demands (its `junit-10.xsd`).

A file is a suite. An error finding is a failed test case, a warning or an info a passed one that says so: as with the
exit status, only errors fail.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from snapline.base.diagnostics import Finding, Severity
from snapline.base.regex import regex
from snapline.base.text import Source
from snapline.lint.render.text import closing_lines
from snapline.lint.result import FileResult

_IN_NO_XML = regex("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
)


def render(results: Sequence[FileResult]) -> str:
    """The report; ends in a line end."""
    tests = sum(max(1, len(one.findings)) for one in results)
    counts = _attributes(name="snapline lint", tests=tests, failures=sum(map(_failures, results)), errors=0)
    suites = (line for one in results for line in _suite(one))
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', f"<testsuites{counts}>", *suites, "</testsuites>", ""])


def _suite(one: FileResult) -> Iterator[str]:
    tests = max(1, len(one.findings))
    path = one.place or one.source.path
    counts = _attributes(name=path, tests=tests, failures=_failures(one), errors=0, skipped=0, file=path)
    yield f"  <testsuite{counts}>"
    if not one.findings:
        yield f"    <testcase{_attributes(name='no findings', classname=path)}/>"
    for finding in one.findings:
        yield from _case(one, finding, path)
    yield f"    <system-out>{_escaped(chr(10).join(closing_lines([one])))}</system-out>"
    yield "  </testsuite>"


def _case(one: FileResult, finding: Finding, path: str) -> Iterator[str]:
    clause = f" [{finding.clause}]" if finding.clause else ""
    place = _place(one.source, finding)
    yield f"    <testcase{_attributes(name=f'{finding.code} {finding.name}{clause} ({place})', classname=path)}>"
    body = _escaped(f"{path}:{place}: {finding.severity.value}: {finding.message}\n{finding.hint}".rstrip())
    if finding.severity is Severity.ERROR:
        yield f"      <failure{_attributes(type=finding.code, message=finding.message)}>{body}</failure>"
    else:
        yield f"      <system-out>{body}</system-out>"
    yield "    </testcase>"


def _failures(one: FileResult) -> int:
    return sum(finding.severity is Severity.ERROR for finding in one.findings)


def _place(source: Source, finding: Finding) -> str:
    start = source.position(finding.span.start)
    return f"{start.line}:{start.column}"


def _attributes(**values: str | int) -> str:
    return "".join(f' {name}="{_escaped(str(value))}"' for name, value in values.items())


def _escaped(text: str) -> str:
    """Text for an attribute or an element: what no XML can hold becomes U+FFFD."""
    return _IN_NO_XML.sub("\ufffd", text).translate(_ESCAPES)

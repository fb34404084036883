"""Showing findings and fixes in every form that lint speaks."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TextIO

from snapline.app.fixing import FixedFile
from snapline.base.diagnostics import Finding
from snapline.base.plain import plain
from snapline.cli.output import Output, colourful
from snapline.lint.render import json as as_json
from snapline.lint.render import text as as_text
from snapline.lint.result import FileResult


def show(output: Output, results: Sequence[FileResult], form: str, *, counted: bool) -> None:
    """Print findings, or how often each rule found something."""
    if form == "json":
        more = {"statistics": as_json.counts(results)} if counted else {}
        output.document(as_json.document(results) | more)
    elif form == "text":
        output.line(_text(results, sys.stdout, counted=counted))
    else:
        output.raw(_renderer(form)(results).encode())


def show_fixed(
    output: Output, files: Sequence[FixedFile], form: str, *, diff: bool, piped: bool, counted: bool
) -> None:
    """Print what was fixed and what is left; words go to stderr where stdout holds the text from stdin, or a patch."""
    results = [one.result for one in files]
    if form == "json":
        output.document(as_json.document(results) | _document(files, diff=diff, piped=piped, counted=counted))
        return
    if diff:
        output.raw("".join(one.diff for one in files).encode())
    elif piped:
        output.raw(b"".join(one.mended.source.raw for one in files))
    tell: Callable[[str], None] = output.note if diff or piped else output.line
    for line in (line for one in files for line in _lines(one, diff=diff)):
        tell(line)
    tell(_text(results, sys.stderr if diff or piped else sys.stdout, counted=counted))


def _text(results: Sequence[FileResult], stream: TextIO, *, counted: bool) -> str:
    style = as_text.ansi if colourful(stream) else as_text.plain
    render = as_text.render_statistics if counted else as_text.render
    return render(results, style).rstrip("\n")


def _renderer(form: str) -> Callable[[Sequence[FileResult]], str]:
    from snapline.lint.render import github, junit, sarif  # noqa: PLC0415 - one of them, for who asks for it

    return {"sarif": sarif.render, "github": github.render, "junit": junit.render}[form]


def _lines(one: FixedFile, *, diff: bool) -> Iterator[str]:
    path = plain(one.before.path)
    if one.stale:
        yield f"{path}: changed while it was read, so it was left alone; lint it again"
        return
    if one.mended.fixed:
        count, done = len(one.mended.fixed), "would fix" if diff else "fixed"
        codes = Counter(finding.code for finding in one.mended.fixed)
        named = ", ".join(f"{code} ({number})" if number > 1 else code for code, number in sorted(codes.items()))
        yield f"{path}: {done} {count} finding{'s' if count > 1 else ''}: {named}"
    for refused in one.mended.refused:
        clause = f" [{refused.finding.clause}]" if refused.finding.clause else ""
        yield f"{path}: left {refused.finding.code}{clause}: {plain(refused.reason)}"


def _document(files: Sequence[FixedFile], *, diff: bool, piped: bool, counted: bool) -> dict[str, object]:
    document: dict[str, object] = {
        "fixed": [_named(finding) for one in files for finding in one.mended.fixed if not one.stale],
        "left": [_named(r.finding) | {"reason": r.reason} for one in files for r in one.mended.refused],
        "written": [one.before.path for one in files if one.written],
        "stale": [one.before.path for one in files if one.stale],
    }
    if counted:
        document["statistics"] = as_json.counts([one.result for one in files])
    if diff:
        document["diff"] = "".join(one.diff for one in files)
    elif piped:
        document["text"] = "".join(one.mended.source.text for one in files)
    return document


def _named(finding: Finding) -> dict[str, object]:
    fix = finding.fix.title if finding.fix else ""
    return {"code": finding.code, "path": finding.path, "clause": finding.clause, "title": fix}

"""The forms of lint's output: places that quote what they say, and what other programs demand."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.lint.forms import read_junit, read_sarif
from tests.lint.test_rules import circumstances

from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.base.text import Edit, Source, Span
from snapline.lint.render import github, junit, sarif
from snapline.lint.render import json as as_json
from snapline.lint.render.text import render, render_statistics
from snapline.lint.result import FileResult, Since, statistics
from snapline.lint.run import lint

FOLDERS = sorted((Path(__file__).parent / "rules").iterdir())
HOSTILE = "\ufeff# Ziel, 50%: [a](b)\r\n- größer\t<&\"'> \x1b[31m 上传 \U0001f600 ]]>\r\n- \ufffe\x01 ende"
MESSAGE = '100% of `a::b`,\r\n[x](y) <&"> \x07'


def linted(folder: Path, name: str = "bad.md", ends: str = "\n") -> FileResult:
    raw = (folder / name).read_bytes().replace(b"\n", ends.encode())
    source = Source.from_bytes(name, raw)
    return FileResult(source, lint(circumstances(folder, source)), "x", f"specs/{folder.name}/{name}")


def hostile() -> FileResult:
    source = Source.from_bytes("specs/a b,c:%25ü.md", HOSTILE.encode())
    found = [
        Finding(
            "SEC004", "section-alias-or-order", severity, source.path, span(quoted), MESSAGE, "Do\nit.", "A3?",
            Fix("t", Applicability.SUGGESTED, (Edit(span(quoted), "<new>\n"),)),
        )
        for severity, quoted in zip(Severity, ("Ziel", "上传 \U0001f600", "größer"), strict=True)
    ]  # fmt: skip
    more = Finding("XX1", "foreign", Severity.ERROR, source.path, Span(0, len(HOSTILE)), MESSAGE)
    return FileResult(source, (*found, more), "a", source.path, since=Since("a@12345678", 4))


def span(quoted: str) -> Span:
    return Span(HOSTILE.index(quoted), HOSTILE.index(quoted) + len(quoted))


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda one: one.name)
def test_every_place_quotes_what_it_says(folder: Path, ends: str) -> None:
    for file in sorted(folder.glob("*.md")):
        result = linted(folder, file.name, ends)
        raw, lines = result.source.raw, result.source.raw.decode().split("\n")
        log = read_sarif(sarif.render([result])).runs[0].results
        for one, finding, other in zip(as_json.document([result])["findings"], result.findings, log, strict=True):  # type: ignore[call-overload]
            quoted = raw[one["start"] : one["end"]].decode()
            assert quoted == result.source.slice(finding.span)
            assert "\n".join(lines[one["line"] - 1 : one["end_line"]])[one["column"] - 1 :].startswith(quoted)
            assert len(lines[one["end_line"] - 1]) >= one["end_column"] - 1
            assert finding.span.end <= len(result.source.text)
            region = other.locations[0].physical_location.region
            assert (region.snippet.text if region.snippet else "") == quoted
            assert (region.start_line, region.start_column) == (one["line"], one["column"])


def test_every_form_is_what_its_readers_demand() -> None:
    results = [*(linted(folder) for folder in FOLDERS), hostile()]
    log = read_sarif(sarif.render(results))
    assert len(log.runs[0].results) == sum(len(one.findings) for one in results)
    root = read_junit(junit.render(results))
    errors = sum(finding.severity is Severity.ERROR for one in results for finding in one.findings)
    assert len(list(root.iter("failure"))) == int(root.attrib["failures"]) == errors
    assert len(list(root.iter("testsuite"))) == len(results)


def test_fingerprints_are_kept_when_lines_move_and_differ_from_each_other() -> None:
    folder = next(one for one in FOLDERS if one.name == "ACC316")
    before = linted(folder)
    source = Source.from_bytes("bad.md", b"\n\n" + before.source.raw)
    after = FileResult(source, lint(circumstances(folder, source)), "x", before.place)
    first, second = (
        [one.partial_fingerprints["snaplineFinding/v1"] for one in read_sarif(sarif.render([one])).runs[0].results]
        for one in (before, after)
    )
    assert first == second
    assert len(set(first)) == len(first)


def test_sarif_counts_no_byte_order_mark_and_names_paths_as_references() -> None:
    run = read_sarif(sarif.render([hostile()])).runs[0]
    place = run.results[0].locations[0].physical_location
    assert place.artifact_location.uri == "specs/a%20b%2Cc%3A%2525%C3%BC.md"
    assert (place.region.start_column, place.region.end_column) == (3, 7)
    assert run.results[1].locations[0].physical_location.region.start_column == HOSTILE.splitlines()[1].index("上") + 1
    assert "](" not in run.results[0].message.text
    assert run.results[3].rule_index is None
    assert [one.level for one in run.results] == ["error", "warning", "note", "error"]


def test_a_file_elsewhere_is_named_as_it_is() -> None:
    source = Source.from_bytes("/home/x y.md", b"# Task\n")
    run = read_sarif(sarif.render([FileResult(source, ())])).runs[0]
    assert run.artifacts[0].location.uri == "file:///home/x%20y.md"
    assert run.artifacts[0].location.uri_base_id is None


def test_annotations_escape_what_would_end_them() -> None:
    lines = github.render([hostile()]).splitlines()
    assert lines[0] == (
        "::error file=specs/a b%2Cc%3A%2525ü.md,line=1,endLine=1,col=4,endColumn=7,title=SEC004 section-alias-or-order"
        ' [A3?]::100%25 of `a::b`,%0D%0A[x](y) <&"> \x07%0ADo%0Ait.'
    )
    assert [line.split(" ")[0] for line in lines] == ["::error", "::warning", "::notice", "::error", "1"]
    assert ",line=1,endLine=3,title=" in lines[3]


def test_junit_holds_nothing_that_xml_cannot() -> None:
    root = read_junit(junit.render([hostile()]))
    failure = next(root.iter("failure"))
    assert failure.attrib["message"] == MESSAGE.replace("\x07", "\ufffd")
    assert root.attrib["tests"] == "4"


def test_a_file_without_findings_is_a_passed_test() -> None:
    root = read_junit(junit.render([FileResult(Source.from_bytes("x.md", b""), ())]))
    assert [case.attrib["name"] for case in root.iter("testcase")] == ["no findings"]


def test_the_summary_tells_of_the_last_approved_revision() -> None:
    assert render([hostile()]).splitlines()[-1] == (
        "1 file: 2 errors, 1 warning, 1 info; spec debt 12 (+8 since a@12345678)"
    )
    other = FileResult(Source.from_bytes("y.md", b""), (), since=Since("y@1", 10))
    assert render([hostile(), other]).splitlines()[-1].endswith("spec debt 12 (-2 since their approved revisions)")
    document = as_json.document([hostile()])
    assert document["since"] == [{"path": hostile().source.path, "revision": "a@12345678", "debt": 4, "change": 8}]


def test_rules_that_do_not_speak_the_language_are_told() -> None:
    result = FileResult(Source.from_bytes("x.md", b""), (), lang="de", silent=("LEX201", "LEX202"))
    assert "note: x.md is written in `de`; 2 rules for English words did not look at it" in render([result])
    assert as_json.document([result])["silent"] == [{"path": "x.md", "lang": "de", "codes": ["LEX201", "LEX202"]}]


def test_statistics_count_by_rule() -> None:
    (first, second) = statistics([hostile()])
    assert (first.code, first.count, first.safe, first.suggested) == ("SEC004", 3, 0, 3)
    assert (second.code, second.count) == ("XX1", 1)
    assert render_statistics([hostile()]).splitlines()[0] == "3  SEC004 section-alias-or-order (fixes: 3 suggested)"


PROBE = """
import sys, hashlib
sys.path[:0] = {path!r}
from tests.lint.test_faces import FOLDERS, linted, render, as_json, sarif, github, junit
results = [linted(folder) for folder in FOLDERS]
forms = (render, as_json.render, sarif.render, github.render, junit.render)
text = "".join(form(results) for form in forms)
print(hashlib.sha256(text.encode()).hexdigest())
"""


def test_output_is_the_same_whatever_the_seed_of_hashes() -> None:
    said = {
        subprocess.run(
            [sys.executable, "-c", PROBE.format(path=sys.path)],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(said) == 1


def test_json_stays_json() -> None:
    assert json.loads(as_json.render([hostile()]))["summary"]["debt_change"] == 8

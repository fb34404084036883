from __future__ import annotations

import json
from pathlib import Path

import pytest

from snapline.verify import reports, tests
from snapline.verify.tests import TestOutcome, TestResult


def lines(*events: dict[str, object]) -> bytes:
    return "\n".join(json.dumps({"nonce": "n"} | event) for event in events).encode()


def test_a_test_passed_only_if_its_call_was_reported() -> None:
    raw = lines(
        {"event": "collected", "id": "t.py::a"},
        {"event": "result", "id": "t.py::a", "when": "setup", "outcome": "passed"},
        {"event": "finished", "status": 0},
    )
    report = reports.read_lines(raw, "n")
    assert report.collected == ("t.py::a",)
    assert report.results == ()
    assert report.finished == 0


def test_the_worst_phase_counts() -> None:
    raw = lines(
        {"event": "result", "id": "t.py::a", "when": "call", "outcome": "passed"},
        {"event": "result", "id": "t.py::a", "when": "teardown", "outcome": "failed", "message": "left open"},
    )
    assert reports.read_lines(raw, "n").results == (TestResult("t.py::a", TestOutcome.ERROR, "left open"),)


def test_lines_without_the_nonce_and_broken_lines_are_passed_over() -> None:
    forged = b'{"nonce":"x","event":"result","id":"t.py::a","when":"call","outcome":"passed"}\n'
    cut = b'{"nonce":"n","event":"fini'
    report = reports.read_lines(forged + b"not json\n" + cut, "n")
    assert report == reports.read_lines(b"", "n")
    assert report.finished is None


def test_junit_is_read_case_by_case() -> None:
    raw = b"""<?xml version="1.0"?><testsuites><testsuite name="s">
      <testcase classname="pkg.T" name="one" time="0.1"/>
      <testcase classname="pkg.T" name="two"><failure message="1 != 2">trace</failure></testcase>
      <testcase file="x.js" name="three"><skipped/></testcase>
      <testcase name="four"><error message="boom"/></testcase>
    </testsuite></testsuites>"""
    assert reports.read_junit(raw) == (
        TestResult("pkg.T::one", TestOutcome.PASSED),
        TestResult("pkg.T::two", TestOutcome.FAILED, "1 != 2"),
        TestResult("x.js::three", TestOutcome.SKIPPED),
        TestResult("four", TestOutcome.ERROR, "boom"),
    )


def test_the_same_case_twice_counts_as_its_worst() -> None:
    raw = b'<s><testcase name="a"/><testcase name="a"><failure/></testcase><testcase name="a"/></s>'
    assert [one.outcome for one in reports.read_junit(raw)] == [TestOutcome.FAILED]


BOMB = b"""<!DOCTYPE s [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><s><testcase name="&b;"/></s>"""
FETCH = b"""<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/hostname">]><s><testcase name="&x;"/></s>"""


@pytest.mark.parametrize("raw", [BOMB, FETCH, b'<!DOCTYPE s SYSTEM "http://127.0.0.1/x.dtd"><s/>'])
def test_document_types_are_refused(raw: bytes) -> None:
    with pytest.raises(reports.BadReport, match="document type"):
        reports.read_junit(raw)


def test_the_bomb_goes_off_in_a_naive_parser() -> None:
    from xml.etree import ElementTree as ET  # noqa: PLC0415 - the attack is shown on it

    case = ET.fromstring(BOMB).find("testcase")  # noqa: S314 - as above
    assert case is not None
    assert case.get("name") == "ha" * 8


@pytest.mark.parametrize("raw", [b"", b"<s><testcase", b"tests: 3 passed", b"<s/><s/>"])
def test_what_is_not_xml_is_said_so(raw: bytes) -> None:
    with pytest.raises(reports.BadReport, match="not well-formed"):
        reports.read_junit(raw)


def test_a_file_that_cannot_be_read_leaves_the_report_incomplete(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text('<s><testcase name="a"/></s>')
    (tmp_path / "b.xml").write_text("<s>")
    report = reports.read_reports(tmp_path, tmp_path.iterdir())
    assert [one.id for one in report.results] == ["a"]
    assert report.finished is None
    assert report.fault.startswith("b.xml: it is not well-formed")


def test_lost_tests_are_those_that_passed_and_do_not_any_more() -> None:
    before = {
        "stays": TestResult("stays", TestOutcome.PASSED),
        "gone": TestResult("gone", TestOutcome.PASSED),
        "skipped": TestResult("skipped", TestOutcome.PASSED),
        "was red": TestResult("was red", TestOutcome.FAILED),
    }
    after = {
        "stays": TestResult("stays", TestOutcome.PASSED),
        "skipped": TestResult("skipped", TestOutcome.SKIPPED, "no reason"),
        "new": TestResult("new", TestOutcome.FAILED),
    }
    assert [tests.sentence(one) for one in tests.lost(before, after)] == ["gone: it is gone", "skipped: no reason"]

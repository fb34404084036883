"""What lint makes of a whole spec: the order, the debt, what can be waived, and the plainest spec of all."""

from __future__ import annotations

import subprocess
import sys

import pytest

from snapline.base.diagnostics import Finding, Severity
from snapline.base.ids import SpecId
from snapline.base.text import Source, Span
from snapline.lint.gate import waivable
from snapline.lint.result import FileResult, Summary, summarise
from snapline.lint.rule import Context, LintSettings
from snapline.lint.run import debt, lint
from snapline.spec.model import Fault, FrontMatter, Spec
from snapline.spec.parser import parse

PLAIN = """\
# Task
Uploads fail when the connection drops, and people have to begin again.

# Goal
An interrupted upload goes on where it stopped.

# Constraints
Nothing that is stored today is changed.

# Interfaces
The upload client and the server's endpoint for parts.

# Acceptance
Somebody pulls the plug in the middle of an upload and sees it go on.

# Failure plan
Revert the commit.
"""


def findings(text: str, **more: object) -> tuple[Finding, ...]:
    return lint(Context(parse(Source.from_bytes("x.md", text.encode())), **more))  # type: ignore[arg-type]


def of(severity: Severity) -> Finding:
    return Finding("ACC303", "no-check", severity, "x.md", Span(0, 0), "it is")


def test_the_plainest_spec_has_warnings_only() -> None:
    found = findings(PLAIN)
    assert {one.code for one in found} == {"ACC303", "ACC307", "CON504", "IDS021", "SEC005"}
    assert {one.severity for one in found} == {Severity.WARNING, Severity.INFO}


def test_strict_asks_for_a_check_or_a_mark() -> None:
    (one,) = (one for one in findings(PLAIN, settings=LintSettings(strict=True)) if one.severity is Severity.ERROR)
    assert one.code == "ACC303"


def test_findings_are_ordered_by_code_and_then_by_place() -> None:
    found = findings("# Goal\n- TODO\n- b\n\n# Task\nTBD and ???\n")
    assert [(one.code, one.span) for one in found] == sorted((one.code, one.span) for one in found)
    assert len({one.code for one in found}) > 3


@pytest.mark.parametrize("text", ["", "\n", "\ufeff", "no headings at all", "# Task\n", "---\n---\n"])
def test_next_to_nothing_is_a_spec_with_errors(text: str) -> None:
    assert {"SEC001"} <= {one.code for one in findings(text)}


def test_a_fault_without_a_rule_is_never_lost_silently() -> None:
    source = Source.from_bytes("x.md", b"# Task\n")
    spec = Spec(source, SpecId("x"), "x", FrontMatter(), (), (Fault("XYZ999", Span(0, 0), "it is"),))
    with pytest.raises(LookupError, match="XYZ999"):
        lint(Context(spec))


def test_debt_counts_five_and_two() -> None:
    assert debt([of(Severity.ERROR), of(Severity.ERROR), of(Severity.WARNING), of(Severity.INFO)]) == 12
    assert debt([]) == 0


def test_the_summary_is_over_all_files() -> None:
    source = Source.from_bytes("x.md", b"")
    results = [FileResult(source, (of(Severity.ERROR), of(Severity.INFO))), FileResult(source, (of(Severity.WARNING),))]
    assert summarise(results) == Summary(files=2, errors=1, warnings=1, infos=1, debt=7)


@pytest.mark.parametrize("code", ["FMT011", "FMT014", "IDS021", "SEC001", "ACC301", "ACC313", "ACC315", "ACC317"])
def test_not_waivable(code: str) -> None:
    assert not waivable(code)


@pytest.mark.parametrize("code", ["SEC002", "ACC303", "ACC311", "ACC316", "PLH101", "CON503", "IFC601", "FPL801"])
def test_waivable(code: str) -> None:
    assert waivable(code)


def test_linting_loads_nothing_heavy() -> None:
    probe = "import sys, snapline.lint.registry as r; r.all_rules(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True).stdout.split()
    assert "snapline.lint.rules.sec001_missing_section" in loaded
    assert not {"yaml", "rich", "sqlalchemy", "dbos", "asyncio"} & {one.partition(".")[0] for one in loaded}

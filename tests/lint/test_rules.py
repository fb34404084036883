"""Every rule against its folder in ``rules/``: Markdown that breaks it, Markdown that keeps it, and what lint says.

``bad.md`` gives ``expected.txt`` and, fixed, ``fixed.md``; ``good.md`` and ``nearmiss.md`` are silent. ``tree.txt`` is
the base's tree: a path per line, its content indented below it. ``context.toml`` is what else lint is told.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from snapline.base.diagnostics import Applicability, Finding
from snapline.base.ids import ClauseId, SpecId
from snapline.base.text import Edit, Source, apply_edits
from snapline.lint.registry import all_rules
from snapline.lint.render.text import render
from snapline.lint.result import FileResult
from snapline.lint.rule import Context, LintSettings, Rule, Uncommitted
from snapline.lint.run import lint
from snapline.lint.shell import ShellFault
from snapline.spec.interfaces import PathTree
from snapline.spec.parser import parse

FOLDERS = Path(__file__).parent / "rules"
RULES = {rule.code: rule for rule in all_rules()}
OF_THIS_VERSION = {
    "SEC": (1, 2, 3, 4, 5, 6, 7),
    "FMT": (11, 12, 13, 14, 15),
    "IDS": (21, 22, 23, 24, 25),
    "PLH": (101, 102, 103, 104, 105),
    "ACC": (
        301,
        302,
        303,
        304,
        305,
        307,
        308,
        309,
        310,
        311,
        312,
        313,
        315,
        316,
        317,
        318,
        319,
        320,
        321,
        322,
        323,
        324,
    ),
    "LEX": (201, 202, 203, 204, 205, 209),
    "TRC": (401, 402),
    "CON": (501, 503, 504, 505, 506, 507),
    "IFC": (601, 602),
    "PLN": (701, 702, 703, 704, 705),
    "FPL": (801, 802, 803, 804),
    "SUP": (901, 902, 903),
}
ROUNDS = 4
FOLLOWS: Mapping[str, frozenset[str]] = {
    "SEC001": frozenset({"SEC002"}),  # a heading alone is an empty section
    "IDS022": frozenset({"TRC401"}),  # a goal with an id of its own has nobody to prove it
    "ACC317": frozenset({"ACC307"}),  # the drafted criterion may speak of what goes wrong
    "CON504": frozenset({"ACC307"}),  # so may this one
    "FMT013": frozenset({"ACC303", "ACC305"}),  # what was stray is a check now
    "FMT014": frozenset({"CON504", "FPL801", "IDS021", "IDS023", "SEC001"}),  # the text belongs to another section now
    "ACC316": frozenset({"ACC303", "CON506"}),  # the criterion has its check, the entry its value
    "CON505": frozenset({"CON506"}),  # what was prose is an entry now, and read strictly
}
"""Codes whose findings a rule's fixes change, because they change what the text is."""


def test_the_registry_holds_exactly_the_rules_of_this_version() -> None:
    assert list(RULES) == sorted(f"{group}{one:03}" for group, numbers in OF_THIS_VERSION.items() for one in numbers)


def test_there_is_a_folder_for_each_rule_and_no_other() -> None:
    assert {folder.name for folder in FOLDERS.iterdir()} == set(RULES)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)
def test_a_rule_has_its_page_and_its_files(rule: Rule) -> None:
    module = type(rule).__module__.rpartition(".")[2]
    assert module == f"{rule.code.lower()}_{rule.name.replace('-', '_')}"
    for heading in ("## Why it is bad", "## Example", "## How to fix"):
        assert heading in rule.page
    files = {path.name for path in (FOLDERS / rule.code).iterdir()}
    assert {"bad.md", "good.md", "expected.txt"} <= files
    assert ("fixed.md" in files) == (rule.fixes is not None)


@pytest.mark.parametrize("code", RULES)
def test_bad_gives_the_expected_text(code: str) -> None:
    source, findings = found(code, "bad.md", only=code)
    assert findings
    assert render([FileResult(source, findings)]) == (FOLDERS / code / "expected.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["good.md", "nearmiss.md"])
@pytest.mark.parametrize("code", RULES)
def test_good_and_near_misses_are_silent(code: str, name: str) -> None:
    if name == "good.md" or (FOLDERS / code / name).exists():
        source, findings = found(code, name, only=code)
        assert render([FileResult(source, findings)]) == "1 file: 0 errors, 0 warnings, 0 infos; spec debt 0\n"


@pytest.mark.parametrize("code", RULES)
def test_each_finding_quotes_a_place_in_the_text(code: str) -> None:
    source, findings = found(code, "bad.md")
    for finding in findings:
        quoted = source.slice(finding.span)
        assert 0 <= finding.span.start <= finding.span.end <= len(source.text)
        assert quoted == quoted.strip(" \t\r\n")
        assert quoted or not source.text


@pytest.mark.parametrize("code", [code for code, rule in RULES.items() if rule.fixes is not None])
def test_fixes_clear_their_findings_and_nothing_else(code: str) -> None:
    _, before = found(code, "bad.md")
    own = [finding for finding in before if finding.code == code]
    assert any(finding.fix for finding in own)
    assert {one.fix.applicability for one in own if one.fix} <= {RULES[code].fixes, Applicability.SUGGESTED}
    assert fixed(code) == (FOLDERS / code / "fixed.md").read_text(encoding="utf-8")

    _, after = found(code, "fixed.md")
    assert [one for one in after if one.code == code and one.fix] == []
    assert kinds(after, without=code) - kinds(before, without=code) == Counter()
    assert kinds(before, without=code) - kinds(after, without=code) == Counter()


@pytest.mark.parametrize("code", RULES)
def test_lint_says_the_same_twice(code: str) -> None:
    assert found(code, "bad.md") == found(code, "bad.md")


def found(code: str, name: str, only: str = "") -> tuple[Source, tuple[Finding, ...]]:
    """The findings of a file in a rule's folder, in that folder's circumstances."""
    folder = FOLDERS / code
    source = Source.from_bytes(name, (folder / name).read_bytes())
    context = circumstances(folder, source)
    return source, tuple(finding for finding in lint(context) if not only or finding.code == only)


def fixed(code: str) -> str:
    """``bad.md`` after the rule's fixes, applied until none is offered; fixes that overlap take turns."""
    folder = FOLDERS / code
    source = Source.from_bytes("bad.md", (folder / "bad.md").read_bytes())
    for _ in range(ROUNDS):
        offered = edits(one for one in lint(circumstances(folder, source)) if one.code == code)
        if not offered:
            return source.text
        source = Source.from_bytes("bad.md", apply_edits(source.text, offered).encode())
    raise AssertionError(f"{code}: fixes are still offered after {ROUNDS} rounds")


def circumstances(folder: Path, source: Source) -> Context:
    path = folder / "context.toml"
    told = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    corpus, in_flight = (
        {
            SpecId(name): parse(Source.from_bytes(f"{name}.md", text.encode()))
            for name, text in told.get(key, {}).items()
        }
        for key in ("corpus", "in_flight")
    )
    return Context(
        parse(source),
        tree=read_tree(folder / "tree.txt"),
        corpus=corpus or None,
        settings=LintSettings(strict=told.get("strict", False)),
        history=frozenset(map(ClauseId, told.get("history", ()))),
        retired=frozenset(map(ClauseId, told.get("retired", ()))),
        vacuous={ClauseId(clause): reason for clause, reason in told.get("vacuous", {}).items()},
        uncommitted={path: Uncommitted(why) for path, why in told.get("uncommitted", {}).items()},
        in_flight=in_flight,
        shell_faults={text: ShellFault(**fault) for text, fault in told.get("shell_faults", {}).items()},
    )


def read_tree(path: Path) -> PathTree | None:
    if not path.exists():
        return None
    files: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(" "):
            files[line] = []
        else:
            files[list(files)[-1]].append(line.removeprefix("    "))
    return PathTree({name: "\n".join(lines).encode() for name, lines in files.items()})


def edits(findings: Iterable[Finding]) -> list[Edit]:
    """The edits of all fixes that do not touch what an earlier one touches."""
    chosen: list[Edit] = []
    for finding in findings:
        offered = finding.fix.edits if finding.fix else ()
        if not any(one.span.overlaps(other.span) for one in offered for other in chosen):
            chosen += offered
    return chosen


def kinds(findings: Iterable[Finding], without: str) -> Counter[tuple[str, str]]:
    """How many findings there are of each code and message, but for one code and those that its fixes bring about."""
    left_out = {without} | FOLLOWS.get(without, frozenset())
    return Counter((finding.code, finding.message) for finding in findings if finding.code not in left_out)

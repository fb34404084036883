# ruff: noqa: RUF001 - full-width characters are what is tested
from __future__ import annotations

import pytest
from tests.spec.written import codes, fixed, only, quoted, section_of

from snapline.spec.model import Check, CheckKind, Clause, Options, SectionKind, Spec


def criterion(text: str) -> tuple[Spec, Clause]:
    spec = section_of(SectionKind.ACCEPTANCE, f"- A1: {text}")
    return spec, only(spec)


@pytest.mark.parametrize(
    ("group", "options"),
    [
        ("(regression)", Options(regression=True)),
        ("(Regression)", Options(regression=True)),
        ("(slow, network)", Options(slow=True, network=True)),
        ("(manual)", Options(manual=True)),
        ("(manual: @alice)", Options(manual=True, signer="@alice")),
        ("(timeout 2m)", Options(timeout=120)),
        ("(timeout 90 s)", Options(timeout=90)),
        ("(timeout 1.5h)", Options(timeout=5400)),
        ("(runs 3)", Options(runs=3)),
        ("(in src/a)", Options(directory="src/a")),
        ("(in docs)", Options(directory="docs")),
        ("(in `my dir`)", Options(directory="my dir")),
        ("(env A=1, env `B=x, y`)", Options(env=(("A", "1"), ("B", "x, y")))),
        ("(env A=)", Options(env=(("A", ""),))),
        ("(report out/*.xml)", Options(report=("out/*.xml",))),
        ("(keep `shots/**`)", Options(keep=("shots/**",))),
        ("（regression，slow）", Options(regression=True, slow=True)),
        ("(regression, A2)", Options(regression=True)),
        ("(regression) (timeout 2m)", Options(regression=True, timeout=120)),
        ("(regression).", Options(regression=True)),
        ("(regression, proves G1)", Options(regression=True)),
    ],
)
def test_options_at_the_end(group: str, options: Options) -> None:
    spec, clause = criterion(f"`$ x` works {group}")
    assert clause.options == options
    assert clause.checks[0].options == options
    assert codes(spec) == []


@pytest.mark.parametrize(
    "text",
    [
        "`$ x` (slow)",
        "`$ x`. (slow)",
        "(slow) `$ x` works",
        "(slow): `$ x` works",
        "`$ x` (slow) works",
        "`$ x` (slow)\n\n  and more",
        "`$ x` works (slow);",
        "`$ x` (A1) (slow) works",
        "**`$ x`** (slow) works",
        "*`$ x` works (slow)*",
    ],
)
def test_places(text: str) -> None:
    spec, clause = criterion(text)
    assert clause.checks[0].options == Options(slow=True)
    assert codes(spec) == []


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("`$ x` (regresion)", "regression"),
        ("`$ x` (regressions)", "regression"),
        ("`$ x` (regression test)", "regression"),
        ("`$ x` (timeout two minutes)", "timeout"),
        ("`$ x` (timeout2m)", "timeout 2m"),
        ("`$ x` (timeout: 2m)", "timeout"),
        ("`$ x` (timeout 0s)", "timeout"),
        ("`$ x` (runs three)", "runs"),
        ("`$ x` (run 3)", "runs 3"),
        ("`$ x` (3 runs)", "runs 3"),
        ("`$ x` (runs 1)", "runs"),
        ("`$ x` (manual @alice)", "manual"),
        ("`$ x` (manually)", "manual"),
        ("`$ x` (env HOME)", "env"),
        ("`$ x` (in `../x`)", "in"),
        ("`$ x` (in src/**)", "in"),
        ("`$ x` (slow, flaky)", "Options"),
        ("`$ x` (regression, see the notes)", "Options"),
        ("`$ x` (env A=a, b)", "Options"),
    ],
)
def test_near_misses_apply_nothing(text: str, hint: str) -> None:
    spec, clause = criterion(text)
    assert clause.options == Options()
    assert codes(spec) == ["ACC318"]
    assert hint in spec.faults[0].hint


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("`$ x` (regresion, timeout 2m)", "`$ x` (regression, timeout 2m)"),
        ("`$ x` (timeout2m)", "`$ x` (timeout 2m)"),
        ("`$ x` (3 runs)", "`$ x` (runs 3)"),
        ("x (manual @bob)", "x (manual: @bob)"),
    ],
)
def test_fixes(text: str, after: str) -> None:
    spec, _ = criterion(text)
    mended = fixed(spec)
    assert mended == f"# Acceptance\n- A1: {after}\n"


@pytest.mark.parametrize("text", ["The (slow) path: `$ x` works", "x (manual) y", "`$ x` is a (regression) of a kind"])
def test_groups_elsewhere(text: str) -> None:
    spec, clause = criterion(text)
    assert codes(spec) == ["ACC318"]
    assert clause.options == Options()


@pytest.mark.parametrize(
    "text",
    [
        "It works (see the docs)",
        "It works (in production)",
        "It works (in the browser, mostly)",
        "It works (report pending) here",
        "It works (keep calm)",
        "It runs (runs on Linux)",
        "x (network access) y",
        "x (flow)",
        "x ()",
        "x (https://a.b)",
        "x [slow](manual)",
        "x `(slow)` y",
        "x <!-- (slow) --> y",
        "F(x, y) (A1) holds",
    ],
)
def test_other_parentheses_are_prose(text: str) -> None:
    spec, clause = criterion(text)
    assert (codes(spec), clause.options) == ([], Options())


def test_a_group_beside_one_of_two_checks_is_its_own() -> None:
    _, clause = criterion("`$ a` (regression) and `$ b` hold, all of them (timeout 2m)")
    assert [check.options for check in clause.checks] == [Options(regression=True, timeout=120), Options(timeout=120)]
    assert clause.options == Options(timeout=120)


def test_a_group_at_the_end_is_for_all_checks() -> None:
    _, clause = criterion("`$ a` and `$ b` (regression)")
    assert [check.options.regression for check in clause.checks] == [True, True]


def test_a_fence_takes_the_options_of_its_clause() -> None:
    _, clause = criterion("It holds (timeout 5m):\n\n  ```sh check\n  x\n  ```")
    (check,) = clause.checks
    assert (check.kind, check.options) == (CheckKind.SCRIPT, Options(timeout=300))


def test_a_plain_word_is_an_option_only_beside_a_check() -> None:
    _, clause = criterion("`$ make` works (in docs)")
    assert clause.checks[0].options.directory == "docs"


def test_a_manual_check_keeps_its_place() -> None:
    spec, clause = criterion("It reads well (manual: @bob)")
    assert clause.checks == (Check(CheckKind.MANUAL, clause.groups[0].span, "", Options(manual=True, signer="@bob")),)
    assert spec.source.slice(clause.checks[0].span) == "(manual: @bob)"


def test_options_mean_nothing_outside_acceptance() -> None:
    spec = section_of(SectionKind.GOAL, "- The path (slow) works (regresion)")
    assert (codes(spec), only(spec).options) == ([], Options())


def test_quotes_of_near_misses() -> None:
    spec, _ = criterion("`$ x` (regresion) and (slow, x)")
    assert quoted(spec) == [("ACC318", "(regresion)"), ("ACC318", "(slow, x)")]

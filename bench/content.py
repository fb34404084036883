"""What the benchmark lints: specs made from a seed, the same content for every tool in its own format."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

_AREAS = [
    "billing",
    "search",
    "upload",
    "invoice",
    "session",
    "report",
    "export",
    "import",
    "catalogue",
    "checkout",
    "ledger",
    "roster",
    "archive",
]
_PARTS = [
    "client",
    "server",
    "parser",
    "queue",
    "cache",
    "scheduler",
    "gateway",
    "mailer",
    "index",
    "planner",
    "exporter",
    "validator",
]
_ACTORS = [
    "A customer",
    "An operator",
    "The nightly job",
    "A support agent",
    "An auditor",
    "The mobile app",
    "A new tenant",
]
_EVENTS = [
    "opens the page",
    "sends a second request",
    "loses the connection",
    "uploads an empty file",
    "cancels halfway",
    "asks for more than 500 rows",
    "uses an expired token",
    "retries within 10 seconds",
]
_OUTCOMES = [
    "sees the total with two decimals",
    "gets status 409 and no row is written",
    "finds the record in the export",
    "reads the message `no rows`",
    "is sent exactly one mail",
    "gets the same answer as before",
    "sees the three newest entries first",
    "keeps the draft for 24 hours",
]
_FAULTS = [
    "loses the last page of every export",
    "counts a record twice after midnight",
    "answers with status 500",
    "keeps a file open for each request",
    "shows amounts of another tenant",
    "drops the connection without a log line",
]
_REASONS = [
    "People then repeat the work by hand, which took four hours last week.",
    "The support desk had 31 tickets about it in October.",
    "Nobody notices before the monthly closing, when it is expensive to mend.",
    "The figures that go to the authorities are wrong on those days.",
]
_LIMITS = [
    "The stored format stays as it is, because two other programs read it",
    "No message that a customer sees is changed",
    "Memory stays below 256 MiB while 10,000 rows are handled",
    "The public API keeps its version 2 answers, byte by byte",
]
_PLANS = [
    "Rollback: revert",
    "Rollback: `$ python -m tool downgrade --steps 1`, revert",
    "The feature flag is switched off by the person on call, within 15 minutes",
]


@dataclass(frozen=True)
class Content:
    """One spec's content, in words: eight promises in all."""

    name: str
    title: str
    problem: tuple[str, ...]
    goal: str
    boundary: str
    limit: str
    module: str
    tests: str
    criteria: tuple[tuple[str, str], ...]
    plan: str


def contents(count: int, seed: int) -> Iterator[Content]:
    """``count`` specs' contents; the same seed gives the same ones."""
    draw = random.Random(seed)  # noqa: S311 - content, not a secret
    for number in range(count):
        area, part = draw.choice(_AREAS), draw.choice(_PARTS)
        module = f"src/{area}/{part}.py"
        tests = f"tests/{area}/test_{part}.py"
        criteria = tuple(
            (
                f"{draw.choice(_ACTORS)} {draw.choice(_EVENTS)} and {draw.choice(_OUTCOMES)}",
                f"{tests}::test_{draw.choice(_PARTS)}_{number}_{index}",
            )
            for index in range(3)
        )
        yield Content(
            f"{area}-{part}-{number:05}",
            f"The {area} {part} {draw.choice(('recovers', 'keeps order', 'tells why', 'stays small'))} ({number})",
            (
                f"The {part} of the {area} module {draw.choice(_FAULTS)}, when {draw.choice(_ACTORS).lower()}",
                f"{draw.choice(_EVENTS)}. {draw.choice(_REASONS)}",
                f"It was first seen in release {draw.randint(1, 9)}.{draw.randint(0, 20)}.",
            ),
            f"{draw.choice(_ACTORS)} {draw.choice(_EVENTS)} and {draw.choice(_OUTCOMES)}",
            f"src/{area}/**",
            draw.choice(_LIMITS),
            module,
            tests,
            criteria,
            draw.choice(_PLANS),
        )


def as_snapline(one: Content) -> str:
    """The spec language: about 40 lines, 8 clauses."""
    criteria = [
        line
        for index, (outcome, check) in enumerate(one.criteria)
        for line in (f"- A{index + 1}: {outcome} (G1).", f"  `{check}`")
    ]
    return "\n".join(
        (
            "---",
            f"title: {one.title}",
            'owner: "@alice"',
            "priority: 2",
            "---",
            "",
            "# Task",
            "",
            *one.problem,
            "",
            "# Goal",
            "",
            f"- G1: {one.goal}.",
            "",
            "# Constraints",
            "",
            f"- C1: Change only: `{one.boundary}`, `tests/**`",
            f"- C2: {one.limit}.",
            "",
            "# Interfaces",
            "",
            f"- I1: Changes `{one.module}`, which keeps its public names;",
            f"  new `{one.tests}`.",
            "",
            "# Acceptance",
            "",
            *criteria,
            "",
            "# Failure plan",
            "",
            f"- F1: {one.plan}",
            "",
        )
    )


def as_openspec(one: Content) -> str:
    """OpenSpec's ``spec.md``: a purpose, and a requirement with a scenario for each promise."""
    promises = [
        (one.goal, one.title),
        (f"Only files that match {one.boundary} change", "The diff is read"),
        (one.limit, "The change is reviewed"),
        (f"{one.module} keeps its public names", "A module imports it"),
        *((outcome, check) for outcome, check in one.criteria),
        (f"On failure: {one.plan}", "The rollout fails"),
    ]
    lines = [f"# {one.name} Specification", "", "## Purpose", "", *one.problem, "", "## Requirements"]
    for number, (promise, occasion) in enumerate(promises, 1):
        lines += [f"### Requirement: Promise {number}", f"The system SHALL ensure this: {promise}.", ""]
        lines += [f"#### Scenario: Promise {number} is kept", f"- **WHEN** {occasion}", f"- **THEN** {promise}", ""]
    return "\n".join(lines)


def as_strictdoc(one: Content) -> str:
    """StrictDoc's ``.sdoc``: one requirement for each promise."""
    promises = (one.goal, f"Change only {one.boundary}", one.limit, f"Changes {one.module}")
    lines = ["[DOCUMENT]", f"TITLE: {one.title}", "", "[TEXT]", "STATEMENT: >>>", *one.problem, "<<<", ""]
    for number, promise in enumerate((*promises, *(" ".join(pair) for pair in one.criteria), one.plan), 1):
        lines += ["[REQUIREMENT]", f"UID: {one.name}-{number}", "STATEMENT: >>>", f"{promise}.", "<<<", ""]
    return "\n".join(lines)


def doorstop_items(one: Content) -> Iterator[str]:
    """Doorstop's items, one YAML file for each promise."""
    promises = (one.goal, f"Change only {one.boundary}", one.limit, f"Changes {one.module}")
    for promise in (*promises, *(" ".join(pair) for pair in one.criteria), one.plan):
        yield (
            "active: true\nderived: false\nheader: ''\nlevel: 1.0\nlinks: []\nnormative: true\nref: ''\n"
            f"reviewed: null\ntext: |\n  {promise}.\n"
        )

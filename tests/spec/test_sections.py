# ruff: noqa: RUF001 - full-width characters are what is tested
from __future__ import annotations

import pytest
from tests.spec.written import codes, fixed, quoted, spec_of

from snapline.spec.model import SectionKind
from snapline.spec.names import named

K = SectionKind


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Goal", (K.GOAL, False, "en")),
        ("GOAL:", (K.GOAL, False, "en")),
        ("Goal：", (K.GOAL, False, "en")),
        ("3. Goal", (K.GOAL, False, "en")),
        ("3) Goal", (K.GOAL, False, "en")),
        ("1.2 Failure plan", (K.FAILURE_PLAN, False, "en")),
        ("🎯 Goal", (K.GOAL, False, "en")),
        ("→ Goal", (K.GOAL, False, "en")),
        ("Goal {#goal}", (K.GOAL, False, "en")),
        ("Ｇｏａｌ", (K.GOAL, False, "en")),
        ("failure   PLAN", (K.FAILURE_PLAN, False, "en")),
        ("Acceptance criteria", (K.ACCEPTANCE, True, "en")),
        ("Definition of Done", (K.ACCEPTANCE, True, "en")),
        ("Rollback", (K.FAILURE_PLAN, True, "en")),
        ("Q&A", (K.CLARIFICATIONS, True, "en")),
        ("Goal-oriented", None),
        ("The goal", None),
        ("2. ZIEL:", (K.GOAL, True, "de")),
        ("Criteres d'acceptation", None),
        ("Crite\u0300res d’acceptation", (K.ACCEPTANCE, True, "fr")),
        ("Interfaces", (K.INTERFACES, False, "en")),
        ("ﾀｽｸ", (K.TASK, True, "ja")),
        ("Problem", (K.TASK, True, "en")),
        ("", None),
    ],
)
def test_names(name: str, expected: tuple[SectionKind, bool, str] | None) -> None:
    found = named(name)
    assert (found and (found.kind, found.alias, found.language("ru"))) == expected


@pytest.mark.parametrize(("tag", "language"), [("de", "de"), ("de-AT", "de"), ("DE", "de"), ("en", "en"), ("fr", "en")])
def test_a_name_of_two_languages_is_the_specs_own(tag: str, language: str) -> None:
    spec = spec_of(f"---\nlang: {tag}\n---\n# Problem\na\n")
    assert [(one.kind, one.alias, one.language) for one in spec.sections] == [(K.TASK, True, language)]


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("# **Goal**", K.GOAL),
        ("# <b>Goal</b> #", K.GOAL),
        ("# `Goal`", K.GOAL),
        ("Goal\n====", K.GOAL),
        ("#\tGoal", K.GOAL),
        ("# &#71;oal", K.GOAL),
    ],
)
def test_headings_are_read_without_their_markup(heading: str, kind: SectionKind) -> None:
    assert [one.kind for one in spec_of(f"{heading}\ntext\n").sections] == [kind]


def test_level_one_sections_with_a_title() -> None:
    spec = spec_of("# Retry uploads\n\n# Task\na\n\n# Goal\n## part\nb\n")
    assert spec.title == "Retry uploads"
    assert [one.kind for one in spec.sections] == [K.TASK, K.GOAL]
    assert codes(spec) == []


def test_level_two_sections_win_when_they_name_more() -> None:
    spec = spec_of("# Goal of it all\n## Task\na\n## Goal\nb\n")
    assert spec.title == "Goal of it all"
    assert [one.kind for one in spec.sections] == [K.TASK, K.GOAL]


def test_a_tie_is_level_one() -> None:
    spec = spec_of("# Task\na\n## Goal\nb\n")
    assert [one.kind for one in spec.sections] == [K.TASK]
    assert quoted(spec) == [("FMT014", "Goal")]
    assert fixed(spec) == "# Task\na\n# Goal\nb\n"


def test_a_synonym_on_another_level_is_a_sub_heading() -> None:
    spec = spec_of("# Task\na\n## Background\nb\n# Goal\nc\n")
    assert codes(spec) == []
    assert [one.kind for one in spec.sections] == [K.TASK, K.GOAL]


def test_unknown_sections_and_text_before_the_first_are_kept() -> None:
    spec = spec_of("intro\n\n# T\n\nmore\n\n# Task\na\n# Risks\nb\n")
    assert [(one.kind, one.name, one.prose) for one in spec.sections] == [
        (None, "", "intro\nmore"),
        (K.TASK, "Task", "a"),
        (None, "Risks", "b"),
    ]


def test_a_title_alone_is_no_section() -> None:
    spec = spec_of("# T\n\n<!-- guidance -->\n\n# Task\na\n")
    assert [one.kind for one in spec.sections] == [K.TASK]


def test_a_heading_in_a_fence_comment_quote_or_item_is_none() -> None:
    text = "# Task\n```\n# Goal\n```\n<!--\n# Goal\n-->\n> # Goal\n\n- # Goal\n"
    assert [one.kind for one in spec_of(text).sections] == [K.TASK]


def test_both_bodies_of_a_section_named_twice_are_kept() -> None:
    spec = spec_of("# Goal\n- a\n# Outcome\n- b\n")
    assert [(one.kind, one.alias) for one in spec.sections] == [(K.GOAL, False), (K.GOAL, True)]
    assert [clause.id for clause in spec.clauses()] == ["G1", "G2"]


def test_a_rule_that_makes_a_heading_is_reported() -> None:
    spec = spec_of("# Task\nThis is text\n---\nmore\n")
    assert [(fault.code, fault.variant) for fault in spec.faults] == [("FMT014", "underline")]
    assert fixed(spec) == "# Task\nThis is text\n\n---\nmore\n"


def test_a_setext_section_is_none_of_that() -> None:
    assert codes(spec_of("Task\n----\na\n\nGoal\n----\nb\n")) == []


def test_spans_of_a_section() -> None:
    spec = spec_of("# T\n\n## Task ##\na\n\n## Goal\nb\n")
    task, goal = spec.sections
    text = spec.source
    assert text.slice(task.span) == "## Task ##\na\n\n"
    assert text.slice(task.heading) == "## Task ##"
    assert text.slice(task.name_span) == "Task"
    assert text.slice(goal.body) == "b\n"


@pytest.mark.parametrize(
    ("path", "expected"),
    [("specs/retry.md", "retry"), ("Größer als.md", "gr-er-als"), ("---.md", "spec"), ("a\\B C.md", "b-c")],
)
def test_the_default_id_is_the_files_stem(path: str, expected: str) -> None:
    spec = spec_of("# Task\n", path)
    assert (spec.id, spec.title) == (expected, expected)

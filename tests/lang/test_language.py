"""The language is what its pages say: the reference, and the complete set of cases row by row."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from tests.lang.handlers import disabled
from tests.lang.pages import CASES, REFERENCE, Case, cases, statements
from tests.lang.rows import Row, rows
from tests.lang.telling import told

from snapline.spec import failure, frontmatter, interfaces, names, options, references, tasks, vocabulary
from snapline.spec.checks import LANGUAGES

ROWS = rows()
ALL = [*cases(REFERENCE), *cases(CASES)]
SAME = "the same revision\n"


def _readings(found: Iterable[Case]) -> list[tuple[str, str]]:
    return [(told(example, case.example), example.reading) for case in found for example in case.all]


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.example.place)
def test_what_is_read_is_what_the_page_says(case: Case) -> None:
    for example in case.all:
        assert told(example, case.example) == example.reading, example.place


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.example.place)
def test_the_token_that_differs_is_what_matters(case: Case) -> None:
    for sibling in case.siblings:
        assert sibling.reading in (SAME, "another revision\n") or sibling.reading != case.example.reading, sibling.place


def test_every_row_has_a_case_with_a_sibling() -> None:
    covered = {case.example.row for case in cases(CASES) if case.siblings}
    assert sorted(ROWS.keys() - covered) == []
    assert sorted(covered - ROWS.keys()) == []


def test_a_page_says_of_a_row_what_the_row_says() -> None:
    said = {row: sentence for page in CASES.glob("*.md") for row, sentence in statements(page).items()}
    assert {name: row.says for name, row in ROWS.items() if not name.startswith("names.")} == said


@pytest.mark.parametrize("row", ROWS.values(), ids=lambda row: row.name)
def test_a_row_rests_on_its_handler(row: Row) -> None:
    own = [case for case in cases(CASES) if case.example.row == row.name]
    with disabled(row.handler, row.put):
        assert any(found != wanted for found, wanted in _readings(own)), f"{row.name} holds without {row.handler}"
    assert all(found == wanted for found, wanted in _readings(own))


@pytest.mark.parametrize(
    ("table", "keys"),
    [
        ("names:NAMES", names.NAMES),
        ("frontmatter:KEYS", frontmatter.KEYS),
        ("options:FLAGS", options.FLAGS),
        ("options:VALUES", options.VALUES),
        ("vocabulary:WORDS", vocabulary.WORDS),
        ("failure:WORDS", failure.WORDS),
        ("interfaces:OPENINGS", interfaces.OPENINGS),
        ("interfaces:BINDINGS", interfaces.BINDINGS),
        ("tasks:FIELDS", tasks.FIELDS),
        ("references:WORDS", references.WORDS),
        ("checks:LANGUAGES", LANGUAGES),
    ],
)
def test_every_word_of_the_language_is_a_row(table: str, keys: Iterable[str]) -> None:
    handlers = {row.handler for row in ROWS.values()}
    assert [key for key in keys if f"{table}[{key}]" not in handlers] == []

"""``snapline schema`` and ``snapline rule``: what is published, and that it is what is printed."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import pytest
from jsonschema import (  # type: ignore[import-untyped] # the package has no types
    Draft202012Validator,
    ValidationError,
)
from tests.cli.conftest import PROSE, Person
from tests.cli.published import _NAMES, check_document, validator

from snapline.app.config import BadConfig, parse_config
from snapline.cli.schemas import PUBLISHED, schema
from snapline.cli.verbs import VERBS
from snapline.lint.registry import all_rules

FULL = """\
---
owner: "@ann"
after: [other]
---
# Uploads

# Goal
- G1: An upload goes on (A1).

# Constraints
- C1: Change only: `src/**`
- C2: Keep passing: `$ pytest -q`, A2
- C3: At most: 200 lines
- C4: Budget: 3 attempts, 90m, $5

# Interfaces
- I1: Changes `src/importer.py`, new `src/new.py`.

# Acceptance
- A1: It goes on (timeout 2m, env A=b): `$ pytest -q` (G1)
- A2: It prints:

  ```console
  $ true
  ```
- A3: A test: `tests/test_x.py::test_a[1]` (regression)
- A4: By hand (manual: @bob)
- A5. Twice, [x] and `code`.
  > a quote with A1

a note

# Failure plan
- F1: Rollback: `$ make down`, revert
- F2: Roll back when: A1 fails within 30m

# Tasks
- T1: Do it. Proves A1. Changes `src/importer.py`. After T1.

# More
words
"""


@pytest.mark.parametrize("published", PUBLISHED, ids=lambda one: one.name)
def test_every_schema_is_one(published: Any) -> None:  # noqa: ANN401 - a row of the table
    made = schema(published)
    Draft202012Validator.check_schema(made)
    assert made["title"] == published.about
    assert all(one.get("description") for one in made.get("$defs", {}).values() if one.get("type") == "object")


def test_every_verb_with_a_document_has_its_schema() -> None:
    names = {one.name for one in PUBLISHED}
    covered = {name for verb in VERBS for name in _NAMES.get(verb.name, (verb.name,))}
    assert covered - names <= {"lsp", "spec"}
    assert names - covered <= {"config", "error"}


def test_a_document_with_less_or_more_is_refused() -> None:
    good = {"version": 1, "received": 1, "sent": 0, "faults": [{"path": "x", "message": "y"}]}
    check_document(["sync"], good)
    less = {key: value for key, value in good.items() if key != "sent"}
    for bad in ({**good, "more": 1}, less, {**good, "faults": [1]}, {**good, "received": -1}, {**good, "version": 2}):
        with pytest.raises(AssertionError, match="not published"):
            check_document(["sync"], bad)


def test_the_model_of_a_spec_is_what_is_published(person: Person) -> None:
    person.write("specs/uploads.md", FULL)
    model = person.snapline("show", "uploads", "--json").json
    entries = [clause["entry"] for section in model["sections"] for clause in section["clauses"]]
    assert len([one for one in entries if one]) > 5
    assert model["faults"]
    assert model["faults"][0]["fix"]["edits"][0]["span"]["line"] > 1
    person.write("specs/plain.md", PROSE)
    assert person.snapline("show", "plain", "--prompt", "--json").json["task"] is None


@pytest.mark.parametrize("suggested", [(), ("--suggested-fixes",)])
def test_what_lint_prints_is_what_is_published(person: Person, suggested: tuple[str, ...]) -> None:
    person.write("specs/uploads.md", FULL.replace("after: [other]", "lang: de"))
    person.write("specs/plain.md", PROSE)
    for more in ((), ("--statistics",)):
        found = person.snapline("lint", "--json", *more)
        assert (found.status, bool(found.json["findings"]), "statistics" in found.json) == (1, True, bool(more))
        proposed = person.snapline("lint", "--json", "--diff", *suggested, *more).json
        assert (bool(proposed["diff"]), proposed["written"]) == (True, [])
    assert person.snapline("lint", "--json", "--fix", *suggested).json["written"]
    assert person.snapline("lint", "--json", "--select", "QQQ").json["error"]["code"]


def test_other_documents_are_what_is_published(person: Person) -> None:
    for line in (
        "init",
        "init --merge-driver",
        "doctor",
        "new one",
        "fmt one",
        "status",
        "rule",
        "rule SEC001",
        "schema",
    ):
        person.snapline(*line.split(), "--json")
    person.write("specs/uploads.md", FULL)
    person.git("add", "-A")
    person.git("commit", "-qm", "Specs")
    person.write("specs/uploads.md", FULL.replace("goes on", "resumes").replace("200 lines", "9 lines"))
    for line in ("plan uploads", "diff uploads", "log nothing", "schema lint", "fmt uploads"):
        person.snapline(*line.split(), "--json")
    assert person.snapline("diff", "uploads", "--json").json["same"] is False


def test_schemas_are_listed_and_found(person: Person) -> None:
    listed = person.snapline("schema")
    assert [line.split()[0] for line in listed.out.splitlines()] == [one.name for one in PUBLISHED]
    assert json.loads(person.snapline("schema", "lint").out) == person.snapline("schema", "lint", "--json").json
    missing = person.snapline("schema", "lints")
    assert (missing.status, "Did you mean `lint`?" in missing.err) == (2, True)


CONFIGURATION = """
[env]
setup = ["uv sync"]
[lanes.default]
slots = 4
limits = { wall = "90m" }
[agents.mine]
command = ["my-agent", "{prompt_file}"]
[lint]
ignore = ["CON504"]
severities = { SEC004 = "off" }
per-path = { "specs/old/**" = ["ACC303"] }
"""


@pytest.mark.parametrize(
    "change",
    [
        ("", ""),
        ("slots = 4", "slots = 0"),
        ("slots", "slot"),
        ('"90m"', '"90"'),
        ('"off"', '"never"'),
        ("command", "comand"),
        ('["CON504"]', '"CON504"'),
        ("[env]", "[envs]"),
    ],
)
def test_the_configuration_is_as_its_schema_says(change: tuple[str, str]) -> None:
    text = CONFIGURATION.replace(*change) if change[0] else CONFIGURATION
    valid = validator("config").is_valid(tomllib.loads(text))
    try:
        parse_config(text.encode())
    except BadConfig:
        assert not valid
    else:
        assert valid


def test_a_rule_is_explained(person: Person) -> None:
    page = person.snapline("rule", "acc303").out
    assert page.splitlines()[:2] == ["ACC303 no-check", "severity: warning or error; fix: suggested"]
    assert "\nHow to fix\n" in page
    assert "```" not in page
    assert person.snapline("rule", "no-check").out == page
    assert "cannot be waived" in person.snapline("rule", "SEC001").out.splitlines()[1]
    document = person.snapline("rule", "ACC303", "--json").json
    assert (document["code"], document["fix"], document["waivable"]) == ("ACC303", "suggested", True)
    assert document["page"].startswith("A criterion ")


def test_rules_are_listed_and_the_nearest_is_named(person: Person) -> None:
    lines = person.snapline("rule").out.splitlines()
    assert [line.split()[0] for line in lines] == [rule.code for rule in all_rules()]
    for wrong in ("ACC3003", "no-cheks"):
        missing = person.snapline("rule", wrong)
        assert (missing.status, "Did you mean" in missing.err) == (2, True)


def test_a_schema_that_is_violated_says_where() -> None:
    with pytest.raises(ValidationError, match="is not of type"):
        validator("new").validate({"version": 1, "spec": 3, "path": "x"})

"""The rules about wording, sentence by sentence: what they find in every form, and what they leave alone."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from tests.lint.sample import WHOLE, clause, findings, spec

from snapline.base.text import Source
from snapline.lint.rule import Context, LintSettings
from snapline.lint.run import lint
from snapline.lint.words import Words
from snapline.spec.model import SectionKind
from snapline.spec.parser import parse

FOUND: Mapping[str, tuple[str, ...]] = {
    "LEX201": (
        "The import is fast.",
        "Fast imports.",
        "The import must be **fast**.",
        "The form is user-friendly.",
        "The form is *user*\n  friendly.",
        "User-friendly forms.",
        "The API is ROBUST.",
        "It handles errors gracefully.",
        "A state-of-the-art editor.",
        "The [intuitive](https://example.org) form.",
        "The answer to HTTP 503 is sensible.",
        "It runs reliably on Python 3.11.",
        "The name “Bob” is shown nicely.",
        "It works as expected.",
        "The code follows best practices.",
        "The import of `a.csv` is efficient.",
        "It never takes an unreasonable amount of memory.",
        "The order of buttons is ergonomic.",
        "A readable summary is sent.",
        "Its messages are *easily* readable.",
        "The retry is effective.",
        "Excessively long names are cut.",
        "It takes a fast path.",
        "The code stays readable.",
        "The screen is uncluttered.",
        "Small requests take the quick path.",
        "Small requests take the *quick* tier.",
    ),
    "LEX202": (
        "Names, sizes, etc.",
        "Names and sizes etc. are kept",
        "Names, sizes *and so on* are kept",
        "Names, sizes and\n  so forth to the end",
        "Logs, including, but not\n  limited to those of today",
        "Names, sizes, …",
        "Files (names, sizes, ...) are kept",
        "Names, sizes, and more.",
        "Redis or similar",
    ),
    "LEX203": (
        "It resumes if possible.",
        "Where feasible, it resumes.",
        "It resumes, as **far as** possible",
        "It resumes as soon as\n  possible",
        "It shall try to resume",
        "The client tries to resume",
        "The client attempts to resume",
        "It is done on a best-effort basis",
        "It resumes to the extent practicable",
        "No call is made unless necessary",
        "Preferably it resumes",
        "It resumes whenever it is technically feasible",
    ),
    "LEX205": (
        "The start is faster.",
        "Fewer errors are shown.",
        "It needs *less* memory.",
        "It is more user-friendly.",
        "The latency is lower.",
        "A better editor, rather than a toy, is there.",
        "Improved readability of logs.",
    ),
    "LEX209": (
        "Rename and/or move it.",
        "Rename AND / OR move it",
        "Admins/owners see it",
        "CSV/JSON is written",
        "A read/edit/delete menu",
    ),
    "PLH102": (
        "Is it kept?",
        "It is kept. For how long?",
        "**Which one?**",
        "It is kept (for how long?).",
        "Quoi？",  # noqa: RUF001 - the full-width mark counts
        "What, if it is lost? (manual)",
    ),
    "PLH103": (
        "It is kept in either Redis or Postgres.",
        "Either `redis` or a file keeps it.",
        "We could use Redis.",
        "The format is undecided.",
        "The format is not yet decided",
        "It is still *to be decided* who keeps it",
        "Option A or B is taken.",
        "Option 1: Redis. Option 2: a file.",
        "Alternatively, a file keeps it",
    ),
    "PLH104": (
        "Maybe it stays.",
        "It *probably* stays",
        "I think it stays",
        "It stays, I\n  think.",
        "We're not sure that it stays",
        "Perhaps it stays",
        "It stays, more or less",
        "AFAIK it stays",
    ),
    "PLH105": (
        "#12",
        "See #12.",
        "PROJ-12",
        "https://example.org/a",
        "<https://example.org/a>",
        "[a](https://example.org)",
        "See [the wiki](https://example.org).",
        "As per ticket 12.",
        "Fixes owner/name#12",
    ),
}
LEFT_ALONE: Mapping[str, tuple[str, ...]] = {
    "LEX201": (
        "FastAPI answers.",
        "It is a fast-forward.",
        "The fast path stays.",
        "The quick tier and the slow tier stay.",
        "The quick tier stays: `quick tier` of the plan.",
        "The Quick Tier has two queues, and the quick tier stays.",
        "A human-readable summary is sent.",
        "Old archives stay readable.",
        "A human readable summary is sent.",
        "The text is readable by its owner.",
        "It runs go mod tidy.",
        "The policy is effective on 1 May.",
        "The rights are those of the effective user.",
        "Robust Systems stays.",
        "It fails fast.",
        "It runs fast.py and /robust/x and --fast.",
        "It prints \"robust\" and 'simple' and `fast`.",
        "<!-- fast --> It stays.",
        "It is fast: within 20 ms.",
        "It answers quickly, in at most three clicks.",
        "It is user-friendly: labels, order and contrast are those of the form.",
        "It is as simple as the old one.",
        "It says how reliable it is.",
        "https://example.org/fast?easy=1 stays.",
        "Statistically significant changes stay.",
    ),
    "LEX205": (
        "It is faster than the base.",
        "It is better, by 5 %.",
        "The lower bound stays.",
        "Higher-order functions stay.",
        "It is no better.",
        "The larger one stays.",
        "Python 3.11 or higher.",
        "Compared with the base it is faster.",
        "Better Auth stays.",
        "Less is the pager.",
        "One or more files stay.",
    ),
    "PLH105": (
        "UTF-8",
        "RFC 7231",
        "It stays (#12).",
        "`#12` stays",
        "The page links to https://example.org.",
        "ISO-8601",
    ),
}


@pytest.mark.parametrize(("code", "words"), [(code, one) for code, group in FOUND.items() for one in group])
def test_it_is_found_in_every_form(code: str, words: str) -> None:
    assert findings(spec(clause("Constraints", words)), code)


@pytest.mark.parametrize(("code", "words"), [(code, one) for code, group in FOUND.items() for one in group])
def test_what_is_quoted_hidden_or_no_promise_is_left_alone(code: str, words: str) -> None:
    plain = " ".join(words.replace("`", "").replace('"', "").replace("“", "").replace("”", "").split())
    for hidden in (f'It says "{plain}" here.', f"It says `{plain}` here.", f"It stays. <!-- {plain} -->"):
        assert not findings(spec(clause("Constraints", hidden)), code)
    assert not findings(spec({"Task": f"{WHOLE['Task']} {plain}"}), code)
    assert not findings(spec({"Clarifications": f"- Q1: {plain} **Answer:** {plain} (@al)"}), code)


@pytest.mark.parametrize(("code", "words"), [(code, one) for code, group in LEFT_ALONE.items() for one in group])
def test_near_misses_of_words_are_left_alone(code: str, words: str) -> None:
    assert not findings(spec(clause("Constraints", words)), code)


@pytest.mark.parametrize("code", [code for code in FOUND if code not in {"PLH102", "PLH105"}])
def test_english_words_are_looked_for_in_english_only(code: str) -> None:
    words = clause("Constraints", FOUND[code][0])
    assert findings(spec(words, "---\nlang: en-GB\n---\n"), code)
    assert not findings(spec(words, "---\nlang: de\n---\n"), code)


@pytest.mark.parametrize("code", ["PLH102", "PLH105"])
def test_questions_and_links_are_seen_in_every_language(code: str) -> None:
    assert findings(spec(clause("Constraints", FOUND[code][0]), "---\nlang: de\n---\n"), code)


@pytest.mark.parametrize("code", ["LEX201", "LEX202", "LEX203", "LEX205", "PLH103", "PLH104"])
def test_a_project_adds_its_own_words(code: str) -> None:
    own = LintSettings(words={code: ("top of the pops", "c++-ish")})
    text = spec(clause("Constraints", "It is *Top* of the\n  pops, and `top of the pops` stays."))
    assert len(findings(text, code, own)) == 1
    assert not findings(text, code)


def test_own_words_of_the_other_lists() -> None:
    pair = spec(clause("Goal", "A draft/final mark is shown."))
    assert findings(pair, "LEX209")
    assert not findings(pair, "LEX209", LintSettings(words={"LEX209": ("draft/final",)}))
    modal = spec(clause("Acceptance", "It needs to go on. (manual)"))
    assert not findings(modal, "LEX204")
    assert findings(modal, "LEX204", LintSettings(words={"LEX204": ("needs to",)}))
    boundary = spec(clause("Constraints", "The API is sacrosanct."))
    assert findings(boundary, "SEC006")
    assert not findings(boundary, "SEC006", LintSettings(words={"SEC006": ("sacrosanct",)}))


@pytest.mark.parametrize("code", ["LEX201", "LEX205"])
def test_a_check_decides_what_words_leave_open(code: str) -> None:
    words = {"LEX201": "It is robust", "LEX205": "It is better"}[code]
    assert findings(spec(clause("Acceptance", f"{words}. (manual)")), code)
    assert not findings(spec(clause("Acceptance", f"{words}: `$ make a`")), code)
    task = spec({"Acceptance": "- A1: It ends: `$ make a` (G1)", "Tasks": f"- T1: {words}. Proves A1."})
    assert not findings(task, code)
    assert findings(task.replace(": `$ make a`", ""), code)


@pytest.mark.parametrize(
    ("section", "severity"), [("Acceptance", "error"), ("Interfaces", "error"), ("Goal", "warning")]
)
@pytest.mark.parametrize("code", ["PLH102", "PLH103"])
def test_what_is_open_blocks_where_it_decides(code: str, section: str, severity: str) -> None:
    (one,) = findings(spec(clause(section, FOUND[code][0])), code)
    assert one.severity == severity


@pytest.mark.parametrize(("section", "severity"), [("Acceptance", "error"), ("Goal", "warning")])
@pytest.mark.parametrize("code", ["LEX202", "LEX203"])
def test_a_criterion_cannot_be_left_open(code: str, section: str, severity: str) -> None:
    (one,) = findings(spec(clause(section, FOUND[code][0])), code)
    assert one.severity == severity


def test_a_question_waits_for_its_answer() -> None:
    (one,) = findings(spec({"Clarifications": "- Q1: Which? **Answer:** This one. (@al)\n- Q2: When?"}), "PLH102")
    assert (one.clause, one.severity) == ("Q2", "error")


def test_every_offset_is_kept() -> None:
    text = spec({"Goal": "- G1: a “b” `c` [d](e) **f**\n\n  > g\n\n  - h <!-- i -->\n- 上 İ &amp; _j_"}).replace(
        "\n", "\r\n"
    )
    parsed = parse(Source.from_bytes("x.md", text.encode()))
    words = Words(parsed)
    assert len(words.text) == len(words.lower) == len(text)
    assert all(words.text[at] in (text[at], "\x00", "\x02", "\x03", " ") for at in range(len(text)))
    goals = "".join(words.of(one) for one in parsed.clauses(SectionKind.GOAL))
    assert [one for one in goals if one.isalpha()] == [*"adfh上İj"]


def test_a_text_that_is_none_has_an_end() -> None:
    for piece in ("fast ", "“", "if possible ", "a/b ", "? ", "either x or "):
        found = lint(Context(parse(Source.from_bytes("x.md", spec(clause("Constraints", piece * 20_000)).encode()))))
        assert len([one for one in found if one.code.startswith(("LEX", "PLH"))]) <= 60

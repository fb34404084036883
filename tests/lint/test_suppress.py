"""Comments that let findings pass: what each is about by where it stands, and what no comment can do."""

from __future__ import annotations

import time

import pytest

from snapline.base.diagnostics import Severity
from snapline.base.text import Source
from snapline.lint.rule import Context, LintSettings
from snapline.lint.run import lint
from snapline.lint.suppress import MAX_CODES, unsuppressed
from snapline.spec.interfaces import PathTree
from snapline.spec.parser import parse

IGNORE = "<!-- snapline: ignore ACC303 judged by hand -->"
TEXT = """\
{top}# Uploads

## Acceptance
{under}
- A1: {inside}An upload goes on.
{above}
- A2: A full disk is told.

### On servers
{below}
- A3: A server says so.
{end}
## Failure plan

Revert it.
"""


PLAIN = LintSettings()


def found(code: str = "ACC303", settings: LintSettings = PLAIN, **places: str) -> list[str | None]:
    filled = dict.fromkeys(("top", "under", "inside", "above", "below", "end"), "") | places
    context = Context(
        parse(Source.from_bytes("x.md", TEXT.format(**filled).encode())),
        PathTree({}),
        {},
        settings,
    )
    return [one.clause for one in lint(context) if one.code == code]


def test_without_a_comment_every_criterion_has_its_finding() -> None:
    assert found() == ["A1", "A2", "A3"]


@pytest.mark.parametrize(
    ("place", "left"),
    [
        ("top", []),
        ("under", []),
        ("inside", ["A2", "A3"]),
        ("above", ["A1", "A3"]),
        ("below", ["A1", "A2"]),
        ("end", ["A1", "A2", "A3"]),
    ],
)
@pytest.mark.parametrize("form", ["{}", "{}\n", "\n{}\n", "<!-- of another kind -->\n{}\n<!-- and one more -->\n"])
def test_the_place_says_what_it_is_about(place: str, left: list[str], form: str) -> None:
    text = f"{IGNORE} " if place == "inside" else form.format(IGNORE) + ("\n\n" if place == "top" else "")
    assert found("ACC303", PLAIN, **{place: text}) == left
    assert found("SUP903", PLAIN, **{place: text}) == ([None] if place == "end" else [])


def test_line_ends_do_not_matter() -> None:
    text = TEXT.format(top="", under="", inside="", above=IGNORE, below="", end="").replace("\n", "\r\n")
    context = Context(parse(Source.from_bytes("x.md", text.encode())), PathTree({}), {})
    assert [one.clause for one in lint(context) if one.code == "ACC303"] == ["A1", "A3"]


def test_several_codes_and_a_reason_over_several_lines() -> None:
    comment = "<!-- snapline: ignore ACC303, IDS021\nthe runbook of operations\nsays it -->\n"
    assert found(top=comment) == found("IDS021", top=comment) == found("SUP901", top=comment) == []


def test_two_comments_about_the_same_are_both_used() -> None:
    assert found("SUP901", top=IGNORE + "\n", inside=IGNORE + " ") == []


def test_without_a_reason_a_comment_has_no_effect() -> None:
    bare = "<!-- snapline: ignore ACC303 -->\n"
    assert (found(top=bare), found("SUP902", top=bare)) == (["A1", "A2", "A3"], [None])


@pytest.mark.parametrize("code", ["SEC001", "FMT011", "IDS022", "ACC315", "SUP901", "SUP903", "QQQ123"])
def test_what_stays_is_refused(code: str) -> None:
    comment = f"<!-- snapline: ignore {code} judged by hand -->\n"
    assert found("SUP903", top=comment) == [None]
    assert len(found("SEC001", top=comment)) == len(found("SEC001"))


def test_an_unused_comment_is_told_only_where_lint_sees_the_repository() -> None:
    text = TEXT.format(top="", under="", inside="", above="", below="", end="")
    source = Source.from_bytes("x.md", f"<!-- snapline: ignore CON507 not yet -->\n{text}".encode())
    assert "SUP901" not in {one.code for one in lint(Context(parse(source)))}
    assert "SUP901" in {one.code for one in lint(Context(parse(source), PathTree({}), {}))}


def test_a_comment_counts_as_used_though_the_rule_is_not_selected() -> None:
    assert found("SUP901", LintSettings(select=("SUP",)), top=IGNORE + "\n") == []
    assert found("SUP901", LintSettings(severities={"ACC303": None}), top=IGNORE + "\n") == []


def test_settings_choose_and_weigh() -> None:
    context = Context(parse(Source.from_bytes("x.md", TEXT.format(**dict.fromkeys(
        ("top", "under", "inside", "above", "below", "end"), "")).encode())),
        settings=LintSettings(
            select=("ACC", "SEC001"), ignore=("ACC317", "SEC"), severities={"ACC303": Severity.INFO}
        ),
    )  # fmt: skip
    assert {(one.code, one.severity) for one in lint(context)} == {("ACC303", Severity.INFO)}


def test_beyond_the_limit_comments_have_no_effect() -> None:
    many = "<!-- snapline: ignore CON507 not yet -->\n\n" * (MAX_CODES - 1)
    assert found("ACC303", PLAIN, top=many + IGNORE + "\n") == []
    assert found("ACC303", PLAIN, top=f"{many}<!-- snapline: ignore CON507 x -->\n\n{IGNORE}\n") == ["A1", "A2", "A3"]
    assert found("SUP903", PLAIN, top=many * 2) == [None]


@pytest.mark.parametrize(
    "piece", [f"{IGNORE}\n\n", f"{IGNORE}\n", f"# Goal\n{IGNORE}\n", f"{IGNORE} ", "<!-- snapline: "]
)
def test_a_file_full_of_comments_takes_a_moment(piece: str) -> None:
    source = Source.from_bytes("x.md", ("# Goal\n\n" + piece * (400_000 // len(piece))).encode())
    context = Context(parse(source), PathTree({}), {})
    began = time.process_time()
    unsuppressed(context, ())
    assert time.process_time() - began < 2

"""What is told of a spec: show, the machine's copy, the template, what is not enforced, and the leaves."""

from __future__ import annotations

import json

import pytest
from tests.spec.written import codes, only, section_of, spec_of

from snapline.base.ids import SpecId
from snapline.spec.enforced import unenforced
from snapline.spec.export import document
from snapline.spec.leaves import LeafKind, leaves
from snapline.spec.model import SectionKind
from snapline.spec.revision import revision
from snapline.spec.show import PROSE, UNENFORCED, describe
from snapline.spec.template import template

K = SectionKind
ALL_OPTIONS = "regression, slow, network, timeout 120 s, runs 3, in d, env A=1, report r.xml, keep k"


@pytest.mark.parametrize(
    ("kind", "text", "reads"),
    [
        (K.GOAL, "x", [PROSE]),
        (K.GOAL, "x (A1), per C2", [PROSE, "refers to A1", "per C2"]),
        (K.CONSTRAINTS, "x", [PROSE]),
        (K.CONSTRAINTS, "Change only: `a`", ["every changed path matches one of `a`"]),
        (K.CONSTRAINTS, "Do not change: `a`, `b`", ["no changed path matches `a`, `b`"]),
        (K.CONSTRAINTS, "Ask first: `a`", ["a change to `a` waits for a person"]),
        (
            K.CONSTRAINTS,
            "Keep passing: `$ x` and A1",
            ["keeps passing, at the base and after: A1", "command: `x` exits with 0"],
        ),
        (K.CONSTRAINTS, "Must not contain: `/x/` in `a`", ["no added line in `a` matches /x/"]),
        (K.CONSTRAINTS, "No new dependencies", ["no dependency is added"]),
        (K.CONSTRAINTS, "No network", ["the agent reaches only its model's endpoint"]),
        (K.CONSTRAINTS, "At most: 3 lines, 1 file", ["the diff has at most 3 lines, 1 files"]),
        (
            K.CONSTRAINTS,
            "Budget: 3 attempts, 1m, $5, 2k tokens",
            ["the loop stops at 3 attempts, 60 s, $5, 2000 tokens"],
        ),
        (K.INTERFACES, "Changes `a`, new `b`", ["changes `a`", "new `b` (new)"]),
        (K.INTERFACES, "Service: x", ["Service: x"]),
        (
            K.INTERFACES,
            "Spec: a and `pay/core#b`. Why.",
            [
                "Spec: a and pay/core#b. Why",
                "waits until a has landed",
                "b of the repository pay/core: shown, not waited for",
                "touches `pay/core#b`",
            ],
        ),
        (K.CLARIFICATIONS, "Which one?", ["question: Which one?", "not answered yet"]),
        (K.CLARIFICATIONS, "Which? **Answer:**", ["question: Which?", "not answered yet"]),
        (
            K.CLARIFICATIONS,
            "Which? **Answer:** the *new* `a`. (@al, clarifies A2)",
            ["question: Which?", "answered by @al: the new `a`.", "clarifies A2"],
        ),
        (K.INTERFACES, "x", [PROSE]),
        (K.ACCEPTANCE, "x", ["manual: a person signs it in the review"]),
        (K.ACCEPTANCE, "x (manual: @al)", ["manual: @al signs it in the review"]),
        (
            K.ACCEPTANCE,
            "`$ x` (regression, slow, network, timeout 2m, runs 3, in d, env A=1, report r.xml, keep k)",
            [f"command: `x` exits with 0 ({ALL_OPTIONS})"],
        ),
        (K.ACCEPTANCE, "`a.py::t`. Proves G1.", ["test: `a.py::t` runs and passes", "proves G1"]),
        (K.ACCEPTANCE, "x\n\n  ```sh check\n  a\n  ```", ["script in sh exits with 0"]),
        (K.ACCEPTANCE, "x\n\n  ```console\n  $ a\n  ```", ["transcript: `a` prints what is shown and exits with 0"]),
        (K.FAILURE_PLAN, "Rollback: `$ a`, revert", ["rollback: `a`, then revert"]),
        (
            K.FAILURE_PLAN,
            "Roll back when: A1 fails within 1m",
            ["rolled back when a check of A1 fails twice in a row within 60 s after landing; run every minute"],
        ),
        (
            K.FAILURE_PLAN,
            "Roll back when: `$ a` fails every 5m",
            [
                "rolled back when a check fails twice in a row after landing; run every 300 s",
                "command: `a` exits with 0",
            ],
        ),
        (
            K.FAILURE_PLAN,
            "Verify rollback: `$ a`",
            ["after a rollback this proves that it worked", "command: `a` exits with 0"],
        ),
        (K.FAILURE_PLAN, "Escalate: @a", ["@a is told when all else is exhausted"]),
        (K.FAILURE_PLAN, "Retry: 4", ["at most 4 attempts"]),
        (
            K.TASKS,
            "x. Proves A1. Changes `a`. After T2. Agent b. Lane c.",
            ["task: x.", "proves A1", "may change `a`", "after T2", "agent b", "lane c"],
        ),
    ],
)
def test_every_clause_says_what_it_enforces(kind: SectionKind, text: str, reads: list[str]) -> None:
    spec = section_of(kind, f"- {text}")
    (section,) = describe(spec).sections
    (clause,) = section.clauses
    assert [one for one in clause.reads if not one.startswith(UNENFORCED)] == reads
    missing = [read for read in clause.reads if read.startswith(UNENFORCED)]
    assert missing == [f"{UNENFORCED}: {one.what}" for one in unenforced(spec)]
    assert clause.enforced == (PROSE not in reads)
    assert clause.id == only(spec).shown


def test_sections_notes_and_front_matter() -> None:
    spec = spec_of("---\nid: a\nowner: x\nafter: b\n---\n# Task\nwhy\n# Goal\nIntro\n- a\n")
    told = describe(spec)
    assert (told.id, told.revision) == ("a", revision(spec))
    assert dict(told.front)["after"] == "b"
    assert [(one.name, one.prose, one.notes) for one in told.sections] == [
        ("Task", "why", ()),
        ("Goal", "", ("Intro",)),
    ]


def test_the_machines_copy() -> None:
    text = "\ufeff# Goal\r\n- é `ä` x\r\n"
    spec = spec_of(text)
    copy = json.loads(json.dumps(document(spec)))
    assert (copy["version"], copy["revision"]) == (1, revision(spec))
    (clause,) = copy["sections"][0]["clauses"]
    assert (clause["id"], clause["shown"], clause["written"]) == ("G1", "G1?", False)
    span = clause["code"][0]["span"]
    assert spec.source.raw[span["start"] : span["end"]].decode() == "`ä`"
    assert (span["line"], span["column"], span["end_line"], span["end_column"]) == (2, 5, 2, 8)


def test_the_template_is_empty_and_sound() -> None:
    text = template(SpecId("retry-uploads"), 'Fix: the "thing"', "@alice")
    spec = spec_of(text)
    assert codes(spec) == []
    assert (spec.id, spec.title, spec.front.owner) == ("retry-uploads", 'Fix: the "thing"', "@alice")
    assert [one.kind for one in spec.sections] == list(SectionKind)[:6]
    assert all(not one.clauses and not one.prose for one in spec.sections)
    bare = spec_of(template(SpecId("a")))
    assert (bare.title, bare.front.owner, codes(bare)) == ("a", None, [])


def test_the_examples_of_the_template_parse() -> None:
    text = template(SpecId("a")).replace("<!--\n", "").replace("-->\n", "")
    spec = spec_of(text)
    assert codes(spec) == []
    assert [len(one.clauses) for one in spec.sections] == [0, 1, 4, 1, 3, 2]
    assert [clause.entry is None for clause in spec.clauses(K.CONSTRAINTS, K.FAILURE_PLAN)] == [False] * 6


@pytest.mark.parametrize(
    ("kind", "text", "what"),
    [
        (K.ACCEPTANCE, "`$ x` (slow, network, keep `a`)", []),
        (K.ACCEPTANCE, "`$ x` (regression, timeout 1m, runs 2, in d, env A=b, report r) (manual: @a)", []),
        (K.CONSTRAINTS, "Ask first: `a`", []),
        (K.CONSTRAINTS, "Must not contain: `/a/`", []),
        (K.CONSTRAINTS, "No network", []),
        (K.CONSTRAINTS, "No new dependencies", []),
        (K.CONSTRAINTS, "Budget: 2 attempts, 3m", []),
        (K.CONSTRAINTS, "Budget: $5, 3k tokens", ["`Budget` in money", "`Budget` in tokens"]),
        (K.CONSTRAINTS, "Keep passing: `$ x` (slow)", []),
        (K.CONSTRAINTS, "Change only: `a`", []),
        (K.FAILURE_PLAN, "Roll back when: `$ x` fails", ["`Roll back when`"]),
        (K.FAILURE_PLAN, "Escalate: @a", ["`Escalate`"]),
        (K.FAILURE_PLAN, "Rollback: revert", []),
        (K.FAILURE_PLAN, "Verify rollback: `$ x` (network)", []),
        (K.INTERFACES, "Spec: other", []),
        (K.INTERFACES, "Service: other", []),
    ],
)
def test_what_is_not_enforced(kind: SectionKind, text: str, what: list[str]) -> None:
    spec = section_of(kind, f"- {text}")
    assert [one.what for one in unenforced(spec)] == what
    assert {one.clause for one in unenforced(spec)} <= {only(spec).id}


def test_front_matter_that_is_not_enforced() -> None:
    spec = spec_of("---\nsupersedes: a\nafter: b\n---\n# Task\n")
    assert [(one.clause, one.what) for one in unenforced(spec)] == [(None, "`supersedes`")]


def test_leaves_say_what_they_are() -> None:
    text = "---\nid: a\n---\n# *T* #\n- [ ] x `y` <!-- c --> <b>z</b> [l](u)\n  ```\n  f\n  ```\n<!-- d --> e\n"
    spec = spec_of(text)
    told = [(leaf.kind, spec.source.slice(leaf.span)) for leaf in leaves(spec) if leaf.kind is not LeafKind.MARKUP]
    assert told == [
        (LeafKind.FRONT_MATTER, "---\nid: a\n---\n"),
        (LeafKind.TEXT, "T"),
        (LeafKind.TEXT, "[ ] x "),
        (LeafKind.CODE, "`y`"),
        (LeafKind.TEXT, " "),
        (LeafKind.COMMENT, "<!-- c -->"),
        (LeafKind.TEXT, " "),
        (LeafKind.HTML, "<b>"),
        (LeafKind.TEXT, "z"),
        (LeafKind.HTML, "</b>"),
        (LeafKind.TEXT, " [l"),
        (LeafKind.TARGET, "](u)"),
        (LeafKind.FENCE, "```\n  f\n  ```"),
        (LeafKind.COMMENT, "<!-- d -->"),
        (LeafKind.HTML, " e"),
    ]

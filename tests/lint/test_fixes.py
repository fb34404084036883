"""What holds for every finding and every fix of every rule, over specs put together from what breaks the rules."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from tests.lint.test_rules import FOLDERS, FOLLOWS, RULES, circumstances, read_tree

from snapline.base.diagnostics import Applicability, Finding
from snapline.base.text import Source, apply_edits
from snapline.lint.rule import Context
from snapline.lint.run import lint
from snapline.spec.interfaces import PathTree
from snapline.spec.model import THE_SIX, SectionKind, Spec
from snapline.spec.parser import parse

CODES = sorted(RULES)
MOVED = frozenset({"FMT011", "FMT013", "FMT014", "FMT015", "SEC001", "SEC003", "SEC004", "SEC007"})
"""Rules whose fixes change what is a section, a clause or front matter: more than one clause may be read anew."""
STRICT = frozenset({"CON503", "CON504", "CON506", "CON507", "SEC006"})
"""What is said of a constraint once it is an entry: CON505's fixes make one of what was prose."""
FOLLOWED = {**FOLLOWS, "CON505": STRICT}
ROUNDS = range(12)
LONG = range(12, 1_000)


@pytest.mark.parametrize("code", CODES)
def test_what_is_found_lies_in_the_file(code: str) -> None:
    for name in ("bad.md", "good.md", "fixed.md", "nearmiss.md"):
        if (FOLDERS / code / name).exists():
            within(context_of(code, name))


@pytest.mark.parametrize("code", [code for code in CODES if RULES[code].fixes is not None])
def test_each_fix_of_a_rule_alone_clears_its_finding(code: str) -> None:
    context = context_of(code, "bad.md")
    for finding in (one for one in lint(context) if one.fix):
        alone(context, finding, FOLDERS / code)


@pytest.mark.parametrize("seed", ROUNDS)
def test_each_fix_alone_clears_its_finding_in_any_company(seed: int) -> None:
    context = mixed(seed)
    within(context)
    for finding in (one for one in lint(context) if one.fix):
        alone(context, finding, None)


@pytest.mark.soak
@pytest.mark.parametrize("seed", LONG)
def test_each_fix_alone_clears_its_finding_for_long(seed: int) -> None:
    test_each_fix_alone_clears_its_finding_in_any_company(seed)


def context_of(code: str, name: str) -> Context:
    folder = FOLDERS / code
    return circumstances(folder, Source.from_bytes(name, (folder / name).read_bytes()))


def within(context: Context) -> None:
    """Every span and every edit lies in the text, and quotes no blank at its ends."""
    text = context.spec.source.text
    for finding in lint(context):
        quoted = context.spec.source.slice(finding.span)
        assert 0 <= finding.span.start <= finding.span.end <= len(text), finding
        assert quoted == quoted.strip(" \t\r\n"), finding
        for edit in finding.fix.edits if finding.fix else ():
            assert 0 <= edit.span.start <= edit.span.end <= len(text), finding
            assert text[edit.span.start : edit.span.end] != edit.text, f"{finding.code}: the fix changes nothing"


def alone(context: Context, finding: Finding, folder: Path | None) -> None:
    """One fix, applied without any other, clears its finding, and touches no clause but its own."""
    assert finding.fix is not None
    before = context.spec
    source = Source.from_bytes(before.source.path, apply_edits(before.source.text, finding.fix.edits).encode())
    changed = read(source, folder)
    found, left = lint(context), lint(changed)
    assert counted(left, finding) < counted(found, finding), told(before, finding, source)
    assert kinds(left)[finding.code] <= kinds(found)[finding.code], told(before, finding, source)
    if finding.fix.applicability is Applicability.SAFE:
        ignored = {finding.code} | FOLLOWED.get(finding.code, frozenset())
        changes = [code for code in kinds(left) | kinds(found) if kinds(left)[code] != kinds(found)[code]]
        assert set(changes) <= ignored, told(before, finding, source)
    if finding.code not in MOVED:
        gone = clauses(before) - clauses(changed.spec)
        assert gone.total() <= 1, (told(before, finding, source), gone)


def read(source: Source, folder: Path | None) -> Context:
    return circumstances(folder, source) if folder else Context(parse(source), TREE, {})


def counted(findings: tuple[Finding, ...], finding: Finding) -> int:
    """How many findings say the same: their places and provisional ids move when a text is changed."""
    return sum((one.code, one.message) == (finding.code, finding.message) for one in findings)


def kinds(findings: tuple[Finding, ...]) -> Counter[str]:
    return Counter(one.code for one in findings)


def clauses(spec: Spec) -> Counter[tuple[str, str]]:
    """The clauses of a spec by their section and text."""
    return Counter((one.name, clause.text) for one in spec.sections for clause in one.clauses)


def told(before: Spec, finding: Finding, after: Source) -> str:
    return f"{finding.code} {finding.message!r}\n--- before\n{before.source.text}\n--- after\n{after.text}"


def every_tree() -> PathTree:
    """The trees of all fixtures as one."""
    trees = (read_tree(FOLDERS / code / "tree.txt") for code in CODES)
    return PathTree({path: content for tree in trees if tree for path, content in tree.files.items()})


TREE = every_tree()


@cache
def pieces() -> dict[SectionKind, tuple[str, ...]]:
    """The clauses of all fixtures that break a rule, as they are written, by section."""
    found: dict[SectionKind, list[str]] = {kind: [] for kind in SectionKind}
    for code in CODES:
        spec = context_of(code, "bad.md").spec
        for section in spec.sections:
            if section.kind is not None:
                found[section.kind] += written(spec, section.kind)
    return {kind: tuple(dict.fromkeys(texts)) for kind, texts in found.items()}


def written(spec: Spec, kind: SectionKind) -> Iterator[str]:
    section = spec.section(kind)
    if section is None:
        return
    if not section.clauses:
        yield spec.source.slice(section.body).strip("\r\n")
    for clause in section.clauses:
        yield spec.source.slice(clause.span).strip("\r\n")


def mixed(seed: int) -> Context:
    """A spec of clauses drawn at random from the fixtures."""
    dice = random.Random(seed)  # noqa: S311 - the same specs every time
    lines = []
    for kind in THE_SIX:
        known = pieces()[kind]
        lines += [f"# {kind}", "", *dice.sample(known, min(len(known), dice.randint(1, 4))), ""]
    text = "\n".join(lines)
    if dice.random() < 0.2:
        text = text.replace("\n", "\r\n")
    source = Source.from_bytes("x.md", text.encode())
    return Context(parse(source), TREE, {})

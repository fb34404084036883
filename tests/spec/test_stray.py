from __future__ import annotations

import pytest
from tests.spec.written import codes, fixed, quoted, section_of, spec_of

from snapline.spec.model import SectionKind

K = SectionKind


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (K.ACCEPTANCE, "- a\n\n```sh check\nx\n```"),
        (K.ACCEPTANCE, "- a\n\n```console\n$ x\n```"),
        (K.ACCEPTANCE, "- a\n\nAlso `$ x`"),
        (K.ACCEPTANCE, "- a\n\nAlso `a.py::t`"),
        (K.ACCEPTANCE, "- a\n  - `$ x`"),
        (K.ACCEPTANCE, "- a\n  > `$ x`"),
        (K.ACCEPTANCE, "- a\n  - b\n    ```sh check\n    x\n    ```"),
        (K.ACCEPTANCE, "- a\n`$ x`"),
        (K.ACCEPTANCE, "a\n\n> `$ x`"),
        (K.ACCEPTANCE, "- a\n\n      $ x"),
        (K.GOAL, "- a\n\nG2: b"),
        (K.GOAL, "- a\n  - G2: b"),
        (K.GOAL, "- G1: a\nG2: b"),
        (K.GOAL, "G1: a\nG2: b"),
        (K.GOAL, "- G1: a\n\n  G2: b"),
        (K.GOAL, "## G2: b\n- a"),
        (K.GOAL, "- Change only: `a`"),
        (K.CONSTRAINTS, "- a\n\nChange only: `a`"),
        (K.CONSTRAINTS, "- a\n  - Do not change: `a`"),
        (K.CONSTRAINTS, "- a\n  Change only: `b`"),
        (K.CONSTRAINTS, "- a\n\nNo network"),
        (K.FAILURE_PLAN, "- a\n\nRollback: revert"),
        (K.FAILURE_PLAN, "- a\n  - Retry: 3"),
        (K.INTERFACES, "- Verify rollback: `$ x`"),
    ],
)
def test_stray_structure(kind: SectionKind, body: str) -> None:
    assert codes(section_of(kind, body)) == ["FMT013"]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (K.TASK, "- a\n\n`$ x`\n\n```sh check\nx\n```"),
        (K.GOAL, "- a\n\nAlso `$ x`"),
        (K.GOAL, "- a\n\n```sh check\nx\n```"),
        (K.ACCEPTANCE, "- a\n\nSee (A1) and `x.py`"),
        (K.ACCEPTANCE, "- a\n  `$ x`"),
        (K.ACCEPTANCE, "- a\nlazy `x`"),
        (K.ACCEPTANCE, "a\n\n```sh check\nx\n```"),
        (K.CONSTRAINTS, "- a\n\nWe keep passing tests"),
        (K.GOAL, "- Retry: the client tries again"),
        (K.GOAL, "- Budget: it is small"),
        (K.FAILURE_PLAN, "- Roll back when: `$ x` fails"),
    ],
)
def test_no_stray_structure(kind: SectionKind, body: str) -> None:
    assert "FMT013" not in codes(section_of(kind, body))


@pytest.mark.parametrize(
    ("kind", "body", "after"),
    [
        (K.ACCEPTANCE, "- A1: a\n\n```sh check\nx\n\n y\n```", "- A1: a\n\n  ```sh check\n  x\n  \n   y\n  ```"),
        (K.ACCEPTANCE, "10. A1: a\n\n```sh check\nx\n```", "10. A1: a\n\n    ```sh check\n    x\n    ```"),
        (K.ACCEPTANCE, "- A1: a\nby `$ x`", "- A1: a\n  by `$ x`"),
        (K.GOAL, "- G1: a\nG2: b", "- G1: a\n- G2: b"),
    ],
)
def test_fixes(kind: SectionKind, body: str, after: str) -> None:
    spec = section_of(kind, body)
    mended = fixed(spec)
    assert mended == f"# {kind.value}\n{after}\n"
    assert codes(spec_of(mended)) == []


def test_the_quote_is_the_first_line() -> None:
    assert quoted(section_of(K.ACCEPTANCE, "- a\n\n```sh check\nx\n```")) == [("FMT013", "```sh check")]


@pytest.mark.parametrize("marker", ["- ", "1. ", "*   "])
def test_what_is_read_at_the_beginning_of_an_item_is_made_one(marker: str) -> None:
    spec = section_of(SectionKind.CONSTRAINTS, f"{marker}C1: a\n\nNo network,\nnever\n")
    (fault,) = (one for one in spec.faults if one.code == "FMT013")
    assert fault.fix is not None
    mended = fixed(spec)
    assert f"\n{marker}No network,\n{' ' * len(marker)}never" in mended
    assert "FMT013" not in codes(spec_of(mended))

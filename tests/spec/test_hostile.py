"""Text that was made to be slow: a megabyte of one unit, in each section; and what the limits say then."""

from __future__ import annotations

import sys
import time

import pytest

from snapline.base.text import MAX_BYTES, Source
from snapline.spec.leaves import leaves
from snapline.spec.parser import parse

FRAMES = (
    "# Goal\n%s\n",
    "# Acceptance\n%s\n",
    "# Constraints\n%s\n",
    "# Interfaces\n%s\n",
    "# Tasks\n%s\n",
    "# Failure plan\n%s\n",
    "%s",
    "---\n%s\n---\n# Task\n",
)
UNITS = (
    "- a\n",
    "a\n\n",
    "- `$ a` (slow)\n",
    "- A1: b\n",
    "(slow)",
    "`$ a` (slow) ",
    "(A1-A99) ",
    "proves A1, ",
    "- C1: Change only: `a`\n",
    "Changes `a`. ",
    "`a` ",
    "- Change only: `a`, ",
    "new `a`, ",
    "> ",
    "- \n  - A1: x\n",
    "- a\nA1: lazy\n",
    "|a|b|\n",
    "\t",
    "- [ ] A1: `a`\n",
    "(",
    "a. ",
    "Budget: 3 attempts, ",
    "- ```\n  a\n",
    "é",
    "*a ",
    "*",
    "_a*",
    "[",
    "![",
    "[a](",
    '](a "',
    "<",
    "<a b='",
    "<!--",
    "<![CDATA[",
    "`",
    "`a``b",
    "&amp;",
    "\\",
    "(env A=1) ",
    "a\n---\n",
    "# a\n",
    "## Goal\n",
    "[a]: b\n",
    "[a]: b 'c\n",
    "> - ",
    "- " * 40 + "a\n",
    "1. " * 30 + "\n",
    "> " * 29 + "a\n",
    "- Rollback: revert, ",
    "a: ",
    "{",
    "[[",
    "- a: &x\n",
    "A1: a\nA2: b\n",
    "`{a,b}{a,b}` ",
    "\r",
    "\r\n",
    "\u3000",
    "(`a`)",
    "`a`(in x)",
    "|`$ a`|b|\n|-|-|\n\n",
    "Roll back when: `$ a` fails within 3m. ",
    "within 3m ",
    "a " * 50 + "\n",
    "- x (in b)\n\n  ```sh check\n  a\n  ```\n",
    "<div>\n",
    "<!-- a -->\n",
    "\\\n",
    "a  \n",
    "- At most: 3 lines,",
    "A1, ",
)
FEW = [(unit, FRAMES[number % 6]) for number, unit in enumerate(UNITS)][::4]
ALL = [(unit, frame) for unit in UNITS for frame in FRAMES]
SECONDS = 2.0
"""Of processor time: what another process takes of a shared machine is not the parser's."""


def seconds_for(unit: str, frame: str) -> float:
    text = frame % (unit * ((MAX_BYTES - 50) // len(unit.encode())))
    source = Source.from_bytes("x.md", text.encode())
    tracing = sys.gettrace()
    sys.settrace(None)  # the parser's own time, without that of measuring coverage
    try:
        begin = time.process_time()
        parse(source)
        return time.process_time() - begin
    finally:
        sys.settrace(tracing)


@pytest.mark.parametrize(("unit", "frame"), FEW)
def test_a_megabyte_of_one_unit(unit: str, frame: str) -> None:
    assert seconds_for(unit, frame) < SECONDS


@pytest.mark.parametrize("unit", ["Changes `a`. ", "Roll back when: `$ a` fails within 3m. ", "\\\n", "<!-- -->\\\n"])
def test_a_megabyte_that_once_took_minutes(unit: str) -> None:
    assert max(seconds_for(unit, frame) for frame in ("# Tasks\n%s\n", "# Constraints\n%s\n")) < SECONDS


@pytest.mark.soak
def test_a_megabyte_of_every_unit_in_every_section() -> None:
    taken = {(unit, frame): seconds_for(unit, frame) for unit, frame in ALL}
    assert {key: time for key, time in taken.items() if time >= SECONDS} == {}


@pytest.mark.parametrize("unit", ["- a\n", "a\n\n", "`a` ", "- " * 40 + "a\n", "(x) "])
def test_what_is_not_read_is_reported_and_kept(unit: str) -> None:
    source = Source.from_bytes("x.md", ("# Goal\n" + unit * (400_000 // len(unit))).encode())
    spec = parse(source)
    assert "FMT012" in {fault.code for fault in spec.faults}
    assert "".join(source.slice(leaf.span) for leaf in leaves(spec)) == source.text


def test_the_limits_are_far_from_what_people_write() -> None:
    item = "- {}: The client tries `again` after a *short* pause (see A1), with `src/upload.py` as it is.\n"
    text = "# Goal\n" + "".join(item.format(f"G{number}") for number in range(1, 3001))
    spec = parse(Source.from_bytes("x.md", text.encode()))
    assert (len(spec.clauses()), spec.faults) == (3000, ())

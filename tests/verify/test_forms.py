"""The forms of a check and their options, each on a base where it fails and a candidate where it holds."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from tests.verify.world import World, check, criterion, sandboxed, spec_of

from snapline.base.ids import Oid
from snapline.verify.procedure import Verifier
from snapline.verify.verdict import State, Strength, Trust, Verdict

BASE = {
    "add.sh": "#!/bin/sh\necho 0\n",
    "lib/calc.py": "def add(a, b):\n    return 0\n",
    "tests/run.sh": 'test "$(./add.sh 2 3)" = 5 || { echo "not 5"; exit 1; }\n',
    "data/words.txt": "one\n",
}
FIXED = {"add.sh": "#!/bin/sh\necho $(($1 + $2))\n", "lib/calc.py": "def add(a, b):\n    return a + b\n"}


@pytest.fixture(scope="module")
def arena(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Oid, Oid]:
    """One repository for all forms: its base and its fix."""
    world = sandboxed(tmp_path_factory.mktemp("forms"))
    base = world.commit(BASE)
    return world, base, world.commit(FIXED)


PYTHON = """- A1: It adds.

  ```python check
  import sys

  sys.path.insert(0, "lib")
  from calc import add

  assert add(2, 3) == 5, "wrong sum"
  ```
"""
TRANSCRIPT = """- A1: It adds.

  ```console
  $ x=3
  $ ./add.sh 2 $x
  5
  $ cat data/none
  cat: ...
  [1]
  ```
"""
FORMS = {
    "command": ('- A1: It adds: `$ test "$(./add.sh 2 3)" = 5`.', "exit 1"),
    "command of a script": ("- A1: It adds: `$ sh tests/run.sh`.", "exit 1: not 5"),
    "pipefail": ("- A1: It adds: `$ ./add.sh 2 3 | grep 5 | cat`.", "exit 1"),
    "in a folder": (
        "- A1: It adds: `$ python -c 'import calc; assert calc.add(2, 3) == 5, calc.add(2, 3)'` (in lib).",
        "exit 1: AssertionError: 0",
    ),
    "with a variable": ('- A1: It adds: `$ test "$(./add.sh $A 3)" = 5` (env A=2).', "exit 1"),
    "sh": ('- A1: It adds.\n\n  ```sh check\n  sum=$(./add.sh 2 3)\n  test "$sum" = 5\n  ```', "exit 1"),
    "bash": ("- A1: It adds.\n\n  ```bash check\n  [[ $(./add.sh 2 3) == 5 ]]\n  echo done\n  ```", "exit 1"),
    "python": (PYTHON, "exit 1: AssertionError: wrong sum"),
    "transcript": (TRANSCRIPT, "`./add.sh 2 $x`: line 1: expected '5', got '0'"),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_form_fails_on_the_base_and_passes_on_the_fix(arena: tuple[World, Oid, Oid], form: str) -> None:
    world, base, fix = arena
    text, why = FORMS[form]
    spec = spec_of(text)
    assert criterion(world.verify(spec, base, base)).verdict is Verdict.FAIL
    assert Verifier(world.bench).baseline(spec, base, "").rows[0].because == f"fails now because: {why}"
    report = world.verify(spec, base, fix)
    assert (criterion(report).verdict, criterion(report).strength) == (Verdict.PASS, Strength.FULL)
    assert check(report).baseline is State.FAILED
    assert check(report).exit == 0
    trust = Trust.OUT_OF_PROCESS if form == "transcript" else Trust.IN_PROCESS
    assert check(report).trust is trust
    assert report.accepted


def test_the_evidence_of_a_transcript_shows_what_was_typed(arena: tuple[World, Oid, Oid]) -> None:
    world, base, fix = arena
    report = world.verify(spec_of(TRANSCRIPT), base, fix)
    kept = [world.bench.evidence.read(one).decode() for one in check(report).evidence]
    assert any("$ ./add.sh 2 $x\n5\n[0]\n" in one for one in kept), kept


VACUOUS = {
    "command": "- A1: `$ test -e add.sh`.",
    "script": "- A1: Said.\n\n  ```sh check\n  ./add.sh 1 1\n  ```",
    "transcript": "- A1: Said.\n\n  ```console\n  $ ./add.sh 1 1\n  ...\n  ```",
}


@pytest.mark.parametrize("form", VACUOUS)
def test_what_passes_on_the_base_is_vacuous(arena: tuple[World, Oid, Oid], form: str) -> None:
    world, base, fix = arena
    report = world.verify(spec_of(VACUOUS[form]), base, fix)
    assert criterion(report).verdict is Verdict.VACUOUS


SURROUNDINGS = """- A1: Where a check runs.

  ```bash check
  test -z "$(cat)"
  test ! -t 0 -a ! -t 1
  test "$TZ$LANG$CI$NO_COLOR" = UTCC.UTF-811
  test -z "${SECRET-}"
  test -z "$(ls -A "$HOME")"
  test ! -e .git
  ! (echo x >/dev/tcp/1.1.1.1/80) 2>/dev/null
  test -w . && touch leftover
  test -e marker
  ```
- A2: Nothing stays: `$ test ! -e leftover && test -e marker`.
"""


def test_what_surrounds_a_check(arena: tuple[World, Oid, Oid], monkeypatch: pytest.MonkeyPatch) -> None:
    world, base, _ = arena
    monkeypatch.setenv("SECRET", "do not tell")
    report = world.verify(spec_of(SURROUNDINGS), base, world.commit({"marker": ""}, base))
    assert [row.verdict for row in report.verdicts] == [Verdict.PASS, Verdict.PASS], report
    assert report.tier == "T2"


def test_the_base_is_there_for_comparisons(arena: tuple[World, Oid, Oid]) -> None:
    world, base, fix = arena
    spec = spec_of('- A1: It changed: `$ ! diff -q add.sh "$SNAPLINE_BASE_DIR/add.sh"`.')
    report = world.verify(spec, base, fix)
    assert (criterion(report).verdict, check(report).baseline) == (Verdict.PASS, State.FAILED)


ABSENT: Mapping[str, tuple[str, State, str]] = {
    "a test file": ("- A1: `tests/test_new.py::test_it`.", State.ABSENT, "tests/test_new.py is not there"),
    "a path": ("- A1: `$ cat data/new.txt`.", State.ABSENT, "data/new.txt is not there"),
    "a command of the repository": ("- A1: `$ ./new.sh`.", State.ABSENT, "`./new.sh` is not there"),
    "a module": ("- A1: `$ PYTHONPATH=. python -c 'import lib.new'`.", State.ABSENT, "there is no module `lib.new`"),
    "a name of a module": (
        "- A1: `$ PYTHONPATH=. python -c 'from lib.calc import mul'`.",
        State.ABSENT,
        "`lib.calc` has no `mul`",
    ),
    "a foreign module": (
        "- A1: `$ python -c 'import numpy_is_not_here'`.",
        State.COULD_NOT_RUN,
        "there is no module `numpy_is_not_here`",
    ),
    "a foreign program": ("- A1: `$ frobnicate`.", State.COULD_NOT_RUN, "the program `frobnicate` is not found"),
    "too long": ("- A1: `$ sleep 9` (timeout 1s).", State.COULD_NOT_RUN, "it took longer than 1 s"),
    "simply false": ("- A1: `$ grep -q two data/words.txt`.", State.FAILED, "exit 1"),
}


@pytest.mark.parametrize("name", ABSENT)
def test_the_baseline_tells_absent_from_could_not_run(arena: tuple[World, Oid, Oid], name: str) -> None:
    world, base, _ = arena
    text, state, why = ABSENT[name]
    row = Verifier(world.bench).baseline(spec_of(text), base, "").rows[0]
    assert (row.state, row.checks[0].message) == (state, why)
    told = "could not run" if state is State.COULD_NOT_RUN else "fails now because"
    assert row.because == f"{told}: {why}"


def test_what_the_spec_provides_is_absent_and_not_missing(arena: tuple[World, Oid, Oid]) -> None:
    world, base, fix = arena
    spec = spec_of("- A1: `$ PATH=$PWD/bin:$PATH frobnicate`.", interfaces="- I1: Provides `frobnicate`.")
    report = world.verify(spec, base, fix)
    assert check(report).baseline is State.ABSENT
    assert criterion(report).verdict is Verdict.FAIL, "not found on the candidate either: its own fault"
    made = world.commit({"bin/frobnicate": "#!/bin/sh\nexit 0\n"}, base)
    assert world.verify(spec, base, made).accepted


def test_a_tool_that_is_missing_is_nobodys_failure(arena: tuple[World, Oid, Oid]) -> None:
    world, base, fix = arena
    report = world.verify(spec_of("- A1: `$ frobnicate`."), base, fix)
    assert criterion(report).verdict is Verdict.COULD_NOT_RUN

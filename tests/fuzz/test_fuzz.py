"""Random and damaged input for every part that reads text: no crash, no hang, no lost byte.

Everyday a moment for each part; ``make soak`` gives each ``SNAPLINE_FUZZ_SECONDS`` (60) of CPU, from a new seed that a
failure names: ``replay(TARGET, SEED)`` shows it again.
"""

from __future__ import annotations

import os
import sys
import time
from random import Random

import pytest
from tests.fuzz.targets import TARGETS, Target
from tests.spec.texts import seeded

MOST_SECONDS = 2.0


def replay(target: str, seed: int) -> None:
    """One input again."""
    TARGETS[target](seeded(seed))


def fuzz(target: Target, first: int, seconds: float) -> int:
    """Feed inputs from one seed after the other until the CPU time is spent; how many there were."""
    end, seed = time.process_time() + seconds, first
    while time.process_time() < end:
        begin = time.process_time()
        try:
            target(seeded(seed))
        except Exception as fault:
            fault.add_note(f"seed {seed}")
            raise
        spent = time.process_time() - begin
        assert spent < MOST_SECONDS, f"seed {seed} took {spent:.1f} s"
        seed += 1
    return seed - first


@pytest.mark.parametrize("name", list(TARGETS))
def test_a_moment_of_fuzzing(name: str) -> None:
    assert fuzz(TARGETS[name], 0, 0.7) > 0


@pytest.mark.soak
@pytest.mark.parametrize("name", list(TARGETS))
def test_much_fuzzing(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    first = int.from_bytes(os.urandom(6), "big")
    count = fuzz(TARGETS[name], first, float(os.environ.get("SNAPLINE_FUZZ_SECONDS", "60")))
    with capsys.disabled():
        sys.stdout.write(f"\n{name}: {count} inputs from seed {first}\n")


def test_a_fault_names_its_seed() -> None:
    def breaks(chance: Random) -> None:
        assert chance.random() < 0.9

    with pytest.raises(AssertionError) as caught:
        fuzz(breaks, 100, 5)
    (note,) = caught.value.__notes__
    seed = int(note.removeprefix("seed "))
    assert seed >= 100
    with pytest.raises(AssertionError):
        breaks(seeded(seed))

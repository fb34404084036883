"""Reading what a check lacks from what it said, which may be anything and megabytes of it."""

from __future__ import annotations

import time

from snapline.verify import absence


class NoPaths:
    paths: frozenset[str] = frozenset()

    def folders(self) -> frozenset[str]:
        return frozenset()


def test_megabytes_of_one_word_are_looked_through_at_once() -> None:
    began = time.process_time()
    assert absence.missing_program("a" * 4_000_000, NoPaths(), ()) is None
    assert time.process_time() - began < 2
    said = "a" * 4_000_000 + "\nbash: line 1: frob: command not found\n"
    assert absence.missing_program(said, NoPaths(), ("frob",)) == ("the program `frob` is not found", True)

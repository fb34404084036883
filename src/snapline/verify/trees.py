"""The trees that checks run in: git trees of our own making in the vault, so that a result is known by its tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from snapline.base.ids import Oid
from snapline.repo.objects import Entry
from snapline.repo.vault import Vault
from snapline.verify import checkfiles
from snapline.verify.checkfiles import Choice, Question

_FILE = "100644"


@dataclass(frozen=True)
class CheckTrees:
    """The trees of one verification.

    ``base`` is where the baseline runs; ``candidate`` where criteria are judged; ``kept`` the candidate with every
    check file as the base has it, for regressions; ``own`` the candidate with its own check files, as they would land;
    ``transplant`` the base with the candidate's own check files.
    """

    base: Oid
    candidate: Oid
    kept: Oid
    own: Oid
    transplant: Oid
    choice: Choice


def compose(vault: Vault, question: Question, base: Oid, candidate: Oid) -> CheckTrees:
    """Choose the check files and make the trees."""
    choice = checkfiles.choose(question)
    steering = _written(vault, choice.steering)
    restored = dict(choice.restored)
    judged = steering | {path: entry for path, entry in restored.items() if path not in choice.authored}
    before: dict[str, Entry | None] = {}
    if question.source:
        over_base = checkfiles.steering_over(question.base, question.source, choice)
        before = _written(vault, over_base) | restored
    return CheckTrees(
        base=vault.compose(base, before),
        candidate=vault.compose(candidate, judged),
        kept=vault.compose(candidate, steering | restored),
        own=vault.compose(candidate, steering),
        transplant=vault.compose(base, dict(choice.authored)),
        choice=choice,
    )


def _written(vault: Vault, put: Mapping[str, Entry | bytes | None]) -> dict[str, Entry | None]:
    return {
        path: Entry(path, _FILE, vault.write_blob(entry)) if isinstance(entry, bytes) else entry
        for path, entry in put.items()
    }

"""What is verified, and with what: the arguments of a verification."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from snapline.base.ids import ClauseId, Oid, RevisionId
from snapline.repo.vault import Vault
from snapline.sandbox.environment import Environment
from snapline.sandbox.layers import Layers
from snapline.sandbox.policy import Sandbox
from snapline.spec.model import Spec
from snapline.store.evidence import EvidenceStore
from snapline.store.results import ResultStore
from snapline.verify.outcome import CheckResult, CheckRun
from snapline.verify.settings import VerifySettings

Progress = Callable[[CheckRun, CheckResult | None], None]
"""Told before a run (no result yet) and after it."""


@dataclass(frozen=True)
class Bench:
    """Everything that verification works with.

    ``folder`` is its own, for trees and records of runs. ``hide`` are host paths that no check may see, such as the
    user's repository.
    """

    vault: Vault
    sandbox: Sandbox
    layers: Layers
    results: ResultStore
    evidence: EvidenceStore
    folder: Path
    environment: Environment = field(default_factory=Environment)
    settings: VerifySettings = field(default_factory=VerifySettings)
    hide: tuple[str, ...] = ()


@dataclass(frozen=True)
class Subject:
    """One commit, held against one revision of a spec.

    ``base`` and ``commit`` are in the vault. ``criteria`` limits the judgement (None: all); ``extra_passing`` passed
    when the work began and must still, as regressions. ``checks_from`` is the revision that a person took all check
    files from. ``by_agent`` makes the spec (at ``spec_path``) and the configuration protected. ``signed`` are the
    criteria that a person signed for exactly this commit. ``session`` names this try: what could not run in another
    one is tried again in this.
    """

    spec: Spec
    revision: RevisionId
    base: Oid
    commit: Oid
    checks_from: Oid | None = None
    criteria: frozenset[ClauseId] | None = None
    extra_passing: frozenset[ClauseId] = frozenset()
    by_agent: bool = False
    approved: bool = False
    spec_path: str | None = None
    signed: frozenset[ClauseId] = frozenset()
    session: str = ""

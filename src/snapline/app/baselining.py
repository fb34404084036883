"""The baseline of a spec at a commit, in the environment that is proved first."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from pathlib import Path

from snapline.app.linting import context_for, result_of, told
from snapline.app.project import Project
from snapline.app.setting import Say, Setting, remove
from snapline.app.specs import named_files, read_source
from snapline.app.surroundings import Asked, Surroundings
from snapline.base.errors import EnvironmentFault
from snapline.base.ids import Oid
from snapline.base.text import Source
from snapline.lint.result import FileResult
from snapline.lint.run import lint
from snapline.spec.model import Spec
from snapline.verify.baseline import Baseline
from snapline.verify.procedure import Verifier
from snapline.verify.subject import Progress


class EnvironmentUnproved(EnvironmentFault):
    """The environment of the base does not work, so that no check would say anything."""

    code = "environment-unproved"
    hint = "Mend [env] in snapline.toml, commit it, and try again."


def baseline_of(setting: Setting, spec: Spec, base: Oid, name: str, progress: Progress) -> tuple[Baseline, str]:
    """The baseline in the proved environment, and the tier that it ran at; raises :class:`EnvironmentUnproved`."""
    bench = setting.bench(spec.front.lane, name)
    verifier, session = Verifier(bench), uuid.uuid4().hex
    try:
        wrong = verifier.prove_environment(spec, base, session)
        if wrong is not None:
            raise EnvironmentUnproved(f"the environment does not work at {base[:8]}: {wrong}")
        return verifier.baseline(spec, base, session, progress), bench.sandbox.tier
    finally:
        remove(bench.folder)


Run = tuple[tuple[FileResult, ...], tuple[str, ...]]
"""The findings of some files, and what could not be run, in words."""


def run_files(named: Sequence[str], asked: Asked, say: Say, progress: Progress) -> Run:
    """The findings of the named files with those that only a run of the checks at the checked out commit can tell.

    Raises :class:`NotARepository` outside of a project, and :class:`EnvironmentUnproved`.
    """
    project = Project.discover(Path.cwd())
    return _run(project, [read_source(file) for file in named_files(named, project)], asked, say, progress)


def run_source(source: Source, asked: Asked, say: Say, progress: Progress) -> Run:
    """The same for one text."""
    return _run(Project.discover(Path.cwd()), [source], asked, say, progress)


def _run(project: Project, sources: Sequence[Source], asked: Asked, say: Say, progress: Progress) -> Run:
    base = project.repository.head()
    project.vault.fetch(project.repository, base)
    setting, around = Setting(project, base, say), Surroundings.at_head(project, asked)
    results: list[FileResult] = []
    unrun: list[str] = []
    for source in sources:
        spec = context_for(source, around).spec
        baseline, _ = baseline_of(setting, spec, base, "lint", progress)
        context = context_for(source, around, {row.id: row.because for row in baseline.vacuous})
        results.append(told(result_of(context, lint(context), around), around))
        unrun += [f"{spec.id} {row.id}: {row.because}" for row in baseline.could_not_run]
    return tuple(results), tuple(unrun)

"""Linting files: rules, with everything that they want to know about the repository."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from snapline.app.project import Project
from snapline.app.settings import Config
from snapline.app.specs import named_files, shown
from snapline.app.surroundings import Surroundings
from snapline.base.text import Source
from snapline.lint.result import FileResult
from snapline.lint.rule import Context, LintSettings
from snapline.lint.run import lint
from snapline.lint.shell import ShellFault, read_fault, shell_texts
from snapline.plan.overlap import SHARED
from snapline.sandbox import syntax
from snapline.spec.model import Spec
from snapline.spec.parser import parse


def lint_files(named: Sequence[str]) -> tuple[FileResult, ...]:
    """The findings of the named files, folders or ids; of all specs of the project around here for none."""
    project = Project.around(Path.cwd())
    files = named_files(named, project)
    around = Surroundings.at_head(project)
    return tuple(lint_source(Source.from_bytes(shown(file), file.read_bytes()), around) for file in files)


def lint_source(source: Source, around: Surroundings) -> FileResult:
    """The findings of one text."""
    return FileResult(source, lint(context_for(source, around)))


def context_for(source: Source, around: Surroundings) -> Context:
    """All that lint may know about one text, which need not be saved: the same for every face."""
    spec = parse(source)
    history, retired = around.ids(spec.id)
    if history:
        spec = parse(source, known=history)
    return Context(
        spec,
        around.tree,
        around.others(spec.id),
        settings_of(around.config),
        history=history,
        retired=retired,
        shell_faults=shell_faults(spec),
        uncommitted=around.uncommitted(spec),
        in_flight=around.in_flight(spec.id),
    )


def settings_of(config: Config) -> LintSettings:
    """What the configuration says to lint."""
    return LintSettings(config.lint.strict, config.plan.shared or SHARED, config.lint.words)


def shell_faults(spec: Spec) -> dict[str, ShellFault]:
    """What a shell has to say about the syntax of each of the spec's shell texts."""
    said = {text: syntax.complaint(text) for text in shell_texts(spec)}
    return {text: read_fault(words) for text, words in said.items() if words is not None}

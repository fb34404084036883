"""Linting files: rules, with everything that they want to know about the repository."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from snapline.app.project import Project
from snapline.app.settings import Config
from snapline.app.specs import named_files, shown
from snapline.app.surroundings import Surroundings
from snapline.base.diagnostics import Severity
from snapline.base.ids import ClauseId
from snapline.base.text import Source
from snapline.lint.gate import firm_codes
from snapline.lint.result import FileResult
from snapline.lint.rule import Context, LintSettings
from snapline.lint.run import lint
from snapline.lint.shell import ShellFault, read_fault, shell_texts
from snapline.plan.overlap import SHARED
from snapline.sandbox import syntax
from snapline.spec.globs import matches
from snapline.spec.model import Spec
from snapline.spec.parser import parse

_SEVERITIES = {**{severity.value: severity for severity in Severity}, "off": None}


def lint_files(named: Sequence[str]) -> tuple[FileResult, ...]:
    """The findings of the named files, folders or ids; of all specs of the project around here for none."""
    project = Project.around(Path.cwd())
    files = named_files(named, project)
    around = Surroundings.at_head(project)
    return tuple(lint_source(Source.from_bytes(shown(file), file.read_bytes()), around) for file in files)


def lint_source(source: Source, around: Surroundings) -> FileResult:
    """The findings of one text."""
    return FileResult(source, lint(context_for(source, around)))


def context_for(
    source: Source, around: Surroundings, vacuous: Mapping[ClauseId, str] = MappingProxyType({})
) -> Context:
    """All that lint may know about one text, which need not be saved: the same for every face.

    ``vacuous`` is what a baseline found: the criteria whose checks prove nothing, and why.
    """
    spec = parse(source)
    history, retired = around.ids(spec.id)
    if history:
        spec = parse(source, known=history)
    return Context(
        spec,
        around.tree,
        around.others(spec.id),
        settings_of(around.config, around.place(source.path)),
        history=history,
        retired=retired,
        vacuous=vacuous,
        shell_faults=shell_faults(spec),
        uncommitted=around.uncommitted(spec),
        in_flight=around.in_flight(spec.id),
    )


def settings_of(config: Config, place: str | None = None) -> LintSettings:
    """What the configuration says to lint; ``place`` is where the spec lies, from the repository's root."""
    table = config.lint
    by_path = (codes for glob, codes in table.per_path.items() if place is not None and matches(glob, place))
    return LintSettings(
        strict=table.strict,
        shared=config.plan.shared or SHARED,
        words=table.words,
        select=(*table.select, *firm_codes()) if table.select else (),
        ignore=(*table.ignore, *(code for codes in by_path for code in codes)),
        severities={code: _SEVERITIES[name] for code, name in table.severities.items()},
    )


def shell_faults(spec: Spec) -> dict[str, ShellFault]:
    """What a shell has to say about the syntax of each of the spec's shell texts."""
    said = {text: syntax.complaint(text) for text in shell_texts(spec)}
    return {text: read_fault(words) for text, words in said.items() if words is not None}

"""Linting files: rules, with everything that they want to know about the repository."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from snapline.app.project import Project
from snapline.app.specs import named_files, read_source
from snapline.app.surroundings import Asked, Surroundings
from snapline.base.diagnostics import Finding, Severity
from snapline.base.ids import ClauseId, SpecId, short
from snapline.base.text import Source
from snapline.lint.gate import firm_codes
from snapline.lint.result import FileResult, Since
from snapline.lint.rule import Context, LintSettings
from snapline.lint.run import debt, lint, silent_rules
from snapline.lint.shell import ShellFault, read_fault, shell_texts
from snapline.plan.overlap import SHARED
from snapline.sandbox import syntax
from snapline.spec.globs import matches
from snapline.spec.model import Spec
from snapline.spec.parser import parse

_SEVERITIES = {**{severity.value: severity for severity in Severity}, "off": None}


def lint_files(named: Sequence[str], asked: Asked = Asked()) -> tuple[FileResult, ...]:  # noqa: B008 - it is frozen
    """The findings of the named files, folders or ids; of all specs of the project around here for none."""
    project = Project.around(Path.cwd())
    files = named_files(named, project)
    around = Surroundings.at_head(project, asked)
    return tuple(told(lint_source(read_source(file), around), around) for file in files)


def lint_source(source: Source, around: Surroundings) -> FileResult:
    """The findings of one text."""
    context = context_for(source, around)
    return result_of(context, lint(context), around)


def result_of(context: Context, findings: Sequence[Finding], around: Surroundings) -> FileResult:
    """The findings of a text, with what else people are told about it."""
    spec = context.spec
    silent = tuple(rule.code for rule in silent_rules(spec))
    place = around.place(spec.source.path)
    return FileResult(spec.source, tuple(findings), spec.id, place, spec.front.lang, silent, lasting=not around.seen)


def told(result: FileResult, around: Surroundings) -> FileResult:
    """The same with the spec debt of the last approved revision, where there is one."""
    found = around.approvals(SpecId(result.spec))
    if not found:
        return result
    last = found[-1]
    name = f"{last.spec}@{short(last.revision)}"
    if last.text == result.source.text:
        return replace(result, since=Since(name, debt(result.findings)))
    before = lint(context_for(Source.from_bytes(result.source.path, last.text.encode()), around))
    return replace(result, since=Since(name, debt(before)))


class Reader(Protocol):
    """What reads a text as :func:`snapline.spec.parser.parse` does, perhaps with what it remembers of another one."""

    def __call__(self, source: Source, *, known: Iterable[ClauseId] = ()) -> Spec:
        """The spec."""


def context_for(
    source: Source,
    around: Surroundings,
    vacuous: Mapping[ClauseId, str] = MappingProxyType({}),
    read: Reader = parse,
) -> Context:
    """All that lint may know about one text, which need not be saved: the same for every face.

    ``vacuous`` is what a baseline found: the criteria whose checks prove nothing, and why.
    """
    spec = read(source)
    history, retired = around.ids(spec.id)
    if history:
        spec = read(source, known=history)
    return Context(
        spec,
        around.tree,
        around.others(spec.id),
        settings_of(around, source.path),
        history=history,
        retired=retired,
        vacuous=vacuous,
        shell_faults=shell_faults(spec),
        uncommitted=around.uncommitted(spec),
        in_flight=around.in_flight(spec),
    )


def settings_of(around: Surroundings, path: str) -> LintSettings:
    """What the configuration says to the lint of a path, and what a person asks on top."""
    by_glob, place = around.config.lint.per_path, around.place(path) if around.config.lint.per_path else None
    globs = tuple(glob for glob in by_glob if place is not None and matches(glob, place))
    found = around.settings.get(globs)
    if found is None:
        found = around.settings[globs] = _settings(around, [code for glob in globs for code in by_glob[glob]])
    return found


def _settings(around: Surroundings, left_out: Sequence[str]) -> LintSettings:
    asked, table = around.asked, around.config.lint
    always = tuple(firm_codes()) if table.select else ()
    configured = () if asked.select else table.ignore
    return LintSettings(
        strict=table.strict or asked.strict,
        shared=around.config.plan.shared or SHARED,
        words=table.words,
        select=asked.select or (*table.select, *always),
        ignore=(*asked.ignore, *configured, *left_out),
        severities={code: _SEVERITIES[name] for code, name in table.severities.items()},
    )


def shell_faults(spec: Spec) -> dict[str, ShellFault]:
    """What a shell has to say about the syntax of each of the spec's shell texts."""
    said = {text: syntax.complaint(text) for text in shell_texts(spec)}
    return {text: read_fault(words) for text, words in said.items() if words is not None}

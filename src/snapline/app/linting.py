"""Linting files: rules, with everything that they want to know about the repository."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from snapline.app.project import Project
from snapline.app.specs import head_tree, named_files, read_corpus, read_spec, spec_files
from snapline.lint.result import FileResult
from snapline.lint.rule import Context, LintSettings
from snapline.lint.run import lint
from snapline.lint.shell import ShellFault, read_fault, shell_texts
from snapline.plan.overlap import SHARED
from snapline.sandbox import syntax
from snapline.spec.model import Spec


def lint_files(named: Sequence[str]) -> tuple[FileResult, ...]:
    """The findings of the named files, folders or ids; of all specs of the project around here for none."""
    project = Project.around(Path.cwd())
    files = named_files(named, project)
    tree = head_tree(project)
    corpus = read_corpus(spec_files(project.specs)) if project else None
    config = project.config if project else None
    settings = LintSettings(config.lint.strict, config.plan.shared or SHARED) if config else LintSettings()
    results = []
    for file in files:
        spec = read_spec(file)
        others = {key: one for key, one in corpus.items() if key != spec.id} if corpus is not None else None
        context = Context(spec, tree, others, settings, shell_faults=shell_faults(spec))
        results.append(FileResult(spec.source, lint(context)))
    return tuple(results)


def shell_faults(spec: Spec) -> dict[str, ShellFault]:
    """What a shell has to say about the syntax of each of the spec's shell texts."""
    said = {text: syntax.complaint(text) for text in shell_texts(spec)}
    return {text: read_fault(words) for text, words in said.items() if words is not None}

"""The findings of one file, and the summary over several."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from snapline.base.diagnostics import Finding, Severity
from snapline.base.text import Source
from snapline.lint.run import debt


@dataclass(frozen=True, slots=True)
class FileResult:
    """One linted file: its source, which the findings' spans refer to, and its findings in order."""

    source: Source
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts over some files, and their spec debt."""

    files: int
    errors: int
    warnings: int
    infos: int
    debt: int


def summarise(results: Iterable[FileResult]) -> Summary:
    """The summary of ``results``."""
    files = tuple(results)
    findings = [finding for one in files for finding in one.findings]
    counts = {severity: sum(finding.severity is severity for finding in findings) for severity in Severity}
    return Summary(len(files), counts[Severity.ERROR], counts[Severity.WARNING], counts[Severity.INFO], debt(findings))

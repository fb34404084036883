"""The findings of one file, and the summary over several."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from snapline.base.diagnostics import Finding, Severity
from snapline.base.text import Source
from snapline.lint.run import debt


@dataclass(frozen=True, slots=True)
class Since:
    """The last approved revision of a spec, in its short form, and the spec debt that its text has today."""

    revision: str
    debt: int


@dataclass(frozen=True, slots=True)
class FileResult:
    """One linted file: its source, which the findings' spans refer to, and its findings in order.

    ``place`` is the file's path from the repository's root, None for one that lies elsewhere. ``silent`` are the codes
    of the rules that do not speak ``lang``, the language of the spec. ``lasting`` tells that nothing but specs,
    settings and what is committed was looked at: while these are as they were, so is the result.
    """

    source: Source
    findings: tuple[Finding, ...]
    spec: str = ""
    place: str | None = None
    lang: str = "en"
    silent: tuple[str, ...] = ()
    since: Since | None = None
    lasting: bool = False

    @property
    def change(self) -> int | None:
        """How much more spec debt there is than in the last approved revision; None without one."""
        return None if self.since is None else debt(self.findings) - self.since.debt


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts over some files, their spec debt, and its change where some of them were approved before."""

    files: int
    errors: int
    warnings: int
    infos: int
    debt: int
    debt_change: int | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How often one rule found something, and how many of these have a fix that is safe, or suggested."""

    code: str
    name: str
    count: int
    safe: int
    suggested: int


def summarise(results: Iterable[FileResult]) -> Summary:
    """The summary of ``results``."""
    files = tuple(results)
    findings = [finding for one in files for finding in one.findings]
    counts = {severity: sum(finding.severity is severity for finding in findings) for severity in Severity}
    changes = [one.change for one in files if one.change is not None]
    return Summary(
        len(files),
        counts[Severity.ERROR],
        counts[Severity.WARNING],
        counts[Severity.INFO],
        debt(findings),
        sum(changes) if changes else None,
    )


def statistics(results: Iterable[FileResult]) -> tuple[Count, ...]:
    """One count for each rule that found something, the most frequent first."""
    findings = [finding for one in results for finding in one.findings]
    names = {finding.code: finding.name for finding in findings}
    total = Counter(finding.code for finding in findings)
    fixes = Counter((finding.code, finding.fix.applicability.value) for finding in findings if finding.fix)
    counts = (
        Count(code, name, total[code], fixes[code, "safe"], fixes[code, "suggested"]) for code, name in names.items()
    )
    return tuple(sorted(counts, key=lambda one: (-one.count, one.code)))

"""What a rule is, and what it may look at."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import ClassVar

from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.base.ids import ClauseId, SpecId
from snapline.base.text import Edit, Span
from snapline.lint.declared import Declared
from snapline.lint.invocations import Invocation, invocations
from snapline.lint.performance import unmeasured
from snapline.lint.shell import ShellFault
from snapline.lint.words import Words
from snapline.plan.derive import plan
from snapline.plan.overlap import SHARED
from snapline.spec.interfaces import Tree
from snapline.spec.model import Clause, Fault, SectionKind, Spec

MAX_MESSAGE = 400
"""Characters of a message or a hint."""


class Uncommitted(StrEnum):
    """Why a path of the work tree is not in a checkout."""

    IGNORED = "ignored"
    UNTRACKED = "untracked"


@dataclass(frozen=True, slots=True)
class LintSettings:
    """How severe lint is, and what the project's configuration says that rules need.

    ``strict`` makes a criterion without a check an error. ``shared`` are globs that tasks side by side may both change.
    ``words`` are the project's own words by the code of the rule that is to know them too. ``select`` and ``ignore``
    are beginnings of codes: only what ``select`` names is told (everything where it is empty), and nothing that
    ``ignore`` names. ``severities`` replace those of rules; None turns a rule off.
    """

    strict: bool = False
    shared: tuple[str, ...] = SHARED
    words: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severities: Mapping[str, Severity | None] = field(default_factory=lambda: MappingProxyType({}))

    def rated(self, finding: Finding) -> Finding | None:
        """A finding with the severity that the settings give it; None for one that they leave out."""
        if (self.select and not finding.code.startswith(self.select)) or finding.code.startswith(self.ignore):
            return None
        severity = self.severities.get(finding.code, finding.severity)
        if severity is None:
            return None
        return finding if severity is finding.severity else finding.of(severity)


@dataclass(frozen=True)
class Context:
    """Everything that the rules may know about a spec; what is absent silences the rules that need it.

    ``tree`` is the base's tree. ``corpus`` are the repository's other specs. ``history`` are the ids of all approved
    revisions, ``retired`` those that the latest one no longer has. ``vacuous`` maps the id of a criterion to the reason
    why its check proves nothing, as a baseline found. ``shell_faults`` maps a text of
    :func:`snapline.lint.shell.shell_texts` to what a shell said about its syntax. ``uncommitted`` are those of
    :func:`snapline.lint.commands.path_words` that the work tree has, or would have ignored, and the tree has not.
    ``in_flight`` are the other specs that are approved and have not landed, as they were approved.
    """

    spec: Spec
    tree: Tree | None = None
    corpus: Mapping[SpecId, Spec] | None = None
    settings: LintSettings = LintSettings()
    history: frozenset[ClauseId] = frozenset()
    retired: frozenset[ClauseId] = frozenset()
    vacuous: Mapping[ClauseId, str] = field(default_factory=lambda: MappingProxyType({}))
    shell_faults: Mapping[str, ShellFault] = field(default_factory=lambda: MappingProxyType({}))
    uncommitted: Mapping[str, Uncommitted] = field(default_factory=lambda: MappingProxyType({}))
    in_flight: Mapping[SpecId, Spec] = field(default_factory=lambda: MappingProxyType({}))

    @cached_property
    def faults(self) -> Mapping[str, tuple[Fault, ...]]:
        """What the parser and the planner found, by code, in their order."""
        grouped: dict[str, tuple[Fault, ...]] = {}
        planned = self.spec.clauses(SectionKind.TASKS)  # without a breakdown there is nothing to find wrong with it
        more = plan(self.spec, self.tree, self.settings.shared).faults if planned else ()
        for fault in (*self.spec.faults, *more):
            grouped[fault.code] = (*grouped.get(fault.code, ()), fault)
        return grouped

    @cached_property
    def declared(self) -> Declared:
        """What Interfaces declares as new."""
        return Declared(self.spec)

    @cached_property
    def words(self) -> Words:
        """The words of the clauses, masked once for all rules of wording."""
        return Words(self.spec)

    @cached_property
    def unmeasured(self) -> tuple[tuple[Clause, tuple[Span, ...]], ...]:
        """The clauses that promise speed or size unmeasured, with the words that do."""
        return tuple(unmeasured(self.spec, self.words))

    @cached_property
    def invocations(self) -> tuple[Invocation, ...]:
        """The programs that the spec's checks run."""
        return invocations(self.spec)


class Rule:
    """One law of lint. The docstring of each rule is its page in the reference.

    ``severities`` gives the severity of a variant of the defect, where it differs from
    ``severity``; ``fixes`` says what kind of fix the rule offers, None for none. ``language`` is the language of the
    words that the rule looks for (``en``): it is silent on specs in another one; None for a rule of structure.
    ``own_words`` says that ``LintSettings.words`` may add to them.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    severity: ClassVar[Severity]
    severities: ClassVar[Mapping[str, Severity]] = MappingProxyType({})
    fixes: ClassVar[Applicability | None] = None
    language: ClassVar[str | None] = None
    own_words: ClassVar[bool] = False

    def check(self, context: Context) -> Iterable[Finding]:
        """The findings that this rule computes; none, where the parser or the planner sees the defect."""
        del context
        return ()

    def speaks(self, language: str) -> bool:
        """Whether the rule can read a spec in this language (BCP 47, so that ``en-GB`` is English)."""
        return self.language in (None, language.partition("-")[0].lower())

    @property
    def page(self) -> str:
        """What the rule demands, why, examples and how to fix, as Markdown."""
        return inspect.cleandoc(self.__doc__ or "")

    def adopted(self, context: Context) -> Iterator[Finding]:
        """The faults of this rule's code that the parser or the planner met, as findings."""
        for fault in context.faults.get(self.code, ()):
            yield Finding(
                self.code,
                self.name,
                self.severities.get(fault.variant, self.severity),
                context.spec.source.path,
                fault.span,
                _clipped(fault.message),
                _clipped(fault.hint),
                fault.clause,
                self._bounded(fault.fix),
            )

    def _bounded(self, fix: Fix | None) -> Fix | None:
        """A fix that claims to be safe only where all fixes of this rule are."""
        if fix is None or self.fixes is Applicability.SAFE:
            return fix
        return replace(fix, applicability=Applicability.SUGGESTED)

    def finding(
        self,
        context: Context,
        span: Span,
        message: str,
        *,
        hint: str = "",
        clause: Clause | None = None,
        fix: Fix | None = None,
        variant: str = "",
    ) -> Finding:
        """A finding of this rule at ``span``, of the variant's severity."""
        shown = clause.shown if clause else None
        severity = self.severities.get(variant, self.severity)
        path = context.spec.source.path
        return Finding(self.code, self.name, severity, path, span, _clipped(message), _clipped(hint), shown, fix)

    def fix(self, title: str, *edits: Edit) -> Fix:
        """A fix of the kind that this rule offers."""
        if self.fixes is None:
            raise TypeError(f"{self.code} offers no fixes")
        return Fix(title, self.fixes, edits)


def _clipped(text: str) -> str:
    """A message that quotes a very long name, with its middle left out."""
    if len(text) <= MAX_MESSAGE:
        return text
    half = MAX_MESSAGE // 2
    return f"{text[:half]} … {text[-half:]}"

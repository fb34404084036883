"""What one answer to an editor is made from: a spec as it stands in the buffer, and what is around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from snapline.base.diagnostics import Finding
from snapline.base.ids import ClauseId, SpecId
from snapline.base.text import Source
from snapline.lint.rule import Context
from snapline.lint.run import lint
from snapline.lsp.marks import Mark, mark_at, marks
from snapline.spec.interfaces import Tree
from snapline.spec.model import Clause, Section, Spec


@dataclass(frozen=True)
class View:
    """A spec at one version of its text. ``root`` is its repository's work tree, None outside of one.

    ``context`` is what its findings are found with. ``path`` is where the buffer's file is, None for one without.
    """

    context: Context
    root: Path | None = None
    path: Path | None = None

    @property
    def spec(self) -> Spec:
        """The spec."""
        return self.context.spec

    @property
    def source(self) -> Source:
        """Its text."""
        return self.context.spec.source

    @property
    def tree(self) -> Tree | None:
        """The files at the base."""
        return self.context.tree

    @property
    def others(self) -> Mapping[SpecId, Spec]:
        """The repository's other specs."""
        return self.context.corpus or {}

    @property
    def used(self) -> frozenset[ClauseId]:
        """The ids that approved revisions of the spec ever had."""
        return self.context.history

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with it."""
        return lint(self.context)

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """What stands where."""
        return marks(self.spec)

    def at(self, offset: int) -> Mark | None:
        """What stands at an offset."""
        return mark_at(self.marks, offset)

    def section_at(self, offset: int) -> Section | None:
        """The section around an offset; at the very end of the text the last one."""
        found = (one for one in reversed(self.spec.sections) if one.kind is not None and one.span.start <= offset)
        return next((one for one in found if offset <= one.span.end), None)

    def clause_at(self, offset: int) -> Clause | None:
        """The clause around an offset, the blanks at its end included."""
        section = self.section_at(offset)
        before = [one for one in section.clauses if one.span.start <= offset] if section else []
        last = before[-1] if before else None
        blank = last is None or not self.source.text[last.span.end : offset].strip(" \t")
        return last if blank else None

    def clause(self, clause_id: ClauseId, spec: SpecId | None) -> tuple[Spec, Clause] | None:
        """A clause of this spec, or of another one, with its spec."""
        home = self.spec if spec in (None, self.spec.id) else self.others.get(SpecId(spec or ""))
        found = home.clause(clause_id) if home else None
        return (home, found) if home and found else None

    def finding_at(self, offset: int) -> tuple[Finding, ...]:
        """The findings whose spans hold an offset."""
        return tuple(one for one in self.findings if one.span.start <= offset <= one.span.end)

"""Findings: what the tool has to say about a person's text, with its exact place and perhaps a fix."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from snapline.base.text import Edit, Span


class Severity(StrEnum):
    """How much a finding weighs: an error blocks approval, a warning counts as debt, an info advises."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Applicability(StrEnum):
    """Whether a fix may be applied unseen (``SAFE``) or is a proposal (``SUGGESTED``)."""

    SAFE = "safe"
    SUGGESTED = "suggested"


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that clear one finding; offsets refer to the text that the finding was found in."""

    title: str
    applicability: Applicability
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. ``span`` quotes exactly what is meant; ``clause`` is the id as shown (``A3`` or ``A3?``)."""

    code: str
    name: str
    severity: Severity
    path: str
    span: Span
    message: str
    hint: str = ""
    clause: str | None = None
    fix: Fix | None = None

    def of(self, severity: Severity) -> Finding:
        """The same finding with another severity."""
        return Finding(
            self.code, self.name, severity, self.path, self.span, self.message, self.hint, self.clause, self.fix
        )

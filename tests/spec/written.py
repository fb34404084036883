"""Short ways to write a spec in a test and to read what came out."""

from __future__ import annotations

from snapline.base.text import Source, apply_edits
from snapline.spec.model import Clause, SectionKind, Spec
from snapline.spec.parser import parse


def spec_of(text: str, path: str = "specs/x.md") -> Spec:
    return parse(Source.from_bytes(path, text.encode()))


def section_of(kind: SectionKind, body: str) -> Spec:
    """A spec with one section."""
    return spec_of(f"# {kind.value}\n{body}\n")


def only(spec: Spec) -> Clause:
    """The one clause of a spec."""
    (clause,) = spec.clauses()
    return clause


def codes(spec: Spec) -> list[str]:
    return [fault.code for fault in spec.faults]


def quoted(spec: Spec) -> list[tuple[str, str]]:
    """Each fault's code with the text that it quotes."""
    return [(fault.code, spec.source.slice(fault.span)) for fault in spec.faults]


def fixed(spec: Spec) -> str:
    """The text with every fix applied."""
    edits = {edit for fault in spec.faults if fault.fix for edit in fault.fix.edits}
    return apply_edits(spec.source.text, edits)

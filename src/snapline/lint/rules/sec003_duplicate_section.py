"""SEC003 duplicate-section."""

from __future__ import annotations

from collections.abc import Iterator

from snapline.base.diagnostics import Finding, Severity
from snapline.lint.rule import Context, Rule
from snapline.spec.model import Section, SectionKind


class DuplicateSection(Rule):
    """Two headings are read as the same section.

    ## Why it is bad

    Both bodies count, but a reader who has found one will not look for another: half of the constraints, or of the
    criteria, goes unseen.

    ## Example

    ```markdown
    # Acceptance
    - A1: ...

    # Definition of done
    - A2: ...
    ```

    Better: one `# Acceptance` with both clauses. Parts of a section take deeper headings (`## On the server`).

    ## How to fix

    Move the second body under the first heading.
    """

    code = "SEC003"
    name = "duplicate-section"
    severity = Severity.ERROR

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for every further heading of a section."""
        first: dict[SectionKind, Section] = {}
        for section in context.spec.sections:
            if section.kind is None or first.setdefault(section.kind, section) is section:
                continue
            earlier = first[section.kind]
            line = context.spec.source.position(earlier.heading.start).line
            yield self.finding(
                context,
                section.name_span,
                f"`{section.name}` is the section {section.kind} again, which line {line} opens as `{earlier.name}`",
                hint="Both are kept; move them under one heading.",
            )

"""SEC007 unknown-section."""

from __future__ import annotations

from collections.abc import Iterator

from snapline.base.diagnostics import Finding, Severity
from snapline.lint.rule import Context, Rule
from snapline.lint.similar import closest
from snapline.lint.splices import first_line
from snapline.spec.model import Section, SectionKind, Spec


class UnknownSection(Rule):
    """A section is none of the eight that the language knows.

    ## Why it is bad

    It is kept, is part of the revision and is shown to the agent under its own heading, but nothing in it is read as a
    promise: a constraint or a criterion that is written there is enforced by nobody.

    ## Example

    ```markdown
    # Security
    - Tokens are never logged.
    ```

    Better:

    ```markdown
    # Constraints
    - C3: Tokens are never logged.
    ```

    ## How to fix

    Move each sentence to the section whose question it answers, or make the heading a deeper one inside that section.
    Background that is no promise may stay; waive the finding then.
    """

    code = "SEC007"
    name = "unknown-section"
    severity = Severity.WARNING

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each unknown section."""
        for index, section in enumerate(context.spec.sections):
            if section.kind is None and not (index == 0 and _is_preamble(context.spec, section)):
                guess = closest(section.name, SectionKind)
                yield self.finding(
                    context,
                    section.name_span if section.name else first_line(context.spec.source, section.heading),
                    f"`{section.name or '#'}` is none of the sections; it is shown, and nothing in it is enforced",
                    hint=f"Did you mean `{guess}`?" if guess else "Say it in the section whose question it answers.",
                )


def _is_preamble(spec: Spec, section: Section) -> bool:
    """Whether the first section is only what precedes the first heading, or what the title heads."""
    lines = spec.source.slice(section.heading).strip().splitlines()
    return not lines or not (lines[0].startswith("##") or lines[-1].startswith("-"))

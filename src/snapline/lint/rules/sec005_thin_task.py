"""SEC005 thin-task."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from snapline.base.diagnostics import Finding, Severity
from snapline.base.regex import regex
from snapline.base.text import Source, Span
from snapline.lint.lexicon.function_words import FUNCTION_WORDS
from snapline.lint.rule import Context, Rule
from snapline.lint.splices import first_line
from snapline.spec.model import Section, SectionKind

_FEWEST = 8
"""Content words from which a task can say who has which problem."""
_MOST_READ = 100
"""Words that are read: among as many there are eight of content."""
_WORD = regex(r"`[^`]+`|[^\W\d_][\w'’.-]*")  # noqa: RUF001 - typographic ones count
_COMMENT = regex(r"<!--.*?(?:-->|\Z)", re.DOTALL)


class ThinTask(Rule):
    """The task is told in fewer than eight content words, or repeats the title.

    ## Why it is bad

    Task is the only place that says why. Whoever does the work decides a hundred small things by it, and a task such as
    "Fix uploads" decides none of them.

    ## Example

    ```markdown
    # Task
    Fix the upload bug.
    ```

    Better:

    ```markdown
    # Task
    Uploads over slow connections fail when the connection drops, and people have to begin again from the first byte.
    ```

    ## How to fix

    Say who has which problem, and when. Articles, pronouns, prepositions and auxiliary verbs do not count as content; a
    code span counts as one word.
    """

    code = "SEC005"
    name = "thin-task"
    severity = Severity.WARNING
    language = "en"

    def check(self, context: Context) -> Iterator[Finding]:
        """At most one finding; an empty section is SEC002's, a missing one SEC001's."""
        spec = context.spec
        section = spec.section(SectionKind.TASK)
        if section is None or not section.prose.strip():
            return
        titles = (_words(spec.title), _words(spec.id.replace("-", " ")))
        words = _words(section.prose.replace("```", " "), 1 + max(_MOST_READ, *map(len, titles)))
        count = sum(word not in FUNCTION_WORDS for word in words)
        if words and words in titles:
            message = "the task only repeats the title"
        elif count < _FEWEST:
            message = f"the task is told in {count} content word{'' if count == 1 else 's'}"
        else:
            return
        yield self.finding(
            context, _first_words(spec.source, section), message, hint="Say who has which problem, and when."
        )


def _words(text: str, most: int | None = None) -> list[str]:
    return [match[0].lower() for match in islice(_WORD.finditer(text), most)]


def _first_words(source: Source, section: Section) -> Span:
    """The first line of the section that is more than a comment; its name where there is none."""
    blanked = _COMMENT.sub(lambda match: " " * len(match[0]), source.slice(section.body))
    start = len(blanked) - len(blanked.lstrip())
    return (
        first_line(source, Span(section.body.start + start, section.body.end)) if blanked.strip() else section.name_span
    )

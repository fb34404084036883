"""LEX209 and-or-slash."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.base.regex import regex
from snapline.base.text import Edit, Span
from snapline.lint.lexicon.pairs import FOLDERS, MEDIA, PAIRS, PER, SUBTYPES, UNITS, ZONES
from snapline.lint.phrases import MOST_PER_CLAUSE
from snapline.lint.rule import Context, Rule

_AND_OR = r"(?<![\w/])[Aa][Nn][Dd][ ]?/[ ]?[Oo][Rr](?![\w/])"
_LETTERS = r"[^\W\d_]{2,}(?:-[^\W\d_]+)*"
_SLASHED = regex(
    rf"{_AND_OR}|(?<![\w/.\\@:#~${{%=&+-]){_LETTERS}(?:/{_LETTERS}){{1,5}}(?![\w/\\(@{{=*-]|\.\w)",
)
_PLACE = regex(r"\s+(?:director(?:y|ies)|folders?|repository|repo|package|branch|endpoint|route|namespace)(?!\w)")
"""What makes a path, a branch or a package of the words in front."""
_MOST_WORDS = 4
"""Words with slashes between them; more are a path."""


class AndOrSlash(Rule):
    """A slash stands where a word is needed: and/or, create/update.

    ## Why it is bad

    It means and, or, either, per or also known as, and the author knew which.

    ## Example

    ```markdown
    # Goal
    - G1: An owner can rename and/or move a folder.
    - G2: Admins/owners get a mail.
    ```

    Better:

    ```markdown
    # Goal
    - G1: An owner can rename a folder, move it, or do both at once.
    - G2: Admins and owners get a mail.
    ```

    ## How to fix

    Write the word. Paths, addresses, dates, units and words that belong together (TCP/IP, read/write, client/server)
    are left alone; a project's own pairs go into `[lint.words]` as `LEX209 = ["draft/final"]`.
    """

    code = "LEX209"
    name = "and-or-slash"
    severity = Severity.WARNING
    fixes = Applicability.SUGGESTED
    language = "en"
    own_words = True

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each slash, or row of them, between words."""
        words = context.words
        if "/" not in words.text:
            return
        own = frozenset(one.lower() for one in context.settings.words.get(self.code, ()))
        tops = (
            frozenset(one.partition("/")[0].lower() for one in context.tree.folders()) if context.tree else frozenset()
        )
        for clause in context.spec.clauses():
            text = words.of(clause)
            for match in islice(_SLASHED.finditer(text), MOST_PER_CLAUSE) if "/" in text else ():
                if not _is_name(match[0], own, tops) and not _PLACE.match(text, match.end()):
                    span = Span(clause.body.start + match.start(), clause.body.start + match.end())
                    yield self.finding(
                        context,
                        span,
                        f"`{match[0]}`: a slash can mean and, or, either, or per",
                        hint="Write the word that is meant.",
                        clause=clause,
                        fix=self._spell(match[0], span),
                    )

    def _spell(self, written: str, span: Span) -> Fix:
        parts = [part.strip() for part in written.split("/")]
        both = [part.lower() for part in parts] == ["and", "or"]
        text = "or" if both else f"{', '.join(parts[:-1])} or {parts[-1]}"
        return self.fix(f"Write `{text}`", Edit(span, text))


def _is_name(written: str, own: frozenset[str], tops: frozenset[str]) -> bool:
    """Whether the slash belongs there: a known pair, a path, an address, a unit, a media type, a time zone."""
    parts = written.lower().split("/")
    pair = "/".join(parts)
    if pair.replace(" ", "") == "and/or":
        return "and/or" in own
    if pair in own or pair in PAIRS or "/".join(part.removesuffix("s") for part in parts) in PAIRS:
        return True
    first, last = parts[0], parts[-1]
    if len(parts) > _MOST_WORDS or first in FOLDERS or first in tops:
        return True
    if len(parts) == 2 and (last in PER or (first in UNITS and last in UNITS)):  # noqa: PLR2004 - two halves
        return True
    if first in MEDIA and last in SUBTYPES | {"any"}:
        return True
    return first in ZONES and written.rpartition("/")[2][:1].isupper()

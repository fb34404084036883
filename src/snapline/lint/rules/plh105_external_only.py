"""PLH105 external-only."""

from __future__ import annotations

import re
from collections.abc import Iterator

from snapline.base.diagnostics import Finding, Severity
from snapline.base.regex import regex
from snapline.lint.rule import Context, Rule
from snapline.lint.splices import head
from snapline.spec.model import Clause, ConstraintEntry, FailureEntry, SectionKind

_LINK = regex(
    r"!?\[(?P<title>[^\[\]\n]{0,200})\]\([^()\s]{1,2000}(?:[ \t]+\"[^\"\n]*\")?\)"
    r"|\[(?P<named>[^\[\]\n]{1,200})\]\[[^\[\]\n]{0,100}\]|<?https?://[^\s<>]+>?|\bwww\.[^\s<>]+"
)
_STANDARDS = "UTF|SHA|ISO|RFC|AES|MD|CVE|CWE|PEP|WCAG|IEC|IEEE|TLS|HTTP|ES|ECMA|BCP"
_TICKET = regex(
    r"(?<![\w/#.-])(?:[\w.-]{1,60}/[\w.-]{1,60})?#\d{1,7}(?![\w-])"
    rf"|(?<![\w-])(?!(?:{_STANDARDS})-)[A-Z][A-Z0-9]{{1,9}}-\d{{1,7}}(?![\w-])"
    r"|(?<![\w-])(?i:issue|ticket|bug|story|epic|pr|mr|pull request|merge request|card)"
    r"[ ]?(?i:no\.?|number)?[ ]?\d{1,7}(?![\w-])"
)
_LIKELY = regex(r"\d|://|\]\(|\]\[|www\.")
_OPTIONS = regex(r"\((?:\s|,|[A-Z]\d+(?:-[A-Z]?\d+)?|manual(?::[^()]*)?|regression|slow|new)+\)")
_MARKUP = regex(r"<!--.*?(?:-->|\Z)|[*_~>|]+", re.DOTALL)
_WORD = regex(r"[^\W_][\w'’-]*")  # noqa: RUF001 - typographic apostrophes count
_POINTING = """
    see also cf as per described defined specified documented explained listed discussed stated tracked outlined written
    detailed agreed noted in at on to from of the a an this that our its and or for under by with is are refer refers
    referring look looks check consult read follow follows follow-up according details detail more info information
    link links linked ticket tickets issue issues jira github gitlab linear trello asana story epic card bug pr prs mr
    pull merge request requests here there it everything all what document doc docs page wiki confluence notion design
    spec thread discussion comment comments reference references related fix fixes fixed close closes closed resolve
    resolves resolved implement implements implemented done same must should be do number no please url requirements
    requirement proves context background description acceptance criteria
"""
_POINTERS = frozenset(_POINTING.split())
"""Words that lead to a link and say nothing themselves."""
_LINKING = regex(r"\blinks? to\b", re.IGNORECASE)
"""What a page does, rather than where the clause points."""
_SENTENCE = 5
"""Words of a link's title from which it says something itself."""


class ExternalOnly(Rule):
    """A clause is nothing but a link or the number of a ticket.

    ## Why it is bad

    What stands behind a link is not part of the revision: it changes without approval, and an agent that has no network
    cannot read it at all.

    ## Example

    ```markdown
    # Acceptance
    - A1: See PROJ-123.
    - A2: https://tracker.example/issues/7
    ```

    Better:

    ```markdown
    # Acceptance
    - A1: An upload of 2 GB goes on after a reconnect (PROJ-123): `$ pytest -q tests/upload`
    ```

    ## How to fix

    Write down what is promised. The link may stay behind it.
    """

    code = "PLH105"
    name = "external-only"
    severity = Severity.ERROR

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each clause that only points elsewhere."""
        text = context.spec.source.text
        for section in context.spec.sections:
            for clause in section.clauses if section.kind is not SectionKind.CLARIFICATIONS else ():
                if not isinstance(clause.entry, ConstraintEntry | FailureEntry) and _only_points(text, clause):
                    yield self.finding(
                        context,
                        head(context.spec.source, clause),
                        "this clause only points elsewhere: what it promises is not in the spec",
                        hint="Write down what holds; the link may stay behind it.",
                        clause=clause,
                    )


def _only_points(text: str, clause: Clause) -> bool:
    if clause.code or clause.fences or clause.body.end - clause.body.start > 1000:  # noqa: PLR2004 - longer than any pointer
        return False
    # Not the body: that begins behind a link that a clause opens with.
    start = clause.id_span.end if clause.id_span else clause.insert_at
    body = text[start : clause.span.end]
    if not _LIKELY.search(body):
        return False
    body = body.lstrip(" \t*_:：")  # noqa: RUF001 - full-width ones count
    links = list(_LINK.finditer(body))
    if any(len(_WORD.findall(match["title"] or match["named"] or "")) >= _SENTENCE for match in links):
        return False
    left = _OPTIONS.sub(" ", _LINK.sub(" ", body))
    if not links and not _TICKET.search(left):
        return False
    if _LINKING.search(left):
        return False
    left = _TICKET.sub(" ", left)
    return all(word.lower() in _POINTERS for word in _WORD.findall(_MARKUP.sub(" ", left)))

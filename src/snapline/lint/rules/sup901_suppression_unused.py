"""SUP901 suppression-unused."""

from __future__ import annotations

from snapline.base.diagnostics import Applicability, Finding, Severity
from snapline.base.text import Edit, Source, Span
from snapline.lint.rule import Context, Rule


class SuppressionUnused(Rule):
    """A comment suppresses a rule that has nothing to say there.

    ## Why it is bad

    The defect that the comment excused is gone, but the comment would hide the next one of its kind, which nobody has
    looked at.

    ## Example

    ```markdown
    - A1: <!-- snapline: ignore LEX201 the vendor gives no figure --> An upload goes on within 5 s after a reconnect.
    ```

    Better:

    ```markdown
    - A1: An upload goes on within 5 s after a reconnect.
    ```

    ## How to fix

    Take the comment out, or move it to the clause that it is about. Outside of a repository, where many rules know too
    little to speak, unused suppressions are not told.
    """

    code = "SUP901"
    name = "suppression-unused"
    severity = Severity.WARNING
    fixes = Applicability.SUGGESTED

    def tell(self, context: Context, span: Span, code: str, comment: Span | None) -> Finding:
        """That no finding of ``code`` is suppressed; ``comment`` is what can be taken out, None if it does more."""
        fix = None
        if comment is not None:
            fix = self.fix("Take the comment out", Edit(_with_blanks(context.spec.source, comment), ""))
        hint = "Take it out: it would hide the next one."
        return self.finding(context, span, f"there is no finding of {code} here", hint=hint, fix=fix)


def _with_blanks(source: Source, comment: Span) -> Span:
    """The comment with its whole line where it stands alone, else with the blanks on one side."""
    first = source.line_span(source.position(comment.start).line)
    last = source.line_span(source.position(comment.end).line)
    before, after = source.text[first.start : comment.start], source.text[comment.end : last.end]
    if not before.strip() and not after.strip():
        return Span(first.start, last.end)
    blanks = len(after) - len(after.lstrip(" \t"))
    if blanks:
        return Span(comment.start, comment.end + blanks)
    return Span(comment.start - (len(before) - len(before.rstrip(" \t"))), comment.end)

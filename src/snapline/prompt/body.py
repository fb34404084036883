"""The spec's own text as the agent gets it: everything but the front matter and what a reader cannot see."""

from __future__ import annotations

from snapline.base.regex import regex
from snapline.base.text import Edit, Span, apply_edits
from snapline.spec.format import fmt_edits
from snapline.spec.leaves import LeafKind, leaves
from snapline.spec.model import Spec

_REST_OF_LINE = regex(r"[ \t]*(?:\r\n|\n|\r)")


def body(spec: Spec) -> str:
    """The text of ``spec`` with LF line ends, each clause with its id; code is left as it is, to the last blank.

    Comments are left out: they are not part of the revision and nobody who reads the rendered spec sees them, so
    nothing in them may tell the agent what to do.
    """
    text = spec.source.text
    hidden = [_whole_line(text, leaf.span) for leaf in leaves(spec) if leaf.kind is LeafKind.COMMENT]
    front = [spec.front.span] if spec.front.span else []
    edits = (*fmt_edits(spec), *(Edit(span, "") for span in (*hidden, *front)))
    return apply_edits(text, edits).replace("\r\n", "\n").lstrip("\ufeff").strip("\n")


def _whole_line(text: str, span: Span) -> Span:
    """The span of a comment, with the line end where it stands alone on its lines."""
    starts_line = span.start == 0 or text[span.start - 1] in "\r\n"
    ending = _REST_OF_LINE.match(text, span.end)
    return Span(span.start, ending.end()) if starts_line and ending and text[span.end - 1] not in "\r\n" else span

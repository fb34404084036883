"""Other people's words made safe to show: without terminal escapes, control characters and hidden direction marks."""

from __future__ import annotations

from snapline.base.regex import regex

_ESCAPE = regex(
    r"\x1b[P\]X^_][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c|\Z)"  # strings up to their end: titles, links, clipboard
    r"|\x1b\[[0-?]*[ -/]*[@-~]?"  # colours, cursor, erase
    r"|\x9b[0-?]*[ -/]*[@-~]?"  # the same, opened by its one-character form
    r"|\x1b[ -/]*[0-~]?"  # everything else
)
_LINE_END = regex(r"\r\n?")
_CONTROL = regex("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def plain(text: str | bytes) -> str:
    """``text`` with nothing in it that a terminal would obey: only line ends and tabs are left of the controls.

    Bytes are read as UTF-8, what is none of it becomes U+FFFD. A carriage return alone ends a line, so that words
    cannot be painted over.
    """
    read = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return _CONTROL.sub("", _LINE_END.sub("\n", _ESCAPE.sub("", read)))


def clipped(text: str, limit: int) -> str:
    """At most ``limit`` bytes of ``text`` as UTF-8, cut out of its middle, with a line that says so.

    The end is worth more than the beginning: of what is kept, two thirds come from there.
    """
    raw = text.encode()
    if len(raw) <= limit:
        return text
    mark = f"\n[... cut out of the middle of {len(raw)} bytes ...]\n"
    room = max(limit - len(mark), 0)
    head = room // 3
    tail = room - head
    start = raw[:head].decode("utf-8", "ignore")
    end = raw[len(raw) - tail :].decode("utf-8", "ignore") if tail else ""
    return f"{start}{mark}{end}"

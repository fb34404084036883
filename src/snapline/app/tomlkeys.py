"""Where each key of a TOML document stands, which :mod:`tomllib` does not tell.

The document must have been read by :mod:`tomllib` before: what is met here is known to be well formed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable

from snapline.base.regex import regex

KeyPath = tuple[str, ...]

_BLANK = regex(r"(?:[ \t\r\n]+|#[^\n]*)*")
_KEY = regex(r"""[A-Za-z0-9_-]+|"(?:\\.|[^"\\])*"|'[^']*'""")
_STRING = regex(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\])*"'
    r"|'[^']*'",
    re.DOTALL,
)
_BARE = regex(r"""[^\s,\]}#"']+(?:[ ][0-9][^\s,\]}#]*)?""")


def key_offsets(text: str) -> dict[KeyPath, int]:
    """Offset (code points) of the first mention of every key and table; ``("lanes", "default", "slots")``."""
    reader = _Reader(text)
    reader.document()
    return reader.found


class _Reader:
    """One pass over a well-formed document."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.offset = 0
        self.found: dict[KeyPath, int] = {}

    def document(self) -> None:
        table: KeyPath = ()
        while self._skip_blank():
            if self.text[self.offset] == "[":
                self.offset = re.compile(r"\[+[ \t]*").match(self.text, self.offset).end()  # type: ignore[union-attr]
                table = self._key(())
                self.offset = self.text.index("]", self.offset)
                while self.text.startswith("]", self.offset):
                    self.offset += 1
            else:
                self._assignment(table)

    def _assignment(self, table: KeyPath) -> None:
        path = self._key(table)
        self.offset = self.text.index("=", self.offset) + 1
        self._value(path)

    def _key(self, table: KeyPath) -> KeyPath:
        """Read a dotted key and note where it and each of its prefixes first stands."""
        path = table
        while match := _KEY.match(self.text, self.offset):
            name = match.group()
            path = (*path, _bare(name))
            self.found.setdefault(path, self.offset)
            self.offset = match.end()
            dot = re.compile(r"[ \t]*\.[ \t]*").match(self.text, self.offset)
            if not dot:
                break
            self.offset = dot.end()
        return path

    def _value(self, path: KeyPath) -> None:
        self._skip_blank()
        if self.text[self.offset] == "{":
            self._items("}", lambda: self._assignment(path))
        elif self.text[self.offset] == "[":
            self._items("]", lambda: self._value(path))
        else:
            match = _STRING.match(self.text, self.offset) or _BARE.match(self.text, self.offset)
            self.offset = match.end() if match else self.offset + 1

    def _items(self, closing: str, item: Callable[[], None]) -> None:
        self.offset += 1
        while self._skip_blank() and self.text[self.offset] != closing:
            if self.text[self.offset] == ",":
                self.offset += 1
            else:
                item()
        self.offset += 1

    def _skip_blank(self) -> bool:
        """Go to the next thing that is neither blank nor comment; False at the end."""
        self.offset = _BLANK.match(self.text, self.offset).end()  # type: ignore[union-attr]
        return self.offset < len(self.text)


def _bare(name: str) -> str:
    """A key without its quotes and escapes."""
    if name[0] == '"' and "\\" in name:
        return str(tomllib.loads(f"key = {name}")["key"])
    return name[1:-1] if name[0] in "\"'" else name

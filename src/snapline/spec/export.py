"""The machine's copy of a spec: the whole model as JSON values, with lines, columns and byte offsets."""

from __future__ import annotations

from bisect import bisect_right
from enum import Enum
from itertools import pairwise
from typing import Any, Final

import msgspec

from snapline.base.diagnostics import Fix
from snapline.base.text import Source, Span
from snapline.spec.model import Clause, Spec
from snapline.spec.revision import revision

VERSION: Final = 1
"""Version of this document; within it, it only grows."""


def document(spec: Spec) -> dict[str, Any]:
    """The model of ``spec``; spans have ``start``/``end`` in bytes, ``line``/``column`` from 1, in code points."""
    places = _Places(spec.source)
    return {
        "version": VERSION,
        "id": spec.id,
        "title": spec.title,
        "path": spec.source.path,
        "revision": revision(spec),
        "front": _value(spec.front, places),
        "sections": [_value(section, places) for section in spec.sections],
        "faults": [_value(fault, places) for fault in spec.faults],
    }


class _Places:
    """Byte offsets of code points, found by line: linear over a whole document."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.line_bytes = [0]
        starts = source.line_starts
        for begin, end in pairwise(starts):
            self.line_bytes.append(self.line_bytes[-1] + len(source.text[begin:end].encode()))

    def span(self, span: Span) -> dict[str, int]:
        """A span as the published form has it."""
        start, end = self.source.position(span.start), self.source.position(span.end)
        return {
            "start": self._byte(span.start),
            "end": self._byte(span.end),
            "line": start.line,
            "column": start.column,
            "end_line": end.line,
            "end_column": end.column,
        }

    def _byte(self, offset: int) -> int:
        starts = self.source.line_starts
        line = bisect_right(starts, offset) - 1
        return self.line_bytes[line] + len(self.source.text[starts[line] : offset].encode())


def _value(value: Any, places: _Places) -> Any:  # noqa: ANN401 - any part of the model
    if isinstance(value, Span):
        return places.span(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, msgspec.Struct | Fix):
        fields = value.__struct_fields__ if isinstance(value, msgspec.Struct) else value.__slots__
        names = [name for name in fields if name not in ("insert_at", "insertion")]
        members = {name: _value(getattr(value, name), places) for name in names}
        if isinstance(value, Clause):
            members["shown"] = value.shown
        return members
    if isinstance(value, tuple):
        return [_value(one, places) for one in value]
    return value

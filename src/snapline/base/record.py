"""Values in memory: frozen structs, made by the thousand while a spec is read.

They behave as frozen dataclasses with slots do (equality, order, hash, representation), and are made six times as fast:
0.07 against 0.41 microseconds for a :class:`snapline.base.text.Span`. Nothing in them may point back to what holds
them, because the cycle collector does not look into them.
"""

from __future__ import annotations

import msgspec


class Record(msgspec.Struct, frozen=True, gc=False):
    """Base of the values of the language: its texts, blocks and model."""

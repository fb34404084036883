"""Which names a Python source defines."""

from __future__ import annotations

import pytest

from snapline.lint.symbols import Presence, Symbols
from snapline.spec.interfaces import PathTree

SOURCE = b"""
import os
from pathlib import Path as Place

LIMIT: int = 3
FIRST, SECOND = 1, 2

class Client:
    attempts = 3

    class Inner:
        def deep(self): ...

    async def send(self): ...

class Child(Client):
    def own(self): ...

@decorated
class Made:
    pass

if os.name == "nt":
    def only_there(): ...
else:
    try:
        import fast
    except ImportError:
        fast = None

def function():
    local = 1
"""


@pytest.mark.parametrize(
    "name",
    [
        "os", "Place", "LIMIT", "FIRST", "SECOND", "Client", "Client.attempts", "Client.Inner.deep", "Client.send",
        "Child.own", "only_there", "fast", "function",
    ],
)  # fmt: skip
def test_there(name: str) -> None:
    assert find(name) is Presence.THERE


@pytest.mark.parametrize("name", ["Path", "local", "Client.sned", "Client.Inner.send", "decorated", "test"])
def test_missing(name: str) -> None:
    assert find(name) is Presence.MISSING


@pytest.mark.parametrize("name", ["Child.send", "Made.anything", "function.attribute", "LIMIT.real"])
def test_what_only_running_would_tell(name: str) -> None:
    assert find(name) is Presence.UNKNOWN


@pytest.mark.parametrize(
    "source",
    [
        b"from x import *",
        b"globals()['a'] = 1",
        b"def __getattr__(name): ...",
        b"def broken(",
        b"\xff\xfe",
        b"(" * 5000,
    ],
)
def test_open_ended_and_broken_sources_are_not_judged(source: bytes) -> None:
    assert find("a", source) is Presence.UNKNOWN


def test_defined_lists_what_a_guess_is_made_from() -> None:
    defined = Symbols(PathTree({"x.py": SOURCE, "broken.py": b"def broken("})).defined
    assert {"Client", "Client.send", "Child.own", "LIMIT", "fast"} <= set(defined("x.py"))
    assert defined("broken.py") == defined("absent.py") == ()


def find(name: str, source: bytes = SOURCE) -> Presence:
    return Symbols(PathTree({"x.py": source})).find("x.py", name.split("."))

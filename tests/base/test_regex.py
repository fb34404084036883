from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from types import ModuleType

import pytest

import snapline
from snapline.base.regex import _Later, regex

STARTS_SOMETHING = {"snapline.__main__"}


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(snapline.__path__, "snapline."):
        if found.name not in STARTS_SOMETHING:
            yield importlib.import_module(found.name)


def test_it_is_used_as_a_compiled_pattern_is() -> None:
    ours, plain = regex(r"(?P<word>\w)+", re.IGNORECASE), re.compile(r"(?P<word>\w)+", re.IGNORECASE)
    text = "Two words"
    for _first_and_later in range(2):
        assert [one.span() for one in ours.finditer(text)] == [one.span() for one in plain.finditer(text)]
        assert ours.sub("-", text) == plain.sub("-", text)
        assert (ours.pattern, ours.flags, ours.groupindex) == (plain.pattern, plain.flags, plain.groupindex)
    assert regex(b"a+").findall(b"baa") == [b"aa"]


def test_what_is_no_pattern_is_said_at_its_first_use() -> None:
    wrong = regex("(")
    with pytest.raises(re.error):
        wrong.search("x")


def test_every_pattern_of_the_modules_is_one() -> None:
    found = {id(value): value for module in modules() for value in vars(module).values() if isinstance(value, _Later)}
    assert len(found) > 200
    for one in found.values():
        assert one.pattern is not None

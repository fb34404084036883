"""Waves, ancestors and cycles of small graphs; each node maps to what it comes after."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snapline.plan import graph


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ({}, ()),
        ({"a": ""}, ("a",)),
        ({"a": "", "b": ""}, ("ab",)),
        ({"b": "a", "a": ""}, ("a", "b")),
        ({"a": "", "b": "a", "c": "a", "d": "bc"}, ("a", "bc", "d")),
        ({"a": "", "b": "", "c": "a", "d": "c", "e": "b"}, ("ab", "ce", "d")),
        ({"a": "x"}, ("a",)),
        ({"a": "a", "b": ""}, ("b",)),
        ({"a": "b", "b": "a", "c": "b", "d": ""}, ("d",)),
    ],
)
def test_waves(after: dict[str, str], expected: tuple[str, ...]) -> None:
    assert graph.waves(after) == tuple(tuple(wave) for wave in expected)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ({}, ""),
        ({"a": "", "b": "a"}, ""),
        ({"a": "a"}, "a"),
        ({"a": "b", "b": "a"}, "ab"),
        ({"a": "b", "b": "c", "c": "a"}, "abc"),
        ({"a": "b", "b": "c", "c": "ad", "d": "c"}, "cd"),
        ({"a": "b", "b": "c", "c": "a", "x": "y", "y": "x"}, "xy"),
        ({"a": "z", "b": "b"}, "b"),
    ],
)
def test_shortest_cycle(after: dict[str, str], expected: str) -> None:
    assert graph.shortest_cycle(after) == tuple(expected)


def test_before_reaches_through_others() -> None:
    after = {"a": "", "b": "a", "c": "b", "d": "", "e": "cd"}
    assert graph.before(after, "e") == frozenset("abcd")
    assert graph.before(after, "a") == frozenset()
    assert graph.before({"a": "b", "b": "a"}, "a") == frozenset("ab")


def test_side_by_side_are_the_pairs_without_an_order() -> None:
    after = {"a": "", "b": "a", "c": "b", "d": "a"}
    assert graph.side_by_side(after) == (("b", "d"), ("c", "d"))


@given(st.dictionaries(st.integers(0, 7), st.sets(st.integers(0, 7)), max_size=8))
def test_every_node_is_in_a_wave_or_behind_a_cycle(after: dict[int, set[int]]) -> None:
    waves = graph.waves(after)
    placed = [node for wave in waves for node in wave]
    assert len(placed) == len(set(placed))
    rank = {node: number for number, wave in enumerate(waves) for node in wave}
    assert all(rank[one] < rank[node] for node in placed for one in after[node] if one in after)
    on_a_cycle = {node for node in after if node in graph.before(after, node)}
    assert set(after) - set(placed) == {
        node for node in after if node in on_a_cycle or graph.before(after, node) & on_a_cycle
    }
    cycle = graph.shortest_cycle(after)
    assert bool(cycle) == bool(on_a_cycle)
    assert all(second in after[first] for first, second in pairwise((*cycle, *cycle[:1])))

"""The order of things that come after one another: waves, what lies before, and the shortest cycle.

A graph is a mapping from each node to the nodes that it comes after; nodes keep the mapping's order, and names that
are no node of it are ignored.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from itertools import combinations
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def waves(after: Mapping[Node, Collection[Node]]) -> tuple[tuple[Node, ...], ...]:
    """The nodes in waves: each comes after nodes of earlier waves only.

    A node on a cycle, or behind one, is in no wave.
    """
    done: set[Node] = set()
    found: list[tuple[Node, ...]] = []
    while ready := tuple(
        node
        for node, before in after.items()
        if node not in done and all(one in done for one in before if one in after)
    ):
        done.update(ready)
        found.append(ready)
    return tuple(found)


def before(after: Mapping[Node, Collection[Node]], node: Node) -> frozenset[Node]:
    """Every node that ``node`` comes after, directly or not; ``node`` itself when it is on a cycle."""
    reached: set[Node] = set()
    open_nodes = [one for one in after[node] if one in after]
    while open_nodes:
        one = open_nodes.pop()
        if one not in reached:
            reached.add(one)
            open_nodes += [other for other in after[one] if other in after]
    return frozenset(reached)


def side_by_side(after: Mapping[Node, Collection[Node]]) -> tuple[tuple[Node, Node], ...]:
    """The pairs of which neither comes after the other: they may run at the same time."""
    ancestors = {node: before(after, node) for node in after}
    return tuple(
        (first, second)
        for first, second in combinations(after, 2)
        if first not in ancestors[second] and second not in ancestors[first]
    )


def shortest_cycle(after: Mapping[Node, Collection[Node]]) -> tuple[Node, ...]:
    """The shortest cycle, each node after the next and the last after the first; empty where there is none.

    Of several equally short ones it is the one whose first node comes first in the mapping.
    """
    shortest: tuple[Node, ...] = ()
    for node in after:
        cycle = _cycle_through(after, node)
        if cycle and (not shortest or len(cycle) < len(shortest)):
            shortest = cycle
    return shortest


def _cycle_through(after: Mapping[Node, Collection[Node]], start: Node) -> tuple[Node, ...]:
    """The shortest cycle that ``start`` is on, from ``start`` onwards (breadth first)."""
    paths: list[tuple[Node, ...]] = [(start,)]
    seen: set[Node] = set()
    for path in paths:
        for one in after[path[-1]]:
            if one == start:
                return path
            if one in after and one not in seen:
                seen.add(one)
                paths.append((*path, one))
    return ()

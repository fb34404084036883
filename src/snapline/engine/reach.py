"""What an agent reaches of the network: what its lane grants, less what its spec forbids."""

from __future__ import annotations

from snapline.agents.base import AgentProfile
from snapline.engine.settings import Lane
from snapline.sandbox.destinations import narrowed, parse_all
from snapline.sandbox.policy import Reach
from snapline.spec.model import Spec


def reach(lane: Lane, spec: Spec, profile: AgentProfile) -> Reach:
    """What an agent reaches: with ``No network`` the endpoints of its model, as far as the lane grants them."""
    if not spec.offline:
        return Reach(lane.network, () if lane.network else lane.allowed)
    if lane.network:
        return Reach(network=False, allowed=profile.endpoints)
    both = narrowed(parse_all(profile.endpoints), parse_all(lane.allowed))
    return Reach(network=False, allowed=tuple(map(str, both)))

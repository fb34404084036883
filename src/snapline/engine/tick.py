"""The tick: the plain loop between workflows that acts on decisions, heals, and admits what is due."""

from __future__ import annotations

from snapline.engine.admission import Enqueue, admit
from snapline.engine.blocked import close_blocked
from snapline.engine.context import Context
from snapline.engine.decisions import act
from snapline.engine.healing import Ended, ProveDead, heal

TICK_SECONDS = 0.2
"""The longest time between two ticks; events wake it earlier."""


def tick(context: Context, enqueue: Enqueue, ended: Ended, prove_dead: ProveDead) -> int:
    """Do everything that is due now; returns how many things were done."""
    done = act(context)
    done += heal(context, ended, prove_dead)
    done += close_blocked(context)
    return done + admit(context, enqueue)

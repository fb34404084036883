"""Person's verbs are for persons: they refuse inside an attempt. A fence against mistakes, not a wall."""

from __future__ import annotations

import os
from collections.abc import Mapping

from snapline.agents.command import ATTEMPT
from snapline.base.errors import Refused
from snapline.sandbox.fence import is_inside_a_run


class InsideAttempt(Refused):
    """An attempt cannot decide about itself."""

    code = "inside-attempt"
    hint = "Approving, accepting, rejecting and rolling back are for a person, outside of any attempt."


def refuse_inside_attempt(environment: Mapping[str, str] = os.environ) -> None:
    """Raise :class:`InsideAttempt` where the environment or an ancestor process says that an agent is asking."""
    attempt = environment.get(ATTEMPT)
    if attempt:
        raise InsideAttempt(f"this is inside the attempt {attempt}")
    if is_inside_a_run():
        raise InsideAttempt("this process was started by an attempt")

"""Ways in which a command line is ended from outside."""

from __future__ import annotations


class Terminated(BaseException):
    """Somebody sent SIGTERM."""

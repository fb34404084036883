"""What verification is told once: settings of a repository, frozen per run."""

from __future__ import annotations

from snapline.base.wire import Wire

DEFAULT_TIMEOUT = 600.0
"""Seconds that a check may take without a ``(timeout)`` of its own."""


class VerifySettings(Wire, frozen=True):
    """``[verify]`` of snapline.toml.

    ``timeout`` is seconds; ``always`` are commands that must pass on every candidate; ``check_files`` globs take the
    place of the usual test patterns where there are any.
    """

    timeout: float = DEFAULT_TIMEOUT
    always: tuple[str, ...] = ()
    check_files: tuple[str, ...] = ()

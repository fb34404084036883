"""Asking a shell about the syntax of a text, without running any of it."""

from __future__ import annotations

import subprocess
from functools import lru_cache

from snapline.base.regex import regex

_PLAIN = regex(r"[\w./:=@%+,-]+(?: [\w./:=@%+,-]+)*")
_RESERVED = regex(r"\b(if|then|elif|else|fi|for|while|until|do|done|case|esac|in|select|function|time|coproc)\b")
_TIMEOUT = 10.0


@lru_cache(maxsize=1024)
def complaint(text: str) -> str | None:
    """What ``bash -n`` prints about ``text``, or None when it has nothing to say; asked once.

    A line of plain words cannot be wrong and is not worth a process.
    """
    if _PLAIN.fullmatch(text) and not _RESERVED.search(text):
        return None
    asked = subprocess.run(
        ["bash", "--noprofile", "--norc", "-n"],
        input=text.encode("utf-8", "surrogatepass") + b"\n",
        capture_output=True,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C"},
        timeout=_TIMEOUT,
        check=False,
    )
    return asked.stderr.decode("utf-8", "replace") if asked.returncode else None

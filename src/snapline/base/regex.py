"""Regular expressions that are compiled when they are first used.

Compiling all that the modules of Snapline define takes longer than most commands need for everything else, and no
command uses more than a part of them.
"""

from __future__ import annotations

import re
from typing import AnyStr, cast


class _Later:
    """Stands for a pattern; its first use compiles it, and leaves its methods here so that the next ones are direct."""

    def __init__(self, source: str | bytes, flags: int) -> None:
        self._later = (source, flags)

    def __getattr__(self, name: str) -> object:
        source, flags = self._later
        found = re.compile(source, flags)
        self.__dict__.update({each: getattr(found, each) for each in dir(found) if not each.startswith("__")})
        return getattr(found, name)


def regex(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """The pattern of ``source``, to be used as ``re.compile`` gives it, by its own methods and attributes.

    Raises ``re.error`` when it is first used, if it is none.
    """
    return cast("re.Pattern[AnyStr]", _Later(source, flags))

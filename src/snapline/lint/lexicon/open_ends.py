"""Ends of a list that leave it open (LEX202).

In: what says that there is more, without saying what. Out: ``such as``, ``for example``, ``e.g.``: they illustrate a
promise that stands without them.
"""

from __future__ import annotations

from typing import Final

OPEN_ENDS: Final = (
    "etc|etcetera",
    "et cetera|al",
    "and so on|forth",
    "and so on and so forth",
    "and the like",
    "or the like",
    "and|or such like",
    "and|or suchlike",
    "and|or similar",
    "or something similar|alike|comparable|equivalent",
    "and|or anything|everything|something else",
    "and|or whatnot",
    "and|plus more|others",
    "and many|much more|others",
    "and others",
    "and stuff",
    "and many|several|some more|others|other",
    "and|or other things|stuff",
    "among others",
    "among|amongst other things",
    "including but not limited to",
    "includes but is not limited to",
    "include but are|is not limited to",
    "but|and is|are not limited to",
    "but not limited|restricted to",
    "not limited to",
    "including without limitation",
    "including among others",
    "as well as others|more",
    "at a minimum",
    "as a minimum",
)
ONLY_AT_THE_END: Final = frozenset({"and more", "plus more", "and others", "plus others", "and so on"})
"""These end a list only where a list ends: not in "and so on the server" and "and more than"."""
LATIN: Final = frozenset({"etc", "etcetera"})
FOLDER: Final = frozenset({"folder", "directory", "tree", "partition", "files"})
"""Behind ``etc`` these make a folder of it."""

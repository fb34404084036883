"""What ``(keep GLOB)`` keeps of a check: screenshots, reports, whatever a person will want to look at."""

from __future__ import annotations

from pathlib import Path

from snapline.store.evidence import EvidenceStore
from snapline.verify import leftovers, reading
from snapline.verify.orders import CheckOrder
from snapline.verify.outcome import Keepsake

MAX_FILES = 200
MAX_BYTES = 32 * 1024 * 1024
"""Of all kept files of one check together."""


def keep(tree: Path, order: CheckOrder, evidence: EvidenceStore) -> tuple[Keepsake, ...]:
    """Store the files that the check's keep globs mean, ordered by path; only plain files, links are never followed."""
    left, found = MAX_BYTES, []
    for path in sorted(reading.meant(tree, order, order.keep))[:MAX_FILES]:
        name = path.relative_to(tree).as_posix()
        content = leftovers.content(tree, name, left + 1)
        if content is None:
            continue
        if len(content) > left:
            found.append(Keepsake(name, path.lstat().st_size, None))
            continue
        left -= len(content)
        found.append(Keepsake(name, len(content), evidence.put(content, "kept")))
    return tuple(found)

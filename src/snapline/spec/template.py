"""The template of a spec. Its guidance is comments, so that what is not yet filled in is seen as empty."""

from __future__ import annotations

import json
from typing import Final

from snapline.base.ids import SpecId

_BODY: Final = """\
# Task

<!--
The problem to solve, in one paragraph: what happens now, to whom, and why that is bad.
If it is a bug: what was expected, what happens instead, how to see it.
-->

# Goal

<!--
What is true when this is done. One item per promise:
- Uploads resume after a connection breaks.
-->

# Constraints

<!--
What must not happen, and which boundaries matter. Prose is fine; these are enforced:
- Change only: `src/upload/**`, `tests/upload/**`
- Do not change: `src/upload/protocol.py`
- Keep passing: `$ pytest -q`
- At most: 400 lines
-->

# Interfaces

<!--
Files, services, APIs, owners and dependencies that this touches:
- Changes `src/upload/client.py`; new `src/upload/retry.py`; uses `src/http.py::Session`.
-->

# Acceptance

<!--
What proves that it worked. Each item is one criterion:
- A resumed upload sends no byte twice: `tests/upload/test_resume.py::test_resume`. Proves G1.
- `$ python -m upload --selftest` exits with 0.
- The progress bar reads well (manual).
-->

# Failure plan

<!--
What happens if the rollout fails. Prose is fine; without a plan, one revert commit:
- Rollback: `$ alembic downgrade -1`, revert
- Verify rollback: `$ pytest -q tests/smoke`
-->
"""


def template(spec_id: SpecId, title: str = "", owner: str = "") -> str:
    """A spec with the six headings, each with guidance; ``title`` and ``owner`` may be empty."""
    front = [f"id: {spec_id}"]
    if title:
        front.append(f"title: {json.dumps(title, ensure_ascii=False)}")
    if owner:
        front.append(f"owner: {json.dumps(owner, ensure_ascii=False)}")
    return "\n".join(("---", *front, "---", "", _BODY))

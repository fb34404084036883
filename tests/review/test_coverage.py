"""Which clauses explain a changed file."""

from __future__ import annotations

import pytest

from snapline.base.text import Source
from snapline.review.coverage import explained_by
from snapline.spec.model import Spec
from snapline.spec.parser import parse

TEXT = """\
# Task
X.
# Goal
- G1: Y.
# Constraints
- C1: Change only: `src/**`, `tests/**`, `docs/**`
# Interfaces
- I1: Changes `src/upload/client.py`, uses `src/http.py`.
- I2: New `src/retry/`.
- I3: The function `src/server.py::serve` is touched.
# Acceptance
- A1: It retries: `tests/test_retry.py::test_retries`
- A2: It resumes: `$ pytest -q ./tests/resume && grep -q x docs/resume.md` (in sub)
- A3: Everything else holds: `$ pytest -q tests/all` (regression)
- A4: `README.md` says so.
# Failure plan
None.
# Tasks
- T1: All. Proves A1, A2. Changes `src/tool/*.py`.
"""


@pytest.fixture(scope="module")
def spec() -> Spec:
    return parse(Source.from_bytes("s.md", TEXT.encode()))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("src/upload/client.py", ("I1",)),
        ("src/http.py", ()),
        ("src/retry/deep/x.py", ("I2",)),
        ("src/server.py", ("I3",)),
        ("tests/test_retry.py", ("A1",)),
        ("sub/tests/resume/test_a.py", ("A2",)),
        ("sub/docs/resume.md", ("A2",)),
        ("tests/all/test_b.py", ()),
        ("README.md", ("A4",)),
        ("src/tool/x.py", ("T1",)),
        ("src/tool/x.txt", ()),
        ("docs/other.md", ()),
    ],
)
def test_explained_by(path: str, expected: tuple[str, ...], spec: Spec) -> None:
    assert explained_by(spec, path) == expected

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test looks into the cache of whoever runs it, nor leaves anything there."""
    before = os.environ.get("SNAPLINE_CACHE")
    os.environ["SNAPLINE_CACHE"] = str(tmp_path_factory.mktemp("cache"))
    yield
    if before is None:
        del os.environ["SNAPLINE_CACHE"]
    else:
        os.environ["SNAPLINE_CACHE"] = before

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def _surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test looks into the cache of whoever runs it, nor leaves anything there.

    A pytest that a test starts is started without the plugins of this one, which are most of its time.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SNAPLINE_CACHE", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        yield

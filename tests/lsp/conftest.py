"""One server for the tests of a module, and a text in it that is closed after each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from tests.e2e.stage import Stage
from tests.lsp.scene import TEXT, Editor, able, connect, disconnect, repository


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return repository(tmp_path_factory.mktemp("lsp"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def connected(stage: Stage) -> AsyncIterator[Editor]:
    editor = await connect(stage, able())
    yield editor
    assert await disconnect(editor) == 0


@pytest.fixture
def editor(connected: Editor) -> Iterator[Editor]:
    yield connected
    connected.close()


@pytest.fixture(params=["\n", "\r\n"], ids=["LF", "CRLF"])
def text(request: pytest.FixtureRequest) -> str:
    """The spec of the scene, with either line ending."""
    return TEXT.replace("\n", request.param)

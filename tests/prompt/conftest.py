"""The spec of the goldens, and prompts of its tasks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from snapline.base.ids import Oid, RevisionId
from snapline.base.text import Source
from snapline.plan.derive import plan
from snapline.prompt.render import PromptInput
from snapline.spec.model import Spec
from snapline.spec.parser import parse

GOLDEN = Path(__file__).parent / "golden"
MakePrompt = Callable[..., PromptInput]


@pytest.fixture
def spec() -> Spec:
    return parse(Source.from_bytes("specs/retry-uploads.md", (GOLDEN / "spec.md").read_bytes()))


@pytest.fixture
def given(spec: Spec) -> MakePrompt:
    def given(task: str = "retry-uploads/T2", attempt: int = 1) -> PromptInput:
        found = plan(spec)
        planned = found.task(task)
        assert planned is not None
        return PromptInput(
            spec=spec,
            revision=RevisionId("3f2a9c1b" * 8),
            plan=found,
            task=planned,
            base=Oid("0123abcd" * 5),
            attempt=attempt,
            attempts=3,
            wall=3600.0,
            protected=("specs/retry-uploads.md", "snapline.toml"),
        )

    return given

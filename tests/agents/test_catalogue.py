"""The profiles that ship can be read, say how to get their agent, and are honest about who drove them."""

from __future__ import annotations

import pytest

from snapline.agents.base import NoSuchAgent, PromptMode
from snapline.agents.catalogue import BadProfile, names, profile, read_profile


@pytest.mark.parametrize("name", names())
def test_a_profile_is_whole(name: str) -> None:
    one = profile(name)
    assert one.name == name
    assert one.install
    template = " ".join(one.argv)
    fields = {PromptMode.ARGUMENT: "{prompt}", PromptMode.FILE: "{prompt_file}"}
    assert [mode for mode, field in fields.items() if field in template] == [
        mode for mode in (one.prompt,) if mode is not PromptMode.STDIN
    ]
    assert one.driven or "Experimental" in one.note


def test_these_ship() -> None:
    assert names() == ("claude-code", "codex", "gemini", "mini", "opencode", "vibe")


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(NoSuchAgent, match="codx") as caught:
        profile("codx")
    assert "`codex`" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("argv = [", "cannot be read"),
        ("prompt = 'stdin'", "argv"),
        ("argv = ['x']\nprompt = 'telepathy'", "telepathy"),
        ("argv = ['x']\nargs = 1", "args"),
    ],
)
def test_a_bad_profile_says_what_is_wrong(text: str, part: str) -> None:
    with pytest.raises(BadProfile, match=part):
        read_profile("mine", text)

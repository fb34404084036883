"""No isolation only by a person's word; everything is tried out, nothing assumed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from snapline.sandbox import bubblewrap, probes, select
from snapline.sandbox.bare import Bare
from snapline.sandbox.bubblewrap import Bubblewrap
from snapline.sandbox.policy import Tier


def programs(folder: Path, **texts: str) -> str:
    """A search path with only these programs."""
    folder.mkdir()
    for name, text in texts.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)
    return str(folder)


def test_where_it_works_jobs_are_isolated(wrapped: Bubblewrap, tmp_path: Path) -> None:
    chosen = select.choose("auto", (tmp_path,))
    assert chosen == Bubblewrap((*wrapped.state, tmp_path))
    assert chosen.tier is Tier.T2


def test_none_is_a_persons_word() -> None:
    assert select.choose("none") == Bare()
    assert select.choose("none").tier is Tier.T0


def test_without_bubblewrap_it_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", programs(tmp_path / "bin", dnf=""))
    with pytest.raises(select.NoSandbox, match="bubblewrap is not installed") as refused:
        select.choose("auto")
    assert refused.value.exit_status == 3
    assert "sudo dnf install bubblewrap" in refused.value.hint
    assert '[lanes.default] sandbox = "none"' in refused.value.hint


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("echo 'bwrap: No permissions to create new namespace' >&2; exit 1", "No permissions"),
        ("exit 1", "status 1"),
        ("echo 'not what was asked'", "status 0"),
        ("exec /no/such", "does not run"),
    ],
)
def test_a_bubblewrap_that_does_not_isolate_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    path = programs(tmp_path / "bin", bwrap=f'[ "$1" = --version ] && echo bubblewrap 9 && exit 0\n{text}')
    monkeypatch.setenv("PATH", path)
    with pytest.raises(select.NoSandbox) as refused:
        select.choose("auto")
    assert said in str(refused.value)
    assert '[lanes.default] sandbox = "none"' in refused.value.hint


def test_the_apparmor_hint_is_for_those_who_need_it() -> None:
    assert "container" in bubblewrap.remedy("Operation not permitted") or os.access(
        "/proc/sys/kernel/apparmor_restrict_unprivileged_userns", os.R_OK
    )


def test_every_mechanism_is_probed(wrapped: Bubblewrap) -> None:
    assert wrapped.tier is Tier.T2
    found = {probe.name: probe for probe in probes.probe_all()}
    assert set(found) == {"bubblewrap", "network lists", "namespaces", "control groups"}
    assert found["bubblewrap"].ok
    for probe in found.values():
        assert probe.detail
        assert probe.ok or probe.hint


def test_without_unshare_namespaces_cannot_be_probed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", programs(tmp_path / "bin"))
    assert "util-linux" in probes.probe_namespaces().hint
    (tmp_path / "bin" / "unshare").write_text("#!/bin/sh\necho 'unshare failed: Operation not permitted' >&2; exit 1\n")
    (tmp_path / "bin" / "unshare").chmod(0o755)
    probe = probes.probe_namespaces()
    assert not probe.ok
    assert "Operation not permitted" in probe.detail

from __future__ import annotations

import os
from pathlib import Path

import pytest

from snapline.app.corpus import Corpus, Others
from snapline.app.specs import spec_files
from snapline.base.ids import SpecId

LONG_AGO = 1_700_000_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "specs"
    for name, text in {"b.md": "# Task\n", "a/x.md": "---\nid: own\n---\n", "z.md": "---\nid: own\n---\n"}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def test_specs_are_named_by_their_ids_and_the_first_file_counts(folder: Path) -> None:
    corpus = Corpus(folder)
    assert dict(corpus.files) == {"own": folder / "a/x.md", "b": folder / "b.md"}
    assert corpus[SpecId("b")].id == "b"
    assert list(Others(corpus, SpecId("own"))) == ["b"]
    assert SpecId("own") not in Others(corpus, SpecId("own"))
    assert len(Others(corpus, SpecId("own"))) == 1
    with pytest.raises(KeyError):
        Others(corpus, SpecId("own"))[SpecId("own")]


def test_guides_hidden_files_and_what_links_to_folders_lead_to_are_no_specs(folder: Path, tmp_path: Path) -> None:
    for name in ("README.md", "a/Readme.md", ".hidden/c.md", "a/.c.md", "notes.txt"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("# Task\n")
    (folder / "linked").symlink_to(folder / "a")
    (folder / "gone.md").symlink_to(tmp_path / "nowhere")
    (folder / "link.md").symlink_to(folder / "b.md")
    (folder / "a-b.md").write_text("")
    assert [path.relative_to(folder).as_posix() for path in spec_files(folder)] == [
        "a/x.md", "a-b.md", "b.md", "link.md", "z.md",
    ]  # fmt: skip


def test_a_fresh_file_is_not_remembered_but_a_settled_one_is(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    assert set(Corpus(folder, cache)) == {"own", "b"}
    assert not cache.exists()
    assert set(Corpus(folder, cache, settled=0)) == {"own", "b"}
    assert len(list((cache / "ids").iterdir())) == 1


def test_remembered_ids_are_those_of_unchanged_files(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    _age(folder)
    assert set(Corpus(folder, cache, settled=0)) == {"own", "b"}
    (folder / "a/x.md").write_text("---\nid: new\n---\n")
    (folder / "more.md").write_text("---\nid: more\n---\n")
    (folder / "z.md").unlink()
    assert set(Corpus(folder, cache, settled=0)) == {"new", "b", "more"}


def test_a_file_that_keeps_its_size_and_its_time_is_still_seen_to_change(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    _age(folder)
    assert SpecId("own") in Corpus(folder, cache, settled=0)
    for name in ("a/x.md", "z.md"):
        (folder / name).write_text("---\nid: owl\n---\n")
    _age(folder)
    assert set(Corpus(folder, cache, settled=0)) == {"owl", "b"}


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe", b"\x83\xa6format\x01", b"not ours"])
def test_a_damaged_cache_is_as_none(folder: Path, tmp_path: Path, damage: bytes) -> None:
    cache = tmp_path / "cache"
    assert set(Corpus(folder, cache, settled=0)) == {"own", "b"}
    for file in (cache / "ids").iterdir():
        file.write_bytes(damage)
    assert set(Corpus(folder, cache, settled=0)) == {"own", "b"}


def test_a_file_that_is_no_text_is_left_out(folder: Path) -> None:
    (folder / "c.md").write_bytes(b"---\nid: \xff\n---\n")
    assert set(Corpus(folder)) == {"own", "b"}


def _age(folder: Path) -> None:
    for file in folder.rglob("*.md"):
        os.utime(file, (LONG_AGO, LONG_AGO))

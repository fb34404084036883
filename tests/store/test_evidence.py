from __future__ import annotations

from pathlib import Path

import pytest

from snapline.base import digest
from snapline.store.database import open_database
from snapline.store.evidence import EvidenceMissing, EvidenceStore
from snapline.store.results import ResultStore


def test_evidence_is_kept_by_its_content(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path)
    (tmp_path / "file").write_bytes(b"seen")
    name = store.put(b"seen", "log")
    assert name == digest.of_bytes(b"seen") == store.put(tmp_path / "file", "diff")
    assert store.has(name)
    assert store.read(name) == b"seen"
    assert store.path(name).suffix == ".log"
    assert [path.name for path in store.path(name).parent.iterdir()] == [f"{name}.log"]


def test_evidence_that_was_changed_or_deleted_is_never_passed_off(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path)
    name = store.put(b"fail", "log")
    store.path(name).write_bytes(b"pass")
    with pytest.raises(EvidenceMissing, match="changed"):
        store.read(name)
    store.path(name).unlink()
    assert not store.has(name)
    with pytest.raises(EvidenceMissing, match="not in"):
        store.read(name)
    with pytest.raises(EvidenceMissing, match="not in"):
        store.path(name)


@pytest.mark.parametrize("kind", ["", "../up", "A", "a/b"])
def test_a_kind_is_a_plain_word(tmp_path: Path, kind: str) -> None:
    with pytest.raises(ValueError, match="kind"):
        EvidenceStore(tmp_path).put(b"x", kind)


def test_the_first_result_of_a_check_stays(tmp_path: Path) -> None:
    results = ResultStore(open_database(tmp_path / "state.db"))
    assert results.get("key") is None
    assert results.put("key", b"first") == b"first"
    assert results.put("key", b"second") == b"first"
    assert results.get("key") == b"first"


@pytest.mark.parametrize("name", ["", "/", "..", "*", "../secret", "a" * 63, "A" * 64])
def test_what_is_no_digest_names_nothing_even_where_a_pattern_would(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.txt").write_text("outside")
    store = EvidenceStore(tmp_path / "store")
    store.put(b"seen", "log")
    assert not store.has(name)
    assert store.kind(name) is None
    with pytest.raises(EvidenceMissing, match="not in"):
        store.read(name)


def test_every_artefact_is_listed_with_its_kind(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path)
    names = {store.put(b"one", "log"): "log", store.put(b"two", "report"): "report"}
    (tmp_path / "ab").mkdir(exist_ok=True)
    (tmp_path / "ab" / ".0123").touch()  # what a crash left
    assert {path.name.partition(".")[0]: store.kind(path.name.partition(".")[0]) for path in store.files()} == names

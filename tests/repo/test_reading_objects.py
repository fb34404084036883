"""The one process that reads many objects may die, be interrupted, or answer something else: no content is mixed up."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from tests.repo.person import Person

from snapline.base.ids import Oid
from snapline.repo.git import GitFault
from snapline.repo.objects import BlobReader, blob_reader
from snapline.repo.user import UserRepository


@pytest.fixture
def oids(ann: Person) -> tuple[Oid, Oid]:
    ann.write("one.txt", "one\n")
    ann.write("two.txt", "two\n")
    tip = ann.commit("Two files")
    return Oid(ann.git("rev-parse", f"{tip}:one.txt")), Oid(ann.git("rev-parse", f"{tip}:two.txt"))


def process_of(reader: BlobReader) -> int:
    """The pid of git's process below us that reads for ``reader``."""
    (pid,) = [
        int(entry.name)
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and below_us(entry) and b"cat-file\0--batch\0" in (entry / "cmdline").read_bytes()
    ]
    assert reader
    return pid


def below_us(entry: Path) -> bool:
    try:
        fields = (entry / "stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return False
    return fields[1] == str(os.getpid()) and fields[0] != "Z"


def test_a_reader_whose_process_was_killed_starts_another(user: UserRepository, oids: tuple[Oid, Oid]) -> None:
    with blob_reader(user.git) as reader:
        assert reader.read(oids[0]) == b"one\n"
        first = process_of(reader)
        os.kill(first, signal.SIGKILL)
        assert reader.read(oids[1]) == b"two\n"
        second = process_of(reader)
        assert second != first
    assert not Path(f"/proc/{second}").exists()


def test_an_answer_about_another_object_is_not_taken(user: UserRepository, oids: tuple[Oid, Oid]) -> None:
    """So it is after an interruption between the question and its answer."""
    with blob_reader(user.git) as reader:
        assert reader.read(oids[0]) == b"one\n"
        asked = os.open(f"/proc/{process_of(reader)}/fd/0", os.O_WRONLY)
        os.write(asked, oids[0].encode() + b"\n")
        os.close(asked)
        assert reader.read(oids[1]) == b"two\n"
        assert reader.read(oids[0]) == b"one\n"


def test_what_is_missing_is_said_and_the_process_goes_on(user: UserRepository, oids: tuple[Oid, Oid]) -> None:
    with blob_reader(user.git) as reader:
        with pytest.raises(GitFault, match="the object 1111111"):
            reader.read(Oid("1" * 40))
        before = process_of(reader)
        assert reader.read(oids[0]) == b"one\n"
        assert process_of(reader) == before


def test_a_repository_that_is_gone_is_a_fault_of_git(user: UserRepository, oids: tuple[Oid, Oid]) -> None:
    with blob_reader(user.git) as reader:
        user.git.git_dir.rename(user.git.git_dir.with_name("elsewhere"))
        with pytest.raises(GitFault, match="before it told the object"):
            reader.read(oids[0])

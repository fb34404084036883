from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.repo.person import Person, start

from snapline.base import digest
from snapline.base.ids import Oid
from snapline.repo import objects
from snapline.repo.git import GitFault
from snapline.repo.records import REF, BadRecordName, Records
from snapline.repo.remotes import NoRemote
from snapline.repo.trees import compose
from snapline.repo.user import UserRepository
from snapline.repo.vault import SNAPLINE, move_ref, read_ref


@pytest.fixture(autouse=True)
def _home(ann: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(ann.home))


@pytest.fixture
def records(user: UserRepository) -> Records:
    return Records(user)


def test_a_record_is_found_by_kind_and_name(records: Records, ann: Person) -> None:
    assert records.all("approval") == ()
    one = records.put("approval", "retry-uploads", b'{"a":1}')
    records.put("approval", "retry-uploads-2", b"other spec")
    records.put("review", "retry-uploads/T1", b"review")
    assert one == digest.of_bytes(b'{"a":1}')
    assert records.all("approval", "retry-uploads") == (b'{"a":1}',)
    assert set(records.all("approval")) == {b'{"a":1}', b"other spec"}
    assert records.all("review", "retry-uploads") == (b"review",)
    assert ann.git("status", "--porcelain") == ""
    assert ann.git("branch", "--list", "--all") == "* main"


def test_storing_the_same_again_changes_nothing(records: Records, user: UserRepository) -> None:
    records.put("approval", "x", b"1")
    tip = read_ref(user.git, REF)
    records.put("approval", "x", b"1")
    assert read_ref(user.git, REF) == tip
    records.put("approval", "x", b"2")
    assert set(records.all("approval", "x")) == {b"1", b"2"}


@pytest.mark.parametrize(("kind", "name"), [("Approval", "x"), ("a", "../x"), ("a", ".git"), ("a", "x//y"), ("", "x")])
def test_a_name_that_is_no_path_is_refused(records: Records, kind: str, name: str) -> None:
    with pytest.raises(BadRecordName):
        records.put(kind, name, b"1")


def test_many_writers_at_once_lose_nothing(records: Records, user: UserRepository) -> None:
    program = (
        "import sys; from pathlib import Path; from snapline.repo.user import UserRepository;"
        "from snapline.repo.records import Records; records = Records(UserRepository.discover(Path(sys.argv[1])));"
        "[records.put('approval', 'spec', f'{sys.argv[2]}.{n}'.encode()) for n in range(3)]"
    )
    started = [subprocess.Popen([sys.executable, "-c", program, str(user.root), str(one)]) for one in range(8)]
    assert [process.wait() for process in started] == [0] * 8
    assert set(records.all("approval")) == {f"{one}.{n}".encode() for one in range(8) for n in range(3)}
    assert len(user.git.run("rev-list", REF).text.split()) == 24


def tampered(user: UserRepository, path: str, body: bytes) -> Oid:
    """Put ``body`` at ``path`` of the records' tree, whatever its digest, as somebody with git and bad intent would."""
    tip = read_ref(user.git, REF)
    assert tip is not None
    blob = objects.write_blob(user.git, body)
    tree = compose(user.git, tip, {path: objects.Entry(path, "100644", blob)})
    signed = user.git.given(
        GIT_AUTHOR_NAME="E", GIT_AUTHOR_EMAIL="e@x", GIT_COMMITTER_NAME="E", GIT_COMMITTER_EMAIL="e@x"
    )
    commit = Oid(signed.run("commit-tree", tree, "-p", tip, "-m", "tamper").text)
    assert move_ref(user.git, REF, commit, tip)
    return commit


def test_an_altered_record_is_left_out_named_and_can_be_stored_again(records: Records, user: UserRepository) -> None:
    name = records.put("approval", "x", b"honest")
    records.put("approval", "x", b"other")
    tampered(user, f"approval/x/{name}", b"forged")
    tampered(user, "approval/x/readme", b"no record")
    reading = records.read("approval", "x")
    assert reading.bodies == (b"other",)
    assert sorted(fault.path for fault in reading.faults) == sorted([f"approval/x/{name}", "approval/x/readme"])
    assert len(records.faults()) == 2
    records.put("approval", "x", b"honest")
    assert set(records.all("approval")) == {b"honest", b"other"}
    assert [fault.path for fault in records.faults()] == ["approval/x/readme"]


def test_several_are_stored_by_one_commit_and_what_is_there_stays(records: Records, user: UserRepository) -> None:
    one = records.put("approval", "x", b"1")
    names = records.put_all([("approval", "x", b"1"), ("keys", "", b"2"), ("approval", "y", b"3")])
    assert names == (one, digest.of_bytes(b"2"), digest.of_bytes(b"3"))
    assert len(user.git.run("rev-list", REF).text.split()) == 2
    assert set(records.read("").bodies) == {b"1", b"2", b"3"}
    assert records.put_all([]) == ()
    with pytest.raises(BadRecordName):
        records.put_all([("approval", "x", b"4"), ("approval", "../x", b"5")])
    assert set(records.all("approval", "x")) == {b"1"}


def test_a_record_that_was_taken_out_is_known_from_the_history(records: Records, user: UserRepository) -> None:
    first = records.put("approval", "x", b"1")
    records.put("approval", "x", b"2")
    tip = read_ref(user.git, REF)
    assert tip is not None
    tree = compose(user.git, tip, {f"approval/x/{first}": None})
    signed = user.git.given(
        GIT_AUTHOR_NAME="E", GIT_AUTHOR_EMAIL="e@x", GIT_COMMITTER_NAME="E", GIT_COMMITTER_EMAIL="e@x"
    )
    # A merge, whose difference to its parents a log does not show by itself.
    parents = [part for one in (tip, user.git.run("rev-parse", f"{tip}^").text) for part in ("-p", one)]
    commit = Oid(signed.run("commit-tree", tree, *parents, "-m", "tidy").text)
    assert move_ref(user.git, REF, commit, tip)
    assert user.git.run("log", "--format=", "--name-only", "--diff-filter=D", REF).text == ""
    assert records.faults() == ()
    assert records.deleted() == (f"approval/x/{first}",)
    records.put("approval", "x", b"1")
    assert records.deleted() == ()


@pytest.fixture
def remote(ann: Person, tmp_path: Path) -> Path:
    place = tmp_path / "remote.git"
    ann.git("init", "-q", "--bare", str(place))
    ann.git("remote", "add", "origin", str(place))
    return place


@pytest.fixture
def bob(tmp_path: Path, remote: Path) -> Records:
    person = start(tmp_path / "bob", tmp_path / "home")
    person.git("remote", "add", "origin", str(remote))
    return Records(UserRepository.discover(person.root))


def test_two_clones_that_diverged_have_the_union_afterwards(records: Records, bob: Records) -> None:
    records.put("approval", "x", b"ann 1")
    first = records.sync()
    assert (first.received, first.sent) == (0, 1)
    bob.put("approval", "x", b"bob 1")
    second = bob.sync()
    assert (second.received, second.sent) == (1, 1)
    records.put("approval", "y", b"ann 2")
    bob.put("approval", "y", b"bob 2")
    bob.sync()
    third = records.sync()
    assert (third.received, third.sent) == (2, 1)
    assert bob.sync().received == 1
    everything = {b"ann 1", b"ann 2", b"bob 1", b"bob 2"}
    assert set(records.all("approval")) == set(bob.all("approval")) == everything
    assert (records.sync(), bob.sync()) == (bob.sync(), records.sync())
    assert read_ref(records.user.git, REF) == read_ref(bob.user.git, REF)


def test_a_clone_without_records_gets_them_and_an_empty_sync_does_nothing(records: Records, bob: Records) -> None:
    assert records.sync().received == 0
    assert read_ref(records.user.git, REF) is None
    bob.put("approval", "x", b"1")
    bob.sync()
    assert records.sync().received == 1
    assert read_ref(records.user.git, REF) == read_ref(bob.user.git, REF)


def test_a_remote_that_dropped_or_altered_records_is_healed_and_named(
    records: Records, bob: Records, remote: Path
) -> None:
    name = records.put("approval", "x", b"honest")
    records.put("approval", "y", b"kept")
    records.sync()
    bob.sync()
    evil = tampered(bob.user, f"approval/x/{name}", b"forged")
    bob.user.personal.run("push", "-q", "--force", str(remote), f"{evil}:{REF}")
    synced = records.sync()
    assert [fault.path for fault in synced.faults] == [f"approval/x/{name}"]
    assert set(records.all("approval")) == {b"honest", b"kept"}
    bob.sync()
    assert set(bob.all("approval")) == {b"honest", b"kept"}
    assert records.faults() == bob.faults() == ()
    stranger = bob.user.git.given(
        GIT_AUTHOR_NAME="E", GIT_AUTHOR_EMAIL="e@x", GIT_COMMITTER_NAME="E", GIT_COMMITTER_EMAIL="e@x"
    )
    empty = stranger.run("mktree", input=b"").text
    emptied = stranger.run("commit-tree", empty, "-m", "all gone").text
    bob.user.personal.run("push", "-q", "--force", str(remote), f"{emptied}:{REF}")
    assert records.sync().sent == 2
    assert set(records.all("approval")) == {b"honest", b"kept"}


def test_clones_that_sync_at_the_same_time_lose_nothing(records: Records, bob: Records) -> None:
    program = (
        "import sys; from pathlib import Path; from snapline.repo.user import UserRepository;"
        "from snapline.repo.records import Records; records = Records(UserRepository.discover(Path(sys.argv[1])));"
        "[(records.put('approval', 'x', f'{sys.argv[2]}.{n}'.encode()), records.sync()) for n in range(2)]"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", program, str(one.user.root), f"{one.user.root.name}{copy}"])
        for one in (records, bob)
        for copy in range(2)
    ]
    assert [process.wait() for process in started] == [0] * 4
    records.sync()
    bob.sync()
    records.sync()
    assert len(records.all("approval")) == 8
    assert records.all("approval") == bob.all("approval")


def test_a_remote_that_does_not_answer_is_a_fault_in_gits_words(records: Records, tmp_path: Path) -> None:
    records.put("approval", "x", b"1")
    with pytest.raises(GitFault, match=r"nowhere.* cannot be reached: fatal"):
        records.sync(f"file://{tmp_path}/nowhere")
    with pytest.raises(GitFault, match="does not appear to be a git repository"):
        records.sync(str(tmp_path))


def test_a_remote_that_nobody_made_known_is_a_persons_mistake(records: Records, ann: Person) -> None:
    with pytest.raises(NoRemote, match="there is no remote `origin`") as fault:
        records.sync()
    assert "git remote add origin ADDRESS" in fault.value.hint
    ann.git("remote", "add", "hub", "nowhere")
    with pytest.raises(NoRemote) as fault:
        records.sync("hup")
    assert fault.value.hint.startswith("There is hub.")
    with pytest.raises(NoRemote):
        records.sync("--upload-pack=touch never")


def test_a_folder_is_meant_from_where_the_person_stands(
    records: Records, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records.put("approval", "x", b"1")
    monkeypatch.chdir(remote.parent)
    assert records.sync(remote.name).sent == 1


def test_a_remote_that_refuses_is_a_fault(records: Records, remote: Path, ann: Person) -> None:
    hook = remote / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho records are not wanted here >&2\nexit 1\n")
    hook.chmod(0o755)
    ann.write(".git/hooks/pre-push", "#!/bin/sh\nexit 1\n").chmod(0o755)
    records.put("approval", "x", b"1")
    with pytest.raises(GitFault, match="not wanted here"):
        records.sync()
    assert SNAPLINE.name == "Snapline"

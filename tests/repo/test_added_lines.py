"""The lines that a difference adds, whatever the files are called, hold, or claim to be."""

from __future__ import annotations

import pytest
from tests.repo.person import Person

from snapline.base.ids import Oid
from snapline.repo.user import UserRepository
from snapline.repo.vault import Vault


def added(vault: Vault, user: UserRepository, ann: Person, base: Oid) -> list[tuple[str, int, str]]:
    ann.git("add", "-A")
    ann.git("commit", "-qm", "change")
    vault.fetch(user, user.head())
    return [(one.path, one.number, one.text) for one in vault.added_lines(base, user.head())]


def test_numbers_count_in_the_new_file(vault: Vault, user: UserRepository, ann: Person, base: Oid) -> None:
    ann.write("src/a.py", "top\nv = 1\nbottom\n")
    assert added(vault, user, ann, base) == [("src/a.py", 1, "top"), ("src/a.py", 3, "bottom")]


HOSTILE = {
    "lines like headers": ("x.txt", "diff --git a/y b/y\n--- a/y\n+++ b/y\n@@ -0,0 +1 @@\n+evil\n-evil\n", 6),
    "a name to be quoted": ('a "b"\n\tc.txt', "evil\n", 1),
    "not UTF-8": ("x.txt", "\udcff evil\n", 1),
    "no line end": ("x.txt", "one\nevil", 2),
    "a carriage return": ("x.txt", "a\r\nevil\r\n", 2),
    "a zero byte": ("x.py", "\0\nevil\n", 2),
}


@pytest.mark.parametrize(("name", "text", "count"), list(HOSTILE.values()), ids=list(HOSTILE))
def test_nothing_hides_a_line(
    vault: Vault, user: UserRepository, ann: Person, base: Oid, name: str, text: str, count: int
) -> None:
    (ann.root / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    ann.write("zz.txt", "after\n")
    found = added(vault, user, ann, base)
    assert [path for path, _, _ in found] == [name] * count + ["zz.txt"]
    assert any("evil" in line for _, _, line in found)


def test_attributes_do_not_hide_a_line(vault: Vault, user: UserRepository, ann: Person, base: Oid) -> None:
    ann.write(".gitattributes", "*.py binary\n*.txt -diff\n")
    ann.write("src/a.py", "evil\n")
    ann.write("b.txt", "evil\n")
    ann.git("add", "-A")
    assert "evil" not in ann.git("diff", "--cached", "--", "src", "b.txt"), "the person's own git shows no line"
    found = {path for path, _, line in added(vault, user, ann, base) if line == "evil"}
    assert found == {"src/a.py", "b.txt"}


def test_a_changed_type_and_a_changed_mode_keep_the_parts_in_step(
    vault: Vault, user: UserRepository, ann: Person, base: Oid
) -> None:
    (ann.root / "link.py").unlink()
    ann.write("link.py", "now a file\n")
    (ann.root / "README.txt").chmod(0o755)
    ann.write("zz.txt", "after\n")
    found = added(vault, user, ann, base)
    assert found == [("link.py", 1, "now a file"), ("zz.txt", 1, "after")]


def test_what_moves_to_another_file_is_added_there(vault: Vault, user: UserRepository, ann: Person, base: Oid) -> None:
    (ann.root / "src/a.py").rename(ann.root / "src/b.py")
    assert added(vault, user, ann, base) == [("src/b.py", 1, "v = 1")]

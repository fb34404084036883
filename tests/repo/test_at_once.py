from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.repo.person import Person

from snapline.base.ids import Oid
from snapline.repo.seed import seed
from snapline.repo.user import UserRepository
from snapline.repo.vault import Vault


def test_threads_that_all_need_the_vault_and_the_seed_first_share_them(tmp_path: Path) -> None:
    root = tmp_path / "user"
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    for words in (("init", "-q", str(root)), ("-C", str(root), "commit", "-q", "--allow-empty", "-m", "Begin")):
        subprocess.run(["git", *identity, *words], check=True)
    user = UserRepository.discover(root)
    base = user.head()

    def need(_number: int) -> Oid:
        vault = Vault.open(tmp_path / "home" / "vault.git", user)
        vault.fetch(user, base)
        seed(vault, "main", base, tmp_path / "home" / "seeds")
        return vault.resolve(base)

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(need, range(16))) == {base}
    assert not list((tmp_path / "home").rglob("*.tmp"))


def test_one_view_of_a_tree_serves_many_threads(vault: Vault, user: UserRepository, ann: Person) -> None:
    """The steps of a run look at one base at the same time; the answers of git must not get mixed up."""
    for number in range(40):
        ann.write(f"many/{number}.txt", f"{number}\n" * (1 + 200 * number))
    tip = Oid(ann.commit("Many files"))
    vault.fetch(user, tip)
    view = vault.tree_view(tip)
    assert view.read("many/0.txt") == b"0\n"

    def look(start: int) -> bool:
        order = [(start + number) % 40 for number in range(40)] * 5
        return all(view.read(f"many/{one}.txt") == f"{one}\n".encode() * (1 + 200 * one) for one in order)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(look, range(8), timeout=60))

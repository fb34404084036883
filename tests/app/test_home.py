"""The state home: where it is, and what makes it unusable."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from snapline.app.home import Home, UnusableHome, file_system

MOUNTS = """\
22 1 8:1 / / rw - ext4 /dev/sda1 rw
23 22 0:5 / /mnt/share rw shared:1 - nfs4 server:/x rw
24 22 0:6 / /mnt/a\\040b rw - tmpfs none rw
"""


@pytest.mark.parametrize(
    ("environment", "user", "expected"),
    [
        ({"SNAPLINE_HOME": "/x/y", "XDG_STATE_HOME": "/z"}, 0, "/x/y"),
        ({"HOME": "/home/a", "XDG_STATE_HOME": "/z"}, 0, "/var/lib/snapline"),
        ({"HOME": "/home/a", "XDG_STATE_HOME": "/z"}, 1000, "/z/snapline"),
        ({"HOME": "/home/a"}, 1000, "/home/a/.local/state/snapline"),
    ],
)
def test_where_it_is(environment: dict[str, str], user: int, expected: str) -> None:
    assert str(Home.locate(environment, user).root) == expected


def test_it_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    home = Home(tmp_path / "a" / "b")
    home.prepare()
    assert home.root.stat().st_mode & 0o777 == 0o700
    assert list(home.root.iterdir()) == []


def test_a_file_in_its_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(UnusableHome, match="cannot be used"):
        Home(tmp_path / "home").prepare()


def test_a_home_inside_a_repository_is_refused(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    with pytest.raises(UnusableHome, match="lies inside the repository"):
        Home(tmp_path / "state").prepare()


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/home/a", "ext4"), ("/mnt/share/a", "nfs4"), ("/mnt/shared", "ext4"), ("/mnt/a b/c", "tmpfs")],
)
def test_the_file_system_is_read_from_the_mount_table(path: str, kind: str) -> None:
    assert file_system(Path(path), MOUNTS) == kind

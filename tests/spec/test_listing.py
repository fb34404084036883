from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from snapline.spec.globs import matches
from snapline.spec.listing import Listing

_PARTS = st.sampled_from(["a", "b", "a.py", "b.c.py", "src", "src.d", "a-b", "A"])
_PATHS = st.lists(st.lists(_PARTS, min_size=1, max_size=4).map("/".join), max_size=12)
_GLOBS = st.lists(_PARTS | st.sampled_from(["*", "**", "*.py", "{a,src}", "?"]), min_size=1, max_size=4).map("/".join)


@given(_PATHS, _GLOBS, st.sampled_from(["", "/", "./"]))
def test_a_glob_matches_what_it_matches_path_by_path(paths: list[str], glob: str, more: str) -> None:
    written = f"./{glob}" if more == "./" else glob + more
    assert Listing(paths).matching(written) == {path for path in paths if matches(written, path)}


def test_names_extensions_and_contents_of_folders() -> None:
    listing = Listing(["src/a.py", "b/src/a.py", "src/x.tar.gz", "README"], ["src", "b", "b/src"])
    assert listing.named["a.py"] == ("b/src/a.py", "src/a.py")
    assert listing.named["src"] == ("b/src", "src")
    assert listing.inside[""] == ("README", "b", "src")
    assert listing.extensions == {"py", "gz"}
    assert listing.only_folders.matching("b") == {"b", "b/src"}


def test_two_globs_overlap_where_a_file_matches_both() -> None:
    listing = Listing(["src/a.py", "src/b.md"])
    assert listing.overlaps("src/**", "**/*.py")
    assert not listing.overlaps("src/*.md", "**/*.py")

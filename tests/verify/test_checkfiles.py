"""Where check files come from, on real trees."""

from __future__ import annotations

import pytest
from tests.verify.world import Files, World, make_world, spec_of

from snapline.base.ids import Oid
from snapline.repo.objects import Entry
from snapline.sandbox.bare import Bare
from snapline.spec.model import Check, Spec
from snapline.verify import checkfiles, orders
from snapline.verify.checkfiles import Choice, Question

BASE = {
    "src/calc.py": "x = 1\n",
    "src/_pytest/__init__.py": "",
    "tests/test_a.py": "def test_old():\n    pass\n",
    "tests/helper.py": "y = 1\n",
    "tests/check.sh": "true\n",
    "lib/test_tools.py": "def test_tool():\n    pass\n",
    "pyproject.toml": "[tool.pytest.ini_options]\naddopts = '-q'\n",
}
SPEC = spec_of(
    "- A1: `tests/test_a.py::test_old`.\n- A2: `tests/test_b.py::test_new`.\n- A3: `$ sh tests/check.sh`.",
    interfaces="- I1: Removes `tests/gone.sh`.",
)


@pytest.fixture(scope="module")
def arena(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Oid]:
    world = make_world(tmp_path_factory.mktemp("checkfiles"), Bare())
    return world, world.commit({**BASE, "tests/gone.sh": "true\n", "tests/kept.sh": "false\n"})


def checks(spec: Spec) -> tuple[Check, ...]:
    return tuple(check for clause in spec.criteria for check in clause.executable)


def choose(world: World, base: Oid, changed: Files, spec: Spec = SPEC, source: Oid | None = None) -> Choice:
    commit = world.commit(changed, base)
    vault = world.bench.vault
    return checkfiles.choose(
        Question(
            spec=spec,
            named=checkfiles.named(orders.order(check, 60.0) for check in checks(spec)),
            base=vault.tree_view(base),
            candidate=vault.tree_view(commit),
            changes=vault.diff(base, commit),
            roots=frozenset({"", "src"}),
            source=vault.tree_view(source) if source else None,
        )
    )


def test_an_unchanged_base_has_nothing_to_choose(arena: tuple[World, Oid]) -> None:
    world, base = arena
    assert choose(world, base, {"src/calc.py": "x = 2\n"}) == Choice({}, {}, {})


def test_a_file_whose_nodes_all_exist_comes_from_the_base(arena: tuple[World, Oid]) -> None:
    world, base = arena
    choice = choose(world, base, {"tests/test_a.py": "def test_old():\n    assert 1\n"})
    assert isinstance(choice.restored["tests/test_a.py"], Entry)
    assert choice.authored == {}
    assert choice.edited == choice.changed_tests == choice.untouched_by_checks == ("tests/test_a.py",)


def test_a_file_with_a_new_node_comes_from_the_candidate(arena: tuple[World, Oid]) -> None:
    world, base = arena
    spec = spec_of("- A1: `tests/test_a.py::test_new`.")
    choice = choose(world, base, {"tests/test_a.py": BASE["tests/test_a.py"] + "def test_new():\n    pass\n"}, spec)
    assert list(choice.authored) == ["tests/test_a.py"]
    assert choice.edited == ("tests/test_a.py",)
    assert choice.untouched_by_checks == ()


def test_new_test_files_are_authored_and_others_are_not(arena: tuple[World, Oid]) -> None:
    world, base = arena
    choice = choose(world, base, {"tests/test_b.py": "", "tests/data.txt": "1", "src/new.py": ""})
    assert sorted(choice.authored) == ["tests/data.txt", "tests/test_b.py"]
    assert choice.restored == {}


def test_tests_that_nobody_named_are_compared_too(arena: tuple[World, Oid]) -> None:
    world, base = arena
    choice = choose(world, base, {"lib/test_tools.py": "", "tests/helper.py": "y = 2\n"})
    assert choice.edited == ()
    assert choice.changed_tests == ("lib/test_tools.py",)
    assert choice.untouched_by_checks == ("lib/test_tools.py", "tests/helper.py")


def test_what_vanished_and_what_was_rewritten_is_named(arena: tuple[World, Oid]) -> None:
    world, base = arena
    choice = choose(world, base, {"tests/gone.sh": None, "tests/helper.py": None, "tests/check.sh": "exit 0\n"})
    assert choice.deleted == ("tests/helper.py",)
    assert choice.rewritten == ("tests/check.sh",)
    moved = choose(
        world, base, {"tests/kept.sh": None, "tests/moved.sh": BASE["tests/check.sh"].replace("true", "false")}
    )
    assert moved.deleted == ()


@pytest.mark.parametrize("aside", ["attic/kept.sh", "tests/kept.txt"])
def test_a_test_moved_to_where_no_runner_looks_has_vanished(arena: tuple[World, Oid], aside: str) -> None:
    world, base = arena
    content = world.bench.vault.read(base, "tests/kept.sh") or b""
    choice = choose(world, base, {"tests/kept.sh": None, aside: content.decode()})
    assert choice.deleted == ("tests/kept.sh",)


def test_what_steers_the_runner_is_the_bases(arena: tuple[World, Oid]) -> None:
    world, base = arena
    changed = {"conftest.py": "", "src/sitecustomize.py": "", "pytest.py": "", "tests/pytest.ini": "[pytest]\n"}
    choice = choose(world, base, {**changed, "pyproject.toml": "[tool.pytest.ini_options]\naddopts = '-x'\n"})
    assert {path: choice.steering[path] for path in changed} == dict.fromkeys(changed)
    assert choice.steering["pyproject.toml"] == b"\n" + BASE["pyproject.toml"].encode()
    assert sorted(choice.foreign) == sorted(changed)


def test_a_project_that_is_the_runner_may_change_itself(arena: tuple[World, Oid]) -> None:
    world, base = arena
    assert choose(world, base, {"src/_pytest/__init__.py": "new = 1\n"}).steering == {}


def test_a_named_source_gives_every_check_file(arena: tuple[World, Oid]) -> None:
    world, base = arena
    source = world.commit({"tests/test_b.py": "def test_new():\n    pass\n", "tests/helper.py": None}, base)
    choice = choose(world, base, {"tests/test_a.py": "", "conftest.py": ""}, source=source)
    assert {path: bool(entry) for path, entry in choice.restored.items()} == {
        "tests/helper.py": False,
        "tests/test_a.py": True,
        "tests/test_b.py": True,
    }
    assert (choice.authored, choice.foreign, choice.untouched_by_checks) == ({}, ("conftest.py",), ())


@pytest.mark.parametrize(
    ("node", "there"),
    [
        ("t.py::test_a", True),
        ("t.py::test_a[1-x]", True),
        ("t.py::test_b", False),
        ("t.py::TestC", True),
        ("t.py::TestC::test_d", True),
        ("t.py::TestC::test_a", False),
    ],
)
def test_whether_a_file_defines_a_node(node: str, there: bool) -> None:  # noqa: FBT001 - a column of the table
    text = b"def test_a(): pass\nif True:\n    class TestC:\n        async def test_d(self): pass\n"
    (check,) = checks(spec_of(f"- A1: `{node}`."))
    assert check.node is not None
    assert checkfiles.is_defined(check.node, text) is there
    assert not checkfiles.is_defined(check.node, b"not python (")
    assert not checkfiles.is_defined(check.node, None)


def test_words_that_could_be_paths() -> None:
    text = "PATH=$HOME/x:./bin sh tests/run.sh --out=build/log 'a b' \"$X/y\" http://x/y a::b *.py >out.txt"
    words = {"sh", "tests/run.sh", "build/log", "a", "b", "out.txt"}
    assert words <= checkfiles.paths_in(text)
    assert not any("$" in word or "*" in word for word in checkfiles.paths_in(text))

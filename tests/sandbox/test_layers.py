"""Environments are built once, proved, shown read-only, and still work where they are shown."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from tests.sandbox.victims import TOOLCHAIN, Victims

from snapline.base import wire
from snapline.base.ids import Digest, Oid
from snapline.sandbox import process
from snapline.sandbox.environment import Environment, variables
from snapline.sandbox.layers import Layer, LayerFault, Layers
from snapline.sandbox.policy import Job, Limits, Sandbox, Shape

KEY = Digest("k" * 64)
TOOL = Environment(
    setup=(
        "mkdir -p part/.venv/bin",
        'printf "#!/bin/sh\\necho $WORD" > part/.venv/bin/tool',
        "chmod +x part/.venv/bin/*",
    ),
    inputs=("lock",),
    outputs=("part/.venv",),
    path=("part/.venv/bin",),
    check="tool | grep -x built",
    variables={"WORD": "built"},
)


@pytest.fixture
def layers(either: Sandbox, tmp_path: Path) -> Layers:
    return Layers(tmp_path / "layers", either, Limits(30.0, grace=0.1))


@pytest.fixture
def base(tmp_path: Path) -> Callable[[], Path]:
    """Fresh checkouts of a base commit."""

    def make() -> Path:
        folder = tmp_path / f"base{len(list(tmp_path.glob('base*')))}"
        (folder / "part").mkdir(parents=True)
        (folder / "part" / "code").touch()
        (folder / "lock").write_text("1")
        (folder / "link").symlink_to("/")
        return folder

    return make


def built(layers: Layers, environment: Environment, base: Path, run_dir: Path) -> Layer:
    layer = layers.build(environment, KEY, base, run_dir)
    assert isinstance(layer, Layer), layer
    return layer


def use(layers: Layers, layer: Layer, text: str, folder: Path, private: Path | None = None) -> tuple[int | None, str]:
    """What a check says in a fresh tree with the layer mounted."""
    (folder / "tree").mkdir(parents=True)
    workspace = layers.sandbox.workspace(folder / "tree")
    job = Job(
        ("sh", "-c", text),
        Shape.CHECK,
        Limits(20.0),
        env=variables(TOOL, workspace),
        tree=str(folder / "tree"),
        mounts=layers.mounts(layer, private),
        toolchains=(TOOLCHAIN,),
    )
    ended = process.run(layers.sandbox, job, folder / "run")
    return ended.status, (folder / "run" / "log").read_text()


def test_a_layer_holds_the_outputs_and_nothing_else(layers: Layers, base: Callable[[], Path], tmp_path: Path) -> None:
    layer = built(layers, TOOL, base(), tmp_path / "run")
    assert layer == layers.find(KEY)
    kept = sorted(str(path.relative_to(layer.folder)) for path in Path(layer.folder).rglob("*"))
    assert kept == ["part", "part/.venv", "part/.venv/bin", "part/.venv/bin/tool"]
    assert use(layers, layer, "tool", tmp_path / "use") == (0, "built\n")


def test_a_layer_is_built_once(layers: Layers, base: Callable[[], Path], tmp_path: Path) -> None:
    first = built(layers, TOOL, base(), tmp_path / "run1")
    again = base()
    assert built(layers, TOOL, again, tmp_path / "run2") == first
    assert again.exists()
    assert not (tmp_path / "run2").exists()


def test_two_builders_make_one_layer(layers: Layers, base: Callable[[], Path], tmp_path: Path) -> None:
    slow = msgspec.structs.replace(TOOL, setup=(*TOOL.setup, "sleep 0.3"))
    found: list[Layer | LayerFault] = []
    trees = [base(), base()]
    builders = [
        threading.Thread(target=lambda n=n: found.append(layers.build(slow, KEY, trees[n], tmp_path / f"run{n}")))
        for n in (0, 1)
    ]
    for builder in builders:
        builder.start()
    for builder in builders:
        builder.join()
    assert found[0] == found[1] == layers.find(KEY)
    assert sum(tree.exists() for tree in trees) == 1


def test_a_check_cannot_change_a_layer(layers: Layers, base: Callable[[], Path], tmp_path: Path) -> None:
    layer = built(layers, TOOL, base(), tmp_path / "run")
    tool = Path(layer.folder, "part/.venv/bin/tool")
    before = tool.read_text()
    status, _ = use(layers, layer, "echo evil > part/.venv/bin/tool", tmp_path / "use")
    if layers.sandbox.tier == "T0":
        assert tool.read_text() != before, "without isolation the attack works"
    else:
        assert status != 0
        assert tool.read_text() == before


def test_an_agents_copy_is_its_own(layers: Layers, base: Callable[[], Path], tmp_path: Path) -> None:
    layer = built(layers, TOOL, base(), tmp_path / "run")
    tool = Path(layer.folder, "part/.venv/bin/tool")
    before = tool.read_text()
    private = tmp_path / "private"
    assert use(layers, layer, "echo 'echo mine' > part/.venv/bin/tool; tool", tmp_path / "use", private)[0] == 0
    assert tool.read_text() == before
    copy = private / "part/.venv/bin/tool"
    assert copy.read_text() == "echo mine\n"
    assert copy.stat().st_ino != tool.stat().st_ino
    assert layers.mounts(layer, private)
    assert copy.read_text() == "echo mine\n", "asked again, the copy stays"


@pytest.mark.parametrize(
    ("change", "command", "message", "excerpt"),
    [
        ({"setup": ("echo trying; exit 3",)}, "echo trying; exit 3", "it exits with status 3", "trying\n"),
        ({"setup": ("false | true",)}, "false | true", "it exits with status 1", ""),
        ({"check": "false"}, "false", "it exits with status 1", ""),
        ({"setup": ("true",), "check": ""}, "", "set-up succeeded, but made no folder `part/.venv`", ""),
        ({"setup": ("ln -s / part/.venv",), "check": ""}, "", "set-up succeeded, but made no folder `part/.venv`", ""),
        ({"setup": ("sleep 60",)}, "sleep 60", "it took too long", ""),
    ],
)
def test_what_fails_is_a_value(
    either: Sandbox,
    base: Callable[[], Path],
    tmp_path: Path,
    change: dict[str, object],
    command: str,
    message: str,
    excerpt: str,
) -> None:
    layers = Layers(tmp_path / "layers", either, Limits(1.0, grace=0.1))
    environment = msgspec.structs.replace(TOOL, **change)
    assert layers.build(environment, KEY, base(), tmp_path / "run") == LayerFault(command, message, excerpt)
    assert layers.find(KEY) is None
    built(Layers(tmp_path / "layers", either), TOOL, base(), tmp_path / "again")


BUILDER = """
import sys
from pathlib import Path
from snapline.base import wire
from snapline.sandbox.bare import Bare
from snapline.sandbox.bubblewrap import Bubblewrap
from snapline.sandbox.environment import Environment
from snapline.sandbox.layers import Layers
root, tier, order, key, tree, run = sys.argv[1:]
sandbox = {"T0": Bare(), "T2": Bubblewrap()}[tier]
Layers(Path(root), sandbox).build(wire.decode(Path(order).read_bytes(), Environment), key, Path(tree), Path(run))
"""


def test_a_killed_builder_leaves_nothing_half_done(
    layers: Layers, base: Callable[[], Path], victims: Victims, tmp_path: Path
) -> None:
    order = tmp_path / "order"
    order.write_bytes(wire.encode(msgspec.structs.replace(TOOL, setup=(*TOOL.setup, f"exec sleep {victims.mark}"))))
    words = [str(layers.root), layers.sandbox.tier, str(order), KEY, str(base()), str(tmp_path / "run")]
    with subprocess.Popen([sys.executable, "-c", BUILDER, *words]) as builder:
        victims.wait_alive(1)
        builder.kill()
        builder.wait()
    assert victims.alive()
    assert layers.find(KEY) is None
    layer = built(layers, TOOL, base(), tmp_path / "run")
    assert not victims.alive()
    assert use(layers, layer, "tool", tmp_path / "use") == (0, "built\n")


def test_a_virtual_environment_works_in_another_tree(layers: Layers, base: Callable[[], Path], tmp_path: Path) -> None:
    environment = Environment(
        setup=("python3 -m venv --without-pip .venv", "printf '#!%s\\nprint(7)' $PWD/.venv/bin/python > .venv/bin/x"),
        outputs=(".venv",),
        path=(".venv/bin",),
        check="python --version && chmod +x .venv/bin/x",
        toolchains=(TOOLCHAIN,),
    )
    layer = built(layers, environment, base(), tmp_path / "run")
    text = ".venv/bin/python -I -c 'import sys; print(sys.prefix != sys.base_prefix)'; .venv/bin/x"
    assert use(layers, layer, text, tmp_path / "use") == (0, "True\n7\n")


def test_set_up_has_the_network_and_its_check_has_not(layers: Layers, base: Callable[[], Path], tmp_path: Path) -> None:
    if layers.sandbox.tier == "T0":
        pytest.skip("without isolation the network is always there")
    count = "grep -c : /proc/net/dev"
    environment = Environment(setup=(f"mkdir out; {count} > out/n",), outputs=("out",), check=f"test $({count}) = 1")
    host = sum(":" in line for line in Path("/proc/net/dev").read_text().splitlines())
    layer = built(layers, environment, base(), tmp_path / "run")
    assert int(Path(layer.folder, "out/n").read_text()) == host


def test_set_up_finds_a_toolchain_in_a_temporary_folder(
    layers: Layers, base: Callable[[], Path], tmp_path: Path
) -> None:
    tool = tmp_path / "kit" / "bin" / "make-it"
    tool.parent.mkdir(parents=True)
    tool.write_text("#!/bin/sh\nmkdir made; touch /tmp/of-its-own-$$ && rm /tmp/of-its-own-$$\n")
    tool.chmod(0o755)
    environment = Environment(setup=(str(tool),), outputs=("made",), toolchains=(str(tmp_path / "kit"),))
    assert Path(built(layers, environment, base(), tmp_path / "run").folder, "made").is_dir()


def test_the_key_says_what_the_layer_depends_on(layers: Layers) -> None:
    blobs = {"lock": Oid("1" * 40)}
    key = layers.key(TOOL, blobs)
    assert key == layers.key(TOOL, dict(blobs))
    assert key != layers.key(TOOL, {"lock": Oid("2" * 40)})
    changes: tuple[dict[str, object], ...] = (
        {"setup": ()},
        {"outputs": ()},
        {"check": ""},
        {"variables": {}},
        {"toolchains": ("/opt",)},
    )
    for change in changes:
        assert key != layers.key(msgspec.structs.replace(TOOL, **change), blobs)


def test_the_variables_of_an_environment() -> None:
    environment = Environment(path=("bin", "/opt/x"), editable=("src", "."), variables={"A": "{workspace}/a"})
    assert variables(environment, "/workspace") == {
        "PATH": "/workspace/bin:/opt/x:/usr/local/bin:/usr/bin:/bin",
        "PYTHONPATH": "/workspace/src:/workspace",
        "A": "/workspace/a",
    }


def test_an_environment_without_outputs_is_proved_all_the_same(
    layers: Layers, base: Callable[[], Path], tmp_path: Path
) -> None:
    fault = layers.build(Environment(check="exit 4"), KEY, base(), tmp_path / "run")
    assert isinstance(fault, LayerFault)
    layer = built(layers, Environment(check="test -e lock"), base(), tmp_path / "again")
    assert layers.mounts(layer) == ()
    assert layers.find(KEY) == layer

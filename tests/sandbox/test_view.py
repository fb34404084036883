"""What a sandboxed job sees of the host, and what not. Each attack is first shown to work without the sandbox."""

from __future__ import annotations

import os
import shutil
import socket
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.sandbox.victims import PYTHON, TOOLCHAIN

from snapline.base.errors import EnvironmentFault
from snapline.sandbox import process
from snapline.sandbox.bare import Bare
from snapline.sandbox.bubblewrap import Bubblewrap
from snapline.sandbox.policy import Job, Limits, Mount, Sandbox, Shape

Shell = Callable[..., Job]
SHAPES = list(Shape)


def said(sandbox: Sandbox, job: Job, run_dir: Path) -> str:
    """The job's output, its status in the last line."""
    shutil.rmtree(run_dir, ignore_errors=True)
    ended = process.run(sandbox, job, run_dir)
    return (run_dir / "log").read_text(errors="replace") + str(ended.status)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The person's home, with something to steal."""
    folder = tmp_path / "person"
    (folder / ".ssh").mkdir(parents=True)
    (folder / ".ssh" / "id").write_text("KEY")
    monkeypatch.setenv("HOME", str(folder))
    return folder


@pytest.mark.parametrize("shape", SHAPES)
def test_the_home_is_hidden(wrapped: Bubblewrap, shell: Shell, home: Path, tmp_path: Path, shape: Shape) -> None:
    job = shell(f"cat {home}/.ssh/id", shape)
    assert said(Bare(), job, tmp_path / "bare") == "KEY0"
    assert "KEY" not in said(wrapped, job, tmp_path / "run")


@pytest.fixture
def state() -> Iterator[Path]:
    """A state home where root has it: in a folder that is otherwise shown."""
    folder = Path(f"/var/lib/snapline-test-{os.getpid()}")
    try:
        folder.mkdir(exist_ok=True)
    except PermissionError:
        pytest.skip("only root can have a state home in /var/lib: NOT TESTED")
    (folder / "keys").write_text("KEY")
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_state_home_is_hidden(wrapped: Bubblewrap, shell: Shell, state: Path, tmp_path: Path, shape: Shape) -> None:
    job = shell(f"cat {state}/keys", shape)
    assert said(Bare(), job, tmp_path / "bare") == "KEY0"
    assert said(wrapped, job, tmp_path / "run1") == "KEY0"
    assert "KEY" not in said(Bubblewrap((state,)), job, tmp_path / "run2")


def test_a_seed_in_the_state_home_is_shown_alone(
    wrapped: Bubblewrap, shell: Shell, state: Path, tmp_path: Path
) -> None:
    (state / "seeds").mkdir()
    (state / "seeds" / "one").write_text("SEED")
    seed = str(state / "seeds" / "one")
    job = shell(f"cat {seed}; echo more > {seed}; cat {state}/keys; touch {state}/x", mounts=(Mount(seed, seed),))
    text = said(Bubblewrap((state, *wrapped.state)), job, tmp_path / "run")
    assert text.startswith("SEED")
    assert "KEY" not in text
    assert not text.endswith("0")
    assert (state / "seeds" / "one").read_text() == "SEED"


@pytest.mark.parametrize("shape", SHAPES)
def test_a_path_can_be_hidden_by_the_job(wrapped: Bubblewrap, shell: Shell, tmp_path: Path, shape: Shape) -> None:
    job = shell("ls /usr/share | wc -l", shape)
    assert said(wrapped, job, tmp_path / "run1") != "0\n0"
    assert said(wrapped, shell("ls /usr/share | wc -l", shape, hide=("/usr/share",)), tmp_path / "run2") == "0\n0"


def test_the_password_hashes_are_hidden(wrapped: Bubblewrap, shell: Shell, tmp_path: Path) -> None:
    if not os.access("/etc/shadow", os.R_OK):
        pytest.skip("the hashes are out of reach anyway: NOT TESTED")
    job = shell("wc -c < /etc/shadow", Shape.AGENT)
    assert said(Bare(), job, tmp_path / "bare") != "0\n0"
    assert "Permission denied" in said(wrapped, job, tmp_path / "run")


@pytest.mark.parametrize("shape", SHAPES)
def test_the_host_cannot_be_written(wrapped: Bubblewrap, shell: Shell, tmp_path: Path, shape: Shape) -> None:
    text = "for f in / /usr /etc /var /home /root /run /opt; do touch $f/x 2>/dev/null && echo $f; done; true"
    assert said(wrapped, shell(text, shape), tmp_path / "run") == "0"


@pytest.mark.parametrize("shape", SHAPES)
def test_temporary_folders_are_fresh_and_writable(
    wrapped: Bubblewrap, shell: Shell, tmp_path: Path, shape: Shape
) -> None:
    (tmp_path / "neighbour").touch()
    job = shell(
        "ls -A /tmp; ls -A /var/tmp; ls -A /dev/shm; touch /tmp/x /var/tmp/x /dev/shm/x ~/x && echo made", shape
    )
    assert said(wrapped, job, tmp_path / "run") == "made\n0"


def test_the_ssh_agent_is_out_of_reach(
    wrapped: Bubblewrap, tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "agent.sock"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(place))
        server.listen()
        monkeypatch.setenv("SSH_AUTH_SOCK", str(place))
        script = f"import socket; socket.socket(socket.AF_UNIX).connect({str(place)!r}); print('connected')"
        argv = (PYTHON, "-I", "-S", "-c", script)
        for shape in SHAPES:
            job = Job(argv, shape, Limits(9.0), tree=str(tree), toolchains=(TOOLCHAIN,), network=True)
            assert "connected" in said(Bare(), job, tmp_path / "bare")
            assert "connected" not in said(wrapped, job, tmp_path / "run")


@pytest.mark.parametrize("shape", SHAPES)
def test_our_environment_does_not_leak(
    either: Sandbox, shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shape: Shape
) -> None:
    monkeypatch.setenv("OUR_SECRET", "s3cret")
    naive = subprocess.run(["sh", "-c", "env"], capture_output=True, text=True, check=True)
    assert "s3cret" in naive.stdout
    job = shell("env; cat /proc/self/environ /proc/$PPID/environ | tr '\\0' '\\n'; echo end", shape)
    text = said(either, job, tmp_path / "run")
    assert text.endswith("end\n0")
    assert "s3cret" not in text


@pytest.mark.parametrize("shape", SHAPES)
def test_no_process_inside_shows_anything_of_ours(
    wrapped: Bubblewrap, shell: Shell, tmp_path: Path, shape: Shape
) -> None:
    job = shell("cat /proc/[0-9]*/environ /proc/1/cmdline | tr '\\0' '\\n'; ls /proc/self/fd | wc -l", shape)
    text = said(wrapped, shell("wc -c < /proc/1/environ", shape), tmp_path / "run1")
    assert text == "0\n0"
    text = said(wrapped, job, tmp_path / "run2")
    assert str(tmp_path) not in text
    assert text.endswith("4\n0")  # three, and that of ls


def test_other_processes_are_not_seen(either: Sandbox, shell: Shell, tmp_path: Path) -> None:
    text = said(either, shell(f"test -e /proc/{os.getppid()}; echo $?; ls /proc | grep -c '^[0-9]'"), tmp_path / "run")
    count = int(text.splitlines()[1])
    assert count > 6 if isinstance(either, Bare) else count < 6


def test_a_check_has_no_network_but_its_own_loopback(
    wrapped: Bubblewrap, tree: Path, tmp_path: Path, shell: Shell
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        job = shell(f"exec 3<>/dev/tcp/127.0.0.1/{port} && echo connected")
        networked = shell(f"exec 3<>/dev/tcp/127.0.0.1/{port} && echo connected", Shape.AGENT, network=True)
        assert "connected" in said(Bare(), job, tmp_path / "bare")
        assert "connected" in said(wrapped, networked, tmp_path / "run1")
        assert "connected" not in said(wrapped, job, tmp_path / "run2")
    (tree / "page").write_text("served")
    text = (
        f"{PYTHON} -I -m http.server 8000 --bind 127.0.0.1 2>/dev/null & "
        "for n in $(seq 100); do (exec 3<>/dev/tcp/127.0.0.1/8000) 2>/dev/null && break; sleep 0.05; done; "
        "exec 3<>/dev/tcp/127.0.0.1/8000; printf 'GET /page HTTP/1.0\\r\\n\\r\\n' >&3; tail -n 1 <&3"
    )
    assert "served" in said(wrapped, shell(text, toolchains=(TOOLCHAIN,)), tmp_path / "run3")


def test_names_can_be_resolved_where_the_network_is_on(wrapped: Bubblewrap, shell: Shell, tmp_path: Path) -> None:
    real = Path("/etc/resolv.conf")
    if not real.exists():
        pytest.skip("this machine resolves no names: NOT TESTED")
    inside = said(wrapped, shell("cat /etc/resolv.conf", Shape.AGENT, network=True), tmp_path / "run")
    assert inside == real.read_text() + "0"


def test_the_tree_is_writable_and_mounts_are_not(wrapped: Bubblewrap, shell: Shell, tree: Path, tmp_path: Path) -> None:
    layer = tmp_path / "layer"
    layer.mkdir()
    (layer / "tool").write_text("tool")
    mounts = (Mount(str(layer), "/workspace/deep/.venv"), Mount(str(layer), "/workspace/own", writable=True))
    text = "pwd; touch made; cat deep/.venv/tool; touch deep/.venv/x; touch own/x && echo written"
    assert "written" in said(wrapped, shell(text, mounts=mounts), tmp_path / "run")
    assert (tree / "made").exists()
    assert sorted(path.name for path in layer.iterdir()) == ["tool", "x"]
    left = [path for path in tree.rglob("*") if path.is_file() and path.name not in ("made", "hostile.py")]
    assert not left, "only empty folders stay behind, which git does not see"


def test_root_inside_has_no_power(wrapped: Bubblewrap, shell: Shell, tmp_path: Path) -> None:
    text = "grep -E '^Cap(Eff|Prm|Bnd)|^NoNewPrivs' /proc/self/status | cut -f2; mount -t tmpfs x /tmp 2>&1"
    lines = said(wrapped, shell(text, Shape.AGENT), tmp_path / "run").splitlines()
    assert {int(line, 16) for line in lines[:3]} == {0}
    assert lines[3] == "1"
    assert lines[-1][-1] != "0"


@pytest.fixture
def agent(home: Path) -> str:
    """An agent installed as tools like uv and pipx do: a link in ``~/.local/bin`` into a folder of its own."""
    own = home / ".local" / "share" / "tools" / "agent"
    (own / "bin").mkdir(parents=True)
    (own / "lib").mkdir()
    (own / "lib" / "text").write_text("I am the agent\n")
    (own / "bin" / "interpreter").symlink_to("/bin/sh")
    program = own / "bin" / "agent"
    program.write_text(f'#!{own}/bin/interpreter\ncat "{own}/lib/text"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    (home / ".local" / "bin").mkdir()
    (home / ".local" / "bin" / "agent").symlink_to("../share/tools/agent/bin/agent")
    (home / ".local" / "state").mkdir()
    (home / ".local" / "state" / "key").write_text("KEY")
    return f"{home}/.local/bin:/usr/bin:/bin"


@pytest.mark.parametrize("argv", [("agent",), ("bash", "-c", "echo now; agent && true"), ("{home}/.local/bin/agent",)])
def test_an_agents_program_is_found_and_nothing_else_of_the_home(
    wrapped: Bubblewrap, home: Path, agent: str, tmp_path: Path, argv: tuple[str, ...]
) -> None:
    words = tuple(word.replace("{home}", str(home)) for word in argv)
    job = Job(words, Shape.AGENT, Limits(9.0), env={"PATH": agent})
    assert "I am the agent\n0" in said(wrapped, job, tmp_path / "run")
    steal = Job(
        ("bash", "-c", f"agent; cat {home}/.local/state/key {home}/.ssh/id"),
        Shape.AGENT,
        Limits(9.0),
        env={"PATH": agent},
    )
    text = said(wrapped, steal, tmp_path / "steal")
    assert "I am the agent" in text
    assert "KEY" not in text


def test_an_agent_that_is_not_there_is_said_before_the_start(either: Sandbox, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="no-such-agent"):
        process.launch(either, Job(("no-such-agent",), Shape.AGENT, Limits(9.0)), tmp_path / "run")
    assert process.inspect(tmp_path / "run") is process.RunState.ABSENT


def test_what_is_mounted_must_be_there(wrapped: Bubblewrap, shell: Shell, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="/no/such"):
        process.launch(wrapped, shell("true", toolchains=("/no/such",)), tmp_path / "run")


def test_toolchains_are_shown_read_only_without_their_secrets(
    wrapped: Bubblewrap, shell: Shell, home: Path, tmp_path: Path
) -> None:
    (home / ".cargo").mkdir()
    (home / ".cargo" / "credentials.toml").write_text("KEY")
    (home / ".cargo" / "tool").write_text("tool\n")
    job = shell(f"cd {home}/.cargo; cat tool credentials.toml; touch x", toolchains=("~/.cargo",))
    text = said(wrapped, job, tmp_path / "run")
    assert text.startswith("tool\n")
    assert "KEY" not in text
    assert not (home / ".cargo" / "x").exists()


def test_a_toolchain_never_shows_the_state_home(wrapped: Bubblewrap, shell: Shell, home: Path, tmp_path: Path) -> None:
    state = home / ".local" / "state"
    state.mkdir(parents=True)
    (state / "key").write_text("KEY")
    job = shell(f"cat {state}/key", toolchains=("~/.local",))
    assert said(wrapped, job, tmp_path / "run1").startswith("KEY")
    assert "KEY" not in said(Bubblewrap((state,)), job, tmp_path / "run2")


def test_login_folders_are_shared_writable_with_agents_only(
    either: Sandbox, shell: Shell, home: Path, tmp_path: Path
) -> None:
    (home / ".codex").mkdir()
    (home / ".codex" / "token").write_text("old")
    other = tmp_path / "witness"
    other.mkdir()
    text = f"cat ~/.codex/token; echo new > ~/.codex/token; echo here >> {other}/seen"
    login = ("~/.codex", str(other))
    assert said(either, shell(text, Shape.AGENT, login=login), tmp_path / "run1") == "old0"
    assert (home / ".codex" / "token").read_text() == "new\n"
    assert (other / "seen").read_text() == "here\n"
    assert "new" not in said(either, shell(text, Shape.CHECK, login=login), tmp_path / "run2")


def test_a_private_home_is_kept_and_is_not_under_tmp(
    wrapped: Bubblewrap, shell: Shell, tree: Path, tmp_path: Path
) -> None:
    private = tmp_path / "private"
    private.mkdir()
    assert said(wrapped, shell("echo $HOME; touch ~/x", Shape.AGENT, home=str(private)), tmp_path / "run") == (
        "/home/agent\n0"
    )
    assert (private / "x").exists()
    assert (wrapped.workspace(tree), Bare().workspace(tree)) == ("/workspace", str(tree))


def test_a_folder_to_work_in_below_the_tree(either: Sandbox, shell: Shell, tree: Path, tmp_path: Path) -> None:
    (tree / "part").mkdir()
    process.run(either, shell("touch x", cwd="/workspace/part"), tmp_path / "run")
    assert (tree / "part" / "x").exists()

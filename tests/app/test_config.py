"""``snapline.toml``: what is read, and how every mistake is told with its place."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snapline.app.config import BadConfig, parse_config, read_config
from snapline.app.quantities import seconds, size
from snapline.app.settings import Config
from snapline.app.tomlkeys import key_offsets
from snapline.base.errors import ExitStatus


def test_no_file_means_the_defaults(tmp_path: Path) -> None:
    assert read_config(tmp_path / "snapline.toml") == Config()


def test_a_lane_cannot_do_without_the_isolation_that_it_demands() -> None:
    assert parse_config(b'[lanes.a]\nsandbox = "none"\ntier = "T0"\n[lanes.b]\ntier = "T2"\n').lanes.keys() == {
        "a",
        "b",
    }
    with pytest.raises(BadConfig) as mistake:
        parse_config(b'[lanes.a]\ntier = "T2"\nsandbox = "none"\n')
    said = (
        'snapline.toml:3:1: `sandbox` in [lanes.a]: "none" is tier T0, but the lane demands T2. Take one of them out.'
    )
    assert mistake.value.message == said


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ('network = "off"', '`network` in [lanes.a]: expected `"on"`, `"none"` or a list'),
        ("network = true", '`network` in [lanes.a]: expected `"on"`, `"none"` or a list'),
        ("network = [443]", '`network` in [lanes.a]: expected `"on"`, `"none"` or a list'),
        ("network = []", '`network` in [lanes.a]: the list names no host. Write "none"'),
        ('network = ["https://api.example.org"]', "`https://api.example.org` is more than a host"),
        ('network = ["api.example.org", "*"]', "`*` names no host"),
        ('network = ["api.example.org:0"]', "`api.example.org:0`: a port is a number from 1 to 65535"),
    ],
)
def test_a_network_list_is_looked_at(line: str, wrong: str) -> None:
    with pytest.raises(BadConfig) as mistake:
        parse_config(f"[lanes.a]\nslots = 1\n{line}\n".encode())
    assert mistake.value.message.startswith("snapline.toml:3:1: ")
    assert wrong in mistake.value.message
    assert "Write " in mistake.value.message or "expected" in wrong


def test_what_a_lane_reaches_is_read() -> None:
    text = b'[lanes.a]\n[lanes.b]\nnetwork = "none"\n[lanes.c]\nnetwork = ["a.test", "*.b.test:1"]\n'
    assert [lane.network for lane in parse_config(text).lanes.values()] == ["on", "none", ("a.test", "*.b.test:1")]
    with pytest.raises(BadConfig, match=r"snapline.toml:3:1: `endpoints` in \[agents.x\]: `x y` names no host"):
        parse_config(b'[agents.x]\ncommand = "x"\nendpoints = ["x y"]\n')


def test_every_table_is_read() -> None:
    config = parse_config(
        b"""
[env]
setup = ["uv sync"]
inputs = ["uv.lock"]
[lanes.default]
slots = 4
limits = { wall = "90m" }
[lanes.open]
sandbox = "none"
[agents.mine]
command = ["my-agent", "{prompt_file}"]
prompt = "file"
[agents.shell]
command = "cat | my-agent"
[agent]
default = "mine"
[verify]
always = ["make lint"]
[review]
accept = "person"
[lint]
strict = true
[retry]
attempts = 5
"""
    )
    assert config.env is not None
    assert config.env.setup == ("uv sync",)
    default = config.lane("default")
    assert default is not None
    assert (default.slots, default.limits.wall, default.limits.idle) == (4, "90m", "10m")
    assert config.agents["mine"].command == ("my-agent", "{prompt_file}")
    assert config.agents["shell"].command == "cat | my-agent"
    assert (config.review.accept, config.lint.strict, config.retry.attempts) == ("person", True, 5)


def test_the_default_lane_is_always_there_and_no_other() -> None:
    assert Config().lane("default") is not None
    assert Config().lane("open") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[env]\ninptus = []", "snapline.toml:2:1: unknown key `inptus` in [env]. Did you mean `inputs`?"),
        ("[environment]", "snapline.toml:1:2: unknown key `environment`"),
        ("[lanes.default]\nslots = '2'", "snapline.toml:2:1: `slots` in [lanes.default]: expected a whole number"),
        ("[lanes.default]\nslots = 0", "snapline.toml:2:1: `slots` in [lanes.default]: expected a whole number"),
        ("[lanes.x]\nsandbox = 'off'", "snapline.toml:2:1: `sandbox` in [lanes.x]: expected `auto` or `none`."),
        (
            "lanes = {x = {limits = {wall = '1 hour'}}}",
            "snapline.toml:1:25: `wall` in [lanes.x.limits]: expected a dur",
        ),
        ("[agents.foo]\nprompt = 'stdin'", "snapline.toml:1:9: `command` is missing in [agents.foo]."),
        (
            "[lint]\nstrict = 1",
            "snapline.toml:2:1: `strict` in [lint]: expected `true` or `false`, got a whole number.",
        ),
        (
            "[lint]\nselect = [1]",
            "snapline.toml:2:1: `select` in [lint]: inside it: expected a text, got a whole number.",
        ),
        ("[lint]\nper-path = []", "snapline.toml:2:1: `per-path` in [lint]: expected a table, got a list."),
        ("[verify]\nalways = 'make'", "snapline.toml:2:1: `always` in [verify]: expected a list, got a text."),
        ("lanes = 3", "snapline.toml:1:1: `lanes` must be a table of tables: [lanes.NAME]."),
        ("env = 3", "snapline.toml:1:1: `env` must be a table: [env]."),
        ("[lanes]\nx = 3", "snapline.toml:2:1: `x` in [lanes] must be a table: [lanes.x]."),
        ("[env\n", "snapline.toml: Expected ']'"),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, said: str) -> None:
    with pytest.raises(BadConfig) as caught:
        parse_config(text.encode())
    assert caught.value.message.startswith(said)
    assert caught.value.exit_status is ExitStatus.USAGE


def test_a_file_that_is_no_text_is_not_taken_for_a_spec() -> None:
    with pytest.raises(BadConfig, match=r"snapline\.toml:1:1: byte 0xff is not valid UTF-8") as caught:
        parse_config(b"\xff")
    assert "TOML" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ignore = ['PHL101', 'ACC303']", "2:1: `ignore` in [lint]: there is no rule `PHL101`. Did you mean `PLH101`?"),
        ("ignore = ['acc303']", "2:1: `ignore` in [lint]: there is no rule `acc303`. Did you mean `ACC303`?"),
        ("select = ['']", "2:1: `select` in [lint]: there is no rule ``. `snapline rule` lists the rules."),
        ("ignore = ['FMT011']", "2:1: `ignore` in [lint]: `FMT011` cannot be ignored: FMT011. What it finds makes"),
        ("ignore = ['SEC']", "2:1: `ignore` in [lint]: `SEC` cannot be ignored: SEC001. What it finds makes"),
        ("severities = {ACC3 = 'off'}", "2:15: `ACC3` in [lint.severities]: there is no rule `ACC3`."),
        ("severities = {SEC001 = 'off'}", "2:15: `SEC001` in [lint.severities]: SEC001 stays an error."),
        ("severities = {ACC303 = 'fatal'}", "2:1: `severities` in [lint]: expected `error` or `warning` or"),
        ("per-path = {'a/**' = ['IDS022']}", "2:13: `a/**` in [lint.per-path]: `IDS022` cannot be ignored"),
        (r'per-path = {"a\\b" = []}', r"2:13: `a\b` in [lint.per-path]: this glob matches nothing: a backslash"),
        ("per_path = {}", "2:1: unknown key `per_path` in [lint]. Did you mean `per-path`?"),
        ("words = {ACC303 = ['x']}", "2:10: `ACC303` in [lint.words]: ACC303 takes no words of yours."),
        ("words = {ACC999 = ['x']}", "2:10: `ACC999` in [lint.words]: there is no rule `ACC999`."),
    ],
)
def test_rules_are_named_as_they_are(text: str, said: str) -> None:
    with pytest.raises(BadConfig) as caught:
        parse_config(f"[lint]\n{text}\n".encode())
    assert caught.value.message.removeprefix("snapline.toml:").startswith(said)


def test_what_lint_is_told_is_read() -> None:
    table = parse_config(
        b"[lint]\nselect = ['ACC', 'IDS021']\nignore = ['ACC303', 'CON']\nseverities = {SEC004 = 'off'}\n"
        b"per-path = {'specs/old/**' = ['SEC004']}\n"
    ).lint
    assert (table.select, table.ignore) == (("ACC", "IDS021"), ("ACC303", "CON"))
    assert (table.severities, table.per_path) == ({"SEC004": "off"}, {"specs/old/**": ("SEC004",)})


def test_all_mistakes_are_told_at_once_in_their_order() -> None:
    with pytest.raises(BadConfig) as caught:
        parse_config(b"[lint]\nstrict = 1\n[retry]\nattemps = 3\n[env]\nsetup = 1\n")
    assert [line.split(": ")[0] for line in caught.value.message.splitlines()] == [
        "snapline.toml:2:1",
        "snapline.toml:4:1",
        "snapline.toml:6:1",
    ]


def test_keys_are_found_behind_strings_that_look_like_keys() -> None:
    text = """# [a]
x = '''
[b]
y = 1'''
"q.r" = { s = [1, { t = "}" }], 'u' = 1979-05-27 07:32:00 } # v = 1
[ c . d ]
e.f = \"\"\"\\\"" \"\"\"
[[g]]
h = "\\"]"
"""
    tomllib.loads(text)
    found = key_offsets(text)
    assert {path: text[offset:][:3] for path, offset in found.items()} == {
        ("x",): "x =",
        ("q.r",): '"q.',
        ("q.r", "s"): "s =",
        ("q.r", "s", "t"): "t =",
        ("q.r", "u"): "'u'",
        ("c",): "c .",
        ("c", "d"): "d ]",
        ("c", "d", "e"): "e.f",
        ("c", "d", "e", "f"): "f =",
        ("g",): "g]]",
        ("g", "h"): "h =",
    }


@given(
    st.dictionaries(
        st.text("ab", min_size=1, max_size=3),
        st.one_of(st.integers(), st.text('a"\\#=]}', max_size=5), st.lists(st.text("a,]#", max_size=3), max_size=3)),
        max_size=5,
    )
)
def test_every_key_of_a_document_is_found(data: dict[str, object]) -> None:
    text = "".join(f"{key} = {_toml(value)} # {key} = 0\n" for key, value in data.items())
    assert set(tomllib.loads(text)) == {path[0] for path in key_offsets(text)}
    assert all(text[offset:].startswith(path[-1]) for path, offset in key_offsets(text).items())


def _toml(value: object) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, list):
        return "[\n" + ",\n".join(_toml(one) for one in value) + "]"
    return str(value)


@pytest.mark.parametrize(("text", "expected"), [("90s", 90.0), ("10m", 600.0), ("2h", 7200.0)])
def test_durations(text: str, expected: float) -> None:
    assert seconds(text) == expected


@pytest.mark.parametrize(("text", "expected"), [("500kB", 500_000), ("64MB", 64_000_000), ("1GB", 10**9)])
def test_sizes(text: str, expected: int) -> None:
    assert size(text) == expected


def test_a_number_without_unit_is_no_quantity() -> None:
    with pytest.raises(ValueError, match="no number with a unit"):
        seconds("90")

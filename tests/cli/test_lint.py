"""``snapline lint`` at a shell: choosing rules, fixing files, reading from stdin, and every form of output."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import PROSE, Person
from tests.lint.forms import read_junit, read_sarif

from snapline.app.files import Unwritable, replace
from snapline.app.fixing import fix_source, write_fixed
from snapline.app.surroundings import Surroundings
from snapline.base.diagnostics import Applicability
from snapline.base.text import Source

FIXABLE = "\ufeff" + PROSE.replace("# Goal\n", "# Outcome\n").replace("\n", "\r\n")


def codes(person: Person, *arguments: str) -> set[str]:
    return {one["code"] for one in person.snapline("lint", "--json", *arguments).json["findings"]}


def test_rules_are_chosen_by_the_beginning_of_their_codes(person: Person) -> None:
    person.write("specs/a.md", PROSE)
    everything = codes(person)
    assert {"ACC303", "IDS021", "CON504"} <= everything
    assert codes(person, "--select", "IDS,ACC3") == {one for one in everything if one.startswith(("IDS", "ACC3"))}
    assert codes(person, "--select", "IDS021", "--select", "CON504") == {"IDS021", "CON504"}
    assert codes(person, "--ignore", "ACC303, CON") == {one for one in everything if one[:3] != "CON"} - {"ACC303"}


def test_the_configuration_chooses_and_the_command_line_has_the_last_word(person: Person) -> None:
    person.write("specs/a.md", PROSE)
    person.write("specs/old/b.md", PROSE)
    person.write(
        "snapline.toml",
        '[lint]\nignore = ["CON504"]\nseverities = {ACC303 = "error"}\nper-path = {"specs/old/**" = ["ACC303"]}\n',
    )
    found = person.snapline("lint", "--json").json["findings"]
    assert "CON504" not in {one["code"] for one in found}
    assert {(one["path"], one["severity"]) for one in found if one["code"] == "ACC303"} == {("specs/a.md", "error")}
    assert codes(person, "--select", "CON504") == {"CON504"}
    assert person.snapline("lint", "--ignore", "ACC303").status == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--select", "PHL101"), "there is no rule `PHL101`. Did you mean `PLH101`?"),
        (("--ignore", "FMT"), "`FMT` cannot be ignored"),
        (("-", "specs"), "no other path can stand beside it"),
        (("--stdin-filename", "x.md"), "give `-` as the path"),
        (("--suggested-fixes",), "give --fix or --diff too"),
        (("--run", "--fix"), "--run does not go together"),
        (("--fix", "--format", "sarif"), "not as sarif"),
    ],
)
def test_what_cannot_be_meant_is_a_usage_error(person: Person, arguments: tuple[str, ...], said: str) -> None:
    person.write("specs/a.md", PROSE)
    refused = person.snapline("lint", *arguments)
    assert (refused.status, said in refused.err) == (2, True)


def test_a_bad_configuration_is_told_with_its_place(person: Person) -> None:
    person.write("specs/a.md", PROSE)
    person.write("snapline.toml", '[lint]\nignore = ["SEC001"]\n')
    refused = person.snapline("lint", "--json")
    assert (refused.status, refused.json["error"]["code"]) == (2, "bad-config")
    assert "snapline.toml:2:1: `ignore` in [lint]: `SEC001` cannot be ignored" in refused.json["error"]["message"]


def test_fix_writes_what_is_safe_and_keeps_every_other_byte(person: Person) -> None:
    file = person.write("specs/a.md", "")
    file.write_bytes(FIXABLE.encode())
    file.chmod(0o640)
    done = person.snapline("lint", "--fix")
    assert "specs/a.md: fixed " in done.out
    assert "IDS021" in done.out.splitlines()[0]
    expected = FIXABLE.replace("# Outcome", "# Goal").replace("\r\nEach", "\r\nG1: Each")
    assert file.read_bytes().decode().startswith(expected.partition("Each")[0])
    assert file.read_bytes().count(b"\n") == file.read_bytes().count(b"\r\n") == FIXABLE.count("\n")
    assert file.stat().st_mode & 0o777 == 0o640
    written = file.read_bytes()
    again = person.snapline("lint", "--fix", "--json").json
    assert (again["fixed"], again["written"], file.read_bytes()) == ([], [], written)


def test_fixes_that_are_suggested_are_asked_for(person: Person) -> None:
    person.write("specs/a.md", PROSE)
    safe = person.snapline("lint", "--fix", "--json").json
    assert {one["code"] for one in safe["fixed"]} >= {"IDS021"}
    assert "ACC303" not in {one["code"] for one in safe["fixed"]}
    more = person.snapline("lint", "--fix", "--suggested-fixes", "--select", "ACC303", "--json").json
    assert [one["code"] for one in more["fixed"]] == ["ACC303"]
    assert more["findings"] == []
    assert "(manual)" in (person.folder / "specs/a.md").read_text()


def test_a_diff_writes_nothing_and_is_a_patch_that_git_takes(person: Person) -> None:
    file = person.write("specs/a.md", "")
    file.write_bytes(FIXABLE.encode().rstrip())
    person.write("specs/b.md", PROSE)
    looked = subprocess.run(
        [*person.command, "lint", "--diff"],
        cwd=person.folder / "specs",
        env=person.environment,
        capture_output=True,
        check=False,
    )
    assert b"would fix" in looked.stderr
    assert file.read_bytes() == FIXABLE.encode().rstrip()
    subprocess.run(["git", "apply", "-"], cwd=person.folder, input=looked.stdout, check=True)
    patched = file.read_bytes()
    file.write_bytes(FIXABLE.encode().rstrip())
    person.snapline("lint", "--fix")
    assert file.read_bytes() == patched != FIXABLE.encode().rstrip()
    assert person.snapline("lint", "--diff").out == ""


def test_a_text_from_stdin_is_linted_where_it_belongs(person: Person) -> None:
    person.write("snapline.toml", '[lint]\nper-path = {"specs/old/**" = ["ACC303"]}\n')
    for name, there in (("specs/old/a.md", False), ("specs/a.md", True)):
        said = piped(person, FIXABLE, "-", "--stdin-filename", name, "--json")
        findings = json.loads(said.stdout)["findings"]
        assert {one["path"] for one in findings} == {name}
        assert ("ACC303" in {one["code"] for one in findings}) is there
    assert not (person.folder / "specs").exists()


def test_a_text_from_stdin_comes_out_fixed(person: Person) -> None:
    said = piped(person, FIXABLE, "--fix", "-")
    assert said.stdout.decode().startswith(FIXABLE.partition("# Outcome")[0] + "# Goal\r\nG1: Each file")
    assert b"fixed " in said.stderr
    document = json.loads(piped(person, FIXABLE, "--fix", "-", "--json").stdout)
    assert document["text"].encode() == said.stdout


def piped(person: Person, text: str, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*person.command, "lint", *arguments],
        cwd=cwd or person.folder, env=person.environment, input=text.encode(), capture_output=True, check=False,
    )  # fmt: skip


def test_every_form_comes_out_at_a_shell(person: Person) -> None:
    person.write("specs/a.md", PROSE.replace("# Goal\n", "# Goal\nTODO: what?\n\n"))
    below = person.folder / "specs"
    log = read_sarif(person.snapline("lint", "--format", "sarif", cwd=below).out)
    assert log.runs[0].artifacts[0].location.uri == "specs/a.md"
    root = read_junit(person.snapline("lint", "--format", "junit", cwd=below).out)
    assert int(root.attrib["failures"]) == person.snapline("lint", "--json").json["summary"]["errors"] > 0
    said = person.snapline("lint", "--format", "github", cwd=below)
    assert (said.status, said.out.startswith("::")) == (1, True)
    assert "file=specs/a.md,line=" in said.out


def test_statistics_count_instead_of_listing(person: Person) -> None:
    person.write("specs/a.md", PROSE)
    said = person.snapline("lint", "--statistics")
    assert said.out.splitlines()[0].split()[1:3] == ["IDS021", "id-missing"]
    counts = person.snapline("lint", "--statistics", "--json").json["statistics"]
    assert counts[0] == {"code": "IDS021", "name": "id-missing", "count": 5, "safe": 5, "suggested": 0}


def test_a_file_that_changes_meanwhile_is_left_alone(person: Person) -> None:
    file = person.write("a.md", PROSE)
    fixed = fix_source(Source.from_bytes("a.md", file.read_bytes()), Surroundings(None), {Applicability.SAFE})
    assert fixed.changed
    file.write_text("# changed\n")
    assert write_fixed(file, fixed).stale
    assert file.read_text() == "# changed\n"
    file.write_text(PROSE)
    assert write_fixed(file, fixed).written
    assert file.read_bytes() == fixed.mended.source.raw


def test_a_file_that_cannot_be_read_or_written_is_no_bug(person: Person) -> None:
    unreadable = person.snapline("lint", "/proc/self/mem", "--json")
    assert (unreadable.status, unreadable.json["error"]["code"]) == (2, "unreadable-text")
    with pytest.raises(Unwritable, match="No such file"):
        replace(person.folder / "gone/a.md", b"")


def test_nothing_is_written_when_one_of_the_files_is_no_text(person: Person) -> None:
    file = person.write("specs/a.md", PROSE)
    person.write("specs/b.md", "").write_bytes(b"\xff")
    assert person.snapline("lint", "--fix").status == 2
    assert file.read_text() == PROSE


def test_a_spec_in_another_language_says_what_was_not_looked_at(person: Person) -> None:
    person.write("specs/a.md", f"---\nlang: de\n---\n{PROSE}")
    said = person.snapline("lint")
    assert "specs/a.md is written in `de`" in said.out
    (silent,) = person.snapline("lint", "--json").json["silent"]
    assert (silent["path"], silent["lang"], "IDS021" in silent["codes"]) == ("specs/a.md", "de", False)


def test_lint_elsewhere(at_shell: Callable[[str], Person], tmp_path: Path) -> None:
    somebody = at_shell("elsewhere")
    somebody.write("idea.md", PROSE)
    assert somebody.snapline("lint", "--fix", "idea.md").status == 0
    assert "G1: Each" in (tmp_path / "elsewhere/idea.md").read_text()


def test_a_name_that_means_no_spec_is_said_so(person: Person) -> None:
    person.write("specs/one.md", PROSE)
    (person.folder / "folder.md").mkdir()
    os.mkfifo(person.folder / "pipe.md")
    for name, told in (
        ("", "there is no file ''"),
        ("onw", "Did you mean `one`?"),
        ("folder.md", "folder.md is a folder"),
        ("pipe.md", "pipe.md is no plain file"),
        ("specs/two.md", "there is no file 'specs/two.md'"),
    ):
        said = person.snapline("show", name)
        assert (said.status, told in said.err) == (2, True), said.err
    assert person.snapline("lint", "").status == 2


def test_an_id_that_two_specs_have_is_ambiguous(person: Person) -> None:
    for name in ("one", "two"):
        person.write(f"specs/{name}.md", f"---\nid: both\n---\n{PROSE}")
    person.write("specs/tests.md", PROSE)
    (person.folder / "tests").mkdir()
    said = person.snapline("show", "both")
    assert (said.status, "specs/one.md, specs/two.md" in said.err) == (2, True), said.err
    assert person.snapline("show", "specs/two.md").status == 0
    assert person.snapline("show", "tests").status == 0, "an id is looked for before a folder"

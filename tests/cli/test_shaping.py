"""Writing, linting, showing, formatting and planning a spec, as a person does it at a shell."""

from __future__ import annotations

from collections.abc import Callable

from tests.cli.conftest import PROSE, Person

TASKS = """\
# Tasks
- T1: Read it once. Proves A1. Changes `src/importer.py`.
- T2: Say so in the manual. Proves A2. Changes `docs/**`. After T1.
"""


def test_a_new_spec_is_seen_as_empty(person: Person) -> None:
    made = person.snapline("new", "read-once", "--title", "Read once", "--owner", "@ann")
    assert (made.status, made.out.split(":")[0]) == (0, "wrote specs/read-once.md")
    linted = person.snapline("lint", "--json")
    assert linted.status == 1
    assert {one["code"] for one in linted.json["findings"] if one["severity"] == "error"} >= {"SEC002"}


def test_a_spec_is_never_overwritten(person: Person) -> None:
    person.write("specs/read-once.md", PROSE)
    refused = person.snapline("new", "read-once")
    assert (refused.status, refused.out) == (2, "")
    assert "specs/read-once.md exists already" in refused.err
    assert (person.folder / "specs/read-once.md").read_text() == PROSE


def test_a_bad_id_is_explained(person: Person) -> None:
    refused = person.snapline("new", "Read Once", "--json")
    assert refused.status == 2
    assert refused.json["error"]["code"] == "bad-spec-id"


def test_prose_alone_has_warnings_and_no_error(person: Person) -> None:
    person.write("specs/read-once.md", PROSE)
    linted = person.snapline("lint")
    assert linted.status == 0
    assert "specs/read-once.md:10:1: warning ACC303 no-check [A1?]" in linted.out
    assert linted.out.rstrip().splitlines()[-1].startswith("1 file: 0 errors, ")
    assert linted.out.isascii()


def test_lint_finds_specs_by_path_folder_and_id(person: Person) -> None:
    person.write("specs/read-once.md", PROSE)
    person.write("specs/deep/other.md", PROSE)
    person.write("specs/README.md", "no spec")
    counts = {
        named: person.snapline("lint", *named, "--json").json["summary"]["files"]
        for named in ((), ("specs",), ("read-once",), ("specs/deep/other.md",), ("other",), ("other", "specs"))
    }
    assert counts == {
        (): 2,
        ("specs",): 2,
        ("read-once",): 1,
        ("specs/deep/other.md",): 1,
        ("other",): 1,
        ("other", "specs"): 2,
    }


def test_an_unknown_spec_names_the_nearest(person: Person) -> None:
    person.write("specs/read-once.md", PROSE)
    missing = person.snapline("lint", "read-onec")
    assert (missing.status, "Did you mean `read-once`?" in missing.err) == (2, True)
    assert person.snapline("lint", "specs/nowhere.md").status == 2


def test_nothing_to_lint_is_said(person: Person) -> None:
    assert "there are no specs here" in person.snapline("lint").err


def test_lint_works_outside_of_a_repository(at_shell: Callable[[str], Person]) -> None:
    somebody = at_shell("elsewhere")
    somebody.write("idea.md", PROSE)
    assert somebody.snapline("lint", "idea.md").status == 0


def test_a_file_that_is_no_text_is_one_clear_error(person: Person) -> None:
    (person.folder / "bad.md").write_bytes(b"# Task\n\xff\n")
    refused = person.snapline("lint", "bad.md")
    assert (refused.status, refused.out) == (2, "")
    assert "bad.md:2:1: byte 0xff is not valid UTF-8" in refused.err


def test_what_cannot_be_read_or_written_is_no_bug(person: Person) -> None:
    for verb in ("show", "fmt", "lint", "plan"):
        unreadable = person.snapline(verb, "/proc/self/mem", "--json")
        assert (unreadable.status, unreadable.json["error"]["code"]) == (2, "unreadable-text")
    long = person.snapline("new", "a" * 300, "--json")
    assert (long.status, long.json["error"]["code"]) == (3, "unwritable")
    (person.folder / "specs").rmdir()
    person.write("specs", "a file in the place of the folder\n")
    for line in (("new", "a"), ("init",)):
        assert person.snapline(*line, "--json").json["error"]["code"] == "unwritable"


def test_a_link_to_itself_is_no_spec(person: Person) -> None:
    person.write("specs/a.md", PROSE)
    (person.folder / "specs/loop.md").symlink_to("loop.md")
    assert person.snapline("lint", "--json").json["summary"]["files"] == 1
    assert person.snapline("show", "a").status == 0
    assert person.snapline("fmt", "--check").status == 1


def test_shell_syntax_is_checked_without_running_it(person: Person) -> None:
    person.write("specs/a.md", PROSE.replace("it took.", "it took: `$ touch ran; if true`"))
    found = person.snapline("lint", "--json").json["findings"]
    assert "ACC313" in {one["code"] for one in found}
    assert not (person.folder / "ran").exists()


def test_strict_lint_is_a_setting(person: Person) -> None:
    person.write("specs/a.md", PROSE)
    assert person.snapline("lint").status == 0
    person.write("snapline.toml", "[lint]\nstrict = true\n")
    assert person.snapline("lint").status == 1


def test_fmt_writes_the_ids_and_nothing_else(person: Person) -> None:
    file = person.write("specs/read-once.md", PROSE)
    file.chmod(0o640)
    done = person.snapline("fmt", "read-once")
    assert done.out == "specs/read-once.md: wrote G1, C1, I1, A1, F1\n"
    assert file.read_text() == (
        PROSE.replace("Each", "G1: Each")
        .replace("The order", "C1: The order")
        .replace("The importer.", "I1: The importer.")
        .replace("An import", "A1: An import")
        .replace("Revert", "F1: Revert")
    )
    assert file.stat().st_mode & 0o777 == 0o640
    assert person.snapline("fmt", "read-once", "--json").json == {
        "version": 1,
        "path": "specs/read-once.md",
        "ids": [],
        "files": [{"path": "specs/read-once.md", "ids": [], "changed": False}],
    }


def test_show_prints_what_was_understood(person: Person) -> None:
    person.write("specs/read-once.md", PROSE)
    shown = person.snapline("show", "read-once")
    assert shown.status == 0
    assert "A1?" in shown.out
    assert "enforced by nobody" in shown.out


def test_show_gives_programs_the_whole_model_with_byte_offsets(person: Person) -> None:
    file = person.write("specs/read-once.md", PROSE.replace("Each", "\u00c9ach"))
    model = person.snapline("show", "read-once", "--json").json
    goal = next(section for section in model["sections"] if section["kind"] == "Goal")["clauses"][0]
    assert (model["version"], model["id"], goal["id"], goal["written"]) == (1, "read-once", "G1", False)
    place = goal["span"]
    assert file.read_bytes()[place["start"] : place["end"]].decode().strip() == "\u00c9ach file is read once."
    assert (place["line"], place["column"]) == (4, 1)


def test_show_prints_the_prompt_that_would_be_sent(person: Person) -> None:
    person.write("specs/read-once.md", PROSE + "- F2: Retry: 2\n")
    shown = person.snapline("show", "read-once", "--prompt")
    assert shown.status == 0
    assert "Each file is read once." in shown.out
    assert "`specs/read-once.md`, `snapline.toml`" in shown.out
    assert person.snapline("show", "read-once", "--prompt", "--json").json["prompt"] == shown.out
    refused = person.snapline("show", "read-once", "--prompt", "T9")
    assert (refused.status, "has no task 'T9'" in refused.err) == (2, True)


def test_a_spec_without_a_breakdown_is_one_task(person: Person) -> None:
    person.write("specs/read-once.md", PROSE)
    planned = person.snapline("plan", "read-once", "--json").json
    assert [[task["id"] for task in wave] for wave in planned["waves"]] == [["read-once"]]
    assert (planned["version"], planned["approved"]) == (1, False)


def test_a_breakdown_is_shown_in_waves(person: Person) -> None:
    criteria = "- A1: Fast. `$ python3 fast.py`\n- A2: Told. `$ grep -q once docs/manual.md`"
    checked = PROSE.replace("An import of a large file takes half the time that it took.", criteria)
    person.write("specs/read-once.md", checked + TASKS)
    planned = person.snapline("plan", "read-once")
    assert planned.status == 0
    assert planned.out.index("Wave 1") < planned.out.index("T1") < planned.out.index("Wave 2") < planned.out.index("T2")
    assert "changes: src/importer.py" in planned.out


def test_a_breakdown_with_a_cycle_is_refused(person: Person) -> None:
    person.write("specs/read-once.md", PROSE + TASKS.replace("Changes `src/importer.py`.", "After T2."))
    refused = person.snapline("plan", "read-once")
    assert (refused.status, "T1" in refused.err) == (4, True)


def test_records_travel_by_sync(person: Person, at_shell: Callable[[str], Person]) -> None:
    remote = at_shell("remote").folder
    person.git("init", "--quiet", "--bare", cwd=remote)
    done = person.snapline("sync", str(remote), "--json")
    assert done.json == {"version": 1, "received": 0, "sent": 0, "faults": []}
    refused = person.snapline("sync")
    assert (refused.status, "origin" in refused.err) == (2, True)

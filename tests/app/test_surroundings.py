"""What lint knows of a repository: a real one, with real records and landings."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

from snapline.app.linting import context_for, lint_source
from snapline.app.project import Project
from snapline.app.settings import Config, EnvTable, LintTable
from snapline.app.surroundings import Surroundings
from snapline.base.ids import ClauseId, Oid, SpecId
from snapline.base.text import Source
from snapline.lint.rule import Uncommitted
from snapline.lint.run import lint
from snapline.review.approval import Approval, record
from snapline.spec.model import Spec
from snapline.spec.parser import parse
from snapline.spec.revision import revision

TEXT = """\
# Task
The importer reads each file twice, which takes hours for the archives of a whole year.
# Goal
- G1: Each file is read once.
# Acceptance
- A1: It is: `$ python tools/probe.py --out=build/out.txt build/in.txt src/importer.py`
- {extra}It says what it did.
"""


def source(extra: str = "", name: str = "once") -> Source:
    return Source.from_bytes(f"specs/{name}.md", TEXT.format(extra=extra).encode())


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def project(folder: Path) -> Project:
    folder.mkdir()
    git(folder, "init", "--quiet", "-b", "main")
    for path, text in {"src/importer.py": "x = 1\n", ".gitignore": "build/\n", "specs/other.md": TEXT}.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text)
    git(folder, "add", "-A")
    git(folder, "commit", "--quiet", "-m", "First")
    return Project.discover(folder)


def approve(here: Project, text: Source, at: str) -> Approval:
    spec = parse(text)
    one = Approval(spec.id, revision(spec), "ann", at, Oid("0" * 40), "main", text.path, text.text)
    record(here.records, one)
    return one


def test_without_a_project_lint_knows_the_text_alone() -> None:
    context = context_for(source(), Surroundings.at_head(None))
    assert (context.tree, context.corpus, dict(context.in_flight)) == (None, None, {})
    assert lint_source(source(), Surroundings(None)).findings


def test_a_text_that_is_not_saved_is_linted_in_its_repository(tmp_path: Path) -> None:
    here = project(tmp_path / "repository")
    (here.root / "tools").mkdir()
    (here.root / "tools/probe.py").write_text("")
    context = context_for(source(), Surroundings.at_head(here))
    assert context.tree is not None
    assert "src/importer.py" in context.tree.paths
    assert set(context.corpus or {}) == {SpecId("other")}
    assert context.uncommitted == {"tools/probe.py": Uncommitted.UNTRACKED, "build/in.txt": Uncommitted.IGNORED}
    assert (context.history, context.retired, dict(context.in_flight)) == (frozenset(), frozenset(), {})


def test_ids_of_approved_revisions_are_never_given_again(tmp_path: Path) -> None:
    here = project(tmp_path / "repository")
    approve(here, source("A7: "), "2026-01-01T00:00:00Z")
    approve(here, source("A2: "), "2026-01-02T00:00:00Z")
    context = context_for(source(), Surroundings.at_head(here))
    assert context.history >= {ClauseId("A1"), ClauseId("A2"), ClauseId("A7")}
    assert context.retired == {"A7"}
    assert [clause.shown for clause in context.spec.criteria] == ["A1", "A8?"]
    again = lint_source(source("A7: "), Surroundings.at_head(here)).findings
    assert [one.message for one in again if one.code == "IDS022"] == [
        "A7 was the id of another clause in an earlier approved revision"
    ]


def test_other_specs_are_in_flight_until_the_approved_revision_has_landed(tmp_path: Path) -> None:
    here = project(tmp_path / "repository")
    first = approve(here, source("A2: ", "other"), "2026-01-01T00:00:00Z")
    assert set(flying(here, "once")) == {"other"}
    assert set(flying(here, "other")) == set()
    git(here.root, "commit", "--allow-empty", "-m", f"Land\n\nSpec: other\nRevision: {first.revision}")
    assert set(flying(here, "once")) == set()
    approve(here, source(), "2026-01-01T12:00:00Z")
    assert set(flying(here, "other", "A2: ")) == set(), "what has landed meets nothing any more"
    assert set(flying(here, "other", "A4: ")) == {"once"}, "what is written anew does"
    approve(here, source("A3: ", "other"), "2026-01-02T00:00:00Z")
    assert set(flying(here, "once")) == {"other"}
    assert [one.id for one in flying(here, "once")[SpecId("other")].criteria] == ["A1", "A3"]


def flying(here: Project, name: str, extra: str = "") -> dict[SpecId, Spec]:
    return dict(context_for(source(extra, name), Surroundings.at_head(here)).in_flight)


def test_what_set_up_or_the_work_makes_is_no_path_of_this_machine(tmp_path: Path) -> None:
    here = project(tmp_path / "repository")
    (here.root / ".gitignore").write_text(".venv/\nnode_modules/\nlocal.txt\n")
    (here.root / "local.txt").write_text("")
    text = """\
# Interfaces
- I1: new `tools/new.sh`
# Acceptance
- A1: It is: `$ .venv/bin/tool --version`
- A2: It is: `$ node_modules/.bin/jest`
- A3: It is: `$ bash tools/new.sh`
- A4: It is: `$ cat local.txt`
- A5: It is: `$ cat src/later.txt`
"""
    found = {}
    for name, config in {"bare": Config(), "made": Config(env=EnvTable(outputs=(".venv",)))}.items():
        context = context_for(
            Source.from_bytes("specs/x.md", text.encode()), replace(Surroundings.at_head(here), config=config)
        )
        found[name] = [(one.clause, one.message) for one in lint(context) if one.code == "ACC322"]
    ignored = "is ignored by git, so no checkout has it"
    assert found["bare"] == [
        ("A1", f"`.venv/bin/tool` {ignored}"),
        ("A2", f"`node_modules/.bin/jest` {ignored}"),
        ("A4", f"`local.txt` {ignored}"),
    ]
    assert [clause for clause, _ in found["made"]] == ["A2", "A4"]


def test_what_the_configuration_says_of_a_path(tmp_path: Path) -> None:
    table = LintTable(
        ignore=("SEC",), per_path={"specs/o*": ("ACC303",), "docs/**": ("CON",)}, severities={"IDS021": "off"}
    )
    around = Surroundings(project(tmp_path / "repository"), config=Config(lint=table))
    root = tmp_path / "repository"
    here = Source.from_bytes(str(root / "specs/once.md"), source().raw)
    elsewhere = Source.from_bytes(str(root / "docs/once.md"), source().raw)
    outside = Source.from_bytes(str(tmp_path / "specs/once.md"), source().raw)
    ignored = [context_for(one, around).settings.ignore for one in (here, elsewhere, outside)]
    assert ignored == [("SEC", "ACC303"), ("SEC", "CON"), ("SEC",)]
    assert context_for(here, around).settings.severities == {"IDS021": None}
    assert [around.place(one.path) for one in (here, elsewhere, outside)] == ["specs/once.md", "docs/once.md", None]


def test_errors_that_nobody_can_waive_are_always_selected() -> None:
    settings = context_for(source(), Surroundings(None, config=Config(lint=LintTable(select=("LEX",))))).settings
    assert {"LEX", "SEC001", "ACC315"} <= set(settings.select)
    assert "IDS021" not in settings.select


def test_settings_come_from_the_configuration() -> None:
    config = Config(lint=LintTable(strict=True, words={"LEX201": ("zippy",)}))
    settings = context_for(source(), Surroundings(None, config=config)).settings
    assert (settings.strict, settings.words) == (True, {"LEX201": ("zippy",)})

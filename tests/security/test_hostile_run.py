"""One run of two tasks through the real command line, in which the agent tries everything at once.

Its first task's attempt does honest work, and besides plants programs, looks for secrets, poisons home and caches, and
steers the terminal of whoever reads its output. The second task's first attempt brings what cannot be taken, the second
fails its check with words for the terminal, the third is honest.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.e2e.desk import A1, A2, A3, ADD, MUL, TASKS, approved, desk, spec
from tests.e2e.stage import Said, Stage
from tests.sandbox.victims import demand
from tests.security.recorder import Call, Recorder

from snapline.sandbox import bubblewrap

ESCAPES = r"\033]0;owned\007\033[2J\033[8mgone\033[0m\u202everified\u202c\r100 %% accepted\n"
STEAL = r"""at=FOLDER
cat /$at/person/.ssh/id /$at/person/.git-credentials /$at/state/keys/* /$at/repo/.git/config 2>/dev/null
printf 'protocol=https\nhost=forge.example\n\n' | GIT_TERMINAL_PROMPT=0 git credential fill 2>/dev/null
env | grep CALLER
cat /proc/1/environ /proc/$PPID/environ 2>/dev/null | tr '\0' '\n' | grep -a CALLER
"""
"""The paths are put together as it runs: a file that stands in the command itself is the person's to show."""
POISON = """
git config --global core.fsmonitor 'touch MARK; false'
mkdir -p ~/.cache/tool; for file in ~/.profile ~/.cache/tool/state /tmp/poison-TAG; do echo POISON > $file; done
"""
PLANT = """
git=$(git rev-parse --git-common-dir); mkdir -p $git/hooks $git/info
for name in post-checkout post-commit pre-commit post-index-change reference-transaction
do printf '#!/bin/sh\\ntouch MARK\\n' > $git/hooks/$name; chmod +x $git/hooks/$name; done
git config core.fsmonitor 'touch MARK; false'; git config diff.external 'touch MARK;'
git config filter.evil.clean 'touch MARK; cat'; echo '* filter=evil' > $git/info/attributes
"""
LOOK = "cat ~/.profile ~/.cache/tool/state /tmp/poison-TAG 2>/dev/null"
BORROWED = """
absent=1111111111111111111111111111111111111111
tree=$( (git ls-tree HEAD; printf "100644 blob $absent\\tstolen\\n") | git mktree --missing)
git update-ref HEAD $(git commit-tree -p HEAD -m stolen $tree)
"""
SECRETS = ("PRIVATE-KEY", "hunter2", "SIGNING-KEY", "CALLER-SECRET", "REPOSITORY-TOKEN")


def agent(mark: Path) -> str:
    """The agent's command; what it does depends on the attempt."""
    fails = r"""echo 'printf "\033[2J\033]0;x\007all is well\n"; false' > mul.sh"""
    text = f"""case $SNAPLINE_ATTEMPT in
*/T1#1) {STEAL}{POISON}{PLANT}{ADD}; printf '{ESCAPES}';;
*/T2#1) {LOOK}; {BORROWED};;
*/T2#2) {fails};;
*) {MUL};;
esac"""
    words = {"FOLDER": str(mark.parent).lstrip("/"), "MARK": mark, "TAG": mark.parent.name}
    for word, value in words.items():
        text = text.replace(word, str(value))
    return text


@dataclass(frozen=True)
class Naive:
    """What came of the same agent where it works in a worktree, with the person's home and environment."""

    output: str
    poisoned: bool
    marked: bool


@dataclass(frozen=True)
class Aftermath:
    """What the run left, what a naive runner met before, and the git that was watched."""

    stage: Stage
    said: Said
    mark: Path
    naive: Naive
    recorder: Recorder

    told: dict[tuple[str, ...], str]

    def say(self, *arguments: str) -> str:
        """What a verb says afterwards; it is asked once."""
        if arguments not in self.told:
            self.told[arguments] = self.stage.say(*arguments).all
        return self.told[arguments]


def hide_secrets(stage: Stage) -> None:
    """Secrets where people and programs keep them, each with a word to be found by."""
    files = {
        stage.user_home / ".ssh" / "id": "PRIVATE-KEY\n",
        stage.user_home / ".git-credentials": "https://ada:hunter2@forge.example\n",
        stage.user_home / ".gitconfig": "[credential]\n helper = store\n",
        stage.home / "keys" / "signing": "SIGNING-KEY\n",
    }
    for place, text in files.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    stage.git("config", "http.extraHeader", "REPOSITORY-TOKEN")
    stage.environment |= {"CALLER": "CALLER-SECRET"}


def met_by_a_naive_runner(stage: Stage, folder: Path, command: str, mark: Path) -> Naive:
    """Let the first attempt's agent loose in a worktree, then put everything back."""
    kept = {stage.root / ".git": folder / "kept-git", stage.user_home: folder / "kept-home"}
    for place, copy in kept.items():
        shutil.copytree(place, copy)
    tree = folder / "naive"
    stage.git("worktree", "add", "-q", "-b", "naive", str(tree))
    env = {**stage.env(), "SNAPLINE_ATTEMPT": "calc/T1#1"}
    done = subprocess.run(["bash", "-c", command], cwd=tree, env=env, capture_output=True, text=True, check=True)
    looked = subprocess.run(
        ["bash", "-c", command], cwd=tree, env=env | {"SNAPLINE_ATTEMPT": "calc/T2#1"}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    mark.unlink(missing_ok=True)
    subprocess.run(["git", "status"], cwd=tree, env=env, capture_output=True, check=False)
    met = Naive(done.stdout, "POISON" in looked.stdout, mark.exists())
    mark.unlink(missing_ok=True)
    poison(mark).unlink()
    for place, copy in kept.items():
        shutil.rmtree(place)
        copy.rename(place)
    return met


def poison(mark: Path) -> Path:
    """A file that the agent leaves for later ones in a shared folder."""
    return Path(f"/tmp/poison-{mark.parent.name}")  # noqa: S108 - what is attacked


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory) -> Aftermath:
    demand("bubblewrap", works=bubblewrap.probe().ok)
    folder = tmp_path_factory.mktemp("hostile")
    mark = folder / "mark"
    stage = desk(folder)
    stage.measured = False
    clean = f"test ! -e ~/.cache/tool/state && test ! -e {poison(mark)}"
    stage.write(
        {
            "snapline.toml": "[lanes.default]\nlimits = { wall = '60s' }\n[retry]\nattempts = 3\nwait = '1s'\n",
            "specs/calc.md": spec(f"{A1}\n{A2}\n{A3}\n- A4: No poison: `$ {clean}` (regression)", rest=TASKS),
        }
    )
    stage.commit("Ask for more")
    hide_secrets(stage)
    command = agent(mark)
    naive = met_by_a_naive_runner(stage, folder, command, mark)
    recorder = Recorder.make(folder / "recorder")
    stage.environment["PATH"] = recorder.path
    approved(stage)
    return Aftermath(stage, stage.say("run", "calc", "--agent-cmd", command), mark, naive, recorder, {})


def test_honest_work_lands_and_what_cannot_be_taken_is_told(aftermath: Aftermath) -> None:
    assert aftermath.said.status == 0, aftermath.said.all
    assert 'echo "$(($1 + $2))"' in aftermath.stage.git("show", "main:calc.sh")
    told = aftermath.say("log", "calc/T2")
    assert "calc/T2#1" in told
    assert "the work could not be collected" in told


def test_each_attempt_is_by_the_agent_that_was_asked_for(aftermath: Aftermath) -> None:
    attempts = aftermath.stage.snapline("log", "calc/T2").document["attempts"]
    assert [(one["attempt"], one["agent"]) for one in attempts] == [(f"calc/T2#{n}", "command") for n in (1, 2, 3)]


def test_what_was_planted_took_effect_on_a_naive_runner_only(aftermath: Aftermath) -> None:
    assert aftermath.naive.marked
    assert not aftermath.mark.exists()


def test_no_git_of_ours_works_in_a_workspace(aftermath: Aftermath) -> None:
    """But for its making, in a folder that is renamed before anything of the agent starts."""
    workspaces = aftermath.stage.home / "ws"
    calls = list(aftermath.recorder.calls())
    inside = [call for call in calls if call.touches(workspaces)]
    assert inside, "calls are seen"
    assert [call for call in inside if not in_the_making(call, workspaces)] == []
    clones = [call.arguments[-1] for call in calls if "clone" in call.arguments and call.arguments[-1].endswith(".tmp")]
    assert len(clones) == 4, "one for each attempt"


def in_the_making(call: Call, workspaces: Path) -> bool:
    """Whether all of a call's places in workspaces are those of a clone that has not got its name yet."""
    places = [place for place in call.places if place.is_relative_to(workspaces)]
    return all("work.tmp" in place.parts for place in places)


@pytest.mark.parametrize("secret", SECRETS)
def test_keys_credentials_and_environment_are_out_of_reach(aftermath: Aftermath, secret: str) -> None:
    assert secret in aftermath.naive.output, "a naive runner gives it away"
    said = aftermath.say("log", "calc/T1#1", "--full")
    assert secret not in said
    (key,) = (aftermath.stage.home / "keys").glob("*.pem")
    assert key.read_text().splitlines()[1] not in said


def test_a_later_agent_and_the_checks_find_no_poison(aftermath: Aftermath) -> None:
    assert aftermath.naive.poisoned
    assert "POISON" not in aftermath.say("log", "calc/T2#1", "--full")
    assert "A4" in aftermath.say("review", "calc/T1")


VERBS = (
    ("log", "calc/T1#1", "--full"),
    ("log", "calc/T2"),
    ("log", "calc/T2#2", "--full"),
    ("status",),
    ("review", "calc/T2"),
    ("log", "calc/T2#3", "--prompt"),
)


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_nothing_that_an_agent_says_steers_a_terminal(aftermath: Aftermath, verb: tuple[str, ...]) -> None:
    said = aftermath.say(*verb)
    assert said.strip()
    assert not set(said) & set("\x1b\x07\x9b\r\u202e\u202c"), repr(said)


def test_what_an_agent_says_is_shown_without_what_steers(aftermath: Aftermath) -> None:
    assert "\x1b[2J" in aftermath.naive.output
    assert "\u202e" in aftermath.naive.output
    shown = aftermath.say("log", "calc/T1#1", "--full")
    assert "goneverified\n" in shown
    assert "  100 % accepted" in shown
    assert "all is well" in aftermath.say("log", "calc/T2#2")
    assert "\x1b" not in aftermath.said.all


@pytest.fixture
def later(aftermath: Aftermath, tmp_path: Path) -> Stage:
    """The same repository, with a copy of the state home that somebody gets at afterwards."""
    shutil.copytree(aftermath.stage.home, tmp_path / "state")
    return Stage(aftermath.stage.root, tmp_path / "state", aftermath.stage.user_home, "shell", measured=False)


def kept(stage: Stage, what: str) -> Path:
    """The evidence of the first attempt that is a ``log`` or a ``report``."""
    (attempt,) = stage.snapline("log", "calc/T1#1").document["attempts"]
    return next((stage.home / "evidence").glob(f"*/{attempt[what]}.*"))


def test_a_log_that_was_edited_or_deleted_is_not_shown_for_what_it_was(later: Stage) -> None:
    log = kept(later, "log")
    log.write_text("All is well.\n")
    assert "All is well" in log.read_text(), "whoever reads the file itself is fooled"
    said = later.say("log", "calc/T1#1")
    assert "All is well" not in said.out
    assert "was changed after it was stored" in said.out
    log.unlink()
    assert "is not in" in later.say("log", "calc/T1#1").out


def test_a_report_that_was_edited_is_no_verdict(later: Stage) -> None:
    report = kept(later, "report")
    text = report.read_text()
    assert '"verdict":"pass"' in text
    report.write_text(text.replace('"verdict":"pass"', '"verdict":"fail"'))
    said = later.say("review", "calc/T1")
    assert said.status != 0
    assert "was changed after it was stored" in said.err
    report.unlink()
    assert "is not in" in later.say("review", "calc/T1").err

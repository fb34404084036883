"""Starting an agent that is a command: a profile's template, or the words of ``--agent-cmd``."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

from snapline.agents.base import AgentMissing, AgentProfile, Launch, PromptMode, Seat
from snapline.base.regex import regex

LONGEST_ARGUMENT = 120_000
"""Bytes of a prompt that are passed as one argument; Linux takes 131,071 (MAX_ARG_STRLEN)."""

PROMPT_FILE = "SNAPLINE_PROMPT_FILE"
ATTEMPT = "SNAPLINE_ATTEMPT"
"""Variables that every agent finds: the path of its prompt, and the id of its attempt."""

_FIELD = regex(r"\{(?:prompt|prompt_file|workspace|home)\}")
_PLAIN_WORD = regex(r"[A-Za-z0-9_/+@%:,-][A-Za-z0-9_./+@%:,-]*")
_ASSIGNMENT = regex(r"[A-Za-z_]\w*=")
_OPERATORS = frozenset("|&;<>()")
_SHELL_WORDS = """
    : [ [[ alias bg bind break builtin caller case cd command compgen complete compopt continue coproc declare
    dirs disown do done echo elif else enable esac eval exec exit export false fc fg fi for function getopts hash
    help history if in jobs kill let local logout mapfile popd printf pushd pwd read readarray readonly return
    select set shift shopt source suspend test then time times trap true type typeset ulimit umask unalias unset
    until wait while
"""


def shell_profile(command: str) -> AgentProfile:
    """The profile of ``--agent-cmd``: ``bash -c`` in the workspace, the prompt on standard input."""
    return AgentProfile(
        name="command",
        argv=("bash", "-c", command),
        prompt=PromptMode.STDIN,
        in_shell=True,
        reads=tuple(dict.fromkeys(word for word in _words(command) if word.startswith("/") and Path(word).is_file())),
        install="Give a command that runs in your own shell, or the full path of its program.",
    )


def programs(profile: AgentProfile, path: str) -> tuple[str, ...]:
    """The programs that a profile needs, as found on ``path`` (the caller's PATH); the one to start comes first.

    Raises :class:`AgentMissing`, before anything was spent, when one is not there. Of a shell command it is the first
    word, where that is plainly the name of a program; what bash itself knows is bash's business.
    """
    wanted = [profile.argv[0], *(_first_program(profile.argv[-1]) if profile.in_shell else ())]
    found = [(name, shutil.which(name, path=path)) for name in wanted]
    missing = [name for name, place in found if place is None]
    if missing:
        raise AgentMissing(f"`{missing[0]}` is not on the PATH, so no attempt can begin", hint=profile.install)
    return tuple(str(Path(place).absolute()) for _, place in found if place is not None)


def launch(profile: AgentProfile, seat: Seat, found: tuple[str, ...], environ: Mapping[str, str], home: str) -> Launch:
    """How to start ``profile`` in ``seat``.

    ``found`` comes from :func:`programs`, ``environ`` is the caller's environment (only what the profile inherits is
    taken from it) and ``home`` the caller's home: those of its ``login`` folders that exist are shared.
    """
    inherited = {name: environ[name] for name in profile.inherits if name in environ}
    template = profile.argv[1:]
    return Launch(
        argv=(found[0], *(template if profile.in_shell else (_filled(word, seat) for word in template))),
        env={**inherited, **profile.env, PROMPT_FILE: seat.prompt_file, ATTEMPT: seat.attempt},
        stdin=seat.prompt_source if profile.prompt is PromptMode.STDIN else None,
        reads=profile.reads,
        login=tuple(str(one) for one in (Path(home, folder) for folder in profile.login) if one.exists()),
        files=profile.files,
    )


def _filled(word: str, seat: Seat) -> str:
    values = {
        "{prompt}": _argument(seat),
        "{prompt_file}": seat.prompt_file,
        "{workspace}": seat.workspace,
        "{home}": seat.home,
    }
    return _FIELD.sub(lambda field: values[field.group()], word)


def _argument(seat: Seat) -> str:
    """The prompt as an argument or, where it is too long for one, a sentence that names its file."""
    if len(seat.prompt.encode()) <= LONGEST_ARGUMENT:
        return seat.prompt
    return f"Read the file {seat.prompt_file} to its end and do the task that it describes."


def _first_program(command: str) -> tuple[str, ...]:
    """The program that a shell command starts with, where that can be told without running a shell."""
    first, *_ = [word for word in _words(command) if not _ASSIGNMENT.match(word)] or [""]
    defines_function = (first, "()") in pairwise(_tokens(command))
    in_workspace = "/" in first and not first.startswith("/")
    plain = _PLAIN_WORD.fullmatch(first) and first not in _SHELL_WORDS.split()
    return (first,) if plain and not defines_function and not in_workspace else ()


def _words(command: str) -> list[str]:
    """The words of a shell command without its operators."""
    return [word for word in _tokens(command) if not set(word) <= _OPERATORS]


def _tokens(command: str) -> list[str]:
    """The words and operators of a shell command; none when its quotes do not close."""
    lexer = shlex.shlex(command, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        return list(lexer)
    except ValueError:
        return []

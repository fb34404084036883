"""Which program a command runs, behind assignments, reserved words and programs that only run another one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from snapline.base.regex import regex
from snapline.lint.shellwords import Word

_ASSIGNMENT = regex(r"[A-Za-z_]\w*\+?=")
_RESERVED = frozenset(
    {"!", "{", "if", "then", "elif", "else", "while", "until", "do", "time", "exec", "command", "builtin"}
)
_VALUED: Mapping[tuple[str, ...], frozenset[str]] = {
    ("sudo",): frozenset({"-u", "-g", "-h", "-C", "-p", "-D"}),
    ("env",): frozenset({"-u", "-C", "-S", "--unset", "--chdir"}),
    ("nice",): frozenset({"-n"}),
    ("ionice",): frozenset({"-c", "-n"}),
    ("nohup",): frozenset(),
    ("setsid",): frozenset(),
    ("stdbuf",): frozenset({"-i", "-o", "-e"}),
    ("xvfb-run",): frozenset({"-s", "-n"}),
    ("timeout",): frozenset({"-k", "-s", "--kill-after", "--signal"}),
    ("gtimeout",): frozenset({"-k", "-s", "--kill-after", "--signal"}),
    ("xargs",): frozenset({"-n", "-I", "-P", "-L", "-d", "-a"}),
    ("npx",): frozenset({"-p", "--package"}),
    ("bunx",): frozenset(),
    ("uvx",): frozenset({"--from", "--with", "--python", "-p"}),
    ("npm", "exec"): frozenset({"-p", "--package"}),
    ("npm", "x"): frozenset({"-p", "--package"}),
    ("pnpm", "exec"): frozenset(),
    ("pnpm", "dlx"): frozenset(),
    ("yarn", "exec"): frozenset(),
    ("yarn", "dlx"): frozenset({"-p", "--package"}),
    ("bun", "x"): frozenset(),
    ("uv", "run"): frozenset(
        {"--with", "--python", "-p", "--extra", "--group", "--directory", "--project", "--env-file", "--package"}
    ),
    ("poetry", "run"): frozenset(),
    ("pipenv", "run"): frozenset(),
    ("pdm", "run"): frozenset(),
    ("rye", "run"): frozenset(),
    ("hatch", "run"): frozenset(),
    ("bundle", "exec"): frozenset(),
    ("mise", "exec"): frozenset(),
    ("coverage", "run"): frozenset({"--source", "--include", "--omit", "--rcfile"}),
    ("python",): frozenset({"-W", "-X"}),
}
"""Programs (and their verb) that run the command behind them, with those of their options that take a value."""
_FIRSTS = frozenset(start[0] for start in _VALUED)
_AS_A_PROGRAM = frozenset({"timeout", "gtimeout"})
"""Programs that take one word of their own before the command."""
_BY_MODULE = frozenset({"python", "coverage"})
"""Programs that run another one only as a module: ``-m``."""
_PACKAGE_RUNNERS = frozenset({"yarn", "pnpm", "bun"})
_INSTALLED = frozenset({"jest", "vitest", "eslint", "prettier", "tsc", "playwright", "biome", "stylelint"})
"""Programs that a package manager runs by their bare name."""
_PYTHON = regex(r"python[\d.]*")


def unwrapped(words: Sequence[Word]) -> tuple[tuple[Word, ...], frozenset[str]]:
    """The program with its arguments, and the names of what stood before it."""
    left, seen = list(words), set[str]()
    while left:
        name = program_name(left[0])
        if _ASSIGNMENT.match(left[0].text) and left[0].bare:
            left = left[1:]
        elif name in _RESERVED or (name in _PACKAGE_RUNNERS and len(left) > 1 and left[1].text in _INSTALLED):
            left = left[1:]
            seen.add(name)
            while name == "time" and left and left[0].text == "-p":
                left = left[1:]
        else:
            rest = _behind_wrapper(name, left)
            if rest is None:
                break
            seen.add(name)
            left = rest
    return tuple(left), frozenset(seen)


def program_name(word: Word) -> str:
    """The name of the program that a word runs: its path's last part; every Python is ``python``."""
    name = word.text.rpartition("/")[2]
    return "python" if _PYTHON.fullmatch(name) else name


def _behind_wrapper(name: str, words: list[Word]) -> list[Word] | None:
    """The command that a wrapping program runs; None where ``words`` wrap nothing."""
    if name not in _FIRSTS:
        return None
    verb = words[1].text if len(words) > 1 else ""
    valued = _VALUED.get((name, verb))
    rest = words[1:] if valued is None else words[2:]
    if valued is None:
        valued = _VALUED.get((name,))
    if valued is None:
        return None
    rest, module = _without_options(rest, valued, by_module=name in _BY_MODULE or (name, verb) == ("uv", "run"))
    if name in _BY_MODULE and not module:
        return None
    return rest[1:] if name in _AS_A_PROGRAM else rest


def _without_options(words: list[Word], valued: frozenset[str], *, by_module: bool) -> tuple[list[Word], bool]:
    """What stands behind the options, and whether ``-m`` led there."""
    at = 0
    while at < len(words) and words[at].text.startswith("-") and len(words[at].text) > 1:
        text = words[at].text
        at += 1
        if text == "--" or (by_module and text == "-m"):
            return words[at:], text == "-m"
        at += text in valued
    while at < len(words) and _ASSIGNMENT.match(words[at].text):
        at += 1
    return words[at:], False

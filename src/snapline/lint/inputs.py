"""The files and folders that a check's commands read or run, as they are written: what has to be there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from snapline.base.regex import regex
from snapline.lint.commands import MAKING, PATH, PREPARING, PRODUCT
from snapline.lint.invocations import Invocation
from snapline.lint.readers import Operands, Reader, reader_of
from snapline.lint.shellwords import Word

_ENDING_TEXT = """
    py pyi ipynb js mjs cjs ts tsx jsx mts cts vue svelte rb php pl pm t lua go rs java kt kts scala groovy
    gradle swift c cc cpp h hpp cs csproj sln fs sh bash zsh fish bats ps1 sql json jsonl ndjson json5 yaml yml
    toml ini cfg conf env xml html htm css scss less md mdx rst txt adoc csv tsv mk cmake tf tfvars hcl proto
    graphql feature robot r jl ex exs erl hs clj dart zig cr lock snap golden just expected tmpl j2 http hurl har
    diff patch log pdf png svg parquet dump rules
"""
_ENDINGS = frozenset(_ENDING_TEXT.split())
_NAMES = frozenset({"Makefile", "Dockerfile", "Containerfile", "Justfile", "justfile", "Rakefile", "Gemfile"})
"""Names of files without an ending."""
_FIXTURES = frozenset({"fixtures", "fixture", "__fixtures__", "testdata", "test-data", "samples", "golden", "recorded"})
"""Folders of files that were written for checks to read."""
_READS = regex(
    r"--(?:[a-z]+-)*(?:config(?:uration)?|conf|rcfile|env|in|input|infile|expect(?:ed|ation)?|goldens?|baseline|fixtures?"
    r"|schema|manifest|inventory|playbook|reference|against|compare(?:-to|-with)?|from|data|dataset|samples?|corpus|cases"
    r"|rules(?:et)?|requirements?|script|template|tsconfig|spec|recorded|recording|replay|settings|seeds?)"
    r"(?:-file|-path|-dir|-folder)?"
)
"""Options that by their name can only be about something that is read, of whichever program."""
_WRITES = regex(r"--(?:[a-z]+-)*(?:update|write|overwrite|save|generate|create|record|bless|accept|init|emit|export)\b")
_LINE = regex(r"(?::\d+)+$|\[\d[\d:,]*\]$")
"""A line or an example of a file that is chosen: ``spec/a_spec.rb:12``."""
_HOST = regex(r"(?:\w[\w-]*\.)+(?:com|org|net|io|dev|edu|gov|cloud|app|co|local|internal)/")
"""Addresses are written without their scheme, too: ``github.com/name/project``."""
_TEXT_OPTIONS = frozenset({"-e", "-f", "--regexp", "--expression", "--file", "--from-file"})
"""Options that give what is otherwise the first operand: a pattern or a script."""
_FOLDERS = frozenset({"cd", "pushd", "popd"})
_WITHOUT_FILES = frozenset({"echo", "printf", "test", "[", "[[", ":", "export", "set", "trap"})


class Naming(StrEnum):
    """How surely a word names a file or folder that has to be there."""

    SURE = "sure"
    LIKELY = "likely"  # if the tree has its folder, or files with its ending
    PART = "part"  # some path has it somewhere


@dataclass(frozen=True, slots=True)
class Target:
    """What a command reads or runs: as written, without a leading ``./``, and the folder that it counts from."""

    text: str
    folder: str = ""
    naming: Naming = Naming.SURE

    def inside(self, folder: str) -> Target:
        """The same, where the folder that it counts from lies in another one."""
        return replace(self, folder="/".join(part for part in (folder, self.folder) if part))

    @property
    def path(self) -> str:
        """From the folder in which the check begins, without what is chosen inside the file."""
        written = self.text.partition("::")[0].partition("[")[0]
        return f"{self.folder}/{written}" if self.folder else written


def targets(ran: Iterable[Invocation]) -> Iterator[Target]:
    """What the commands of one check, in their order, need and cannot have made themselves."""
    folder: str | None = ""
    begun, made = False, set[str]()
    for one in ran:
        if one.program in _FOLDERS:
            folder = _entered(folder, one)
            if folder and not _within(folder, made):
                yield Target(folder, naming=Naming.LIKELY if begun else Naming.SURE)
        elif folder is not None:
            read = [target.inside(folder) for target in _read(one, begun=begun)]
            first = {target.text: target for target in reversed(read)}  # the surest is told first
            yield from (target for target in reversed(first.values()) if not _within(target.path, made))
        made.update(f"{folder}/{path}" if folder else path for path in _made(one))
        begun = begun or _works(one)
        if one.command.operator == ")":
            folder = ""


def _entered(folder: str | None, one: Invocation) -> str | None:
    """The folder that ``cd`` leads to; None where only running it would tell."""
    words = [word.text for word in one.arguments if word.text != "--"]
    if folder is None or len(words) != 1 or not PATH.fullmatch(words[0]) or ".." in words[0]:
        return None
    entered = _plain(words[0]).rstrip("/")
    return "/".join(part for part in (folder, entered) if part not in {"", "."})


def _works(one: Invocation) -> bool:
    """Whether a command may have made something that is read behind it."""
    if one.program in PREPARING or one.program in MAKING or one.program in _WITHOUT_FILES:
        return False
    known = reader_of(one.argv, one.program)
    return known is None or not known[0].early


def _made(one: Invocation) -> Iterator[str]:
    """What a command makes by what it is told: files it is redirected to, values of options such as ``-o``."""
    words = [*(word.text for word in one.command.files if word not in one.command.inputs)]
    if one.program in MAKING and one.program not in _FOLDERS:
        words += (word.text for word in one.arguments)
    for option, word in zip(one.arguments, one.arguments[1:], strict=False):
        if PRODUCT.match(option.text) and "=" not in option.text:
            words.append(word.text)
    words += (word.text.partition("=")[2] for word in one.arguments if PRODUCT.match(word.text))
    return (_plain(word).rstrip("/") for word in words if word)


def _within(path: str, made: set[str]) -> bool:
    parts = path.split("/")
    return any("/".join(parts[: count + 1]) in made for count in range(len(parts)))


def _read(one: Invocation, *, begun: bool) -> Iterator[Target]:
    """What one command reads or runs."""
    for word in one.command.inputs:
        if _is_path(word.text):
            yield Target(_plain(word.text), naming=Naming.LIKELY if begun else Naming.SURE)
    if not one.argv or one.program in _WITHOUT_FILES or one.program in MAKING:
        return
    yield from _program(one.argv[0].text, begun=begun)
    known = reader_of(one.argv, one.program)
    if known is not None and not (known[0].early and (begun or "!" in one.through)):
        reader, words = known
        read = _arguments(reader, words)
        yield from (replace(one, naming=Naming.LIKELY) for one in read) if reader.early else read
    yield from _told(one)


def _program(text: str, *, begun: bool) -> Iterator[Target]:
    """The program itself, where it is named by its path."""
    path = _plain(text)
    if (
        not PATH.fullmatch(path)
        or path[0] == "@"
        or ".." in path
        or "/" not in text
        or (begun and not _has_ending(path))
    ):
        return
    yield Target(path, naming=Naming.SURE if text.startswith("./") else Naming.LIKELY)


def _arguments(reader: Reader, words: Iterable[Word]) -> Iterator[Target]:
    """What is read by a program that is known."""
    option, inside = "", ""
    skipped = reader.operands is not Operands.TEXT_FIRST
    for word in words:
        text, before, option = word.text, option, ""
        if text in reader.ends:
            return
        if before:
            yield from (target.inside(inside) for target in _value(reader, before, text))
            inside = _plain(text).rstrip("/") if before in reader.entered else inside
        elif text.startswith("-") and text != "-":
            name, joined, value = text.partition("=")
            yield from (target.inside(inside) for target in _value(reader, name, value))
            inside = _plain(value).rstrip("/") if name in reader.entered else inside
            option = "" if joined or name == "--" or not reader.takes_value(name) else name
            skipped = skipped or (name in _TEXT_OPTIONS and reader.takes_value(name))
        elif not skipped:
            skipped = True
        else:
            yield from (target.inside(inside) for target in _operand(reader.operands, text))
            if reader.operands is Operands.FILE_FIRST:
                return


def _value(reader: Reader, option: str, value: str) -> Iterator[Target]:
    """What an option of a known program names."""
    if (option in reader.folders and PATH.fullmatch(value) and not _HOST.match(value)) or (
        option in reader.files and _is_path(value)
    ):
        yield Target(_plain(value).rstrip("/"))


def _operand(operands: Operands, text: str) -> Iterator[Target]:
    """A word that is no option, by what the program takes it for."""
    text = _LINE.sub("", text)
    match operands:
        case Operands.FILES | Operands.FILE_FIRST | Operands.TEXT_FIRST:
            if _is_path(text.partition("::")[0]):
                yield Target(_plain(text))
        case Operands.FILTERS:
            if _is_path(text) and _has_ending(text):
                yield Target(_plain(text), naming=Naming.PART)
        case Operands.PACKAGES:
            path = _plain(text).removesuffix("...").rstrip("/")
            if PATH.fullmatch(path) and (text.startswith("./") or path.endswith(".go")) and ".." not in path:
                yield Target(path)
        case Operands.OTHER:
            return


def _told(one: Invocation) -> Iterator[Target]:
    """What any program is told to read: by an option with a speaking name, or out of a folder of fixtures."""
    if any(_WRITES.match(word.text) for word in one.arguments):
        return
    before = ""
    for word in one.arguments:
        name, joined, value = word.text.partition("=")
        option, text = (name, value) if joined and name.startswith("-") else (before, word.text)
        if one.program == "curl":
            text = text.removeprefix("@")
        if _is_path(text) and not PRODUCT.match(option):
            parts = _plain(text).split("/")
            if _READS.fullmatch(option) or (not one.searches and _FIXTURES & set(parts[:-1])):
                yield Target(_plain(text), naming=Naming.LIKELY)
        before = word.text if word.text.startswith("-") and not joined else ""


def _plain(path: str) -> str:
    return path.removeprefix("./")


def _has_ending(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name in _NAMES or ("." in name and name.rpartition(".")[2].lower() in _ENDINGS)


def _is_path(text: str) -> bool:
    """Whether a word looks like a path below the root: no pattern, address, parameter or scoped package."""
    path = _plain(text)
    if not PATH.fullmatch(path) or path[0] == "@" or ".." in path or _HOST.match(path):
        return False
    return "/" in path or _has_ending(path)

"""Requirements and constraints files as pip reads them (https://pip.pypa.io/en/stable/reference/requirements-file-format/)."""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from snapline.base.regex import regex
from snapline.verify.manifests.dependency import Dependency, Manifest, Unreadable, repository_of

_FILES = 100
_MOST = 20_000
_LONGEST_LINE = 10_000
_CODING = regex(r"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_SAFE_CODINGS = frozenset({"utf-8", "utf8", "ascii", "us-ascii", "latin-1", "latin1", "iso-8859-1"})
_COMMENT = regex(r"(?:^|\s)#.*$")
_PER_REQUIREMENT = regex(r"\s--?[A-Za-z]")
_INCLUDES = ("-r", "--requirement", "-c", "--constraint")
_INDEXES = ("-i", "--index-url", "--pypi-url", "--extra-index-url", "-f", "--find-links")
_EDITABLE = ("-e", "--editable")
_PLAIN = frozenset({"--pre", "--no-index", "--prefer-binary", "--require-hashes"})
"""Options without a value."""


def requirement(text: str, *, at_run_time: bool = True) -> Dependency:
    """One requirement (PEP 508)."""
    if len(text) > _LONGEST_LINE:
        raise Unreadable("it has a requirement of more than 10,000 characters")
    try:
        found = Requirement(text)
    except (InvalidRequirement, RecursionError) as error:
        raise Unreadable(f"it holds what is no requirement: {text[:80]!r}") from error
    name = canonicalize_name(found.name)
    extras = frozenset(canonicalize_name(one) for one in found.extras)
    return Dependency(name, _source_of(found.url or ""), extras, at_run_time, mark=found.name)


def _source_of(url: str) -> str:
    return repository_of(url) if url.startswith(("git+", "hg+", "svn+", "bzr+")) else url.partition("#")[0]


def read(manifest: Manifest) -> Iterator[Dependency]:
    """What a requirements file and all that it includes ask for."""
    yield from _Reading(manifest).of(manifest.path, manifest.text)


def included(manifest: Manifest) -> frozenset[str]:
    """The files that a requirements file includes, however deep."""
    reading = _Reading(manifest)
    for _ in reading.of(manifest.path, manifest.text):
        pass
    return frozenset(reading.seen - {manifest.path})


def read_beside(manifest: Manifest, path: str) -> Iterator[Dependency]:
    """What a requirements file asks for that a manifest of another kind names; the path is as written there."""
    yield from _Reading(manifest).include(manifest.path, path)


@dataclass
class _Reading:
    manifest: Manifest
    seen: set[str] = field(default_factory=set)
    lines: int = 0

    def of(self, path: str, text: str) -> Iterator[Dependency]:
        """The dependencies of one file, and of those that it includes."""
        self.seen.add(path)
        if len(self.seen) > _FILES:
            raise Unreadable(f"it includes more than {_FILES} files")
        _refuse_coding(text)
        for line in _lines(text):
            self.lines += 1
            if self.lines > _MOST:
                raise Unreadable(f"it asks for more than {_MOST:,} things")
            for one in self._line(path, line):
                yield one if one.where or path == self.manifest.path else replace(one, where=path)

    def include(self, path: str, target: str) -> Iterator[Dependency]:
        """The dependencies of an included file, if they were not told already."""
        if "://" in target:
            yield Dependency(f"the requirements of {target}", mark=target)
            return
        place = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        if place in self.seen:
            return
        text = None if place.startswith(("../", "/")) else self.manifest.beside(place)
        if text is None:
            raise Unreadable(f"it includes {target}, which is not there")
        yield from self.of(place, text)

    def _line(self, path: str, line: str) -> Iterator[Dependency]:
        if not line.startswith("-"):
            bare = line[: found.start()] if (found := _PER_REQUIREMENT.search(line)) else line
            yield requirement(bare) if _is_named(bare) else _unnamed(bare)
            return
        for option, value in _options(line):
            if _means(option, _INCLUDES):
                yield from self.include(path, value)
            elif _means(option, _INDEXES):
                yield Dependency(f"the index {value}", mark=value)
            elif _means(option, _EDITABLE):
                yield _unnamed(value)


def _options(line: str) -> Iterator[tuple[str, str]]:
    """The options of a line, of which there may be many, with their values."""
    try:
        words = iter(shlex.split(line))
    except ValueError as error:
        raise Unreadable(f"it has a line with an open quote: {line[:80]!r}") from error
    for word in words:
        if word in _PLAIN:
            continue
        if word.startswith("--"):
            option, equals, value = word.partition("=")
            yield option, value if equals else next(words, "")
        elif word.startswith("-"):
            yield word[:2], word[2:] or next(words, "")


def _means(option: str, known: Iterable[str]) -> bool:
    """Whether an option is one of these; pip takes the beginning of a long one for it."""
    return any(option == one or (option.startswith("--") and one.startswith(option)) for one in known)


def _refuse_coding(text: str) -> None:
    """Pip decodes a file as it asks for; in some encodings what is a comment for us is none for pip."""
    for line in text.split("\n", 2)[:2]:
        found = _CODING.match(line[:_LONGEST_LINE])
        if found and found.group(1).lower() not in _SAFE_CODINGS:
            raise Unreadable(f"it says that it is encoded in {found.group(1)}")


def _lines(text: str) -> Iterator[str]:
    """The logical lines, without comments and blank ones."""
    ahead: list[str] = []
    for line in [*text.splitlines(), ""]:
        if len(line) > _LONGEST_LINE:
            raise Unreadable("it has a line of more than 10,000 characters")
        if line.endswith("\\") and not line.lstrip().startswith("#"):
            ahead.append(line[:-1])
            continue
        whole = _COMMENT.sub("", " ".join([*ahead, line])).strip()
        ahead.clear()
        if len(whole) > _LONGEST_LINE * 10:
            raise Unreadable("it has a line that is continued for more than 100,000 characters")
        if whole:
            yield whole


def _is_named(text: str) -> bool:
    """Whether a line names a project; a path, an archive or a URL does not."""
    head = text.partition("@")[0].partition(";")[0].strip()
    return (
        not head.startswith(".")
        and "/" not in head
        and "\\" not in head
        and not head.endswith((".whl", ".zip", ".tar.gz", ".tgz", ".tar.bz2"))
    )


def _unnamed(text: str) -> Dependency:
    if "://" in text:
        _, at, url = text.partition(" @ ")
        place = repository_of(_source_of(url if at else text))
        return Dependency(place, mark=place.rpartition("/")[2])
    place, _, extras = text.partition(";")[0].strip().removesuffix("]").partition("[")
    return Dependency(place, extras=frozenset(extras.replace(" ", "").split(",")) - {""}, mark=text.strip())

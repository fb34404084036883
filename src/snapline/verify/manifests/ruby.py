"""Gemfile, gemspecs and Gemfile.lock. The first two are programs: what they say in literals is read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from snapline.base.regex import regex
from snapline.verify.manifests.dependency import Dependency, Manifest, Unreadable, repository_of

_LONGEST_LINE = 10_000
_GEM = regex(r"""\bgem\b[\s(]*(?:'([^']+)'|"([^"#]+)"|([^;]+))""")
_SPEC = regex(r"""\.add_(runtime_|development_)?dependency\b[\s(]*(?:%q[<(\[{])?['"]?([^\s'",>)\]}]+)""")
_PLACE = regex(r"""\b(git|github|gist|bitbucket|gitlab|path|source)(?::\s*|"?\s*=>\s*)['"]([^'"]+)['"]""")
_SOURCE = regex(r"""\s*(source|git|github|path|gemspec|eval_gemfile|instance_eval|plugin)\b[\s(]*['"]?([^'",)]*)""")
_CODE = regex(r"""(?:[^'"#]|'[^']*'|"[^"]*")*(?:['"].*)?""")
_REMOTE = regex(r"  remote: (.*)")
_LOCKED = regex(r"    ([^\s(!]+)(?: \(.*\))?!?")
_ASKED = regex(r"  ([^\s(!]+)(?: \(.*\))?!?")
_SECTIONS = frozenset({"GIT", "PATH", "GEM", "PLUGIN SOURCE"})


def _lines(text: str) -> Iterator[str]:
    ahead = ""
    for line in [*text.splitlines(), ""]:
        if len(line) + len(ahead) > _LONGEST_LINE:
            raise Unreadable("it has a line of more than 10,000 characters")
        code = _CODE.match(line)
        whole = f"{ahead} {code.group().strip() if code else ''}".strip()
        if line and whole.endswith((",", "\\", "(")):
            ahead = whole.removesuffix("\\")
            continue
        ahead = ""
        if whole:
            yield whole


def read(manifest: Manifest) -> Iterator[Dependency]:
    """A Gemfile: gems, and what else brings some in. A gem that is not named by a literal is told as it is written."""
    for line in _lines(manifest.text):
        gems = list(_GEM.finditer(line))
        for found, following in zip_longest(gems, gems[1:]):
            name = found.group(1) or found.group(2) or f"gem {' '.join(found.group(3).split())}"
            place = _PLACE.search(line, found.end(), following.start() if following else len(line))
            source = f"{place.group(1)} {repository_of(place.group(2))}" if place else ""
            yield Dependency(name, source, mark=found.group(1) or found.group(2) or found.group(3).strip())
        if gems:
            continue
        if found := _SOURCE.match(line):
            kind, value = found.groups()
            yield Dependency(f"{kind} {repository_of(value.strip())}".strip(), mark=value.strip() or kind)


def read_spec(manifest: Manifest) -> Iterator[Dependency]:
    """A gemspec."""
    for line in _lines(manifest.text):
        for found in _SPEC.finditer(line):
            yield Dependency(found.group(2), at_run_time=found.group(1) != "development_")


def read_lock(manifest: Manifest) -> Iterator[Dependency]:
    """A Gemfile.lock: the gems with where they come from, and those that are asked for."""
    section, remote = "", ""
    for line in manifest.text.splitlines():
        if line.startswith(("<<<<<<<", "=======", ">>>>>>>")):
            raise Unreadable("it holds the marks of a conflict")
        if line and not line.startswith(" "):
            section, remote = line.strip(), ""
        elif section in _SECTIONS and (found := _REMOTE.fullmatch(line)):
            remote = f"{section.lower()} {repository_of(found.group(1).strip())}"
        elif section in _SECTIONS and (found := _LOCKED.fullmatch(line)):
            # A platform is part of a version: `nokogiri (1.16.0-x86_64-linux)`.
            yield Dependency(found.group(1), remote)
        elif section == "DEPENDENCIES" and (found := _ASKED.fullmatch(line)):
            yield Dependency(f"{found.group(1)}, asked for", mark=found.group(1))

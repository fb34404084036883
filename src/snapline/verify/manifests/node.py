"""The manifests and lock files of npm, pnpm and Yarn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from snapline.base.regex import regex
from snapline.verify.manifests.dependency import Dependency, Manifest, Unreadable, repository_of
from snapline.verify.manifests.documents import json_of, listed, table, word, yaml_of

_RUN_TIME = ("dependencies", "optionalDependencies", "peerDependencies")
_BUNDLED = ("bundledDependencies", "bundleDependencies")
_RANGE = regex(r"[\w\s.^~<>=|*+-]*")
_GITHUB = regex(r"[\w.-]+/[\w.-]+(?:#.*)?")
_GIT = regex(r"git[+:@]|ssh:|.*\.git(?:#|$)")
_TARBALL = regex(r"(https?://.+?)/((?:@[^/]+/)?[^/]+)/-/[^/]+$")
_HEADER = regex(r'(?:"(?:[^"\\]|\\.)*"|[^",:\s][^",]*?)(?:, (?:"(?:[^"\\]|\\.)*"|[^",:\s][^",]*?))*:$')
_HEADER_NAME = regex(r'"((?:[^"\\]|\\.)*)"|([^",\s][^",]*?)(?=,|:$)')
_FIELD = regex(r"""  (?:resolved|resolution):? "?([^"]*)"?$""")
_PEERS = regex(r"[(_].*$")
_LONGEST_LINE = 10_000
_OLD_PNPM = 6
_ONE_REGISTRY = ("://registry.yarnpkg.com", "://registry.npmjs.org")
"""Two names of the same machines; lock files of Yarn mix them."""


def read_package(manifest: Manifest) -> Iterator[Dependency]:
    """A package.json."""
    data = json_of(manifest.text)
    for key in _RUN_TIME:
        yield from _ranges(table(data, key), at_run_time=True)
    yield from _ranges(table(data, "devDependencies"), at_run_time=False)
    for key in _BUNDLED:
        bundled = data.get(key)
        if not isinstance(bundled, bool):
            yield from (Dependency(str(name)) for name in listed(data, key))
    yield from _overrides(table(data, "overrides"))
    yield from _overrides(table(data, "resolutions"))
    yield from _overrides(table(data, "pnpm", "overrides"))


def read_workspace(manifest: Manifest) -> Iterator[Dependency]:
    """A pnpm-workspace.yaml: its catalogs and overrides."""
    data = _mapping(yaml_of(manifest.text))
    yield from _ranges(table(data, "catalog"), at_run_time=True)
    catalogs = table(data, "catalogs")
    for name in catalogs:
        yield from _ranges(table(catalogs, name), at_run_time=True)
    yield from _overrides(table(data, "overrides"))


def _mapping(data: object) -> dict[str, Any]:
    if isinstance(data, dict):
        return data
    if data in ("", None):
        return {}
    raise Unreadable("it is not a mapping")


def _ranges(declared: Mapping[str, Any], *, at_run_time: bool) -> Iterator[Dependency]:
    for name, value in declared.items():
        if not isinstance(value, str):
            raise Unreadable(f"the version of `{name}` is no text")
        yield Dependency(name, source_of(value), at_run_time=at_run_time, mark=f'"{name}"')


def _overrides(declared: Mapping[str, Any]) -> Iterator[Dependency]:
    """Overrides name what is there already; what counts is another package, or another source, put in its place."""
    ahead = list(declared.items())
    while ahead:
        key, value = ahead.pop()
        if isinstance(value, dict):
            ahead += value.items()
        elif source := source_of(str(value)):
            yield Dependency(key, source, mark=f'"{key}"')


def source_of(value: str) -> str:
    """Where a version says that the package comes from; empty for a range of the registry's versions."""
    value = value.strip()
    if _RANGE.fullmatch(value) or value.startswith(("catalog:", "$")):
        return ""
    if value.startswith("npm:"):
        inner = value.removeprefix("npm:")
        return "" if _RANGE.fullmatch(inner) else f"npm:{_name_of(inner)}"
    if value.startswith("workspace:"):
        return "the workspace"
    if _GITHUB.fullmatch(value):
        return f"github:{value.partition('#')[0]}"
    return repository_of(value) if _GIT.match(value) else value.partition("#")[0]


def _name_of(descriptor: str) -> str:
    """The name in ``name@version``; a scope begins with the same character."""
    return descriptor[:1] + descriptor[1:].partition("@")[0]


def _registry_of(name: str, resolved: str) -> str:
    """Where a locked package is fetched from: the registry, if the archive lies where registries keep this name."""
    found = _TARBALL.match(resolved)
    if found and found.group(2).replace("%2f", "/") == name:
        return found.group(1).replace(*_ONE_REGISTRY)
    return source_of(resolved)


def read_lock(manifest: Manifest) -> Iterator[Dependency]:
    """A package-lock.json or npm-shrinkwrap.json of any version."""
    data = json_of(manifest.text)
    for path, package in table(data, "packages").items():
        if path and isinstance(package, dict) and "node_modules/" in path:
            name = word(package, "name") or path.rpartition("node_modules/")[2]
            yield _locked(name, package, path)
    ahead = [table(data, "dependencies")]
    while ahead:
        for name, package in ahead.pop().items():
            if not isinstance(package, dict):
                raise Unreadable(f"`{name}` is no object")
            yield _locked(name, package, name)
            ahead.append(table(package, "dependencies"))


def _locked(name: str, package: Mapping[str, Any], mark: str) -> Dependency:
    resolved = package.get("resolved")
    place = _registry_of(name, resolved) if isinstance(resolved, str) else source_of(word(package, "version"))
    return Dependency(name, place, mark=f'"{mark}"')


def read_pnpm_lock(manifest: Manifest) -> Iterator[Dependency]:
    """A pnpm-lock.yaml of any version."""
    data = _mapping(yaml_of(manifest.text))
    version = word(data, "lockfileVersion").partition(".")[0]
    old = version.isdigit() and int(version[:3]) < _OLD_PNPM
    for key, package in table(data, "packages").items():
        said = package if isinstance(package, dict) else {}
        name, rest = _pnpm_name(key, old=old)
        resolution = table(said, "resolution")
        place = word(resolution, "tarball") or repository_of(word(resolution, "repo")) or source_of(rest)
        yield Dependency(word(said, "name") or name, _registry_of(name, place), mark=key)


def _pnpm_name(key: str, *, old: bool) -> tuple[str, str]:
    """The name and the rest of a key: ``/name/1.0.0_peers`` before version 6, ``name@1.0.0(peers)`` since."""
    plain = key.removeprefix("/")
    if old:
        name, _, version = plain.rpartition("/")
        return name, _PEERS.sub("", version)
    name = _name_of(plain.partition("(")[0])
    return name, plain.partition("(")[0][len(name) + 1 :]


def read_yarn_lock(manifest: Manifest) -> Iterator[Dependency]:
    """A yarn.lock, of the first version or of Berry: unindented lines name packages, indented ones tell of them."""
    names: list[str] = []
    for line in manifest.text.splitlines():
        if len(line) > _LONGEST_LINE:
            raise Unreadable("it has a line of more than 10,000 characters")
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not line.startswith(" "):
            if not _HEADER.fullmatch(line.rstrip()):
                raise Unreadable(f"it has a line that names no package: {line[:80]!r}")
            found = _HEADER_NAME.finditer(line.rstrip())
            names = [one.group(1) or one.group(2) or "" for one in found]
            yield from _described(names)
        elif field := _FIELD.match(line):
            yield from _resolved(names, field.group(1))


def _described(names: list[str]) -> Iterator[Dependency]:
    for one in names:
        if one not in ("__metadata", ""):
            name = _name_of(one)
            yield Dependency(name, source_of(one[len(name) + 1 :]), mark=one)


def _resolved(names: list[str], place: str) -> Iterator[Dependency]:
    """The source of an entry: a URL in the first version, a locator in Berry."""
    if "://" not in place.partition("#")[0] or place.startswith("@") or "@" in place.partition(":")[0]:
        name = _name_of(place)
        yield Dependency(name, source_of(place[len(name) + 1 :]), mark=place)
        return
    asked = [(_name_of(one), source_of(one[len(_name_of(one)) + 1 :])) for one in names]
    # An alias is fetched under the other name; the registry is what is left where one of them fits.
    fitting = {name for pair in asked for name in (pair[0], pair[1].removeprefix("npm:"))}
    source = min((_registry_of(name, place.partition("#")[0]) for name in fitting), key=len, default="")
    yield from (Dependency(name, source, mark=place) for name in dict.fromkeys(name for name, _ in asked))

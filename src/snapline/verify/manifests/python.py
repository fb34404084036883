"""The manifests and lock files of Python: pyproject.toml with its tools' tables, Pipfile, and lock files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from packaging.utils import canonicalize_name

from snapline.verify.manifests import requirements
from snapline.verify.manifests.dependency import Dependency, Manifest, Unreadable, host_of, is_here, repository_of
from snapline.verify.manifests.documents import json_of, listed, table, tables, toml_of, word
from snapline.verify.manifests.requirements import requirement

_PLACES = ("git", "hg", "svn", "url", "path", "file", "index", "source", "registry", "virtual", "editable", "directory")
_VCS = ("git", "hg", "svn", "ref")


def read_pyproject(manifest: Manifest) -> Iterator[Dependency]:
    """The standard tables (PEP 518, 621, 735) and those of Poetry, uv, PDM, Hatch and setuptools."""
    data = toml_of(manifest.text)
    yield from _requirements(listed(table(data, "build-system"), "requires"), at_run_time=False)
    project = table(data, "project")
    yield from _requirements(listed(project, "dependencies"))
    yield from _groups(table(project, "optional-dependencies"))
    yield from _groups(table(data, "dependency-groups"))
    tool = table(data, "tool")
    yield from _poetry(table(tool, "poetry"))
    yield from _uv(table(tool, "uv"))
    yield from _groups(table(tool, "pdm", "dev-dependencies"))
    for one in tables(table(tool, "pdm"), "source"):
        yield _index(word(one, "url"))
    for environment in table(tool, "hatch", "envs").values():
        if isinstance(environment, dict):
            for key in ("dependencies", "extra-dependencies"):
                yield from _requirements(listed(environment, key), at_run_time=False)
    yield from _dynamic(manifest, table(tool, "setuptools", "dynamic"))


def files_of(manifest: Manifest) -> frozenset[str]:
    """The requirements files that a pyproject.toml names, and all that those include."""
    named = _dynamic_files(table(toml_of(manifest.text), "tool", "setuptools", "dynamic"))
    asked: set[str] = set()

    def beside(path: str) -> str | None:
        asked.add(path)
        return manifest.beside(path)

    for path in named:
        for _ in requirements.read_beside(Manifest(manifest.path, "", beside), path):
            pass
    return frozenset(asked)


def _requirements(texts: Iterable[Any], *, at_run_time: bool = True) -> Iterator[Dependency]:
    for one in texts:
        if not isinstance(one, str):
            raise Unreadable("a list of requirements holds something else than texts")
        yield requirement(one, at_run_time=at_run_time)


def _groups(groups: Mapping[str, Any]) -> Iterator[Dependency]:
    for name in groups:
        # `{include-group = ...}` repeats what is told anyway.
        texts = (one for one in listed(groups, name) if not isinstance(one, dict))
        yield from _requirements((_plain(one) for one in texts), at_run_time=False)


def _plain(text: object) -> object:
    """PDM writes editable requirements with pip's option in front."""
    return text.removeprefix("-e ").strip() if isinstance(text, str) else text


def _poetry(poetry: Mapping[str, Any]) -> Iterator[Dependency]:
    yield from _named(table(poetry, "dependencies"), at_run_time=True)
    for key in ("dev-dependencies", "requires-plugins"):
        yield from _named(table(poetry, key), at_run_time=False)
    groups = table(poetry, "group")
    for name in groups:
        yield from _named(table(groups, name, "dependencies"), at_run_time=False)
    for one in tables(poetry, "source"):
        yield _index(word(one, "url") or word(one, "name"))


def _named(declared: Mapping[str, Any], *, at_run_time: bool) -> Iterator[Dependency]:
    """Dependencies by name, each with a version, a table, or a list of tables."""
    for name, value in declared.items():
        if name.lower() == "python":
            continue
        for one in value if isinstance(value, list) else [value]:
            if not isinstance(one, str | dict):
                raise Unreadable(f"`{name}` is neither a version nor a table")
            said = one if isinstance(one, dict) else {}
            yield Dependency(
                canonicalize_name(name),
                _place(said),
                frozenset(canonicalize_name(str(extra)) for extra in listed(said, "extras")),
                at_run_time and said.get("optional") is not True,
                mark=name,
            )


def _place(said: Mapping[str, Any]) -> str:
    """Where a table says that something comes from; empty for the default."""
    for key in _PLACES:
        found = said.get(key)
        if isinstance(found, str):
            return f"{key}+{repository_of(found)}" if key in _VCS else found.partition("#")[0]
        if found is not None and key != "file":
            return str(found)
    return ""


def _index(url: str) -> Dependency:
    return Dependency(f"the index {url}", mark=url)


def _uv(uv: Mapping[str, Any]) -> Iterator[Dependency]:
    for key in ("dev-dependencies", "override-dependencies", "build-constraint-dependencies"):
        yield from _requirements(listed(uv, key), at_run_time=False)
    yield from _groups(table(uv, "extra-build-dependencies"))
    yield from _named(table(uv, "sources"), at_run_time=False)
    for one in tables(uv, "index"):
        yield _index(word(one, "url"))
    for key in ("index-url", "extra-index-url", "find-links"):
        value = uv.get(key)
        for url in value if isinstance(value, list) else [value]:
            if url is not None:
                yield _index(str(url))


def _dynamic(manifest: Manifest, dynamic: Mapping[str, Any]) -> Iterator[Dependency]:
    for path in _dynamic_files(dynamic):
        yield from requirements.read_beside(manifest, path)


def _dynamic_files(dynamic: Mapping[str, Any]) -> Iterator[str]:
    optional = table(dynamic, "optional-dependencies")
    for one in (dynamic.get("dependencies"), *optional.values()):
        files = one.get("file") if isinstance(one, dict) else None
        yield from (str(path) for path in (files if isinstance(files, list) else [files]) if path is not None)


def read_lock(manifest: Manifest) -> Iterator[Dependency]:
    """poetry.lock, uv.lock, pdm.lock and pylock.toml: packages with where they, and their files, come from."""
    data = toml_of(manifest.text)
    for package in (*tables(data, "package"), *tables(data, "packages")):
        source = package.get("source")
        origin = source if isinstance(source, dict) else package
        if any(is_here(origin.get(key)) for key in ("editable", "virtual", "directory")):
            continue
        name, asked = word(package, "name"), package.get("extras")
        # PDM lists the extras that are asked for; for Poetry the key is a table of those that there are.
        extras = frozenset(map(str, asked)) if isinstance(asked, list) else frozenset()
        for place in dict.fromkeys([_locked_place(origin), *_hosts(package)]):
            yield Dependency(canonicalize_name(name), place, extras, mark=f'name = "{name}"')


def _locked_place(origin: Mapping[str, Any]) -> str:
    """Poetry says a type and a URL, PyPA's format nests a table, the others name the kind of place."""
    for key in ("vcs", "archive", "directory"):
        inner = origin.get(key)
        if isinstance(inner, dict):
            return repository_of(word(inner, "url") or word(inner, "path"))
    if isinstance(origin.get("type"), str):
        return f"{origin['type']}+{repository_of(word(origin, 'url'))}"
    return _place(origin)


def _hosts(package: Mapping[str, Any]) -> Iterator[str]:
    """Where the files of a package are fetched from, if it says so."""
    files = [package.get("sdist"), *listed(package, "wheels"), *listed(package, "files")]
    for one in files:
        url = one.get("url") if isinstance(one, dict) else None
        if isinstance(url, str) and host_of(url):
            yield f"files on {host_of(url)}"


def read_pipfile(manifest: Manifest) -> Iterator[Dependency]:
    """A Pipfile: every table but a few holds packages."""
    data = toml_of(manifest.text)
    for one in tables(data, "source"):
        yield _index(word(one, "url"))
    for key in data:
        if key not in ("source", "requires", "scripts", "pipenv"):
            yield from _named(table(data, key), at_run_time=key == "packages")


def read_pipfile_lock(manifest: Manifest) -> Iterator[Dependency]:
    """A Pipfile.lock."""
    data = json_of(manifest.text)
    for one in tables(table(data, "_meta"), "sources"):
        yield _index(word(one, "url"))
    for key in data:
        if key != "_meta":
            yield from _named(table(data, key), at_run_time=key == "default")

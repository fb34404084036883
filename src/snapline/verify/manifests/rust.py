"""Cargo.toml and Cargo.lock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from snapline.verify.manifests.dependency import Dependency, Manifest, Unreadable, repository_of
from snapline.verify.manifests.documents import listed, table, tables, toml_of, word

_SECTIONS = ("dependencies", "dev-dependencies", "dev_dependencies", "build-dependencies", "build_dependencies")


def read(manifest: Manifest) -> Iterator[Dependency]:
    """A Cargo.toml: the dependencies of the package, of its targets and of the workspace, and what replaces them."""
    data = toml_of(manifest.text)
    targets = table(data, "target")
    for place in (data, table(data, "workspace"), *(table(targets, name) for name in targets)):
        for section in _SECTIONS:
            yield from _declared(table(place, section), at_run_time=section == "dependencies")
    patches = table(data, "patch")
    for name in patches:
        yield from _declared(table(patches, name), at_run_time=True)
    yield from _declared(table(data, "replace"), at_run_time=True)


def _declared(declared: Mapping[str, Any], *, at_run_time: bool) -> Iterator[Dependency]:
    for key, value in declared.items():
        if not isinstance(value, str | dict):
            raise Unreadable(f"`{key}` is neither a version nor a table")
        said = value if isinstance(value, dict) else {}
        features = frozenset(map(str, listed(said, "features")))
        defaults = said.get("default-features", said.get("default_features"))
        # What is inherited from the workspace has the workspace's features.
        asked = features if defaults is False or "workspace" in said else features | {"default"}
        name = word(said, "package") or key.partition(":")[0]
        yield Dependency(_name(name), _place(said), asked, at_run_time and said.get("optional") is not True, mark=key)


def _name(name: str) -> str:
    return name.replace("_", "-").lower()


def _place(said: Mapping[str, Any]) -> str:
    if git := word(said, "git"):
        return f"git+{repository_of(git)}"
    for key in ("path", "registry", "registry-index"):
        if found := word(said, key):
            return f"{key} {found}"
    return ""


def read_lock(manifest: Manifest) -> Iterator[Dependency]:
    """A Cargo.lock; a package without a source is the workspace's own."""
    for package in tables(toml_of(manifest.text), "package"):
        source, name = word(package, "source"), word(package, "name")
        if source:
            yield Dependency(_name(name), repository_of(source), mark=f'name = "{name}"')

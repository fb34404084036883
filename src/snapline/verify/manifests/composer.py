"""composer.json and composer.lock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from snapline.verify.manifests.dependency import Dependency, Manifest, Unreadable, repository_of
from snapline.verify.manifests.documents import json_of, table, tables, word


def read(manifest: Manifest) -> Iterator[Dependency]:
    """A composer.json: packages, extensions of PHP too, and repositories."""
    data = json_of(manifest.text)
    for key, at_run_time in (("require", True), ("require-dev", False)):
        for name in table(data, key):
            yield Dependency(name.lower(), at_run_time=at_run_time, mark=f'"{name}"')
    repositories = data.get("repositories")
    listed = repositories.values() if isinstance(repositories, dict) else repositories or []
    if not isinstance(listed, list) and not isinstance(repositories, dict):
        raise Unreadable("`repositories` is no list")
    for one in listed:
        if isinstance(one, dict) and (place := word(one, "url") or word(table(one, "package"), "name")):
            yield Dependency(f"the repository {place}", mark=place)


def read_lock(manifest: Manifest) -> Iterator[Dependency]:
    """A composer.lock."""
    data = json_of(manifest.text)
    for key, at_run_time in (("packages", True), ("packages-dev", False)):
        for package in tables(data, key):
            name = word(package, "name")
            for place in sorted(_places(package)):
                yield Dependency(name.lower(), place, at_run_time=at_run_time, mark=f'"{name}"')


def _places(package: Mapping[str, Any]) -> set[str]:
    """The repository and the archive of a package, without what names a version."""
    source, dist = table(package, "source"), table(package, "dist")
    archive, reference = word(dist, "url"), word(dist, "reference")
    plain = archive.replace(reference, "") if reference else archive
    return {repository_of(word(source, "url")), plain.rstrip("/")} - {""} or {""}

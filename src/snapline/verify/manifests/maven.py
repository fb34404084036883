"""pom.xml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from snapline.base.regex import regex
from snapline.verify.manifests.dependency import Dependency, Manifest
from snapline.verify.manifests.documents import Element, xml_of

_PROPERTY = regex(r"\$\{([^{}$]{1,200})\}")
_ROUNDS = 4
_LONGEST = 500
_PLUGINS = "org.apache.maven.plugins"
_LATER = frozenset({"test", "provided"})


def read(manifest: Manifest) -> Iterator[Dependency]:
    """Whatever has coordinates: dependencies, managed ones, plugins, extensions, the parent; and repositories."""
    elements = xml_of(manifest.text)
    properties = {one.path[-1]: one.text[:_LONGEST] for one in elements if "properties" in one.path[-2:-1]}
    for one in elements:
        tag, said = one.path[-1], one.children
        if tag in ("repository", "pluginRepository") and said.get("url"):
            url = _filled(said["url"], properties)
            yield Dependency(f"the repository {url}", mark=said["url"])
        elif len(one.path) > 1 and tag != "exclusion" and "artifactId" in said and ("groupId" in said or _default(one)):
            yield _coordinates(one, properties)


def _default(element: Element) -> bool:
    """Whether the group may be left out."""
    return element.path[-1] == "plugin"


def _coordinates(element: Element, properties: Mapping[str, str]) -> Dependency:
    said = element.children
    group, artifact = (_filled(said.get(key, ""), properties) for key in ("groupId", "artifactId"))
    parts = (_filled(said.get(key, ""), properties) for key in ("classifier", "type"))
    return Dependency(
        f"{group or _PLUGINS}:{artifact}",
        _filled(said.get("systemPath", ""), properties),
        frozenset(parts) - {"", "jar"},
        # What is managed is named, but not used until something depends on it.
        said.get("scope", "") not in _LATER and "dependencyManagement" not in element.path,
        mark=said["artifactId"],
    )


def _filled(text: str, properties: Mapping[str, str]) -> str:
    """The text with the properties of the same file put in, as far as they are told there."""
    for _ in range(_ROUNDS):
        filled = _PROPERTY.sub(lambda found: properties.get(found.group(1), found.group()), text[:_LONGEST])
        if filled == text:
            break
        text = filled
    return text.strip()

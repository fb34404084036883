"""Pairs of manifests, before and after a change, with what the change adds."""

from __future__ import annotations

import json
from collections.abc import Mapping

from snapline.verify.manifests.dependency import Manifest, added
from snapline.verify.manifests.known import reader_of

Row = tuple[str, str, str, list[str]]


def swap(path: str, text: str, old: str, new: str, *told: str) -> Row:
    """A manifest in which one text stands for another."""
    assert old in text
    return path, text, text.replace(old, new, 1), list(told)


def edit(path: str, data: Mapping[str, object], keys: str, value: object, *told: str) -> Row:
    """A JSON manifest in which the value below these keys is another; a dictionary is merged."""
    text = json.dumps(data, indent=2)
    changed = json.loads(text)
    place = changed
    *ahead, last = keys.split("/")
    for key in ahead:
        place = place[int(key) if isinstance(place, list) else key]
    last_key = int(last) if isinstance(place, list) else last
    old = place.get(last_key) if isinstance(place, dict) else place[last_key]
    place[last_key] = {**old, **value} if isinstance(old, dict) and isinstance(value, dict) else value
    return path, text, json.dumps(changed), list(told)


def news(path: str, before: str, after: str) -> list[str]:
    """What a change of a manifest adds, beside a file `more.txt`."""
    reader = reader_of(path)
    assert reader is not None
    beside = {"more.txt": "evil\nrequests\n"}.get
    read = [list(reader(Manifest(path, text, beside))) for text in (before, after)]
    return [what for _, what in added(*read)]

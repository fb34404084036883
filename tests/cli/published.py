"""Every JSON document that a test sees a verb print, held against its published schema: nothing more, nothing less."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped] # the package has no types

from snapline.cli.schemas import find_schema, schema

_NAMES = {
    "show": ("spec", "prompt"),
    "spec": ("spec-mv", "spec-renumber"),
    "init": ("init", "merge-driver"),
    "attest": ("attest-show", "attest-verify", "attest-key", "attestation", "checkpoint", "key"),
    "rule": ("rule", "rules"),
    "schema": ("schemas",),
    "run": ("runs",),
    "status": ("runs",),
    "accept": ("runs",),
    "reject": ("runs",),
}


def check_document(arguments: Sequence[str], document: Any) -> None:  # noqa: ANN401 - a JSON document
    """Fail, if what a command line printed is not what is published for its verb."""
    if "$schema" in document:
        Draft202012Validator.check_schema(document)
        return
    verb = next(one for one in arguments if not one.startswith("-"))
    names = ("error",) if "error" in document else _NAMES.get(verb, (verb,))
    faults = {name: sorted(validator(name).iter_errors(document), key=lambda one: one.json_path) for name in names}
    if all(faults.values()):
        said = [f"{name}: {one.json_path}: {one.message[:300]}" for name, found in faults.items() for one in found]
        raise AssertionError("\n".join([f"{' '.join(arguments)} prints what is not published:", *said]))


@cache
def validator(name: str) -> Draft202012Validator:
    """What holds a document against a schema, and refuses what the schema does not name."""
    found = find_schema(name)
    assert found is not None, f"there is no schema {name}"
    return Draft202012Validator(_closed(schema(found)))


def _closed(part: Any) -> Any:  # noqa: ANN401 - a part of a schema
    if isinstance(part, list):
        return [_closed(one) for one in part]
    if not isinstance(part, dict):
        return part
    inner = {key: _closed(one) for key, one in part.items()}
    if part.get("type") == "object" and isinstance(part.get("properties"), dict) and "description" in part:
        inner.setdefault("additionalProperties", False)
    return inner

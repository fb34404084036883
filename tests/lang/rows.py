"""The rows of the language: each promise of it with the part of the code that keeps it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass

from tests.lang.pages import CASES


@dataclass(frozen=True)
class Row:
    """One row: what it says, which handler it rests on, and what that is put in the handler's place to disable it."""

    name: str
    says: str
    handler: str
    put: str | None = None


def rows() -> dict[str, Row]:
    """All rows by name."""
    with (CASES / "rows.toml").open("rb") as file:
        groups = tomllib.load(file)
    found = [_row(f"{group}.{name}", fields) for group, named in groups.items() for name, fields in named.items()]
    return {row.name: row for row in found}


def _row(name: str, fields: dict[str, str]) -> Row:
    return Row(name, fields["says"], fields["handler"], fields.get("put"))

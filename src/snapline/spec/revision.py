"""The revision of a spec: a digest of what it means, not of how it is laid out (spec language, section 8)."""

from __future__ import annotations

from typing import Any

import msgspec

from snapline.base.digest import of_value
from snapline.base.ids import RevisionId
from snapline.spec.model import Check, Clause, Options, Section, Spec

FORMAT = 1
"""Changes when the canonical form does; it is hashed, so that old and new revisions cannot be confused."""


def revision(spec: Spec) -> RevisionId:
    """SHA-256 of the canonical model, 64 hex digits."""
    return RevisionId(of_value(canonical(spec)))


def canonical(spec: Spec) -> dict[str, Any]:
    """What is hashed, as JSON values: owner, priority and labels are not part of it."""
    return {
        "format": FORMAT,
        **canonical_front(spec),
        "sections": [_section(section) for section in spec.sections],
    }


def canonical_front(spec: Spec) -> dict[str, Any]:
    """What is hashed of a spec besides its sections."""
    return {
        "id": spec.id,
        "title": spec.title,
        "lang": spec.front.lang,
        "lane": spec.front.lane,
        "after": list(spec.front.after),
        "supersedes": list(spec.front.supersedes),
    }


def _section(section: Section) -> dict[str, Any]:
    if section.clauses or section.notes:
        return {
            "name": section.kind.value if section.kind else section.name,
            "clauses": [canonical_clause(clause) for clause in section.clauses],
            "notes": [note.text for note in section.notes],
        }
    return {"name": section.kind.value if section.kind else section.name, "prose": section.prose}


def canonical_clause(clause: Clause) -> dict[str, Any]:
    """What is hashed of a clause."""
    return {
        "id": clause.id,
        "text": clause.text,
        "options": _options(clause.options),
        "checks": [_check(check) for check in clause.checks],
        "code": [code.text for code in clause.code],
    }


def _check(check: Check) -> dict[str, Any]:
    return {
        "kind": check.kind.value,
        "text": check.text,
        "language": check.language,
        "options": _options(check.options),
    }


def _options(options: Options) -> dict[str, Any]:
    """The options that are set; an absent one and its default are the same."""
    values = msgspec.structs.asdict(options)
    return {name: value for name, value in values.items() if value not in (None, False, ())}

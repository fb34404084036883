"""JSON Schema (2020-12) of the configuration and of every document, made from the types that they are."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from enum import Enum
from typing import Annotated, Any, Literal, NewType, Union, get_args, get_origin, get_type_hints

import msgspec

from snapline.app.audit.report import Audit
from snapline.app.demo.report import DemoReport
from snapline.app.proving.report import ProofReport
from snapline.app.settings import Config
from snapline.base.text import Span
from snapline.cli import documents, trustdocuments, workdocuments
from snapline.recover.report import RollbackReport
from snapline.review.packet import Packet
from snapline.spec.model import Clause
from snapline.store.checkpoints import Checkpoint
from snapline.store.keys import KeyStatement
from snapline.verify.attestation import Attestation
from snapline.verify.report import Report

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PLAIN: Mapping[Any, dict[str, Any]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    type(None): {"type": "null"},
    Any: {},
}


@dataclass(frozen=True)
class Published:
    """One schema: its name, what it describes, and the type that the document is."""

    name: str
    about: str
    shape: type
    closed: bool = False


PUBLISHED = (
    Published("config", "`snapline.toml`", Config, closed=True),
    Published("spec", "`snapline show SPEC --json`: the model of a spec", documents.SpecModel),
    Published("prompt", "`snapline show SPEC --prompt --json`", documents.Prompt),
    Published("lint", "`snapline lint --json`", documents.Lint),
    Published("rules", "`snapline rule --json`", documents.Rules),
    Published("rule", "`snapline rule CODE --json`", documents.RulePage),
    Published("schemas", "`snapline schema --json`", documents.Schemas),
    Published("fmt", "`snapline fmt --json`", workdocuments.Fmt),
    Published("diff", "`snapline diff --json`", workdocuments.Diff),
    Published("merge", "`snapline merge --json`", workdocuments.Merge),
    Published("spec-mv", "`snapline spec mv --json`", workdocuments.SpecMoved),
    Published("spec-renumber", "`snapline spec renumber --json`", workdocuments.SpecRenumbered),
    Published("new", "`snapline new --json`", workdocuments.New),
    Published("init", "`snapline init --json`", workdocuments.Init),
    Published("merge-driver", "`snapline init --merge-driver --json`", workdocuments.MergeDriver),
    Published("doctor", "`snapline doctor --json`", workdocuments.Doctor),
    Published("plan", "`snapline plan --json`", workdocuments.PlanDocument),
    Published("approve", "`snapline approve --json`", workdocuments.Approve),
    Published("runs", "`snapline run`, `status`, `accept` and `reject` with `--json`", workdocuments.Runs),
    Published("log", "`snapline log --json`", workdocuments.Log),
    Published("verify", "`snapline verify --json`", Report),
    Published("review", "`snapline review --json`", Packet),
    Published("rollback", "`snapline rollback --json`", RollbackReport),
    Published("attest-show", "`snapline attest show --json`", trustdocuments.AttestShow),
    Published("attest-verify", "`snapline attest verify --json`", trustdocuments.AttestVerify),
    Published("attest-key", "`snapline attest key --json`", trustdocuments.AttestKey),
    Published("audit", "`snapline audit --json`", Audit),
    Published("attestation", "the predicate of an attestation", Attestation),
    Published("checkpoint", "the predicate of a checkpoint of the ledgers", Checkpoint),
    Published("key", "the predicate of the statement of a key", KeyStatement),
    Published("sync", "`snapline sync --json`", workdocuments.Sync),
    Published("prove", "`snapline prove --json`", ProofReport),
    Published("demo", "`snapline demo --json`", DemoReport),
    Published("error", "what every verb prints with `--json` when it fails", documents.Error),
)


def find_schema(name: str) -> Published | None:
    """A schema by its name."""
    return next((one for one in PUBLISHED if one.name == name), None)


def schema(published: Published) -> dict[str, Any]:
    """The schema. A document may have more than it says: within a version documents grow."""
    maker = _Maker(closed=published.closed)
    root = maker.of(published.shape)
    body = maker.parts.pop(root["$ref"].removeprefix("#/$defs/"))
    more = {"$defs": dict(sorted(maker.parts.items()))} if maker.parts else {}
    return {
        "$schema": DIALECT,
        "$id": f"urn:snapline:schema:{published.name}:1",
        "title": published.about,
        **body,
        **more,
    }


class _Maker:
    """The parts of one schema, by name."""

    def __init__(self, *, closed: bool) -> None:
        self.parts: dict[str, dict[str, Any]] = {}
        self._closed = closed

    def of(self, hint: Any) -> dict[str, Any]:  # noqa: ANN401 - any type form
        """The schema of a type."""
        if isinstance(hint, NewType):
            return self.of(hint.__supertype__)
        if hint in _PLAIN:
            return dict(_PLAIN[hint])
        origin = get_origin(hint)
        if origin in _FORMS:
            return _FORMS[origin](self, get_args(hint))
        if isinstance(hint, type) and issubclass(hint, Enum):
            return {"type": "string", "enum": [one.value for one in hint]}
        return self._part(hint)

    def _part(self, shape: type) -> dict[str, Any]:
        """A struct or dataclass, as a part of its own that may refer to itself."""
        name = shape.__name__
        if name not in self.parts:
            self.parts[name] = {}
            self.parts[name] = _PLACE if shape is Span else self._object(shape)
        return {"$ref": f"#/$defs/{name}"}

    def _object(self, shape: type) -> dict[str, Any]:
        members = dict(_members(shape))
        found: dict[str, Any] = {
            "type": "object",
            "description": " ".join((inspect.getdoc(shape) or "").split("\n\n")[0].split()),
            "properties": {name: self.of(hint) for name, (hint, _) in members.items()},
        }
        required = [name for name, (_, needed) in members.items() if needed or not self._optional(shape, name)]
        if shape is Clause:
            found["properties"]["shown"] = {"type": "string", "description": "The id as people see it: `A3` or `A3?`."}
            required.append("shown")
        if required:
            found["required"] = required
        if self._closed:
            found["additionalProperties"] = False
        return found

    def _optional(self, shape: type, name: str) -> bool:
        """Whether a member may be left out: in a file that a person writes, and what is only there when asked for."""
        return self._closed or (shape is documents.Lint and name not in _ALWAYS)

    def annotated(self, arguments: tuple[Any, ...]) -> dict[str, Any]:
        """A type with bounds, a pattern or a description."""
        found = self.of(arguments[0])
        for meta in arguments[1:]:
            if isinstance(meta, msgspec.Meta):
                named = (
                    ("minimum", meta.ge),
                    ("maximum", meta.le),
                    ("pattern", meta.pattern),
                    ("description", meta.description),
                )
                found |= {key: value for key, value in named if value is not None}
        return found

    def union(self, arguments: tuple[Any, ...]) -> dict[str, Any]:
        """One of several types."""
        return {"anyOf": [self.of(one) for one in arguments]}

    def several(self, arguments: tuple[Any, ...]) -> dict[str, Any]:
        """A list, or a fixed number of values."""
        if arguments[-1] is Ellipsis:
            return {"type": "array", "items": self.of(arguments[0])}
        count = len(arguments)
        return {
            "type": "array",
            "prefixItems": [self.of(one) for one in arguments],
            "minItems": count,
            "maxItems": count,
        }

    def table(self, arguments: tuple[Any, ...]) -> dict[str, Any]:
        """A table with free keys."""
        return {"type": "object", "additionalProperties": self.of(arguments[1])}

    def choice(self, arguments: tuple[Any, ...]) -> dict[str, Any]:
        """One of some values."""
        return {"const": arguments[0]} if len(arguments) == 1 else {"enum": list(arguments)}


_FORMS: Mapping[Any, Callable[[_Maker, tuple[Any, ...]], dict[str, Any]]] = {
    Annotated: _Maker.annotated,
    Union: _Maker.union,
    types.UnionType: _Maker.union,
    tuple: _Maker.several,
    dict: _Maker.table,
    Literal: _Maker.choice,
}
_ALWAYS = ("findings", "summary", "since", "silent", "version")
_HIDDEN = frozenset({"insert_at", "insertion"})
"""Members of a clause that only our own edits need."""
_PLACE: dict[str, Any] = {
    "type": "object",
    "description": "A place: bytes from start to end, and lines and columns from 1, columns in code points.",
    "properties": {
        name: {"type": "integer", "minimum": least}
        for name, least in (("start", 0), ("end", 0), ("line", 1), ("column", 1), ("end_line", 1), ("end_column", 1))
    },
    "required": ["start", "end", "line", "column", "end_line", "end_column"],
}


def _members(shape: type) -> Iterator[tuple[str, tuple[Any, bool]]]:
    """The members of a struct or dataclass as they are written: name, type, and whether one has to be given."""
    hints = get_type_hints(shape, include_extras=True)
    if is_dataclass(shape):
        for field in fields(shape):
            yield field.name, (hints[field.name], field.default is MISSING and field.default_factory is MISSING)
        return
    for one in msgspec.structs.fields(shape):
        if shape is not Clause or one.name not in _HIDDEN:
            yield one.encode_name, (hints[one.name], one.required)

"""The tables of the store, as SQLAlchemy sees them; the migrations make them and a test keeps both equal."""

from __future__ import annotations

import sqlalchemy as sa

METADATA = sa.MetaData()


def _text(name: str, *, null: bool = False, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=null, primary_key=key)


def _integer(name: str, *, key: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False, primary_key=key)


def _seconds(name: str, *, null: bool = False) -> sa.Column[float]:
    return sa.Column(name, sa.Float, nullable=null)


def _bytes(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary, nullable=False)


REPOSITORIES = sa.Table("repositories", METADATA, _text("id", key=True), _text("root"), _text("registered_at"))

RUNS = sa.Table(
    "runs",
    METADATA,
    _text("id", key=True),
    _text("spec"),
    _text("revision"),
    _text("repository"),
    _text("target"),
    _text("base"),
    _integer("priority"),
    _text("state"),
    _text("reason", null=True),
    _text("detail"),
    _integer("token"),
    _text("workflow", null=True),
    _seconds("deadline", null=True),
    _seconds("not_before"),
    _integer("sequence"),
    _integer("failures"),
    _text("integration"),
    _text("signed"),
    _text("unsigned"),
    _bytes("settings"),
    _bytes("approval"),
    _text("requested_at"),
    _seconds("heartbeat"),
    _text("changed_at"),
)

TASKS = sa.Table(
    "tasks",
    METADATA,
    _text("run", key=True),
    _text("id", key=True),
    _integer("position"),
    _text("summary"),
    _bytes("plan"),
    _text("lane"),
    _text("state"),
    _text("reason", null=True),
    _text("detail"),
    _integer("token"),
    _text("workflow", null=True),
    _seconds("deadline", null=True),
    _seconds("not_before"),
    _integer("number"),
    _integer("charged"),
    _integer("failures"),
    _seconds("seconds"),
    _text("candidate", null=True),
    _text("signed"),
    _text("unsigned"),
    _text("changed_at"),
)

ATTEMPTS = sa.Table(
    "attempts",
    METADATA,
    _text("run", key=True),
    _text("task", key=True),
    _integer("number", key=True),
    _text("repository"),
    _integer("token"),
    _text("agent"),
    _text("base"),
    _text("start"),
    _text("outcome", null=True),
    _text("words"),
    _integer("charged"),
    _seconds("seconds"),
    _text("candidate", null=True),
    _text("tree", null=True),
    _text("signature", null=True),
    _text("prompt", null=True),
    _text("log", null=True),
    _text("report", null=True),
    _text("handoff", null=True),
    _text("began_at"),
    _text("ended_at", null=True),
)

LANDINGS = sa.Table(
    "landings",
    METADATA,
    _text("run", key=True),
    _integer("number", key=True),
    _text("kind"),
    _text("old"),
    _text("new"),
    _text("outcome", null=True),
    _text("words"),
    _text("report", null=True),
    _text("at"),
)

EVENTS = sa.Table(
    "events",
    METADATA,
    _text("stream"),
    _integer("seq"),
    _text("key"),
    _text("at"),
    _text("kind"),
    _text("subject"),
    _text("body"),
    _text("previous"),
    _text("hash"),
    _integer("position", key=True),
)

HEADS = sa.Table("heads", METADATA, _text("stream", key=True), _integer("seq"), _text("hash"))

DECISIONS = sa.Table(
    "decisions",
    METADATA,
    _text("key", key=True),
    _text("run"),
    _text("task", null=True),
    _text("kind"),
    _integer("token"),
    _text("body"),
    _text("at"),
    _text("outcome", null=True),
)

CHECK_RESULTS = sa.Table("check_results", METADATA, _text("key", key=True), _bytes("body"), _text("at"))

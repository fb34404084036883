"""What a run left behind, for tests that tamper with it."""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.e2e.desk import ADD
from tests.e2e.stage import Stage

from snapline.app.audit.material import Material
from snapline.app.audit.report import Audit
from snapline.app.audit.walk import audit
from snapline.app.project import Project
from snapline.app.running import Floor
from snapline.base import digest, statement, wire
from snapline.base.signing import PublicKey
from snapline.base.statement import Envelope
from snapline.repo.user import UserRepository
from snapline.store import ledger
from snapline.store.database import open_database
from snapline.store.evidence import EvidenceStore
from snapline.store.keys import Keyring

AGENT = f"case $SNAPLINE_ATTEMPT in *#1) echo nothing >> notes.txt;; *) {ADD};; esac"
"""Fails once and then does the work: two attempts, with two verdicts."""


@dataclass
class Left:
    """What a run left: a repository and a state home, in this process."""

    root: Path
    home: Path

    @property
    def project(self) -> Project:
        return Project(UserRepository.discover(self.root), {"SNAPLINE_HOME": str(self.home)})

    @property
    def evidence(self) -> EvidenceStore:
        return EvidenceStore(self.home / "evidence")

    def audit(self, key: PublicKey | None = None) -> Audit:
        floor = Floor(self.project)
        try:
            return audit(Material(floor, key), lambda *_: None)
        finally:
            floor.database.close()

    def faults(self) -> dict[str, str]:
        """Everything that the audit says, by record."""
        said: dict[str, str] = {}
        for one in self.audit().faults:
            said[one.record] = "; ".join(filter(None, (said.get(one.record), one.message)))
        return said

    @contextmanager
    def sql(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.home / "state.db")) as connection, connection:
            connection.row_factory = sqlite3.Row
            yield connection

    def one(self, query: str, *values: object) -> Any:  # noqa: ANN401 - a value of the database
        with self.sql() as connection:
            return connection.execute(query, values).fetchone()[0]

    @property
    def run(self) -> str:
        return str(self.one("select id from runs"))

    def attested(self, number: int) -> bytes:
        """The envelope of an attempt, from the evidence."""
        query = "select body from events where kind = 'attempt.attested' order by seq"
        with self.sql() as connection:
            bodies = [json.loads(row[0]) for row in connection.execute(query)]
        (body,) = [one for one in bodies if one["number"] == number]
        return self.evidence.read(body["attestation"])

    def rewrite(self, change: Callable[[dict[str, Any]], bool]) -> None:
        """Change events and compute the whole chain anew, as whoever can write the database would."""
        with self.sql() as connection:
            previous = ledger.GENESIS
            for row in map(dict, connection.execute("select * from events order by seq").fetchall()):
                body = json.loads(row["body"])
                if change(row | {"body": body}):
                    row["body"] = digest.canonical_json(body).decode()
                parts = [row[name] for name in ("stream", "seq", "key", "at", "kind", "subject", "body")]
                row |= {"previous": previous, "hash": digest.of_value([*parts, previous])}
                values = (row["body"], row["previous"], row["hash"], row["seq"])
                connection.execute("update events set body = ?, previous = ?, hash = ? where seq = ?", values)
                previous = row["hash"]
            connection.execute("update heads set hash = ?", (previous,))

    def chain_holds(self) -> bool:
        database = open_database(self.home / "state.db")
        with database.read() as connection:
            held = ledger.verify_chain(connection, self.run) is None
        database.close()
        return held

    def signature_holds(self, raw: bytes) -> bool:
        """What a check of the signature alone would say."""
        envelope, _ = statement.unseal(raw)
        key = Keyring(self.home / "keys").key().public
        return bool(statement.signers(envelope, {key.keyid: key}))

    def unpublish(self, path: str) -> None:
        """Take a record out by a commit, as git lets whoever can write the repository."""
        stage = Stage(self.root, self.home, self.root, "shell")
        tree = stage.git("ls-tree", "-r", "refs/snapline/records").splitlines()
        kept = "".join(f"{line}\n" for line in tree if not line.endswith(f"\t{path}"))
        index = {"GIT_INDEX_FILE": str(self.root / ".git" / "index-of-the-attack")}
        stage.environment.update(index)
        lines = self.root.parent / "lines"
        lines.write_text(kept)
        stage.git("-c", "alias.fill=!git update-index --index-info < ../lines", "fill")
        made = stage.git("commit-tree", stage.git("write-tree"), "-p", "refs/snapline/records", "-m", "Tidy")
        stage.git("update-ref", "refs/snapline/records", made)

    def records(self, kind: str) -> list[str]:
        stage = Stage(self.root, self.home, self.root, "shell")
        listed = stage.git("ls-tree", "-r", "--name-only", "refs/snapline/records", f"{kind}/")
        return listed.splitlines()


def edited(raw: bytes) -> bytes:
    """The same envelope with every failing verdict turned into a pass, and the signature left as it was."""
    envelope = wire.decode(raw, Envelope)
    text = base64.b64decode(envelope.payload).decode()
    text = text.replace('"verdict":"fail"', '"verdict":"pass"').replace('"accepted":false', '"accepted":true')
    if text == base64.b64decode(envelope.payload).decode():
        text = text.replace('"tier":"T2"', '"tier":"T3"')
    return wire.encode(Envelope(base64.b64encode(text.encode()).decode(), envelope.payloadType, envelope.signatures))

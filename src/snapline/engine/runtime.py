"""DBOS, set up as the engine needs it: everything that depends on its version is here."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer
from dbos import EnqueueOptions as Options

from snapline.store.database import Database

ENGINE_VERSION = 1
"""Raised whenever the steps of a workflow change; workflows of another version are closed by the tick, not resumed."""

APPLICATION = "snapline"
VERSION = f"engine-{ENGINE_VERSION}"
EXECUTOR = "executor"
"""One fixed id: the lock allows one executor per file, and a restart then recovers what its predecessor ran."""

ATTEMPTS, VERIFICATIONS, LANDINGS = "lanes", "verify", "land"
QUEUES = {ATTEMPTS: 64, VERIFICATIONS: 32, LANDINGS: 16}
"""Queues with the most workflows that this host runs of each; how many may run is admission's business alone."""

POLL_SECONDS = 0.1

_BROKE = "ERROR"
_DEAD = frozenset({_BROKE, "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED", "SUCCESS"})


@dataclass(frozen=True, slots=True)
class Job:
    """A workflow to be enqueued: its registered name, its one and only id, and its arguments, plain JSON."""

    workflow: str
    queue: str
    id: str
    arguments: tuple[str | int, ...]


class Runtime:
    """The workflow engine of this process, on the same file as our tables."""

    def __init__(self, database: Database) -> None:
        self._client = _launch(database)

    def enqueue(self, connection: sa.Connection, job: Job) -> None:
        """Enqueue in the caller's transaction: the workflow exists if and only if that commits."""
        options: Options = {
            "workflow_name": job.workflow,
            "queue_name": job.queue,
            "workflow_id": job.id,
            "app_version": VERSION,
        }
        self._client.enqueue_in_transaction(connection, options, *job.arguments)

    def ended(self, ids: Iterable[str]) -> dict[str, str]:
        """Which of these workflows will never move on, and how each ended (``GONE`` for an unknown one)."""
        wanted = list(ids)
        if not wanted:
            return {}
        found = self._client.list_workflows(workflow_ids=wanted, load_input=False, load_output=False)
        states = {one.workflow_id: (one.status, one.app_version) for one in found}
        ended = {}
        for one in wanted:
            status, version = states.get(one, ("GONE", VERSION))
            if version != VERSION:
                ended[one] = "OTHER VERSION"
            elif status in _DEAD or status == "GONE":
                ended[one] = self._in_words(one, status)
        return ended

    def _in_words(self, workflow: str, status: str) -> str:
        """How a workflow ended; where it broke, by what."""
        if status != _BROKE:
            return status
        found = self._client.list_workflows(workflow_ids=[workflow], load_input=False, load_output=True)
        return f"{status}: {found[0].error}" if found and found[0].error else status

    def cancel(self, workflow: str) -> None:
        """Keep a workflow from starting another step; a step that runs goes on to its end."""
        self._client.cancel_workflow(workflow)

    def close(self) -> None:
        """Stop the engine's threads; waits for none of the steps."""
        self._client.destroy()
        DBOS.destroy(workflow_completion_timeout_sec=0)


def _launch(database: Database) -> DBOSClient:
    serializer: Any = DBOSPortableJSONSerializer()
    logging.getLogger("dbos").setLevel(logging.CRITICAL)
    DBOS(
        config={
            "name": APPLICATION,
            "system_database_url": database.url,
            "executor_id": EXECUTOR,
            "application_version": VERSION,
            "log_level": "CRITICAL",
            "serializer": serializer,
            "use_listen_notify": False,
            "notification_listener_polling_interval_sec": 0.5,
        }
    )
    DBOS.launch()
    for name, most in QUEUES.items():
        DBOS.register_queue(
            name,
            worker_concurrency=most,
            global_concurrency=most,
            polling_interval_sec=POLL_SECONDS,
            on_conflict="always_update",
        )
    return DBOSClient(system_database_url=database.url, serializer=serializer, application_name=APPLICATION)

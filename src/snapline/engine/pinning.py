"""Pinning: the heads of a repository's ledgers are signed and published, so that a ledger cut short is noticed."""

from __future__ import annotations

import secrets
from pathlib import Path

from snapline.base.clock import stamp
from snapline.base.errors import SnaplineError
from snapline.base.ids import Digest
from snapline.engine import attesting
from snapline.engine.context import Context
from snapline.repo.user import UserRepository
from snapline.review import published
from snapline.store import checkpoints, views
from snapline.store.states import RunState

EVIDENCE = "checkpoint"
"""The kind of evidence that checkpoints are."""
_LANDED = frozenset({RunState.DONE, RunState.ROLLING_BACK, RunState.ROLLED_BACK})


def pin(context: Context, runs: frozenset[str]) -> frozenset[str]:
    """Publish what landed of these runs, and a checkpoint of the ledgers of their repositories.

    Returns the runs for which that failed, to be tried again: nothing waits for it, and until then the audit says that
    their last events are unpinned.
    """
    with context.database.read() as connection:
        rows = [one for one in views.runs(connection) if one.id in runs]
    left: set[str] = set()
    for repository in {one.repository for one in rows}:
        mine = [one for one in rows if one.repository == repository]
        try:
            user = _user(context, repository)
            for one in mine:
                if one.state in _LANDED:
                    attesting.publish(context, one, user)
            _checkpoint(context, repository, user)
        except (SnaplineError, OSError):
            left |= {one.id for one in mine}
    return frozenset(left)


def _user(context: Context, repository: str) -> UserRepository:
    with context.database.read() as connection:
        return UserRepository.discover(Path(views.repository(connection, repository).root))


def _checkpoint(context: Context, repository: str, user: UserRepository) -> None:
    with context.database.read() as connection:
        found = checkpoints.heads(connection, repository)
    keyring = attesting.keyring(context)
    key = keyring.ensure(context.clock)
    place = context.places.checkpoint(repository)
    previous = last_checkpoint(place)
    sealed = checkpoints.seal(found, stamp(context.clock.now()), previous, key)
    context.evidence.put(sealed, EVIDENCE)
    name = published.publish_checkpoint(user, sealed, keyring.statements())
    _note(place, name)


def last_checkpoint(place: Path) -> Digest | None:
    """The last checkpoint that was published, as the state home remembers it."""
    try:
        return Digest(place.read_text("ascii").strip())
    except FileNotFoundError:
        return None


def _note(place: Path, name: Digest) -> None:
    draft = place.parent / f".{secrets.token_hex(8)}"
    draft.write_text(f"{name}\n", "ascii")
    draft.replace(place)

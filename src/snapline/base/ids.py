"""The ids that travel through Snapline, each its own type, and the few rules of their form."""

from __future__ import annotations

from typing import NewType

from snapline.base.regex import regex

SpecId = NewType("SpecId", str)
"""``retry-uploads``"""
ClauseId = NewType("ClauseId", str)
"""``A3``: a section letter and a number."""
RevisionId = NewType("RevisionId", str)
"""64 hex digits: SHA-256 of a spec's canonical model."""
TaskId = NewType("TaskId", str)
"""``retry-uploads/T1``; a spec without a breakdown is the one task ``retry-uploads``."""
AttemptId = NewType("AttemptId", str)
"""``retry-uploads/T1#2``"""
RunId = NewType("RunId", str)
"""``retry-uploads@3f2a9c1b.1``: short revision and number of the dispatch."""
Digest = NewType("Digest", str)
"""64 hex digits: SHA-256 of some bytes."""
Oid = NewType("Oid", str)
"""A git object id in full (40 or 64 hex digits)."""

SPEC_ID = regex(r"[a-z0-9][a-z0-9._-]*")
CLAUSE_ID = regex(r"[GCIAFTQ][1-9][0-9]{0,3}")
SHORT = 8
"""Digits of a revision that people see."""


def short(revision: str) -> str:
    """The part of a revision or object id that people see."""
    return revision[:SHORT]


def spec_of(task: TaskId) -> SpecId:
    """The spec that a task belongs to."""
    return SpecId(task.partition("/")[0])


def task_of(attempt: AttemptId) -> TaskId:
    """The task that an attempt tries."""
    return TaskId(attempt.rpartition("#")[0])


def attempt_id(task: TaskId, number: int) -> AttemptId:
    """The id of a task's attempt ``number`` (from 1)."""
    return AttemptId(f"{task}#{number}")


def file_name(identifier: str) -> str:
    """An id as one path component: ``/`` and ``#`` become ``+`` and ``~``, which no id contains."""
    return identifier.replace("/", "+").replace("#", "~")

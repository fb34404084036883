"""Signed statements: what holds, and why the rest does not."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from snapline.base import statement
from snapline.base.signing import SigningKey
from snapline.base.statement import NotAuthentic, Subject
from snapline.base.wire import BadWire, Wire

KEY, OTHER = SigningKey.generate(), SigningKey.generate()
KNOWN = {str(KEY.public.keyid): KEY.public}


class Word(Wire, frozen=True):
    word: str


def sealed(*keys: SigningKey) -> bytes:
    return statement.sign((Subject("candidate", {"gitCommit": "ab" * 20}),), "urn:test", Word("yes"), *keys)


def changed(**values: Any) -> bytes:  # noqa: ANN401 - members of the envelope
    return json.dumps({**json.loads(sealed(KEY)), **values}).encode()


def test_the_encoding_is_that_of_the_protocol() -> None:
    # The example of the DSSE protocol.
    assert statement.pae("http://example.com/HelloWorld", b"hello world") == (
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )


def test_a_signed_statement_holds_and_is_always_the_same() -> None:
    said, key = statement.authentic(sealed(KEY), KNOWN)
    assert (said.read(Word), key) == (Word("yes"), KEY.public.keyid)
    assert (said.named("candidate", "gitCommit"), said.named("tree", "gitTree")) == ("ab" * 20, None)
    assert sealed(KEY) == sealed(KEY)
    assert statement.authentic(sealed(OTHER, KEY), KNOWN)[1] == KEY.public.keyid
    with pytest.raises(BadWire):
        said.read(Subject)


OTHER_PAYLOAD = base64.b64encode(json.dumps({"_type": statement.STATEMENT_TYPE, "subject": [], "predicateType": "x",
                                             "predicate": {}}).encode()).decode()  # fmt: skip


DEEP = base64.b64encode(b'{"predicate":' + b"[" * 100_000 + b"}").decode()


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (changed(payload=DEEP), "no signed statement"),
        (b"", "no signed statement"),
        (b"[]", "no signed statement"),
        (b'{"payload": 1}', "no signed statement"),
        (changed(more=1), "no signed statement"),
        (changed(payload="!"), "not base64"),
        (changed(payload=base64.b64encode(b"{}").decode()), "no signed statement"),
        (changed(payload=OTHER_PAYLOAD), "changed after it was signed"),
        (changed(payloadType="text/plain"), "not an in-toto statement"),
        (changed(signatures=[]), "signed by nobody"),
        (changed(signatures=[{"keyid": KEY.public.keyid, "sig": "AAAA"}]), "changed after it was signed"),
        (changed(signatures=[{"keyid": KEY.public.keyid, "sig": "?"}]), "not base64"),
        (sealed(OTHER), "no such key is known"),
    ],
)
def test_what_does_not_hold_says_why(raw: bytes, why: str) -> None:
    with pytest.raises(NotAuthentic, match=why):
        statement.authentic(raw, KNOWN)

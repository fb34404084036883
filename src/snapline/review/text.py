"""The review packet as plain text, for a terminal or a mail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from snapline.base.ids import short
from snapline.base.plain import plain
from snapline.review.packet import Packet, PacketCheck, PacketCriterion
from snapline.spec.model import CheckKind
from snapline.verify.report import AgentNetwork
from snapline.verify.verdict import Verdict

_INDENT = "    "


def render(packet: Packet) -> str:
    """The whole packet, sections apart by an empty line, the diff last."""
    sections = (
        _head(packet),
        _criteria(packet),
        _constraints(packet),
        _files(packet),
        _said(packet),
        _handoff(packet),
        iter(("Diff", packet.patch.rstrip("\n"))) if packet.patch else iter(()),
    )
    return "\n\n".join("\n".join(lines) for section in sections if (lines := list(section))) + "\n"


def _head(packet: Packet) -> Iterator[str]:
    yield f"{packet.attempt}: {packet.summary}"
    yield f"spec {packet.spec}@{short(packet.revision)}: {packet.title}"
    yield f"commit {short(packet.commit)} on base {short(packet.base)}, checked at tier {packet.tier}"
    if packet.agent_network:
        yield _network(packet.agent_network)
    if packet.accepted:
        yield "Accepted: every criterion is proved."
    elif packet.waiting:
        yield f"Waits for a person: {', '.join(packet.waiting)}."
    else:
        yield "Not accepted."


def _network(network: AgentNetwork) -> str:
    match network.mode:
        case "on":
            return "the agent had the network of this machine"
        case "none":
            return "the agent had no network"
        case "listed":
            asked = f"{network.passed} requests let through, {network.refused} refused"
            where = f" (evidence {short(network.requests)})" if network.requests else ""
            return f"the agent reached only {', '.join(network.allowed)}: {asked}{where}"
        case _:
            assert_never(network.mode)


def _criteria(packet: Packet) -> Iterator[str]:
    yield "Criteria"
    for one in packet.criteria:
        yield f"{one.id}  {_verdict(one)}  {one.text}"
        for check in one.checks:
            yield from _check(check)
        if one.files:
            yield f"{_INDENT}explains {', '.join(one.files)}"


def _verdict(one: PacketCriterion) -> str:
    parts = [str(one.verdict)]
    if one.strength:
        parts.append(f"({one.strength})")
    if one.signed_by:
        parts.append(f"[signed by {one.signed_by}]")
    elif one.waits:
        parts.append("[waits for a person]")
    return " ".join(parts)


def _check(check: PacketCheck) -> Iterator[str]:
    if check.kind is CheckKind.MANUAL:
        yield f"{_INDENT}judged by a person"
        return
    what = check.text.strip().splitlines() or [""]
    more = " ..." if len(what) > 1 else ""
    before = f", before: {check.baseline}" if check.baseline else ""
    ended = f", exit {check.exit}" if check.exit is not None else ""
    how = f"{check.verdict}{ended}, {check.seconds:.1f} s{before}, {check.trust}"
    yield f"{_INDENT}{check.kind} `{what[0]}{more}`: {how}"
    if check.message and check.verdict is not Verdict.PASS:
        yield from (f"{_INDENT * 2}{line}" for line in check.message.splitlines())
    if check.evidence:
        yield f"{_INDENT * 2}evidence {', '.join(short(one) for one in check.evidence)}"
    for one in check.kept:
        where = f"evidence {short(one.digest)}" if one.digest else "too large to be kept"
        yield f"{_INDENT * 2}kept {plain(one.path)} ({one.size} bytes): {where}"


def _constraints(packet: Packet) -> Iterator[str]:
    if packet.constraints:
        yield "Constraints"
    for one in packet.constraints:
        words = f"  {one.text}" if one.text else ""
        why = f"  ({one.message})" if one.message else ""
        yield f"{one.id}  {one.verdict}{words}{why}"


def _files(packet: Packet) -> Iterator[str]:
    yield f"Changed files: {len(packet.files)}"
    for one in packet.files:
        size = "binary" if one.added is None else f"+{one.added} -{one.removed}"
        why = ", ".join(one.explained_by) or "NO interface or criterion explains it"
        yield f"{one.status} {one.path}  {size}  {why}"


def _said(packet: Packet) -> Iterator[str]:
    if packet.said.strip():
        yield "What the agent said (no evidence)"
        yield from (f"{_INDENT}{line}" for line in packet.said.strip().splitlines())


def _handoff(packet: Packet) -> Iterator[str]:
    if packet.handoff:
        yield "Attempts before"
    for one in packet.handoff:
        stat = f" ({one.stat})" if one.stat else ""
        yield f"{one.attempt}  {one.reason}{stat}"

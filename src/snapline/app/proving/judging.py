"""How each claim is decided: from the facts of a witness, never from what the tool says about itself."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any

from snapline.app.proving import sighting
from snapline.app.proving.listening import SSH_AGENT
from snapline.app.proving.naively import DATABASE
from snapline.app.proving.witnessing import Witness
from snapline.sandbox.containment import SUBREAPER
from snapline.sandbox.policy import Cause, Tier

_END_SECONDS = 2.0
"""Within what time nothing of an attempt may be left after its end."""
_HANG_SECONDS = 3.0
_LATE_SECONDS = 10.0
"""How much later than its limit an attempt may end: the grace between TERM and KILL, and a busy machine."""
_LOOTED = "that was all"
_UNANSWERED = "nothing answers"


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether a claim held, why, and the facts. ``lacks`` says why it is not promised here, and ``how`` what to do."""

    held: bool | None
    why: str
    facts: dict[str, Any] = field(default_factory=dict)
    lacks: str = ""
    how: str = ""


NOT_RUN = "its attempt did not come to its end"


def judge_honest(seen: Witness) -> Judged:
    """Every criterion passes, and the work is what ``main`` got."""
    run, verdicts = seen.runs.get("honest"), seen.verdicts("honest")
    landed = [one.new for one in run.landings if one.outcome == "landed"] if run else []
    facts = {"verdicts": verdicts, "landed": landed, "main": seen.after}
    passed = bool(verdicts) and set(verdicts.values()) == {"pass"}
    if passed and not landed and seen.ground.tier is Tier.T0:
        lacks = "it is proved, and yet waits for a person to accept it, as everything does without isolation"
        return Judged(passed, "proved", facts, lacks)
    held = passed and landed == [seen.after] and seen.after != seen.before
    return Judged(held, "proved by two criteria, and landed" if held else "it was not proved and landed", facts)


def judge_refused(seen: Witness, attack: str) -> Judged:
    """A criterion fails on what the attack brought, and nothing of it is on ``main``."""
    tried, verdicts = seen.attempt(attack), seen.verdicts(attack)
    failed = sorted(name for name, verdict in verdicts.items() if verdict == "fail")
    on_main = seen.landed(attack)
    facts = {"candidate": tried.candidate if tried else None, "verdicts": verdicts, "on_main": on_main}
    if tried is None or not verdicts:
        return Judged(None, NOT_RUN, facts)
    held = bool(failed) and not on_main
    return Judged(held, f"{', '.join(failed)} failed, nothing landed" if held else "it was believed", facts)


def judge_planted(seen: Witness) -> Judged:
    """Nothing that the agent planted, in its clone or in the person's repository, was run as the person."""
    tried = seen.attempt("planted")
    folder = seen.ground.repository / ".git"
    hooks = sorted(one.name for one in (folder / "hooks").glob("*") if one.suffix != ".sample")
    monitored = "fsmonitor" in (folder / "config").read_text("utf-8")
    facts = {"planted_program_ran": seen.planted_ran, "hooks_in_repository": hooks, "fsmonitor": monitored}
    if tried is None or tried.candidate is None:
        return Judged(None, NOT_RUN, facts)
    held = not seen.planted_ran and not hooks and not monitored
    return Judged(held, "none ran as you, none got into your repository" if held else "a planted program ran", facts)


def judge_left(seen: Witness) -> Judged:
    """What the agent left behind had lived, and is gone."""
    mark, ended = seen.ground.marks["daemon"], seen.ended("daemon")
    lived, gone = bool(seen.users[mark]), sighting.gone_within(mark, _END_SECONDS)
    facts = {"seen_alive": lived, "gone": gone, "containment": ended.containment if ended else None}
    if ended is None or not lived:
        return Judged(None, NOT_RUN, facts)
    lacks, how = _weak_containment(ended.containment)
    why = f"it lived, and ended with its attempt ({ended.containment})" if gone else "it lives on"
    return Judged(gone, why, facts, lacks, how)


def judge_hang(seen: Witness) -> Judged:
    """What ignores TERM had lived, was ended by the limit of its attempt, and is gone."""
    mark, ended = seen.ground.marks["hang"], seen.ended("hang")
    lived, gone = bool(seen.users[mark]), sighting.gone_within(mark, _END_SECONDS)
    facts: dict[str, Any] = {"seen_alive": lived, "gone": gone, "limit_seconds": _HANG_SECONDS}
    if ended is None or not lived:
        return Judged(None, NOT_RUN, facts)
    facts |= {"seconds": ended.seconds, "cause": str(ended.cause), "containment": ended.containment}
    in_time = _HANG_SECONDS <= ended.seconds <= _HANG_SECONDS + _LATE_SECONDS
    held = gone and in_time and ended.cause is Cause.WALL
    lacks, how = _weak_containment(ended.containment)
    why = f"its limit is {_HANG_SECONDS:.0f} s, and it was gone after {ended.seconds:.1f} s" if held else "it was not"
    return Judged(held, why, facts, lacks, how)


def _weak_containment(containment: str) -> tuple[str, str]:
    if containment != SUBREAPER:
        return "", ""
    return (
        "its processes are only followed, which a hostile one escapes: its slot is then quarantined",
        "let version 2 control groups be made here, or isolate the lane",
    )


def judge_keys(seen: Witness) -> Judged:
    """Nothing of the state home was read."""
    return _judge_loot(seen, {"private key": seen.ground.secrets["state-home"], "database": DATABASE})


def judge_credentials(seen: Witness) -> Judged:
    """No login of the person was read: not from the home, and not from an environment."""
    names = {"ssh-key": "SSH key", "cloud": "cloud key", "git": "git password", "environment": "environment"}
    return _judge_loot(seen, {said: seen.ground.secrets[name] for name, said in names.items()})


def judge_login(seen: Witness) -> Judged:
    """Whether the lane's login folders are read; they are meant to be."""
    folders = ", ".join(seen.ground.logins)
    found = _judge_loot(seen, {folders: seen.ground.secrets["login"]})
    if found.held is None or found.held:
        return found
    lacks = f"the lane's `login` shows them {folders}, writable"
    return Judged(found.held, found.why, found.facts, lacks, "name as few folders as the logins of its agents need")


def _judge_loot(seen: Witness, bait: dict[str, str]) -> Judged:
    loot = seen.loot("reach")
    taken = sorted(name for name, word in bait.items() if loot and word in loot)
    facts = {"wanted": sorted(bait), "taken": taken}
    if loot is None or _LOOTED not in loot:
        return Judged(None, NOT_RUN, facts)
    return Judged(not taken, f"it read {', '.join(taken)}" if taken else "it found none of them", facts)


def judge_ssh_agent(seen: Witness) -> Judged:
    """Nobody called the person's SSH agent."""
    loot, called = seen.loot("reach"), bool(seen.ground.listener.heard(SSH_AGENT))
    facts = {"called": called}
    if loot is None or _LOOTED not in loot:
        return Judged(None, NOT_RUN, facts)
    held = not called and seen.ground.listener.secret not in loot
    return Judged(held, "it could not be called" if held else "it answered", facts)


def judge_network(seen: Witness) -> Judged:
    """A check of the attacker's code ran, and nobody heard of it."""
    heard = seen.ground.listener.heard("check")
    ran = _UNANSWERED in seen.printed("phone")
    facts = {"heard": heard, "verdicts": seen.verdicts("phone")}
    if not heard and not ran:
        return Judged(None, NOT_RUN, facts)
    return Judged(not heard, f"it got through by {', '.join(heard)}" if heard else "nobody was reached", facts)


def judge_agents_network(seen: Witness) -> Judged:
    """Whether an agent reached this machine's own services; a lane that closes its network keeps it from them."""
    heard, ended = seen.ground.listener.heard("agent"), seen.ended("phone")
    facts = {"heard": heard}
    if ended is None:
        return Judged(None, NOT_RUN, facts)
    if not heard:
        return Judged(held=True, why="nobody was reached", facts=facts)
    lacks = f"they share this machine's network: one got through by {', '.join(heard)}"
    how = 'list the hosts that agents need (`network` of the lane), or write `network = "none"`'
    return Judged(held=False, why="", facts=facts, lacks=lacks, how=how)


def judge_identity(seen: Witness) -> Judged:
    """Whether agents are another user than the person."""
    users = sorted(seen.users[seen.ground.marks["daemon"]])
    facts = {"agents": users, "ours": os.getuid()}
    if not users:
        return Judged(None, NOT_RUN, facts)
    if os.getuid() not in users:
        return Judged(held=True, why=f"they run as user {users[0]}", facts=facts)
    wall = "nothing" if seen.ground.tier is Tier.T0 else "only the sandbox"
    lacks = f"agents, checks and Snapline are one user ({os.getuid()}): {wall} is between them"
    how = "run Snapline as a user that owns nothing else, or in a virtual machine"
    return Judged(held=False, why="", facts=facts, lacks=lacks, how=how)

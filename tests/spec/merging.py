"""Two people's edits of one spec, made up from a seed, and an oracle that merges them as dictionaries of clauses."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass, field
from random import Random

from tests.spec.texts import seeded, words
from tests.spec.written import spec_of

from snapline.base.text import Source
from snapline.spec.merge import Merged, merge
from snapline.spec.model import Spec

SECTIONS = {"Goal": "G", "Constraints": "C", "Interfaces": "I", "Acceptance": "A", "Failure plan": "F", "Tasks": "T"}
_TAILS = (
    "",
    "",
    "",
    " (regression, timeout 2m)",
    "\nwith more on the next line",
    "\n- one\n- two",
    "\n\n```sh check\ntest -e x\n\n  y\n```",
    " <!-- aside -->",
)
_TOKEN = re.compile(r"w\d+w")


@dataclass
class Clause:
    """A clause of a draft: its token stays whatever becomes of its words, so that the oracle knows it again."""

    token: str
    id: str
    text: str


@dataclass
class Draft:
    """A spec before it is written down."""

    front: dict[str, str]
    task: list[str]
    sections: dict[str, list[Clause]]


@dataclass(frozen=True)
class Style:
    """How a draft is laid out."""

    newline: str
    loose: bool
    marker: str
    final: bool
    listed: bool
    written: bool
    wide: bool


@dataclass
class Case:
    """A base with two sides, what the dictionary of its clauses comes to, and which of them are in conflict."""

    base: str
    ours: str
    theirs: str
    expected: dict[str, str]
    conflicts: dict[str, tuple[str | None, str | None, str | None]]
    written: bool
    orders: list[tuple[str, list[str]]] = field(default_factory=list)


def case(seed: int) -> Case:
    """The pair of edits of a seed."""
    chance = seeded(seed)
    written = chance.random() < 0.7
    base = _draft(chance, written=written)
    hot = chance.sample(list(SECTIONS), chance.choice((1, 2, 6)))
    sides = [_edited(chance, base, side, hot, written=written) for side in ("ours", "theirs")]
    style = _style(chance, written=written)
    styles = [style, style, style]
    if written and chance.random() < 0.3:
        styles[chance.randrange(1, 3)] = _style(chance, written=True, listed=style.listed)
    texts = [_text(draft, one) for draft, one in zip((base, *sides), styles, strict=True)]
    three = [{one.token: one for group in draft.sections.values() for one in group} for draft in (base, *sides)]
    made = Case(texts[0], texts[1], texts[2], {}, {}, written)
    for token in dict.fromkeys(key for one in three for key in one):
        was, here, there = (one[token].text if token in one else None for one in three)
        if there in (here, was):
            result = here
        elif here == was:
            result = there
        else:
            made.conflicts[token] = (was, here, there)
            continue
        if result is not None:
            made.expected[token] = result
    for name in SECTIONS:
        orders = [[one.token for one in draft.sections[name]] for draft in (base, *sides)]
        for mine, other in ((1, 2), (2, 1)):
            both = set(orders[mine]) & set(orders[other]) - set(
                orders[0]
            )  # stands where we put it, and what follows it
            if not both and not _moved(orders[0], orders[other]):
                made.orders.append((name, [key for key in orders[mine] if key in made.expected]))
    return made


def _moved(old: list[str], new: list[str]) -> bool:
    """Whether what both have in common changed its order."""
    return [one for one in old if one in new] != [one for one in new if one in old]


def _draft(chance: Random, *, written: bool) -> Draft:
    sections = {}
    number = 0
    for name, letter in SECTIONS.items():
        group = []
        for at in range(chance.randint(1, 6)):
            number += 1
            group.append(Clause(f"w{number}w", f"{letter}{at + 1}", _words(chance, f"w{number}w", plain=not written)))
        sections[name] = group
    front = {"title": "Title", "owner": '"@a"', "lane": "default", "x-team": "one"}
    return Draft(front, [f"Task {words(chance)}." for _ in range(chance.randint(1, 4))], sections)


def _words(chance: Random, token: str, *, plain: bool) -> str:
    least = 6 if plain else 2
    return f"{token} {words(chance, least)}{'' if plain else chance.choice(_TAILS)}"


def _edited(chance: Random, base: Draft, side: str, hot: list[str], *, written: bool) -> Draft:
    """A side's draft: clauses of some sections reworded, deleted, added and moved."""
    draft = deepcopy(base)
    for _ in range(chance.choice((0, 1, 1, 2, 3, 5, 8))):
        group = draft.sections[chance.choice(hot)]
        kind = chance.choice(("change", "change", "change", "delete", "add", "add", "move"))
        if kind == "add" or not group:
            _add(chance, draft, group, side, written=written)
        elif kind == "change":
            # What both sides added without an id is one only as long as it has the same words.
            known = [one for one in group if written or not one.text.endswith("alike")]
            for one in known and [chance.choice(known)]:
                one.text = one.text.replace("w ", f"w {chance.choice(('more', 'less', side))} ", 1)
        elif kind == "delete":
            group.remove(chance.choice(group))
        else:
            one = group.pop(chance.randrange(len(group)))
            group.insert(chance.randint(0, len(group)), one)
    return draft


def _add(chance: Random, draft: Draft, group: list[Clause], side: str, *, written: bool) -> None:
    """Add a clause whose id and words may be those that the other side adds too; without ids, words are all it has."""
    letter = next(SECTIONS[name] for name, known in draft.sections.items() if known is group)
    number = chance.randint(10, 14)
    identifier = f"{letter}{number}"
    alone = chance.random() < 0.6
    token = f"w{900 + 100 * list(SECTIONS.values()).index(letter) + number}w"
    if alone and not written:
        token = token.replace("w", "w7" if side == "ours" else "w8", 1)
    if any(one.token == token for one in group):
        return
    text = f"{token} {f'Added by {side} alone' if alone else 'Added by both alike'}"
    group.insert(chance.randint(0, len(group)), Clause(token, identifier, text))


def _style(chance: Random, *, written: bool, listed: bool | None = None) -> Style:
    return Style(
        newline=chance.choice(("\n", "\n", "\n", "\r\n")),
        loose=chance.random() < 0.3,
        marker=chance.choice("-*+"),
        final=chance.random() < 0.9,
        listed=(chance.random() < 0.85) if listed is None else listed,
        written=written,
        wide=chance.random() < 0.5,
    )


def _text(draft: Draft, style: Style) -> str:
    front = "".join(f"{key}: {value}\n" for key, value in draft.front.items())
    parts = [f"---\n{front}---\n", "# Task\n" + "\n" * style.wide + "\n\n".join(draft.task) + "\n"]
    for name, group in draft.sections.items():
        clauses = [_clause(one, style) for one in group]
        joined = ("\n\n" if style.loose or not style.listed else "\n").join(clauses)
        parts.append(f"# {name}\n" + "\n" * style.wide + joined + "\n" * bool(clauses))
    text = "\n".join(parts)
    return (text if style.final else text.rstrip("\n")).replace("\n", style.newline)


def _clause(one: Clause, style: Style) -> str:
    lead = f"{one.id}: " if style.written else ""
    if not style.listed:
        return lead + one.text.replace("\n- one\n- two", " one two")
    return f"{style.marker} {lead}" + re.sub(r"\n(?=.)", "\n  ", one.text)


_HUNK = re.compile(
    r"^<{7} ours[^\r\n]*\r?\n(?P<ours>.*?)^\|{7} base\r?\n(?P<base>.*?)"
    r"^={7}\r?\n(?P<theirs>.*?)^>{7} theirs[^\r\n]*(?:\r?\n|\Z)",
    re.MULTILINE | re.DOTALL,
)


def merged(one: Case) -> Merged:
    base, ours, theirs = (Source.from_bytes("x.md", text.encode()) for text in (one.base, one.ours, one.theirs))
    return merge(base, ours, theirs)


def faults(one: Case) -> list[str]:
    """What a merge does otherwise than the oracle; nothing if it is right."""
    done = merged(one)
    found: list[str] = []
    hunks = [match.groupdict() for match in _HUNK.finditer(done.text)]
    if len(hunks) != len(done.conflicts) or len(hunks) != done.text.count("<<<<<<< "):
        found.append(f"{len(done.conflicts)} conflicts are told, {len(hunks)} are marked")
    marked: list[str] = []
    for hunk in hunks:
        tokens = {token for text in hunk.values() for token in _TOKEN.findall(text)}
        if len(tokens) != 1:
            found.append(f"a conflict holds {len(tokens)} clauses: {hunk}")
            continue
        token = tokens.pop()
        marked.append(token)
        texts = one.conflicts.get(token)
        if texts is None:
            found.append(f"{token} is no conflict, and is marked as one: {hunk}")
            continue
        for name, text in zip(("base", "ours", "theirs"), texts, strict=True):
            if _plain(hunk[name]) != _plain(text):
                found.append(f"{token}: {name} is {hunk[name]!r}, not {text!r}")
    if sorted(marked) != sorted(one.conflicts):
        found.append(f"conflicts at {sorted(marked)}, not at {sorted(one.conflicts)}")
    rest = spec_of(_HUNK.sub("", done.text))
    clauses = [(_TOKEN.findall(clause.text)[:1] or [""])[0] for clause in rest.clauses()]
    if sorted(clauses) != sorted(one.expected):
        found.append(f"clauses {sorted(clauses)}, not {sorted(one.expected)}")
    texts_by_token = {
        token: rest.source.slice(clause.span) for token, clause in zip(clauses, rest.clauses(), strict=True)
    }
    found += [
        f"{token}: {texts_by_token[token]!r}, not {text!r}"
        for token, text in one.expected.items()
        if token in texts_by_token and _plain(texts_by_token[token]) != _plain(text)
    ]
    return found + _order_faults(one, rest)


def _order_faults(one: Case, rest: Spec) -> list[str]:
    """A side's order stands where the other side moved nothing."""
    if one.conflicts:
        return []
    order = [token for clause in rest.clauses() for token in _TOKEN.findall(clause.text)[:1]]
    return [
        f"{name}: order {[key for key in order if key in wanted]}, not {wanted}"
        for name, wanted in one.orders
        if [key for key in order if key in wanted] != wanted
    ]


def _plain(text: str | None) -> str:
    """A clause without marker, id and indentation."""
    lines = [line.strip() for line in (text or "").splitlines()]
    body = re.sub(r"\A(?:[-*+] )?(?:[A-Z]\d+: )?", "", "\n".join(line for line in lines if line))
    return body.replace("\n- one\n- two", " one two").replace("\n", " ")

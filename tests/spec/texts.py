# ruff: noqa: RUF001 - full-width characters are what is tried
"""Texts to try the parser on: valid specs, mutated ones, noise, and hostile units."""

from __future__ import annotations

from random import Random

_WORDS = ("uploads", "resume", "after", "a", "break", "the", "client", "retries", "größer", "日本語", "stays", "fast")
_CODE = ("src/a.py", "src/**", "redis", "x y", "POST /v1", "a`b")
_INLINE = ("*{}*", "**{}**", "_{}_", "[{}](http://x/y_z)", "{} <!-- aside -->", "{}\\*", "{} &amp; {}")
_SHREDS = (
    "\n", "\r\n", "\r", "\t", " ", "    ", "- ", "* ", "1. ", "> ", "# ", "## ", "---\n", "===\n", "```", "~~~",
    "``", "`", "$ ", "(", ")", "（", "[", "]", "](", "<!--", "-->", "<", ">", "|", "|---|", "\\", "&amp;", "*", "**",
    "_", ":", ",", "A1:", "G2", "(A1)", "proves ", "regression", "timeout 2m", "Change only:", "No network",
    "Rollback:", "revert", "sh check", "console", "\ufeff", "\u2028", "\u00a0", "é", "e\u0301", "😀", "Goal",
    "Acceptance", "id: ", "[x] ", "x",
)  # fmt: skip


def seeded(seed: int) -> Random:
    """Chance that repeats itself."""
    return Random(seed)  # noqa: S311 - nothing secret depends on it


def words(chance: Random, least: int = 2) -> str:
    """A few words, some of them marked up."""
    parts = []
    for _ in range(chance.randint(least, 8)):
        word = chance.choice(_WORDS)
        if chance.random() < 0.15:
            word = chance.choice(_INLINE).format(word, word)
        elif chance.random() < 0.1:
            code = chance.choice(_CODE)
            word = f"`` {code} ``" if "`" in code else f"`{code}`"
        parts.append(word)
    return "Then " + " ".join(parts)


def valid(chance: Random) -> str:
    """A spec without a fault."""
    front = f"---\nid: s{chance.randint(1, 99)}\nowner: '@a'\n---\n" if chance.random() < 0.7 else ""
    mark = "##" if chance.random() < 0.3 else "#"
    title = "# The title\n\n" if mark == "##" or chance.random() < 0.5 else ""
    bodies = {
        "Task": f"{words(chance)}.\n\n{words(chance)}.",
        "Goal": _items(chance, "G", [words(chance) for _ in range(chance.randint(1, 4))]),
        "Constraints": _items(chance, "C", chance.sample(_CONSTRAINTS, chance.randint(1, 4))),
        "Interfaces": _items(chance, "I", chance.sample(_INTERFACES, chance.randint(1, 3))),
        "Acceptance": _items(chance, "A", chance.sample(_CRITERIA, chance.randint(1, 5))),
        "Failure plan": _items(chance, "F", chance.sample(_FAILURES, chance.randint(1, 3))),
    }
    sections = (f"{mark} {name}\n\n{body}\n" for name, body in bodies.items())
    return front + title + "\n".join(sections)


_CONSTRAINTS = (
    "Change only: `src/**`, `tests/**`",
    "Do not change: `src/core.py`",
    "Keep passing: `$ pytest -q` (timeout 20m), A1",
    "At most: 300 lines",
    "Budget: 3 attempts, 90m",
    "No new dependencies",
    "The API stays as it is",
)
_INTERFACES = ("Changes `src/a.py`; uses `redis`", "Service: the upload API (see A1)", "New `src/b.py`, `src/c.py`")
_CRITERIA = (
    "It works: `$ pytest -q` (regression, timeout 2m). Proves G1.",
    "`tests/a.py::test_b[x y]` holds",
    "It reads well (manual: @bob)",
    "It prints:\n\n  ```console\n  $ echo a\n  a\n  ```",
    "The script says so\n\n  ~~~sh check\n  test -e x\n\n    indented\n  ~~~",
    "Both hold:\n  - one\n  - two",
    "It stays calm",
)
_FAILURES = (
    "Rollback: `$ alembic downgrade -1`, revert",
    "Verify rollback: `$ make smoke`",
    "Retry: 3",
    "Tell everybody",
)


def _items(chance: Random, letter: str, texts: list[str]) -> str:
    ids = chance.random() < 0.6
    return "\n".join(f"- {f'{letter}{number}: ' if ids else ''}{text}" for number, text in enumerate(texts, 1))


def mutated(chance: Random) -> str:
    """A valid spec with some of its text cut, doubled, moved or sprinkled with shreds."""
    text = valid(chance)
    for _ in range(chance.randint(1, 8)):
        start = chance.randint(0, len(text))
        end = min(len(text), start + chance.randint(0, 30))
        kind = chance.randrange(4)
        if kind == 0:
            text = text[:start] + text[end:]
        elif kind == 1:
            text = text[:start] + chance.choice(_SHREDS) * chance.randint(1, 3) + text[start:]
        elif kind == 2:
            place = chance.randint(0, len(text))
            text = text[:place] + text[start:end] + text[place:]
        else:
            text = text.replace("\n", chance.choice(("\n", "\r\n", "\r", "\n\n")), chance.randint(1, 5))
    return text


def noise(chance: Random) -> str:
    """Shreds of the language in any order."""
    return "".join(chance.choice(_SHREDS) for _ in range(chance.randint(0, 120)))


def structured(chance: Random) -> str:
    """Blocks of all kinds in any order, nested, loose and tight: sound Markdown."""
    return "\n\n".join(_block(chance, 0) for _ in range(chance.randint(1, 8))) + "\n"


_PLAIN_BLOCKS = {
    "fence": "```sh\n# not a heading\n- not an item\n```",
    "table": "| a | b |\n|---|---|\n| `c` | d |",
    "rule": "***",
}


def _block(chance: Random, depth: int) -> str:
    kind = chance.choice(("text", "text", "list", "list", "quote", "heading", *_PLAIN_BLOCKS))
    if kind in _PLAIN_BLOCKS:
        return _PLAIN_BLOCKS[kind]
    if kind == "list" and depth < 3:
        mark = chance.choice(("-", "*", "+", "1.", "10)"))
        gap = chance.choice(("\n", "\n\n"))
        return gap.join(_item(chance, mark, depth) for _ in range(chance.randint(1, 3)))
    if kind == "quote" and depth < 3:
        return "\n".join(f"> {line}".rstrip() for line in _block(chance, depth + 1).split("\n"))
    if kind == "heading":
        return "#" * chance.randint(1, 6) + " " + words(chance)
    return f"{words(chance)}\n{words(chance)}"


def _item(chance: Random, mark: str, depth: int) -> str:
    indent = " " * (len(mark) + 1)
    blocks = [words(chance), *(_block(chance, depth + 1) for _ in range(chance.randint(0, 2)))]
    tight = chance.random() < 0.3 and not any("|" in block for block in blocks)  # marko: no table ends a paragraph
    text = ("\n" if tight else "\n\n").join(blocks)
    return f"{mark} " + text.replace("\n", f"\n{indent}").replace(f"\n{indent}\n", "\n\n")

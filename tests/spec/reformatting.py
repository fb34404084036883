"""Specs with every construct of Markdown that people put into one, and the formatters that they run over them."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from random import Random

import mdformat
from tests.spec.texts import seeded, words

HEADINGS = ("Task", "Goal", "Constraints", "Interfaces", "Acceptance", "Failure plan", "Tasks", "Clarifications")
_LETTERS = " GCIAFTQ"
_MORE = (
    "\n  and more, on a line of its own",
    "\n\n  A second paragraph with *emphasis*, __strong words__ and `code  twice`.",
    "\n\n  > A quote with `code`.",
    "\n\n  - inner one\n  - inner two\n    1. deep",
    "\n\n  ```sh\n  run   it\n\n    deeper\n  ```",
    "  \n  a hard break before this",
    " <!-- said aside -->",
    ' [a link](https://example.org/a_b_c "its title") and <https://example.org/x>',
    " ![picture](p.png) &amp; an &copy; entity, an escaped \\* and \\_",
    " a_b_c, 2*3*4, snake_case, 1. not a list, + plus, # hash",
)
_BODIES = {
    "Constraints": (
        "Change only: `src/**`, `tests/**`",
        "Do not change: `a_b.py`",
        "Must not contain: `/print\\(/` in `src/**`",
        "At most: 300 lines",
        "Budget: 3 attempts, 90m, $5",
        "No new dependencies",
    ),
    "Interfaces": (
        "Changes `src/a.py`; uses `redis`.",
        "Service: the upload API (see A1)",
        "New `src/b.py`, `src/c d.py`",
    ),
    "Acceptance": (
        "It works: `$ pytest -q  tests` (regression, timeout 2m). Proves G1.",
        "`tests/a.py::test_b[x y]` holds (env A=`b c`, runs 3)",
        "It reads well (manual: @bob)",
        "It prints:\n\n  ```console\n  $ echo a\n  a\n  ...\n  ```",
        "The script says so\n\n  ~~~sh check\n  test -e x\n\n    indented\n  ~~~",
        "It holds twice: `` $ echo '`' `` (slow)",
    ),
    "Failure plan": (
        "Rollback: `$ alembic downgrade -1`, revert",
        "Verify rollback: `$ make smoke`",
        "Retry: 3",
        "Tell everybody",
    ),
    "Tasks": ("First. Proves A1. Changes `src/a.py`.", "Second. Proves A2. After T1. Agent codex."),
    "Clarifications": ("How many? **Answer:** Three. (@alice, clarifies A1)",),
}  # fmt: skip
_TABLES = ("| a | b |\n|---|:-:|\n| `x` | long \\| words |", "name | value\n--- | ---\n*one* | two\n")
_NOTES = (
    "A note: see [this](x.md).",
    "<details>\n\nhidden words\n\n</details>",
    "***",
    "<!-- guidance -->",
    "### A sub-heading",
)


def rich(chance: Random, *, tables: bool, front: bool) -> str:
    """A spec of many constructs; formatters without the extensions get it without tables and front matter."""
    parts = []
    if front:
        parts.append("---\nid: rich\nafter: [x,   y]\nlabels: [z]\n---\n")
    parts.append("# The title of it\n")
    listed = {name: chance.random() < 0.8 for name in HEADINGS}
    for name, letter in zip(HEADINGS, _LETTERS, strict=True):
        heading = f"{name}\n{'-' * 4}" if chance.random() < 0.2 else f"## {name}{chance.choice(('', ' ##', ''))}"
        parts.append(f"{heading}\n")
        if name == "Task":
            parts += [f"{words(chance)}.\n", f"* {words(chance)}\n* {words(chance)}\n"][: chance.randint(1, 2)]
        else:
            parts.append(_clauses(chance, name, letter, listed=listed[name]))
        if chance.random() < 0.3:
            parts.append(chance.choice(_NOTES) + "\n")
        if tables and chance.random() < 0.3:
            parts.append(chance.choice(_TABLES).rstrip("\n") + "\n")
    parts.append("## Another section\n\n1) one\n2) two\n")
    return "\n".join(parts)


def _clauses(chance: Random, name: str, letter: str, *, listed: bool) -> str:
    own = _BODIES.get(name, ())
    texts = chance.sample(own, min(len(own), chance.randint(1, 4))) if own else []
    texts += [f"{words(chance)}{chance.choice(_MORE)}" for _ in range(chance.randint(1, 3))]
    marker = chance.choice(("-", "*", "+", "1."))
    gap = chance.choice(("\n", "\n\n"))
    found = []
    for number, text in enumerate(texts, 1):
        lead = chance.choice((f"{letter}{number}: ", f"**{letter}{number}:** ", f"[ ] {letter}{number}: "))
        if listed:
            indent = " " * (len(marker) + 1)
            found.append(f"{marker} {lead}{text}".replace("\n  ", f"\n{indent}"))
        else:
            found.append(f"{letter}{number}: {text}".replace("\n  ", "\n"))
    return (gap if listed else "\n\n").join(found) + "\n"


MDFORMAT = ({"wrap": "keep"}, {"wrap": "no"}, {"wrap": 40}, {"number": True, "wrap": 100})
PRETTIER = ("always", "never", "preserve")


def by_mdformat(text: str, seed: int) -> str:
    """The text as mdformat lays it out, with one of its sets of options."""
    return mdformat.text(text, options=MDFORMAT[seed % len(MDFORMAT)])


_SCRIPT = """
import * as prettier from "PRETTIER";
import { readFileSync, writeFileSync } from "node:fs";
const texts = JSON.parse(readFileSync(process.argv[2], "utf8"));
const done = [];
for (const [text, proseWrap] of texts)
  done.push(await prettier.format(text, { parser: "markdown", proseWrap, embeddedLanguageFormatting: "off" }));
writeFileSync(process.argv[3], JSON.stringify(done));
"""


def prettier_module(folder: Path) -> Path | None:
    """Prettier 3 as npm installs it below ``folder``; None where there is no node, no npm or no registry."""
    if not shutil.which("node") or not shutil.which("npm"):
        return None
    command = ["npm", "install", "--prefix", str(folder), "--no-audit", "--no-fund", "--silent", "prettier@3"]
    done = subprocess.run(command, cwd=folder, check=False, timeout=300, capture_output=True)
    module = folder / "node_modules" / "prettier" / "index.mjs"
    return module if done.returncode == 0 and module.is_file() else None


def by_prettier(texts: list[tuple[str, str]], module: Path, folder: Path) -> list[str]:
    """Texts as Prettier lays them out, each with its ``proseWrap``; one process for all of them."""
    script, given, done = folder / "run.mjs", folder / "given.json", folder / "done.json"
    script.write_text(_SCRIPT.replace("PRETTIER", module.as_uri()), encoding="utf-8")
    given.write_text(json.dumps(texts), encoding="utf-8")
    subprocess.run(["node", str(script), str(given), str(done)], check=True, timeout=3_000)
    formatted: list[str] = json.loads(done.read_text(encoding="utf-8"))
    return formatted


def spec_text(seed: int, *, tables: bool, front: bool) -> str:
    """The spec of a seed."""
    return rich(seeded(seed), tables=tables, front=front)

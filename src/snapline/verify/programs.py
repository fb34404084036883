"""The programs that commands and scripts become: each leaves a mark after its last line.

Code of the candidate that a check sources or imports can end the check early with status 0 (``exit 0``, a trap,
``os._exit``). So status 0 counts only with the mark, which holds the run's nonce. A shell reads its program from stdin
into memory and closes it, a Python script's file is removed before it runs: the nonce is in no argument, no variable
of the environment and no open file.
"""

from __future__ import annotations

import shlex

from snapline.base.regex import regex
from snapline.spec.model import CheckKind
from snapline.verify.orders import CheckOrder

LOADER = 'IFS= read -r -d "" program || :; exec </dev/null; eval "$program"'
"""What a shell is started with; the program itself comes on stdin."""
STRICT = ("--noprofile", "--norc", "-eo", "pipefail")
"""The options of every shell that runs a command or a script."""
PYTHON = "python"
NODE = "node"
FIND_PYTHON = 'found=$(command -v python || command -v python3) || { echo "python: not found on PATH"; exit 127; }; '
_RUN_PYTHON = """import os, sys
def main(path, end):
    with open(path, encoding="utf-8") as stream:
        nonce, text = stream.read().split("\\n", 1)
    os.unlink(path)
    exec(compile(text, "<check>", "exec"), {"__name__": "__main__"})
    with open(end, "w") as stream:
        stream.write(nonce)
main(sys.argv.pop(1), sys.argv.pop(1))
"""
_RUN = {
    PYTHON: FIND_PYTHON + f'exec "$found" -c {shlex.quote(_RUN_PYTHON)} "$1" "$2"',
    NODE: 'command -v node >/dev/null || { echo "node: not found on PATH"; exit 127; }; exec node - <"$1"',
}
_FAILING_EXIT = regex(r"\bexit\s+[1-9][0-9]*\b")
_OWN_END = {
    None: regex(r"\b(exit|exec|return)\b"),
    PYTHON: regex(r"\b(exit|quit|_exit|SystemExit|exec[lv]\w*|abort)\b"),
    NODE: regex(r"\bprocess\b"),
}


def shell(text: str, end: str, nonce: str) -> str:
    """The bash program of a command or shell script: it leaves ``nonce`` in the file ``end`` after its last line."""
    return "\n".join(
        (
            "unset program",
            "exec 2>&1",
            f"eval {shlex.quote(text)}",
            f"printf %s {nonce} >{shlex.quote(end)}",
        )
    )


def script(language: str, text: str, end: str, nonce: str) -> tuple[str, str]:
    """What the shell is told to start for a script of another language, and the content of its file.

    The shell gets the paths of the file and of ``end`` as its arguments.
    """
    content = f"{nonce}\n{text}"
    if language == NODE:
        content = f"{text}\nrequire('fs').writeFileSync({end!r}, '{nonce}')\n"
    return _RUN[language], content


def is_foreign(language: str | None) -> bool:
    """Whether a script is run by something else than the shell."""
    return language in _RUN


def must_reach_its_end(order: CheckOrder) -> bool:
    """Whether status 0 without the mark is a failure: unless the author's own text may end it early with status 0."""
    if order.kind not in (CheckKind.COMMAND, CheckKind.SCRIPT):
        return False
    language = order.language if is_foreign(order.language) else None
    return not _OWN_END[language].search(_FAILING_EXIT.sub("", order.text))

"""Checks that modules and functions stay small: a module below 350 lines, a function below 50."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

MODULE_LINES = 350
FUNCTION_LINES = 50
FOLDERS = ("src", "tests", "tools")


def faults(path: Path) -> Iterator[str]:
    """What is too long in one module, as ``path:line: message``."""
    text = path.read_text(encoding="utf-8")
    lines = text.count("\n")
    if lines >= MODULE_LINES:
        yield f"{path}:1: the module has {lines} lines; it must stay below {MODULE_LINES}"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length >= FUNCTION_LINES:
                yield f"{path}:{node.lineno}: {node.name} has {length} lines; it must stay below {FUNCTION_LINES}"


def main(root: Path) -> int:
    """Print every fault below ``root``; 1 if there is one."""
    modules = sorted(path for folder in FOLDERS for path in (root / folder).rglob("*.py"))
    found = [fault for path in modules for fault in faults(path)]
    print("\n".join(found) if found else f"{len(modules)} modules within their sizes")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path()))

"""setup.cfg and setup.py. The latter is a program: literals are read, and expressions are told as they are written."""

from __future__ import annotations

import ast
import configparser
import warnings
from collections.abc import Iterator

from snapline.base.regex import regex
from snapline.verify.manifests import requirements
from snapline.verify.manifests.dependency import Dependency, Manifest, Unreadable
from snapline.verify.manifests.requirements import requirement

_MOST = 512 * 1024
_LONGEST_LINE = 1000
_LATER = ("setup_requires", "tests_require")
_KEYS = frozenset({"install_requires", "extras_require", *_LATER})
_GROWS = frozenset({"append", "extend", "insert", "update"})
_ODD_BREAKS = regex("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


def read_cfg(manifest: Manifest) -> Iterator[Dependency]:
    """A setup.cfg."""
    # Python's reader of INI files takes time quadratic in a line, and splits lines where setuptools does not.
    text = manifest.text
    if len(text) > _MOST or _ODD_BREAKS.search(text) or any(len(one) > _LONGEST_LINE for one in text.split("\n")):
        raise Unreadable("it is too large, or has odd or overlong lines")
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except configparser.Error as error:
        raise Unreadable(f"it is no INI file: {error.message.splitlines()[0][:200]}") from error
    options = dict(parser["options"]) if parser.has_section("options") else {}
    yield from _list_of(manifest, options.get("install_requires", ""), at_run_time=True)
    for key in _LATER:
        yield from _list_of(manifest, options.get(key, ""), at_run_time=False)
    if parser.has_section("options.extras_require"):
        for value in parser["options.extras_require"].values():
            yield from _list_of(manifest, value, at_run_time=False)


def _list_of(manifest: Manifest, value: str, *, at_run_time: bool) -> Iterator[Dependency]:
    """A list over lines, or on one line parted by semicolons; or the files that it is in."""
    if value.strip().startswith("file:"):
        for path in value.strip().removeprefix("file:").split(","):
            yield from requirements.read_beside(manifest, path.strip())
        return
    lines = value.split("\n") if "\n" in value else value.split(";")
    for line in lines:
        if (said := line.partition(" #")[0].strip()) and not said.startswith("#"):
            yield requirement(said, at_run_time=at_run_time)


def read_script(manifest: Manifest) -> Iterator[Dependency]:
    """A setup.py: the lists given to setup, by name too, and what is added to lists of those names."""
    if len(manifest.text) > _MOST:
        raise Unreadable("it is larger than 512 KiB")
    try:
        nodes = list(ast.walk(_tree(manifest.text)))
        given = list(_given(nodes))
        names = {one.id for _, value in given for one in ast.walk(value) if isinstance(one, ast.Name)}
        for key, value in given:
            yield from _literals(value, at_run_time=key == "install_requires")
            if not _is_literal(value):
                yield Dependency(f"{key} = {ast.unparse(value)}", at_run_time=key == "install_requires", mark=key)
        for value in _assigned(nodes, names):
            yield from _literals(value, at_run_time=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(f"it is no Python: {str(error)[:200]}") from error


def _tree(text: str) -> ast.Module:
    """The syntax of a program; what Python warns of in it is its author's business."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def _given(nodes: list[ast.AST]) -> Iterator[tuple[str, ast.expr]]:
    for node in nodes:
        if isinstance(node, ast.keyword) and node.arg in _KEYS:
            yield str(node.arg), node.value
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value in _KEYS:
                    yield str(key.value), value


def _assigned(nodes: list[ast.AST], names: set[str]) -> Iterator[ast.expr]:
    """What is put into variables of these names."""
    for node in nodes:
        match node:
            case ast.Assign(targets=[*_, ast.Name(id=name)], value=value) if name in names:
                yield value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value) if name in names:
                yield value
            case ast.AugAssign(target=ast.Name(id=name), value=value) if name in names:
                yield value
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=verb), args=args) if name in names:
                if verb in _GROWS:
                    yield ast.List([*args])
            case _:
                pass


def _literals(value: ast.expr, *, at_run_time: bool) -> Iterator[Dependency]:
    for node in ast.walk(value):
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            for one in node.elts:
                if isinstance(one, ast.Constant) and isinstance(one.value, str):
                    yield requirement(one.value, at_run_time=at_run_time)


def _is_literal(value: ast.expr) -> bool:
    kinds = (ast.List, ast.Tuple, ast.Set, ast.Dict, ast.Constant, ast.expr_context)
    return all(isinstance(one, kinds) for one in ast.walk(value))

"""What ``[lint]`` in ``snapline.toml`` says of rules, held against the rules that there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from snapline.app.settings import LintTable
from snapline.lint.gate import is_firm
from snapline.lint.registry import all_rules, find_rule
from snapline.lint.similar import closest
from snapline.spec.globs import fault


@dataclass(frozen=True)
class OddKey:
    """A key below ``[lint]`` that cannot be meant, with what is wrong and what to do."""

    key: tuple[str, ...]
    message: str
    hint: str = ""


def odd_keys(table: LintTable) -> tuple[OddKey, ...]:
    """Every key of the table that names no rule, or a rule that stays as it is, or a glob that matches nothing."""
    return (*_lists(table), *_severities(table), *_paths(table), *_words(table))


def odd_codes(select: Iterable[str], ignore: Iterable[str]) -> tuple[OddKey, ...]:
    """What is wrong with codes that a person names on a command line."""
    return (
        *(odd for code in select for odd in _unknown(("select",), code)),
        *(odd for code in ignore for odd in _ignored(("ignore",), code)),
    )


def _lists(table: LintTable) -> Iterator[OddKey]:
    for code in table.select:
        yield from _unknown(("select",), code)
    for code in table.ignore:
        yield from _ignored(("ignore",), code)


def _severities(table: LintTable) -> Iterator[OddKey]:
    for code, severity in table.severities.items():
        key, rule = ("severities", code), find_rule(code)
        if rule is None:
            yield from _unknown(key, code, whole=True)
        elif is_firm(rule) and severity != "error":
            yield OddKey(key, f"{code} stays an error", _WHY)


def _paths(table: LintTable) -> Iterator[OddKey]:
    for glob, codes in table.per_path.items():
        key = ("per-path", glob)
        said = fault(glob)
        if said is not None:
            yield OddKey(key, f"this glob matches nothing: {said}", "Globs are relative to the root: `specs/old/**`.")
        for code in codes:
            yield from _ignored(key, code)


def _words(table: LintTable) -> Iterator[OddKey]:
    for code, words in table.words.items():
        key, rule = ("words", code), find_rule(code)
        if rule is None:
            yield from _unknown(key, code, whole=True)
        elif not rule.own_words:
            looking = ", ".join(one.code for one in all_rules() if one.own_words)
            yield OddKey(key, f"{code} takes no words of yours", f"These do: {looking}.")
        if not all(word.strip() for word in words):
            yield OddKey(key, "a word is empty")


def _ignored(key: tuple[str, ...], code: str) -> Iterator[OddKey]:
    firm = [rule.code for rule in all_rules() if rule.code.startswith(code) and is_firm(rule)]
    if code and firm:
        yield OddKey(key, f"`{code}` cannot be ignored: {', '.join(firm)}", _WHY)
    else:
        yield from _unknown(key, code)


def _unknown(key: tuple[str, ...], code: str, *, whole: bool = False) -> Iterator[OddKey]:
    known = [rule.code for rule in all_rules()]
    if code not in known and (whole or not code or not any(one.startswith(code) for one in known)):
        near = closest(code, known)
        yield OddKey(
            key,
            f"there is no rule `{code}`",
            f"Did you mean `{near}`?" if near else "`snapline rule` lists the rules.",
        )


_WHY = "What it finds makes a verdict meaningless; it has to be mended."

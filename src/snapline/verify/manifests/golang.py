"""go.mod and go.work (https://go.dev/ref/mod#go-mod-file)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from snapline.base.regex import regex
from snapline.verify.manifests.dependency import Dependency, Manifest, Unreadable

_WORD = regex(r'"([^"]*)"|`([^`]*)`|([^\s"`()]+|[()])')
_OTHERS = frozenset({"module", "go", "toolchain", "godebug", "exclude", "retract", "ignore", "use"})


def read(manifest: Manifest) -> Iterator[Dependency]:
    """What is required, indirectly too, what replaces it, and the tools."""
    block = ""
    for line in manifest.text.splitlines():
        words = _words(line)
        if not words:
            continue
        if block and words == [")"]:
            block = ""
        elif not block and words[1:] == ["("]:
            block = words[0]
            _refuse_unknown(block)
        else:
            directive, values = (block, words) if block else (words[0], words[1:])
            yield from _declared(directive, values)
    if block:
        raise Unreadable(f"the block `{block}` has no end")


def _words(line: str) -> list[str]:
    said = line.partition("//")[0]
    if "\\" in said:
        raise Unreadable(f"it has an escape: {said[:80]!r}")
    return ["".join(one) for one in _WORD.findall(said)]


def _refuse_unknown(directive: str) -> None:
    if directive not in _OTHERS and directive not in ("require", "replace", "tool"):
        raise Unreadable(f"it has an unknown directive: {directive[:80]!r}")


def _declared(directive: str, values: Sequence[str]) -> Iterator[Dependency]:
    _refuse_unknown(directive)
    if directive == "replace":
        if "=>" not in values[1:-1]:
            raise Unreadable("it has a `replace` without `=>`")
        old, new = values[0], values[values.index("=>") + 1]
        yield Dependency(old, "" if old == new else new, mark=new)
    elif directive in ("require", "tool") and values:
        yield Dependency(values[0])

"""No text and no place in it makes an answer fail, and every place in an answer lies in the text."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from tests.lsp.scene import FILES, TEXT

from snapline.base.ids import SpecId
from snapline.base.text import Source, Span, apply_edits
from snapline.lint.rule import Context
from snapline.lsp import actions, completion, hover, lenses, links, navigation, outline, renaming, tokens
from snapline.lsp.positions import Encoding, Positions
from snapline.lsp.view import View
from snapline.spec.interfaces import PathTree
from snapline.spec.model import Spec
from snapline.spec.parser import parse

PIECES = (
    *("`", "``", "(", ")", "\n", "\r\n", "\n\n", "- ", "- A9: ", "# ", "# Goal\n", "---\n", "-->", "```\n", "`$ "),
    *("<!-- snapline: ignore ", "proves ", "auth/", "auth/G1", "A1-A3", "😀", "\u2028", "[x] ", "Spec: ", "`src/"),
    *("Keep passing: ", "Change only: ", "\t", "|", "::", "(manual: ", "(timeout ", "> ", "\\", "&amp;", "**", "é"),
    *("\r", "after: [", "id: ", "a", " "),
)


def mangled(chance: random.Random, text: str) -> str:
    """A text with some places changed."""
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(text) + 1)
        end = min(len(text), at + chance.choice((0, 0, 1, 3, 30, 300)))
        text = text[:at] + "".join(chance.choice(PIECES) for _ in range(chance.randrange(3))) + text[end:]
    return text


def spec_of(name: str, text: str) -> Spec:
    return parse(Source(f"specs/{name}.md", text.encode(), text))


def spans(view: View, offset: int) -> Iterator[tuple[Spec, Span]]:
    """Every place that every answer names, with the spec that it is in."""
    told = hover.hover(view, offset)
    here = [told.span] if told else []
    here += [one.span for one in completion.complete(view, offset).proposals]
    here += [one.span for one in tokens.tokens(view)]
    here += [one.span for one in lenses.lenses(view)]
    here += [one.span for one in links.links(view)]
    for symbol in outline.symbols(view):
        here += [symbol.span, symbol.name_span]
        here += [place for inner in symbol.inside for place in (inner.span, inner.name_span)]
    assert all(0 <= one.first <= one.last < len(view.source.line_starts) for one in outline.folds(view))
    yield from ((view.spec, one) for one in here)
    both = (*navigation.definition(view, offset), *navigation.references(view, offset, declaration=True))
    for target in both:
        home = view.spec if target.spec in (None, view.spec.id) else view.others[SpecId(target.spec or "")]
        if target.file is None:
            yield home, target.span


def trial(seed: int) -> int:
    """Ask everything about one mangled text; gives how many answers had a place."""
    chance = random.Random(seed)  # noqa: S311 - the same trial every time
    spec, auth = spec_of("uploads", mangled(chance, TEXT)), spec_of("auth", mangled(chance, FILES["specs/auth.md"]))
    tree = PathTree({name: text.encode() for name, text in FILES.items()})
    view = View(Context(spec, tree, {auth.id: auth} if auth.id != spec.id else {}))
    positions = {encoding: Positions(spec.source, encoding) for encoding in Encoding}
    count = 0
    for _ in range(6):
        offset = chance.randrange(len(spec.source.text) + 1)
        for home, span in spans(view, offset):
            assert 0 <= span.start <= span.end <= len(home.source.text)
            count += 1
        for one in positions.values():
            coloured = tokens.encoded(tokens.tokens(view), one)
            assert min(coloured, default=0) >= 0
        found = renaming.rename(view, offset, f"{chance.choice('GCIAFT')}{chance.randrange(20, 99)}")
        for home_id, edits in found.items() if isinstance(found, dict) else ():
            home = spec if home_id == spec.id else auth
            renamed = spec_of(home.id, apply_edits(home.source.text, edits))
            assert len(renamed.clauses()) == len(home.clauses())
    for action in actions.every(view):
        if action.deed is actions.Deed.FIX and action.finding and action.finding.fix:
            apply_edits(spec.source.text, action.finding.fix.edits)
    return count


def test_no_text_and_no_place_makes_an_answer_fail() -> None:
    assert sum(trial(seed) for seed in range(40)) > 1_000


@pytest.mark.soak
def test_no_text_and_no_place_makes_an_answer_fail_for_long() -> None:
    assert sum(trial(seed) for seed in range(1_000, 6_000)) > 100_000

"""PLN705 open-spec-overlap."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from snapline.base.diagnostics import Finding, Severity
from snapline.base.ids import SpecId
from snapline.base.text import Span
from snapline.lint.boundaries import globs_of
from snapline.lint.declared import named_things
from snapline.lint.intervals import Bound, bounds
from snapline.lint.rule import Context, Rule
from snapline.lint.splices import unquoted
from snapline.lint.words import Words
from snapline.plan.overlap import Footprint, common, footprint
from snapline.spec.globs import fault
from snapline.spec.interfaces import Name, Tree, classify
from snapline.spec.listing import Listing
from snapline.spec.model import Binding, Clause, ConstraintWord, SectionKind, Spec, TaskEntry

_CHANGING = frozenset({Binding.CHANGES, Binding.REMOVES, Binding.NEW, Binding.PROVIDES})
_NO_FILES = Listing(())
_PROMISES = (SectionKind.GOAL, SectionKind.CONSTRAINTS, SectionKind.ACCEPTANCE)


class OpenSpecOverlap(Rule):
    """Another approved spec that has not landed changes the same paths, or says something that contradicts this one.

    ## Why it is bad

    Two agents work from the same base on the same file. Whichever lands second does not merge, or undoes what the first
    one was approved for.

    ## Example

    While `auth-tokens` is in flight and changes `src/auth/**`:

    ```markdown
    # Interfaces
    - I1: changes `src/auth/session.py`
    ```

    Better:

    ```markdown
    ---
    after: [auth-tokens]
    ---
    # Interfaces
    - I1: changes `src/auth/session.py`
    ```

    ## How to fix

    Put one after the other (`after`), let one supersede the other, or part what they change. What everybody may change
    (`[plan] shared`, by default changelogs and lock files) is not meant. A spec whose Interfaces and Tasks name nothing
    that is changed is taken by its `Change only`. Contradictions are: one removes what the other uses, or both bound
    the same thing and no number keeps both ("at most 3", "at least 5").
    """

    code = "PLN705"
    name = "open-spec-overlap"
    severity = Severity.WARNING

    def check(self, context: Context) -> Iterator[Finding]:
        """At most one finding for each other spec in flight; silent without any."""
        if not context.in_flight:
            return
        own = _Reach(context.spec, context.tree)
        for other in sorted(context.in_flight):
            if other == context.spec.id or _in_order(context, context.in_flight[other]):
                continue
            theirs = _Reach(context.in_flight[other], context.tree)
            found = _overlap(context, own, theirs) or _contradiction(context, own, theirs)
            if found:
                yield self.finding(
                    context,
                    found.span,
                    f"{found.what} {other}, which is approved and has not landed",
                    hint=f"Put one after the other (`after: [{other}]`), or part them.",
                    clause=found.clause,
                )


@dataclass(frozen=True, slots=True)
class _Found:
    """Where two specs meet, and how."""

    span: Span
    clause: Clause
    what: str


class _Reach:
    """What a spec changes, removes and uses: each path or glob with its place and clause."""

    def __init__(self, spec: Spec, tree: Tree | None) -> None:
        self._tree = tree
        self.changed: dict[str, tuple[Span, Clause]] = {}
        self.removed: dict[str, tuple[Span, Clause]] = {}
        self.used: dict[str, tuple[Span, Clause]] = {}
        self._interfaces(spec)
        for clause in spec.clauses(SectionKind.TASKS):
            if isinstance(clause.entry, TaskEntry):
                for glob in clause.entry.changes:
                    self.changed.setdefault(glob.text, (unquoted(spec.source, glob.span), clause))
        if not self.changed:
            for clause, glob in globs_of(spec, ConstraintWord.CHANGE_ONLY):
                self.changed.setdefault(glob.text, (unquoted(spec.source, glob.span), clause))
        self.footprint = self.of(*self.changed)
        self._spec = spec

    @cached_property
    def bounds(self) -> dict[tuple[str, ...], list[Bound]]:
        """The bounds that the spec sets, by what they are about."""
        words, found = Words(self._spec), defaultdict[tuple[str, ...], list[Bound]](list)
        for clause in self._spec.clauses(*_PROMISES):
            for one in bounds(words, clause):
                found[one.about].append(one)
        return found

    def _interfaces(self, spec: Spec) -> None:
        for clause, named in named_things(spec):
            path = named.text.partition("::")[0].removeprefix("./")
            place = (unquoted(spec.source, named.span), clause)
            if fault(path) or (isinstance(classify(path, self._tree), Name) and not named.new):
                continue
            if named.new or named.binding in _CHANGING:
                self.changed.setdefault(path, place)
            if named.binding is Binding.REMOVES:
                self.removed.setdefault(path.rstrip("/"), place)
            elif named.binding is Binding.USES:
                self.used.setdefault(path.rstrip("/"), place)

    def of(self, *globs: str) -> Footprint:
        """The footprint of some globs in the tree."""
        return footprint(globs, self._tree.listing if self._tree else _NO_FILES)


def _overlap(context: Context, own: _Reach, theirs: _Reach) -> _Found | None:
    """The first thing that both specs change."""
    if common(own.footprint, theirs.footprint, context.settings.shared) is None:
        return None
    for glob, (span, clause) in own.changed.items():
        both = common(own.of(glob), theirs.footprint, context.settings.shared)
        if both is not None:
            return _Found(span, clause, f"`{both}` is changed by this spec and by")
    return None


def _contradiction(context: Context, own: _Reach, theirs: _Reach) -> _Found | None:
    """What one removes and the other uses, or two bounds of the same thing that no number keeps both."""
    spec, words = context.spec, context.words
    for path, (span, clause) in own.removed.items():
        if path in theirs.used:
            return _Found(span, clause, f"`{path}` is removed by this spec and used by")
    for path, (span, clause) in own.used.items():
        if path in theirs.removed:
            return _Found(span, clause, f"`{path}` is used by this spec and removed by")
    for bound in (bound for clause in spec.clauses(*_PROMISES) for bound in bounds(words, clause)):
        other = next((one for one in theirs.bounds.get(bound.about, ()) if bound.excludes(one)), None)
        if other is not None:
            said = f"`{spec.source.slice(bound.span)}` contradicts {other.clause.shown} of"
            return _Found(bound.span, bound.clause, said)
    return None


def _in_order(context: Context, other: Spec) -> bool:
    """Whether one waits for the other, directly or through others, or takes its place."""
    spec = context.spec
    if other.id in spec.front.supersedes or spec.id in other.front.supersedes:
        return True
    return _waits(context, spec, other.id) or _waits(context, other, spec.id)


def _waits(context: Context, spec: Spec, wanted: SpecId) -> bool:
    seen: set[SpecId] = set()
    left = list(spec.waits_for)
    while left:
        one = left.pop()
        if one == wanted:
            return True
        known = None if one in seen else context.in_flight.get(one) or (context.corpus or {}).get(one)
        seen.add(one)
        left += known.waits_for if known else ()
    return False

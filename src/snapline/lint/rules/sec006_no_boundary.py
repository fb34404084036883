"""SEC006 no-boundary."""

from __future__ import annotations

import re
from collections.abc import Iterator

from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.base.regex import regex
from snapline.lint.declared import named_things
from snapline.lint.rule import Context, Rule
from snapline.lint.splices import Numbering, append_items
from snapline.spec.model import (
    Binding,
    CheckKind,
    Clause,
    ConstraintEntry,
    ConstraintWord,
    Section,
    SectionKind,
    Spec,
)

_BOUNDARIES = frozenset(
    {
        ConstraintWord.CHANGE_ONLY,
        ConstraintWord.DO_NOT_CHANGE,
        ConstraintWord.ASK_FIRST,
        ConstraintWord.MUST_NOT_CONTAIN,
        ConstraintWord.NO_NEW_DEPENDENCIES,
        ConstraintWord.NO_NETWORK,
    }
)
_OUT_OF_BOUNDS = regex(
    r"""(?<![\w-])(?:
      (?:not|never|neither|nor|cannot|none|nothing|nobody|unchanged|untouched|unaffected|unmodified|intact|frozen
        |forbidden|prohibited|off[ -]limits|out[ ]of[ ]scope|out[ ]of[ ]bounds|non-goals?|as[ ](?:it|they)[ ](?:is|are))
    | \w{2,10}n['’]t
    | (?:stay|remain|keep|leave|preserve)(?:s|ing)? | kept | left[ ](?:alone|as) | preserved | avoid(?:s|ed)?
    | no (?![ ](?:more|less|fewer|later|earlier|longer|slower|faster)(?![\w-]))
    | only [^.;\x02]{0,60}? (?:chang|touch|edit|modif|affect)\w*
    | (?:chang|touch|edit|modif|affect)\w* [ ] only
    )(?!\w)""",  # noqa: RUF001 - typographic apostrophes count
    re.VERBOSE | re.IGNORECASE,
)


class NoBoundary(Rule):
    """The constraints name nothing that is out of bounds.

    A boundary is `Change only`, `Do not change`, `Ask first`, `No new dependencies`, `No network`, `Must not contain`,
    or a sentence that says what must not happen or what stays as it is. A budget is none.

    ## Why it is bad

    An agent that is told no boundary finds the shortest way, through the neighbour's module, the public interface or a
    new dependency. What must not happen is known to the author and to nobody else.

    ## Example

    ```markdown
    # Constraints
    - C1: Budget: 3 attempts, 90m
    ```

    Better:

    ```markdown
    # Constraints
    - C1: Budget: 3 attempts, 90m
    - C2: Change only: `src/upload/**`, `tests/upload/**`
    - C3: The format of stored uploads stays as it is.
    ```

    ## How to fix

    Say what may be changed, or what may not. The fix writes `Change only` with what Interfaces says is changed or new
    and the files of the tests, else `No new dependencies`.
    """

    code = "SEC006"
    name = "no-boundary"
    severity = Severity.WARNING
    fixes = Applicability.SUGGESTED
    language = "en"
    own_words = True

    def check(self, context: Context) -> Iterator[Finding]:
        """At most one finding, at the heading of Constraints."""
        section = context.spec.section(SectionKind.CONSTRAINTS)
        if section is None or not section.prose.strip():
            return
        own = context.settings.words.get(self.code, ())
        if any(_bounds(context, clause, own) for clause in section.clauses) or _bounding_note(section):
            return
        yield self.finding(
            context,
            section.name_span,
            "nothing is out of bounds: the constraints do not say what must not be changed or must not happen",
            hint="Say it: `Change only:`, `Do not change:`, `Ask first:`, or a sentence with `not`, `never`, `stays`.",
            fix=self._draw(context),
        )

    def _draw(self, context: Context) -> Fix | None:
        globs = _globs(context.spec)
        entry = f"Change only: {', '.join(f'`{one}`' for one in globs)}" if globs else "No new dependencies"
        item = f"{Numbering(context).take('C')}: {entry}"
        edit = append_items(context.spec, SectionKind.CONSTRAINTS, [item])
        return self.fix("Draw a boundary", edit) if edit else None


def _bounds(context: Context, clause: Clause, own: tuple[str, ...]) -> bool:
    if isinstance(clause.entry, ConstraintEntry):
        return clause.entry.word in _BOUNDARIES
    words = context.words.of(clause)
    return _OUT_OF_BOUNDS.search(words) is not None or any(one.lower() in words.lower() for one in own)


def _bounding_note(section: Section) -> bool:
    return any(_OUT_OF_BOUNDS.search(note.text) for note in section.notes)


def _globs(spec: Spec) -> tuple[str, ...]:
    """What Interfaces says is changed, and the files of the tests that the criteria name."""
    changed = [
        named.text.partition("::")[0]
        for _, named in named_things(spec)
        if named.binding in (Binding.CHANGES, Binding.NEW, Binding.REMOVES) or named.new
    ]
    paths = [one for one in changed if "/" in one and " " not in one]
    nodes = [
        check.node.path
        for clause in spec.criteria
        for check in clause.checks
        if check.kind is CheckKind.TEST and check.node is not None
    ]
    return tuple(dict.fromkeys((*paths, *nodes))) if paths else ()

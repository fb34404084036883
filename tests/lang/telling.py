"""What is told of an example: in short lines, everything that was understood in it, and every finding.

Of the front matter only what is set is told, of canonical sections only those without clauses. Words behind an
example's ``markdown`` tell more:

- ``tree=a.py,b/`` the files at the base; ``known=A3`` ids of approved revisions, ``retired=A3`` those that went since.
- ``codeowners="* @all; src/ @alice"`` the lines of that file at the base.
- ``path=specs/x.md`` the file; ``escaped`` reads ``\\n``, ``\\r``, ``\\0``, ``\\xNN`` and ``\\uNNNN`` in the example.
- ``pad=1000`` so many more characters at the end.
- ``rules=SEC003,...`` the findings of these rules too; those of the parser and the planner are always told.
- ``texts`` the canonical text of clauses, ``places`` where code stands, ``names`` what Interfaces name, ``matches``
  which files the globs of constraints match, ``goals`` what criteria prove, ``plan`` the tasks, ``rollback`` what a
  rollback is.
- ``fmt`` the text after ``snapline fmt``, ``unenforced`` what this version does not enforce.
- ``prints="..."`` whether a transcript's first command may print that.
- ``headings`` only what headings are read as, with the codes of the findings.
- ``revision`` only whether the revision is that of the example.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.lang.pages import Example

from snapline.base.diagnostics import Finding
from snapline.base.errors import UnreadableText
from snapline.base.ids import ClauseId
from snapline.base.text import Source, Span, apply_edits
from snapline.lint.registry import all_rules
from snapline.lint.rule import Context
from snapline.plan import derive
from snapline.recover import failureplan
from snapline.spec import export, interfaces, parser, revision, show
from snapline.spec import format as formatting
from snapline.spec.globs import matches
from snapline.spec.interfaces import PathTree
from snapline.spec.model import ConstraintEntry, InterfaceEntry, SectionKind, Spec
from snapline.verify import groups, transcript

_ESCAPE = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|([nr0t]))")
_PLAIN = {"n": b"\n", "r": b"\r", "0": b"\0", "t": b"\t"}
_LONGEST = 200
_DEFAULTS = {"priority": "2", "lane": "default", "lang": "en"}


def told(example: Example, origin: Example) -> str:
    """What is told of ``example``, one line each; ``origin`` is the example that it is a sibling of, or itself."""
    try:
        spec = _spec(example)
    except UnreadableText as error:
        return f"unreadable: {error}\n"
    if "revision" in example.settings and example is not origin:
        same = revision.revision(spec) == revision.revision(_spec(origin))
        return "the same revision\n" if same else "another revision\n"
    if "headings" in example.settings:
        return f"{', '.join(_headings(spec, example))}\n"
    lines = [*_front(spec), *_sections(spec, example), *_more(spec, example), *_findings(spec, example)]
    return "".join(f"{_clipped(line)}\n" for line in lines) or "nothing\n"


def _spec(example: Example) -> Spec:
    raw = example.text.encode() + b"x" * int(example.settings.get("pad", "0"))
    if "escaped" in example.settings:
        raw = re.sub(rb"\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|[nr0t])", lambda found: _unescaped(found.group()), raw)
    known = [ClauseId(one) for one in _list(example, "known") + _list(example, "retired")]
    return parser.parse(Source.from_bytes(example.settings.get("path", "spec.md"), raw), known=known)


def _unescaped(code: bytes) -> bytes:
    match = _ESCAPE.fullmatch(code.decode())
    assert match is not None
    if match[1]:
        return bytes.fromhex(match[1])
    return chr(int(match[2], 16)).encode() if match[2] else _PLAIN[match[3]]


def _list(example: Example, word: str) -> list[str]:
    return [one for one in example.settings.get(word, "").split(",") if one]


def _front(spec: Spec) -> Iterator[str]:
    if spec.id != "spec":
        yield f"id: {spec.id}"
    if spec.title != spec.id:
        yield f"title: {spec.title}"
    for name, value in show.describe(spec).front:
        if value != _DEFAULTS.get(name):
            yield f"{name}: {value}"


def _sections(spec: Spec, example: Example) -> Iterator[str]:
    for section, shown in zip(spec.sections, show.describe(spec, _tree(example)).sections, strict=True):
        if section.kind is None:
            yield f'section "{section.name}": {_one_line(section.prose)}'
        elif section.alias:
            yield f'"{section.name}" is {section.kind} ({section.language})'
        elif not shown.clauses and not shown.notes:
            yield f"{section.kind}: {_one_line(section.prose)}".rstrip()
        for clause in shown.clauses:
            if "texts" in example.settings:
                yield f"{clause.id}: {_one_line(clause.text)}"
            else:
                yield from (f"{clause.id}: {_one_line(read)}" for read in _reads(clause, example))
        yield from (f"note: {_one_line(note)}" for note in shown.notes)


def _headings(spec: Spec, example: Example) -> Iterator[str]:
    for section in spec.sections:
        kind = section.kind.value if section.kind else "unknown"
        yield f"{kind} ({section.language})" if section.alias else kind
    yield from (one.code for one in _found(spec, example) if one.code.startswith("SEC"))


def _reads(clause: show.ClauseShown, example: Example) -> Iterator[str]:
    for read in clause.reads:
        if "unenforced" in example.settings or not read.startswith(show.UNENFORCED):
            yield "prose" if read == show.PROSE else read


def _more(spec: Spec, example: Example) -> Iterator[str]:
    tree = _tree(example)
    if "places" in example.settings:
        yield from _places(spec)
    if "names" in example.settings:
        yield from _names(spec, tree)
    if "matches" in example.settings and tree:
        yield from _matches(spec, tree)
    if "goals" in example.settings:
        yield from (f"{one.shown} proves {', '.join(sorted(groups.goals(spec, one)))}" for one in spec.criteria)
    if "plan" in example.settings:
        yield from _plan(spec, tree)
    if "rollback" in example.settings:
        plan = failureplan.failure_plan(spec)
        yield f"rollback: {', '.join(f'{one.text} ({one.side.value})' for one in plan.steps) or plan.mode.value}"
    if "fmt" in example.settings:
        yield from (
            f"fmt: {line}".rstrip() for line in apply_edits(spec.source.text, formatting.fmt_edits(spec)).splitlines()
        )
    if "prints" in example.settings:
        steps = next(check.steps for clause in spec.criteria for check in clause.checks if check.steps)
        output = example.settings["prints"].replace("\\n", "\n")
        yield "the output differs" if transcript.differs(steps[0].expected, output) else "the output matches"


def _tree(example: Example) -> PathTree | None:
    if "tree" not in example.settings:
        return None
    files = dict.fromkeys(_list(example, "tree"), b"")
    owners = example.settings.get("codeowners", "").replace("; ", "\n")
    return PathTree({**files, "CODEOWNERS": owners.encode()} if owners else files)


def _places(spec: Spec) -> Iterator[str]:
    for section in export.document(spec)["sections"]:
        for clause in section["clauses"]:
            for code in clause["code"]:
                span = code["span"]
                place = f"{span['line']}:{span['column']} to {span['end_line']}:{span['end_column']}"
                yield f"`{code['text']}` at {place}, bytes {span['start']} to {span['end']}"


def _names(spec: Spec, tree: PathTree | None) -> Iterator[str]:
    for clause in spec.clauses(SectionKind.INTERFACES):
        for one in clause.entry.named if isinstance(clause.entry, InterfaceEntry) else ():
            found = interfaces.classify(one.text, tree)
            there = "" if isinstance(found, interfaces.Name) else " there" if found.exists else " not there"
            yield f"`{one.text}` is a {type(found).__name__.lower()}{there}"


def _matches(spec: Spec, tree: PathTree) -> Iterator[str]:
    for clause in spec.clauses(SectionKind.CONSTRAINTS):
        for glob in clause.entry.globs if isinstance(clause.entry, ConstraintEntry) else ():
            yield f"`{glob.text}` matches {', '.join(sorted(one for one in tree.paths if matches(glob.text, one)))}"


def _plan(spec: Spec, tree: PathTree | None) -> Iterator[str]:
    plan = derive.plan(spec, tree)
    for number, wave in enumerate(plan.waves, 1):
        for name in wave:
            (task,) = (one for one in plan.tasks if one.id == name)
            yield f"wave {number}: {name} proves {', '.join(task.proves) or 'nothing'}"


def _findings(spec: Spec, example: Example) -> Iterator[str]:
    for one in _found(spec, example):
        fix = f" (fix: {one.fix.title})" if one.fix else ""
        yield f"{one.severity.value} {one.code}: {_quote(spec, one.span)}{fix}"


def _found(spec: Spec, example: Example) -> list[Finding]:
    """What the parser and the planner met, and what the rules find that the example asks for."""
    context = Context(spec, _tree(example), retired=frozenset(ClauseId(one) for one in _list(example, "retired")))
    rules = {rule.code: rule for rule in all_rules()}
    found = [one for code in context.faults for one in rules[code].adopted(context)]
    found += [one for code in _list(example, "rules") for one in rules[code].check(context)]
    return sorted(found, key=lambda one: (one.code, one.span))


def _quote(spec: Spec, span: Span) -> str:
    first, *rest = spec.source.slice(span).splitlines() or [""]
    if not first:
        return f"in line {spec.source.position(span.start).line}"
    return f'"{first}{" ..." if rest else ""}"'


def _clipped(line: str) -> str:
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]} ..."


def _one_line(text: str) -> str:
    return " / ".join(text.splitlines())

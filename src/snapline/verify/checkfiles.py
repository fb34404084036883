"""Check files: which they are, where each comes from, and what a candidate did to them. Pure, on trees.

The spec language, section 3, "Check files": file by file from the base if every node named in the file exists there,
else from the candidate; with a revision named by a person, from that revision for all.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from snapline.base.regex import regex
from snapline.repo.changes import Change, ChangeStatus
from snapline.repo.objects import Entry, TreeView
from snapline.spec.globs import matches
from snapline.spec.model import (
    Binding,
    CheckKind,
    ConstraintEntry,
    ConstraintWord,
    InterfaceEntry,
    SectionKind,
    Spec,
    TaskEntry,
    TestNode,
)
from snapline.verify import runnerconfig, started, tests
from snapline.verify.orders import CheckOrder

PATTERNS = (
    "tests/**", "test/**", "**/tests/**", "**/__tests__/**", "spec/**",
    "**/test_*.{py,sh,rb,c,cc,cpp}", "**/*_test.{py,sh,rb,go,c,cc,cpp,exs}", "**/*_spec.rb",
    "**/*.{test,spec}.{js,jsx,ts,tsx,mjs,cjs}", "**/{test,tests,check,run_tests,run-tests}.sh",
)  # fmt: skip
"""The usual names of test files; ``[verify] check_files`` takes their place."""
_CHANGE_ONLY = ConstraintWord.CHANGE_ONLY
_TEST_FILE = regex(r"test_.*\.py|.*_test\.py|tests\.py")
_SEPARATORS = regex(r"[\s'\"`;|&()<>=]+")
_PATH = regex(r"[\w./@+-]{1,255}")


@dataclass(frozen=True)
class Named:
    """What the checks of a spec name: test nodes by file, and words of commands that may be check files.

    ``started`` are the words that stand where a program does.
    """

    nodes: Mapping[str, tuple[TestNode, ...]]
    words: frozenset[str]
    started: frozenset[str] = frozenset()


def named(orders: Iterable[CheckOrder]) -> Named:
    """The nodes and words of all checks."""
    nodes: dict[str, tuple[TestNode, ...]] = {}
    words: set[str] = set()
    begun: set[str] = set()
    for order in orders:
        node = order.node
        if node is not None:
            for place in order.places:
                nodes[place] = (*nodes.get(place, ()), node)
        elif order.kind is not CheckKind.TEST:
            words |= words_of(order)
            begun |= {str(PurePosixPath(order.directory, word)) for word in started.started_by(_text_of(order))}
    return Named(nodes, frozenset(words), frozenset(begun))


def words_of(order: CheckOrder) -> frozenset[str]:
    """The words of a check's text that could be paths of the tree, counted from its root."""
    return frozenset(str(PurePosixPath(order.directory, word)) for word in paths_in(_text_of(order)))


def _text_of(order: CheckOrder) -> str:
    return "\n".join(step.command for step in order.steps) or order.text


def paths_in(text: str) -> frozenset[str]:
    """The words of a shell text that have the form of a relative path."""
    words = (word.partition("::")[0] for word in _SEPARATORS.split(text))
    return frozenset(word for word in words if _PATH.fullmatch(word) and not word.startswith(("-", "/")))


def is_pattern(path: str, patterns: Iterable[str]) -> bool:
    """Whether a path is a test file by its name."""
    return any(matches(pattern, path) for pattern in patterns)


@dataclass(frozen=True)
class Question:
    """Everything that the choice of check files depends on.

    ``collected`` are the test ids that the base's own run saw, by file, where it ran; ``roots`` the folders on the
    import path; ``source`` the tree of the revision that a person named for all check files.
    """

    spec: Spec
    named: Named
    base: TreeView
    candidate: TreeView
    changes: Sequence[Change]
    patterns: tuple[str, ...] = PATTERNS
    roots: frozenset[str] = frozenset({""})
    collected: Mapping[str, frozenset[str]] | None = None
    source: TreeView | None = None

    def is_check_file(self, path: str) -> bool:
        """Whether a changed file counts as one."""
        if path in self.named.nodes:
            return True
        return is_pattern(path, self.patterns)

    def steers_runner(self, path: str) -> bool:
        """Whether the runner or the interpreter loads it by itself."""
        if runnerconfig.is_hook(path, self.roots) or PurePosixPath(path).name in runnerconfig.WHOLE_FILES:
            return True
        # A project that is the runner itself has it at the base; anybody else's would take the runner's place.
        shadow = runnerconfig.shadow(path, self.roots)
        return shadow is not None and shadow not in self.base.paths and shadow not in self.base.folders()

    def may_vanish(self, path: str) -> bool:
        """Whether Interfaces says that it is removed."""
        return self._is_bound(path, {Binding.REMOVES})

    def is_announced(self, path: str) -> bool:
        """Whether Interfaces says that it is changed, new or removed."""
        return self._is_bound(path, {Binding.CHANGES, Binding.NEW, Binding.REMOVES, Binding.PROVIDES})

    def is_the_work(self, path: str) -> bool:
        """Whether the spec says anywhere that the work is done in it; what it merely uses is not."""
        tasks = (clause.entry for clause in self.spec.clauses(SectionKind.TASKS))
        bounds = (clause.entry for clause in self.spec.clauses(SectionKind.CONSTRAINTS))
        globs = [
            *(glob for one in tasks if isinstance(one, TaskEntry) for glob in one.changes),
            *(
                glob
                for one in bounds
                if isinstance(one, ConstraintEntry) and one.word is _CHANGE_ONLY
                for glob in one.globs
            ),
        ]
        return self._is_bound(path, set(Binding) - {Binding.USES}) or any(matches(one.text, path) for one in globs)

    def _is_bound(self, path: str, bindings: Collection[Binding]) -> bool:
        entries = (clause.entry for clause in self.spec.clauses(SectionKind.INTERFACES))
        spans = (one for entry in entries if isinstance(entry, InterfaceEntry) for one in entry.named)
        return any(one.binding in bindings and matches(one.text.partition("::")[0], path) for one in spans)


@dataclass(frozen=True)
class Choice:
    """What to put into which tree (None removes), and what is to be said about it.

    ``steering`` goes into every tree that is run. ``restored`` are the check files that the base (or the source) has
    in another state than the candidate. ``authored`` come from the candidate; ``edited`` were in the base, hold named
    nodes and were changed; ``foreign`` were taken out, ``deleted`` are tests that the candidate removed,
    ``rewritten`` check files without nodes that it changed, ``unannounced`` other files that checks start and of
    which the spec does not say that they are the work.
    ``is_from_base`` is False where a person named the revision that they come from.
    """

    steering: Mapping[str, Entry | bytes | None]
    restored: Mapping[str, Entry | None]
    authored: Mapping[str, Entry]
    edited: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    rewritten: tuple[str, ...] = ()
    unannounced: tuple[str, ...] = ()
    is_from_base: bool = True

    @property
    def untouched_by_checks(self) -> tuple[str, ...]:
        """The changed files that checks saw as the base has them."""
        if not self.is_from_base:
            return ()
        return tuple(path for path, entry in self.restored.items() if entry and path not in self.authored)

    @property
    def changed_tests(self) -> tuple[str, ...]:
        """The changed Python test files that the base had, those with named nodes among them."""
        others = (path for path, entry in self.restored.items() if entry and path not in self.deleted)
        tests_only = (path for path in others if _TEST_FILE.fullmatch(PurePosixPath(path).name))
        return tuple(dict.fromkeys((*self.edited, *tests_only)))


def choose(question: Question) -> Choice:
    """Where each check file comes from."""
    return _from_source(question, question.source) if question.source else _from_base(question)


def _from_base(question: Question) -> Choice:
    sorting = _Sorting(question)
    for change in question.changes:
        sorting.take(change)
    return sorting.choice()


@dataclass
class _Sorting:
    """Sorts the changed files, one after the other."""

    question: Question
    steering: dict[str, Entry | bytes | None] = field(default_factory=dict)
    restored: dict[str, Entry | None] = field(default_factory=dict)
    authored: dict[str, Entry] = field(default_factory=dict)
    edited: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    rewritten: list[str] = field(default_factory=list)
    unannounced: list[str] = field(default_factory=list)

    def take(self, change: Change) -> None:
        """Put one changed file where it belongs."""
        path, question = change.path, self.question
        old, new = question.base.entries.get(path), question.candidate.entries.get(path)
        if question.steers_runner(path):
            self.steering[path] = old
            self.foreign += [path] if new else []
        elif PurePosixPath(path).name in runnerconfig.SHARED_FILES:
            self.steering |= _spliced(question.base, question.candidate, path)
        elif question.is_check_file(path):
            if old and new:
                self._changed(path, old, new)
            elif new:
                self.authored[path] = new
            elif old and not question.may_vanish(path):
                self.restored[path] = old
                self.deleted += [] if _moved(change, question) else [path]
        elif new and path in question.named.started and not question.is_the_work(path):
            self.unannounced.append(path)

    def _changed(self, path: str, old: Entry, new: Entry) -> None:
        self.restored[path] = old
        if path in self.question.named.nodes:
            self.edited.append(path)
            if not _all_exist(self.question, path):
                self.authored[path] = new
        elif path in self.question.named.words and not self.question.is_announced(path):
            self.rewritten.append(path)

    def choice(self) -> Choice:
        """What came of it."""
        return Choice(
            self.steering,
            self.restored,
            self.authored,
            edited=tuple(self.edited),
            foreign=tuple(self.foreign),
            deleted=tuple(self.deleted),
            rewritten=tuple(self.rewritten),
            unannounced=tuple(self.unannounced),
        )


def _from_source(question: Question, source: TreeView) -> Choice:
    steering: dict[str, Entry | bytes | None] = {}
    restored: dict[str, Entry | None] = {}
    for path in sorted(_differing(source, question.base) | _differing(source, question.candidate)):
        if question.steers_runner(path):
            steering[path] = source.entries.get(path)
        elif PurePosixPath(path).name in runnerconfig.SHARED_FILES:
            steering |= _spliced(source, question.candidate, path)
        elif question.is_check_file(path):
            restored[path] = source.entries.get(path)
    foreign = [path for path, entry in steering.items() if entry is None and path in question.candidate.entries]
    return Choice(steering, restored, {}, foreign=tuple(foreign), is_from_base=False)


def steering_over(base: TreeView, source: TreeView, choice: Choice) -> dict[str, Entry | bytes | None]:
    """What the source's runner configuration does to the base's own tree."""
    put: dict[str, Entry | bytes | None] = {}
    for path, entry in choice.steering.items():
        shared = PurePosixPath(path).name in runnerconfig.SHARED_FILES
        put |= _spliced(source, base, path) if shared else {path: entry}
    return put


def _spliced(source: TreeView, into: TreeView, path: str) -> dict[str, Entry | bytes | None]:
    """A shared file with the source's runner tables; nothing where they are equal already."""
    name = PurePosixPath(path).name
    theirs, ours = into.read(path), source.read(path)
    if runnerconfig.table(name, theirs) == runnerconfig.table(name, ours):
        return {}
    if theirs is None:
        return {path: source.entries.get(path)}
    return {path: runnerconfig.splice(name, theirs, ours)}


def _differing(one: TreeView, other: TreeView) -> set[str]:
    pairs = set(one.entries.items()) ^ set(other.entries.items())
    return {path for path, _ in pairs}


def _moved(change: Change, question: Question) -> bool:
    """Whether a removed file's content came back under another name by which it still is a test."""
    return any(
        one.status is ChangeStatus.ADDED and one.new_oid == change.old_oid and _as_much(change.path, one.path, question)
        for one in question.changes
    )


def _as_much(old: str, new: str, question: Question) -> bool:
    """Whether a path is a check file of the same kind as another: a runner finds tests by their names."""
    was, now = PurePosixPath(old), PurePosixPath(new)
    found = not _TEST_FILE.fullmatch(was.name) or bool(_TEST_FILE.fullmatch(now.name))
    return question.is_check_file(new) and was.suffix == now.suffix and found


def _all_exist(question: Question, path: str) -> bool:
    """Whether every node that the spec names in a file exists in the base's version of it.

    What the base's own run collected decides; where it did not run, the source is read, in which only the case of a
    parametrised test cannot be seen.
    """
    nodes = question.named.nodes[path]
    collected = (question.collected or {}).get(path)
    if collected:
        return all(any(tests.names(node, one) for one in collected) for node in nodes)
    return all(is_defined(node, question.base.read(path)) for node in nodes)


def is_defined(node: TestNode, source: bytes | None) -> bool:
    """Whether a Python file defines the function or class that a node names."""
    try:
        body: list[ast.stmt] = ast.parse(source or b"").body
    except (SyntaxError, ValueError):
        return False
    for name in node.names:
        found = [one for one in ast.walk(ast.Module(body, [])) if _defines(one, name)]
        if not found:
            return False
        body = list(getattr(found[0], "body", []))
    return True


def _defines(statement: ast.AST, name: str) -> bool:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return isinstance(statement, kinds) and statement.name == name

"""One look at a subject: which results are there, which are still needed, and, when none is, what they say."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from snapline.base.ids import Digest, Oid
from snapline.repo.changes import Change
from snapline.spec.model import CheckKind, Clause
from snapline.verify import checkfiles, groups, keeping
from snapline.verify.checkfiles import Question
from snapline.verify.checks import BASE_VARIABLE
from snapline.verify.groups import Group
from snapline.verify.orders import CheckOrder, whole_file
from snapline.verify.outcome import CheckResult, CheckRun, Phase
from snapline.verify.rows import GroupResults
from snapline.verify.settings import VerifySettings
from snapline.verify.subject import Subject
from snapline.verify.trees import CheckTrees
from snapline.verify.verdict import State
from snapline.verify.views import Views

Lookup = Callable[[CheckRun], CheckResult | None]


@dataclass(frozen=True)
class Surroundings:
    """What does not change between two looks at a subject.

    ``before`` and ``after`` are the environment digests of base and candidate.
    """

    views: Views
    settings: VerifySettings
    before: Digest
    after: Digest
    proof: tuple[CheckOrder, ...]


@dataclass
class Examination:
    """Reads results by their keys, and notes those that are missing, in the order in which they are needed.

    ``seen`` are the runs whose results it read, by key.
    """

    subject: Subject
    around: Surroundings
    lookup: Lookup
    missing: list[CheckRun] = field(default_factory=list)
    seen: dict[str, tuple[CheckRun, CheckResult]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        timeout = self.around.settings.timeout
        spec, keep = self.subject.spec, self.subject.extra_passing
        self.criteria: dict[Clause, tuple[Group, ...]] = {
            clause: groups.of_criterion(clause, timeout, keep=clause.id in keep)
            for clause in groups.criteria(self.subject)
        }
        self.kept = {clause: groups.of_constraint(spec, clause, timeout) for clause in groups.kept(spec)}
        self.provided = tuple(sorted(groups.provided(spec)))
        self.views = self.around.views
        self.base_tree = self.views.vault.tree_of(self.subject.base)

    @property
    def all_groups(self) -> tuple[Group, ...]:
        """Every group, of criteria and of Keep passing."""
        found = (*self.criteria.values(), *self.kept.values())
        return tuple(group for several in found for group in several)

    def proof(self) -> str | None:
        """What is wrong with the environment; None if it is proved, or not yet known."""
        if not self.around.proof or not self.all_groups:
            return None
        result = self._row("environment", self.around.proof, self.base_tree, Phase.BASE, 1)
        bad = [one for one in result.outcomes if one.state is not State.PASSED] if result else []
        return f"the environment is not proved: {bad[0].message}" if bad else None

    def baseline(self, tree: Oid) -> dict[int, list[CheckResult]]:
        """The runs on the base of every group, by the group's number; those that are missing are noted."""
        found = {}
        for number, group in enumerate(self.all_groups):
            rows = [self._row(group.clause, group.orders, tree, Phase.BASE, run) for run in range(1, group.runs + 1)]
            found[number] = [row for row in rows if row is not None]
        return found

    def question(self, changes: Sequence[Change], baseline: Mapping[int, Sequence[CheckResult]]) -> Question:
        """What decides where each check file comes from."""
        source = self.subject.checks_from
        return Question(
            spec=self.subject.spec,
            named=checkfiles.named(order for group in self.all_groups for order in group.orders),
            base=self.views.of(self.subject.base),
            candidate=self.views.of(self.subject.commit),
            changes=changes,
            patterns=self.views.patterns,
            roots=self.views.roots,
            collected=_collected(self.all_groups, baseline),
            source=self.views.of(source) if source else None,
        )

    def results(self, group: Group, base: Sequence[CheckResult], made: CheckTrees) -> GroupResults | None:
        """All results of a group; None while some are missing."""
        tree = made.kept if group.regression else made.candidate
        rows = [self._row(group.clause, group.orders, tree, Phase.CANDIDATE, run) for run in range(1, group.runs + 1)]
        candidate = [row for row in rows if row is not None]
        if len(candidate) < len(rows):
            return None
        if group.regression:
            return self._regression(group, base, candidate, made)
        return self._new(group, base, candidate, made)

    def _regression(
        self,
        group: Group,
        base: Sequence[CheckResult],
        candidate: Sequence[CheckResult],
        made: CheckTrees,
    ) -> GroupResults | None:
        pairs = zip(base[0].outcomes, candidate[0].outcomes, strict=True)
        if not any(keeping.needs_another_look(before, after) for before, after in pairs):
            return GroupResults(base, candidate)
        again = self._row(group.clause, group.orders, made.base, Phase.BASE, group.runs + 1)
        return GroupResults(base, candidate, again) if again else None

    def _new(
        self,
        group: Group,
        base: Sequence[CheckResult],
        candidate: list[CheckResult],
        made: CheckTrees,
    ) -> GroupResults | None:
        if not all(one.state is State.PASSED for row in candidate for one in row.outcomes):
            return GroupResults(base, candidate)
        if group.runs == 1:
            again = self._row(group.clause, group.orders, made.candidate, Phase.CANDIDATE, 2)
            if again is None:
                return None
            candidate.append(again)
        own = [number for number, order in enumerate(group.orders) if self.is_authored(order, made)]
        if not own:
            return GroupResults(base, candidate)
        moved = self._row(group.clause, group.orders, made.transplant, Phase.TRANSPLANT, 1)
        if moved is None:
            return None
        return GroupResults(base, candidate, None, {number: moved.outcomes[number] for number in own})

    def is_authored(self, order: CheckOrder, made: CheckTrees) -> bool:
        """Whether a check runs a file that is the candidate's: by node, by name, or in a folder that the base lacks."""
        authored = made.choice.authored
        if order.kind is CheckKind.TEST:
            return any(place in authored for place in order.places)
        base = self.views.of(self.subject.base)
        return any(
            word in authored or (word not in base.folders() and any(path.startswith(f"{word}/") for path in authored))
            for word in checkfiles.words_of(order)
        )

    def neighbours(self, made: CheckTrees, passing: Collection[str]) -> dict[str, str]:
        """What is wrong with the tests beside the named ones in changed test files, by file.

        Every test that the base had must exist, run and pass as the candidate has the file; in files with named nodes
        also as the base had it. The latter are only asked about while their own checks are ``passing``.
        """
        faults: dict[str, str] = {}
        if self.subject.checks_from is not None:
            return faults
        for path in made.choice.changed_tests:
            if path in made.choice.edited and path not in passing:
                continue
            orders = (whole_file(path, self.around.settings.timeout),)
            before = self._row("neighbours", orders, made.base, Phase.BASE, 1)
            own = self._row("neighbours", orders, made.own, Phase.CANDIDATE, 1)
            sides = [(own, "as the candidate has it")]
            if path in made.choice.edited:
                kept = self._row("neighbours", orders, made.kept, Phase.CANDIDATE, 1)
                sides.append((kept, "as the base had it"))
            for after, whose in sides:
                if before is None or after is None:
                    continue
                fault = keeping.neighbours(path, before.outcomes[0], after.outcomes[0], whose)
                if fault:
                    faults.setdefault(path, fault)
        return faults

    def always(self, made: CheckTrees, orders: tuple[CheckOrder, ...]) -> CheckResult | None:
        """The run of the commands that must pass on every candidate."""
        return self._row("always", orders, made.kept, Phase.CANDIDATE, 1)

    def _row(
        self, clause: str, orders: tuple[CheckOrder, ...], tree: Oid, phase: Phase, run: int
    ) -> CheckResult | None:
        """A stored result; a missing one is noted."""
        is_candidate, around = phase is Phase.CANDIDATE, self.around
        check_files = self.views.watched(tree, orders)
        compares = self.views.mentions(BASE_VARIABLE, tree, orders, check_files)
        wanted = CheckRun(
            clause=clause,
            orders=orders,
            tree=tree,
            phase=phase,
            run=run,
            # The base's set-up, not the candidate's, wherever both would make the same environment.
            built_from=self.subject.commit if is_candidate and around.after != around.before else self.subject.base,
            base=self.subject.base if compares else None,
            environment=around.after if is_candidate else around.before,
            session=self.subject.session,
            check_files=check_files,
            provides=self.provided,
        )
        known = self.lookup(wanted)
        if known is None and all(one.key != wanted.key for one in self.missing):
            self.missing.append(wanted)
        if known is not None:
            self.seen[wanted.key] = (wanted, known)
        return known


def _collected(all_groups: Sequence[Group], baseline: Mapping[int, Sequence[CheckResult]]) -> dict[str, frozenset[str]]:
    """The test ids that the base's runs saw, by file."""
    found: dict[str, frozenset[str]] = {}
    for number, group in enumerate(all_groups):
        for result in baseline.get(number, ()):
            for order, outcome in zip(group.orders, result.outcomes, strict=True):
                ids = outcome.tests.collected if outcome.tests else ()
                seen = frozenset(one.removeprefix(f"{order.directory}/") for one in ids)
                for place in order.places:
                    found[place] = found.get(place, frozenset()) | seen
    return found

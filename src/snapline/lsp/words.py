"""What the words of the language mean, in a sentence each: what hover tells and completion offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from snapline.spec.model import ConstraintWord, FailureWord, SectionKind


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the language: what it does, and how it is written. In ``snippet``, ``$1`` is where one types on."""

    name: str
    meaning: str
    snippet: str


CONSTRAINTS: Final = (
    Word(ConstraintWord.CHANGE_ONLY, "Every changed path must match one of the globs.", "Change only: `$1`"),
    Word(ConstraintWord.DO_NOT_CHANGE, "No changed path may match. Beats `Change only`.", "Do not change: `$1`"),
    Word(ConstraintWord.ASK_FIRST, "A change there waits for a person before it lands.", "Ask first: `$1`"),
    Word(
        ConstraintWord.KEEP_PASSING,
        "The checks hold at the base and after. Takes commands, test nodes or ids.",
        "Keep passing: `\\$ $1`",
    ),
    Word(ConstraintWord.MUST_NOT_CONTAIN, "No added line may match the pattern.", "Must not contain: `/$1/` in `$2`"),
    Word(
        ConstraintWord.NO_NEW_DEPENDENCIES,
        "No dependency may be added in the manifests and lock files that are known.",
        "No new dependencies",
    ),
    Word(ConstraintWord.AT_MOST, "The size of the diff, generated and lock files aside.", "At most: $1 lines"),
    Word(ConstraintWord.NO_NETWORK, "The agent reaches only its model's endpoint.", "No network"),
    Word(
        ConstraintWord.BUDGET,
        "The loop stops at the first of attempts, time, money and tokens that runs out.",
        "Budget: ${1:3} attempts, ${2:90m}",
    ),
)
FAILURE_PLAN: Final = (
    Word(
        FailureWord.ROLL_BACK_WHEN,
        "After landing the checks run every minute; two failures in a row roll back.",
        "Roll back when: `\\$ $1` fails within ${2:30m}",
    ),
    Word(
        FailureWord.ROLLBACK,
        "The steps in written order: commands, and the word `revert`, which is one revert commit.",
        "Rollback: ${1:revert}",
    ),
    Word(FailureWord.VERIFY_ROLLBACK, "The checks prove that the rollback worked.", "Verify rollback: `\\$ $1`"),
    Word(FailureWord.ESCALATE, "Who is told when retry, budget or rollback is exhausted.", "Escalate: @$1"),
    Word(FailureWord.RETRY, "How many attempts there are in all.", "Retry: ${1:3}"),
)
INTERFACES: Final = (
    Word("Changes", "The work changes these paths; they must exist at the base.", "Changes `$1`"),
    Word("Uses", "The work relies on these; they must exist at the base.", "Uses `$1`"),
    Word("Provides", "The work makes these names available.", "Provides `$1`"),
    Word("Removes", "The work removes these paths; their tests may vanish.", "Removes `$1`"),
    Word("New", "The work creates these paths.", "New `$1`"),
    Word("Service", "A service that this touches.", "Service: $1"),
    Word("API", "An interface that this touches.", "API: $1"),
    Word("Env", "An environment variable that this needs.", "Env: $1"),
    Word("Owner", "Who owns what is touched.", "Owner: @$1"),
    Word("Spec", "A spec that must have landed first, the same as `after` in the front matter.", "Spec: $1"),
)
TASKS: Final = (
    Word("Proves", "The criteria that this task makes pass.", "Proves $1"),
    Word("Changes", "The paths that this task may change.", "Changes `$1`"),
    Word("After", "The tasks that must be done first.", "After $1"),
    Word("Agent", "Who does the task.", "Agent $1"),
    Word("Lane", "Which trust boundary runs it.", "Lane $1"),
)
REFERENCES: Final = (
    Word("Proves", "The goals that this criterion proves; without one it proves the Goal section.", "Proves $1"),
    Word("See", "Another clause that a reader needs.", "See $1"),
    Word("Per", "The clause that this follows from.", "Per $1"),
    Word("Clarifies", "The clause that an answer clarifies.", "Clarifies $1"),
    Word("After", "What comes first.", "After $1"),
)
OPTIONS: Final = (
    Word("regression", "It holds before the work and must still hold after it.", "regression"),
    Word("slow", "Run after every other criterion passed, and on the merge result; never by the agent.", "slow"),
    Word("network", "Opens the network for this criterion alone.", "network"),
    Word("manual", "A person signs it in the review, against a named commit.", "manual: @$1"),
    Word("timeout", "How long it may take; 10 minutes without it.", "timeout ${1:2m}"),
    Word("runs", "All runs must fail before the work and pass after it.", "runs ${1:3}"),
    Word("in", "The folder it runs in, from the repository's root.", "in $1"),
    Word("env", "A variable of its environment.", "env $1"),
    Word("report", "Where it writes its JUnit XML report: results are read test by test.", "report $1"),
    Word("keep", "Files to store as evidence.", "keep $1"),
)
FRONT: Final = (
    Word("id", "The spec's id; the file's name without it.", "id: $1"),
    Word("title", "The spec's title; the title heading without it.", "title: $1"),
    Word("owner", "Who answers questions and signs manual criteria.", 'owner: "@$1"'),
    Word("priority", "0 (most urgent) to 4; 2 without it.", "priority: ${1:2}"),
    Word("lane", "Which trust boundary runs it.", "lane: $1"),
    Word("lang", "The language of the spec: rules on wording exist for English.", "lang: ${1:en}"),
    Word("after", "Specs that must have landed first.", "after: [$1]"),
    Word("supersedes", "Specs that this one takes the place of.", "supersedes: [$1]"),
    Word("labels", "Words to find it by.", "labels: [$1]"),
)
SECTIONS: Final = {
    SectionKind.TASK: "One paragraph on the problem to solve.",
    SectionKind.GOAL: "What is true when this is done.",
    SectionKind.CONSTRAINTS: "What must not happen, and which boundaries matter.",
    SectionKind.INTERFACES: "Files, services, APIs, owners and dependencies.",
    SectionKind.ACCEPTANCE: "What checks prove that it worked.",
    SectionKind.FAILURE_PLAN: "What happens if the rollout fails.",
    SectionKind.TASKS: "The breakdown into tasks. Optional.",
    SectionKind.CLARIFICATIONS: "Questions answered; written by the tool. Optional.",
}
BY_SECTION: Final = {
    SectionKind.CONSTRAINTS: CONSTRAINTS,
    SectionKind.FAILURE_PLAN: FAILURE_PLAN,
    SectionKind.INTERFACES: INTERFACES,
    SectionKind.TASKS: TASKS,
}
"""The words that open a clause of a section, or a sentence of it."""


def meaning_of(name: str, kind: SectionKind | None) -> Word | None:
    """The word of that name, as it is meant in a section."""
    known = (*BY_SECTION.get(kind, ()), *REFERENCES) if kind is not None else REFERENCES
    return next((one for one in known if one.name.lower() == name.lower()), None)


def option_of(text: str) -> Word | None:
    """The option that a member of a group is."""
    first = text.replace(":", " ").split(maxsplit=1)[:1]
    return next((one for one in OPTIONS if first and one.name == first[0].lower()), None)

"""Approving a spec: lint, the environment proved, the baseline, and the revision pinned as a record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from snapline.app.baselining import baseline_of
from snapline.app.files import replace
from snapline.app.linting import context_for
from snapline.app.naming import Meant, find_spec, used_ids
from snapline.app.project import Project
from snapline.app.setting import Say, Setting
from snapline.app.surroundings import Surroundings
from snapline.base.clock import Clock, stamp
from snapline.base.diagnostics import Finding, Severity
from snapline.base.errors import EnvironmentFault, Refused, SnaplineError, UsageFault
from snapline.base.ids import ClauseId, Digest, Oid, short
from snapline.base.text import Source
from snapline.lint.gate import waivable
from snapline.lint.result import FileResult
from snapline.lint.run import lint
from snapline.review.approval import Approval, Waived, approvals, pinned, record
from snapline.spec.edit import apply_checked
from snapline.spec.enforced import unenforced
from snapline.spec.format import fmt_edits
from snapline.spec.model import Spec
from snapline.spec.parser import parse
from snapline.spec.revision import revision
from snapline.verify.baseline import Baseline
from snapline.verify.subject import Progress


class NoTarget(UsageFault):
    """There is no branch to land on."""

    code = "no-target"
    hint = "Name the branch that the work is to land on: --target BRANCH."


class FindingsRefuse(Refused):
    """Lint found errors; a spec with errors is not approved."""

    code = "lint-errors"
    hint = "Mend them, or waive one that may be waived: --waive CODE --because TEXT."

    def __init__(self, results: Sequence[FileResult], errors: int) -> None:
        super().__init__(f"the spec has {errors} error finding{'s' if errors > 1 else ''}")
        self.results = tuple(results)


class NotEnforced(Refused):
    """The spec asks for something that this version understands but does not enforce."""

    code = "not-enforced"
    hint = "Take it out, or say it in prose for the agent and the reviewer."


class BadWaiver(UsageFault):
    """That cannot be waived."""

    code = "bad-waiver"


class BaselineRefused(SnaplineError):
    """The baseline does not allow an approval."""

    code = "baseline"

    def __init__(self, message: str, baseline: Baseline, *, vacuous: bool) -> None:
        super().__init__(message)
        self.baseline = baseline
        if vacuous:
            self.code, self.exit_status = "vacuous", Refused.exit_status
            self.hint = (
                "A check that passes before the work proves nothing about it: check what is to become true, "
                "or mark what must stay true as (regression)."
            )
        else:
            self.code, self.exit_status = "could-not-run", EnvironmentFault.exit_status
            self.hint = "Make the check run at the base: `[env]` in snapline.toml is where its tools come from."


class NotSent(SnaplineError):
    """The record of an approval stays here; it could not be sent."""

    code = "not-sent"

    def __init__(self, approval: Approval, fault: SnaplineError) -> None:
        name = f"{approval.spec}@{short(approval.revision)}"
        super().__init__(f"{name} is approved, but its record was not sent: {fault.message}", hint=fault.hint)
        self.exit_status = fault.exit_status


@dataclass(frozen=True)
class Wish:
    """What a person wants approved; ``waive`` holds ``CODE`` or ``CODE:CLAUSE``."""

    spec: str
    by: str | None = None
    target: str | None = None
    waive: tuple[str, ...] = ()
    because: str = ""
    write: bool = True


@dataclass(frozen=True)
class Approved:
    """The approval, with the ids that were written first and the tier that the baseline ran at."""

    approval: Approval
    digest: Digest
    written: tuple[ClauseId, ...]
    tier: str
    manual: tuple[ClauseId, ...] = field(default=())


def approve(project: Project, wish: Wish, clock: Clock, say: Say, progress: Progress) -> Approved:
    """Pin a revision; raises what refuses it, and then nothing is recorded.

    Raises :class:`FindingsRefuse`, :class:`NotEnforced`, :class:`EnvironmentUnproved`, :class:`BaselineRefused`,
    :class:`BadWaiver` and :class:`NoTarget`.
    """
    meant = find_spec(project, wish.spec)
    target, base = _target(project, wish.target)
    project.vault.fetch(project.repository, base)
    setting = Setting(project, base, say)
    waived = _gate(project, setting, meant, base, wish)
    spec, written = _with_ids(project, meant, write=wish.write)
    baseline, tier = _prove(setting, spec, base, progress)
    approval = Approval(
        spec=spec.id,
        revision=revision(spec),
        by=wish.by or person(project),
        at=stamp(clock.now()),
        base=base,
        target=target,
        path=meant.path or spec.source.path,
        text=spec.source.text,
        baseline=pinned(baseline),
        waived=waived,
        environment=baseline.environment,
        settings=setting.text,
    )
    kept = record(project.records, approval)
    manual = tuple(clause.id for clause in spec.criteria if not clause.executable)
    return Approved(approval, kept, written, tier, manual)


def send(project: Project, done: Approved) -> None:
    """Send an approval's record to the remote; raises :class:`NotSent`, and the approval stands all the same."""
    try:
        project.records.sync()
    except SnaplineError as fault:
        raise NotSent(done.approval, fault) from fault


def person(project: Project) -> str:
    """The person at the keyboard, as git knows them; else the name of the account."""
    from getpass import getuser  # noqa: PLC0415 - only where git knows nobody

    known = project.repository.user_identity()
    return known[0] if known else getuser()


def _target(project: Project, named: str | None) -> tuple[str, Oid]:
    """The branch to land on and its tip."""
    repository = project.repository
    target = named or repository.branch()
    if target is None:
        raise NoTarget("HEAD is detached, so there is no branch to land on")
    repository.head()
    tip = repository.branch_tip(target)
    if tip is None:
        raise NoTarget(f"there is no local branch `{target}`")
    return target, tip


def _gate(project: Project, setting: Setting, meant: Meant, base: Oid, wish: Wish) -> tuple[Waived, ...]:
    """Refuse on error findings that nobody waived, and on words that are not enforced; gives what was waived."""
    spec = meant.spec
    around = Surroundings(project, project.vault.tree_view(base), setting.config)
    findings = lint(context_for(spec.source, around))
    waived = tuple(_waived(one, findings, wish.because) for one in wish.waive)
    errors = [one for one in findings if one.severity is Severity.ERROR and not _is_waived(one, waived)]
    if errors:
        raise FindingsRefuse([FileResult(spec.source, findings)], len(errors))
    missing = unenforced(spec)
    if missing:
        places = ((spec.source.position(one.span.start), one) for one in missing)
        said = "; ".join(f"{spec.source.path}:{at.line}:{at.column}: {one.what}" for at, one in places)
        raise NotEnforced(f"not enforced yet: {said}")
    return waived


def _waived(text: str, findings: Sequence[Finding], because: str) -> Waived:
    code, _, clause = text.partition(":")
    if not because.strip():
        raise BadWaiver(f"waiving {code} needs a reason", hint="Say why: --because TEXT.")
    if not waivable(code):
        raise BadWaiver(
            f"{code} cannot be waived", hint="It must be mended: what it finds makes a verdict meaningless."
        )
    one = Waived(code, clause or None, because)
    if not any(_is_waived(finding, (one,)) for finding in findings):
        raise BadWaiver(f"there is no finding {text} to waive", hint="`snapline lint` lists the findings.")
    return one


def _is_waived(finding: Finding, waived: Sequence[Waived]) -> bool:
    clause = (finding.clause or "").rstrip("?")
    return any(one.code == finding.code and one.clause in (None, clause) for one in waived)


def _with_ids(project: Project, meant: Meant, *, write: bool) -> tuple[Spec, tuple[ClauseId, ...]]:
    """The spec with every id written, and which ones were written into the file."""
    spec, edits = meant.spec, fmt_edits(meant.spec)
    missing = tuple(clause.id for clause in spec.clauses() if not clause.written)
    if not edits:
        return spec, ()
    if not write or meant.file is None:
        raise Refused(f"clauses without an id: {', '.join(missing)}", hint=f"Write them: snapline fmt {spec.id}")
    source: Source = apply_checked(spec, edits, touching=None)
    replace(meant.file, source.raw)
    return parse(source, known=used_ids(approvals(project.records, spec.id))), missing


def _prove(setting: Setting, spec: Spec, base: Oid, progress: Progress) -> tuple[Baseline, str]:
    """The baseline in the proved environment, and the tier that it ran at."""
    baseline, tier = baseline_of(setting, spec, base, "approve", progress)
    vacuous = ", ".join(row.id for row in baseline.vacuous)
    early = f"vacuous: {vacuous} pass{'es' if len(baseline.vacuous) == 1 else ''} before anything was done"
    if baseline.could_not_run:
        listed = [f"{row.id} {row.because}" for row in baseline.could_not_run]
        raise BaselineRefused("; ".join([*listed, early] if vacuous else listed), baseline, vacuous=False)
    if vacuous:
        raise BaselineRefused(early, baseline, vacuous=True)
    return baseline, tier

"""Progress of long work: plain lines on stderr, so that stdout holds the result alone."""

from __future__ import annotations

from snapline.cli.output import Output
from snapline.verify.outcome import CheckResult, CheckRun, Phase
from snapline.verify.subject import Progress

_WHERE = {
    Phase.BASE: "on the base",
    Phase.CANDIDATE: "on the candidate",
    Phase.TRANSPLANT: "with its own tests on the base",
}


def of_checks(output: Output) -> Progress:
    """Tell each run of checks when it ends: whose, where, how and how long it took."""

    def told(run: CheckRun, result: CheckResult | None) -> None:
        if result is None:
            return
        states = ", ".join(dict.fromkeys(str(one.state) for one in result.outcomes)) or "nothing to do"
        seconds = sum(one.seconds for one in result.outcomes)
        again = " again" if run.run > 1 else ""
        output.note(f"  {run.clause} {_WHERE[run.phase]}{again}: {states} ({seconds:.1f} s)")

    return told

"""``snapline attest``."""

from __future__ import annotations

import os
from pathlib import Path

import click

from snapline.app import attesting
from snapline.app.attesting import Checked, Found
from snapline.app.fence import refuse_inside_attempt
from snapline.app.home import Home
from snapline.app.project import Project
from snapline.base import wire
from snapline.base.clock import SystemClock
from snapline.base.errors import ExitStatus, UsageFault
from snapline.base.ids import short
from snapline.base.plain import plain
from snapline.base.signing import PublicKey
from snapline.cli import trustdocuments
from snapline.cli.options import reports
from snapline.cli.output import Output
from snapline.cli.verbs import Command, Family


@click.group(
    cls=Family,
    no_args_is_help=False,
    short_help="Show and check the signed statements of what was verified.",
    examples=(
        ("snapline attest verify HEAD", "Whether what attests the last commit holds."),
        ("snapline attest show HEAD", "What was verified, how, and what came of it."),
    ),
)
def command() -> None:
    """Show and check attestations: for every attempt and landing a signed statement of what was verified, and how.

    An attestation is an in-toto Statement v1 in a DSSE envelope. It is checked offline, against the public key alone.
    """


@command.command(
    "show",
    cls=Command,
    short_help="Show what an attestation says.",
    examples=(
        ("snapline attest show HEAD", "All that attests the last commit."),
        ("snapline attest show HEAD --envelope > landed.json", "The envelope itself, for another tool or party."),
    ),
)
@click.argument("name", metavar="FILE|COMMIT")
@click.option("--envelope", is_flag=True, help="Print the signed envelope, byte for byte.")
@reports
def show(output: Output, name: str, *, envelope: bool) -> ExitStatus:
    """Show the attestation in FILE, or those about COMMIT. Nothing is checked: that is `snapline attest verify`.

    A commit's are looked up among the records of the repository, and in what this machine keeps of work that has not
    landed.
    """
    found = attesting.find(Project.around(Path.cwd()), name)
    if envelope and not output.as_json:
        if len(found) > 1:
            names = ", ".join(short(one.digest) for one in found)
            raise UsageFault(f"{len(found)} attestations name it: {names}", hint="`--json` shows all of them.")
        output.raw(found[0].raw)
        return ExitStatus.DONE
    if output.as_json:
        output.document(wire.encode(trustdocuments.AttestShow(tuple(_row(one) for one in found))))
    for number, one in enumerate(found):
        output.line("\n" * bool(number) + "\n".join(_shown(one)))
    return ExitStatus.DONE


def _row(one: Found) -> trustdocuments.AttestationRow:
    return trustdocuments.AttestationRow(one.digest, one.commit, one.tree, one.signed_by, one.one)


def _shown(one: Found) -> list[str]:
    said = one.one
    runs = [
        f"  {row.clause} {row.phase} {row.run}: {row.state} ({row.cause}, exit {row.exit}, {row.seconds:.1f} s)"
        for row in said.runs
    ]
    verdicts = [f"  {row.id} {row.verdict}{f' ({row.strength})' if row.strength else ''}" for row in said.verdicts]
    held = [f"  {row.id} {row.verdict}" for row in said.constraints]
    agent = [f"agent     {said.agent.name}: {said.agent.cause}, {said.agent.seconds:.1f} s"] if said.agent else []
    lines = [
        f"{said.work.name}: {'accepted' if said.accepted else 'not accepted'} by the checks",
        f"commit    {one.commit}",
        f"tree      {one.tree}",
        f"spec      {said.spec}@{said.revision}",
        f"base      {said.base}",
        f"isolation {said.tier}, {', '.join(said.containment) or 'nothing was run'}",
        *agent,
        f"made      {said.at} by snapline {said.snapline}, key {', '.join(one.signed_by)} (unchecked)",
        "verdicts:",
        *verdicts,
        *held,
        "runs:",
        *runs,
    ]
    return [plain(line) for line in lines]


@command.command(
    "verify",
    cls=Command,
    short_help="Check an attestation offline.",
    examples=(
        ("snapline attest verify HEAD", "All that attests the last commit, with the keys among the records."),
        ("snapline attest verify landed.json --key team.pem", "A file, trusting one key and those that follow it."),
    ),
)
@click.argument("name", metavar="FILE|COMMIT")
@click.option("--key", metavar="FILE", help="Trust this public key (PEM), and those that were signed over to by it.")
@reports
def verify(output: Output, name: str, key: str | None) -> ExitStatus:
    """Check the attestation in FILE, or those about COMMIT: the signature, the form, and that commit and tree fit.

    Without --key any key counts whose statement is among the records of the repository: compare the key's id with what
    its owner says. Exits 1, and says why, when something does not hold or there is nothing. A statement that holds
    may well say that the work was not accepted.
    """
    project = Project.around(Path.cwd())
    pinned = PublicKey(attesting.content(Path(key)).decode("utf-8", "replace")) if key is not None else None
    known = attesting.keys(project, pinned)
    checked = [attesting.check(project, one, known) for one in attesting.find(project, name)]
    holds = all(one.holds for one in checked)
    if output.as_json:
        output.document(wire.encode(trustdocuments.AttestVerify(holds, tuple(_checked(one) for one in checked))))
    for one in checked:
        _tell(output, one)
    return ExitStatus.DONE if holds else ExitStatus.FAILED


def _checked(one: Checked) -> trustdocuments.CheckedRow:
    found = one.found
    return trustdocuments.CheckedRow(
        digest=found.digest,
        work=plain(found.one.work.name),
        commit=found.commit,
        tree=found.tree,
        key=one.key,
        holds=one.holds,
        reason=plain(one.reason),
        notes=one.notes,
        accepted=found.one.accepted,
    )


def _tell(output: Output, one: Checked) -> None:
    found = one.found
    word = output.paint("holds", fg="green") if one.holds else output.paint("does not hold", fg="red")
    about = plain(f"{found.one.work.name}, commit {short(found.commit)}")
    output.line(f"attestation {short(found.digest)} ({about}) {word}{f': {plain(one.reason)}' if one.reason else ''}")
    if one.holds:
        said = "accepted" if found.one.accepted else "not accepted"
        output.line(f"  signed by {one.key}")
        output.line(
            plain(f"  says: {said} by the checks of {found.one.spec}@{short(found.one.revision)}, {found.one.tier}")
        )
    for note in one.notes:
        output.line(f"  note: {note}")


@command.command(
    "key",
    cls=Command,
    short_help="Show the key that signs on this machine, or make another.",
    examples=(
        ("snapline attest key", "Its id, and its public half to give to others."),
        ("snapline attest key --rotate", "A new key, signed by the old one."),
    ),
)
@click.option("--rotate", is_flag=True, help="Make a new key, and let the old one sign it over before it is destroyed.")
@reports
def key_command(output: Output, *, rotate: bool) -> ExitStatus:
    """Show the id and the public half of the key that signs attestations and checkpoints on this machine.

    It lies in the state home, readable by its owner alone. Public halves of old keys stay known as records, so that
    what they signed can still be checked.
    """
    if rotate:
        refuse_inside_attempt()
    ours = attesting.our_key(Home.locate(os.environ, os.getuid()), SystemClock(), rotate=rotate)
    project = Project.around(Path.cwd())
    if rotate and project is not None:
        attesting.publish_keys(project)
    if output.as_json:
        document = trustdocuments.AttestKey(ours.public.keyid, ours.public.pem, ours.before)
        output.document(wire.encode(document))
    output.line(f"key {ours.public.keyid}")
    for one in ours.before:
        output.line(f"replaces {one}")
    output.line(ours.public.pem.rstrip("\n"))
    return ExitStatus.DONE

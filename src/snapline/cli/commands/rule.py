"""``snapline rule``."""

from __future__ import annotations

from collections.abc import Iterator

import click

from snapline.base.diagnostics import Severity
from snapline.base.errors import ExitStatus, NotFound
from snapline.cli.options import reports
from snapline.cli.output import Output
from snapline.cli.verbs import Command
from snapline.lint.gate import waivable
from snapline.lint.registry import all_rules, find_rule
from snapline.lint.rule import Rule
from snapline.lint.similar import closest

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}
_FENCE = "```"


class NoSuchRule(NotFound):
    """There is no such rule."""

    code = "no-such-rule"
    hint = "`snapline rule` lists them."


@click.command(
    cls=Command,
    short_help="Explain a rule of lint, or list them all.",
    examples=(
        ("snapline rule", "Every rule with its severity and its fix."),
        ("snapline rule ACC303", "What the rule demands, why, an example, and how to fix it."),
        ("snapline rule --json | jq -r '.rules[].code'", "The codes, for a program."),
    ),
)
@click.argument("code", required=False)
@reports
def command(output: Output, code: str | None) -> ExitStatus:
    """Explain the rule CODE: what it demands, why, with an example, and how to fix what it finds.

    Without CODE every rule is listed with its severity and the kind of its fix.
    """
    if code is None:
        _list(output)
        return ExitStatus.DONE
    rule = find_rule(code.upper()) or next((one for one in all_rules() if one.name == code), None)
    if rule is None:
        names = {**{one.code: one.code for one in all_rules()}, **{one.name: one.code for one in all_rules()}}
        near = closest(code, names)
        raise NoSuchRule(f"there is no rule `{code}`", hint=f"Did you mean `{names[near]}`?" if near else "")
    if output.as_json:
        output.document(_row(rule) | {"page": rule.page, "version": 1})
    for line in _page(output, rule):
        output.line(line)
    return ExitStatus.DONE


def _list(output: Output) -> None:
    if output.as_json:
        output.document({"version": 1, "rules": [_row(rule) for rule in all_rules()]})
    width = max(len(rule.name) for rule in all_rules())
    for rule in all_rules():
        severities = _severities(rule)
        shown = output.paint(f"{' or '.join(severities):<16}", fg=_COLOURS[rule.severity])
        output.line(f"{output.paint(rule.code, bold=True)}  {rule.name:<{width}}  {shown}  {_fix(rule)}".rstrip())


def _row(rule: Rule) -> dict[str, object]:
    return {
        "code": rule.code,
        "name": rule.name,
        "severities": list(_severities(rule)),
        "fix": rule.fixes.value if rule.fixes else None,
        "waivable": waivable(rule.code),
        "language": rule.language,
    }


def _severities(rule: Rule) -> tuple[str, ...]:
    return tuple(dict.fromkeys((rule.severity.value, *(one.value for one in rule.severities.values()))))


def _fix(rule: Rule) -> str:
    return f"{rule.fixes} fix" if rule.fixes else ""


def _page(output: Output, rule: Rule) -> Iterator[str]:
    """The page as a terminal shows it: headings stand out, code is indented."""
    yield output.paint(f"{rule.code} {rule.name}", bold=True)
    facts = [f"severity: {' or '.join(_severities(rule))}", f"fix: {rule.fixes or 'none'}"]
    if not waivable(rule.code):
        facts.append("cannot be waived")
    if rule.language:
        facts.append(f"looks for words of the language `{rule.language}`{' and yours' if rule.own_words else ''}")
    yield "; ".join(facts)
    yield ""
    inside = False
    for line in rule.page.splitlines():
        if line.startswith(_FENCE):
            inside = not inside
        elif inside:
            yield f"    {line}".rstrip()
        elif line.startswith("## "):
            yield output.paint(line.removeprefix("## "), bold=True)
        else:
            yield line

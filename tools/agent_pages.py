"""The agent reference, from the profiles that ship."""

from __future__ import annotations

from snapline.agents.base import AgentProfile
from snapline.agents.catalogue import names, profile


def page() -> str:
    """The whole page."""
    intro = (
        "`snapline run --agent NAME` uses one of these profiles, or an `[agents.NAME]` of your own "
        "([configuration](configuration.md)); `--agent-cmd 'COMMAND'` runs any command by `bash -c` in its workspace, "
        "with the prompt on stdin and its path in `SNAPLINE_PROMPT_FILE`. An agent's exit status and words are never a "
        "verdict."
    )
    return "\n\n".join(("# Agents", intro, *(_section(profile(name)) for name in names()))) + "\n"


def _section(one: AgentProfile) -> str:
    driven = f"Driven by us: {one.driven}. {one.note}" if one.driven else one.note
    lines = [
        f"## `{one.name}`",
        driven.strip(),
        f"- command: `{' '.join(one.argv)}`\n- prompt: {one.prompt}",
    ]
    if one.login:
        lines[-1] += f"\n- login folders: {', '.join(f'`{folder}`' for folder in one.login)}"
    if one.inherits:
        lines[-1] += f"\n- reads from your environment: {', '.join(f'`{name}`' for name in one.inherits)}"
    if one.endpoints:
        lines[-1] += f"\n- hosts of its model: {', '.join(f'`{host}`' for host in one.endpoints)}"
    if one.install:
        lines[-1] += f"\n- install: {one.install}"
    return "\n\n".join(lines)

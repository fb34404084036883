"""FMT011 front-matter."""

from __future__ import annotations

from snapline.base.diagnostics import Applicability, Severity
from snapline.lint.rule import Rule


class FrontMatterFault(Rule):
    """The front matter has an unknown key, a value of the wrong type, a key twice, or is no YAML.

    ## Why it is bad

    The front matter says who owns the spec, what it waits for and where it runs. A misspelt key is silently another
    key: `ower: "@alice"` leaves the spec without an owner, and `prioritiy: 0` leaves it at the default.

    ## Example

    ```markdown
    ---
    ower: @alice
    title: Fix: retry uploads
    ---
    ```

    Better (in YAML `@` cannot begin a word, and `: ` begins a value):

    ```markdown
    ---
    owner: "@alice"
    title: "Fix: retry uploads"
    ---
    ```

    ## How to fix

    Use the keys `id`, `title`, `owner`, `priority`, `lane`, `lang`, `after`, `supersedes` and `labels`; keys that begin
    with `x-` are yours. Quote values that YAML would read as something else. The rest of the spec is read all the same.
    """

    code = "FMT011"
    name = "front-matter"
    severity = Severity.ERROR
    fixes = Applicability.SUGGESTED

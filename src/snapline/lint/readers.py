"""Which arguments of well-known programs name a file or a folder that they read, from the programs' own manuals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from snapline.base.regex import regex
from snapline.lint.shellwords import Word


class Operands(StrEnum):
    """What the arguments that are no options are."""

    OTHER = "other"
    FILE_FIRST = "file first"  # a script, and what is behind it is the script's own
    FILES = "files"
    TEXT_FIRST = "text first"  # a pattern or a script in the command, then files
    FILTERS = "filters"  # parts of paths: each chooses what has it somewhere
    PACKAGES = "packages"  # folders where they begin with a dot, else import paths


@dataclass(frozen=True, slots=True)
class Reader:
    """How one program, or one of its verbs, is called.

    ``files`` and ``folders`` are options whose value has to be there, ``entered`` those folders
    that everything behind them counts from. ``valued`` are those that take another value;
    None says that every option does which is no flag: so a value is never taken for a file, and a file may be
    overlooked. ``ends`` are options behind which nothing is a file. ``early`` tells that what it reads has commonly
    been made by a program before it in the same check.
    """

    operands: Operands = Operands.OTHER
    files: frozenset[str] = frozenset()
    folders: frozenset[str] = frozenset()
    entered: frozenset[str] = frozenset()
    valued: frozenset[str] | None = None
    flags: frozenset[str] = frozenset()
    ends: frozenset[str] = frozenset()
    early: bool = False

    def takes_value(self, option: str) -> bool:
        """Whether the word behind an option belongs to it."""
        if option in self.files or option in self.folders:
            return True
        if self.valued is not None:
            return option in self.valued
        return not (option in self.flags or _FLAG.fullmatch(option) or "=" in option)


_FLAG = regex(
    r"-[qvxs]|-[A-Za-z]\w+|--(?:no-[\w-]+|allow-[\w-]+|verbose|quiet|silent|watch|run|ci|coverage|bail|fail-?fast|strict|check|recursive|tap|color"
    r"|colour|all|watchAll|runInBand|list-different|dry-run|debug|json|locked|offline|frozen|release|headless)"
)
"""Options of many programs that take no value, or bring it along: ``-ra``, ``-Itest``."""


def _reader(
    operands: Operands = Operands.OTHER,
    *,
    files: str = "",
    folders: str = "",
    entered: str = "",
    valued: str | None = None,
    flags: str = "",
    ends: str = "",
    early: bool = False,
) -> Reader:
    return Reader(
        operands,
        files=frozenset(files.split()),
        folders=frozenset(f"{folders} {entered}".split()),
        entered=frozenset(entered.split()),
        valued=None if valued is None else frozenset(valued.split()),
        flags=frozenset(flags.split()),
        ends=frozenset(ends.split()),
        early=early,
    )


_JS = "-c --config --project -p"
_COMPOSE = _reader(files="-f --file --env-file", folders="--project-directory", valued="-p --project-name --profile")
_KUBERNETES = _reader(files="-f --filename", folders="-k --kustomize")
_GO_VALUED = (
    "-run -skip -count -timeout -bench -benchtime -tags -coverprofile -coverpkg -o -mod -ldflags -gcflags -p -parallel"
    " -exec -cpuprofile -memprofile"
)
_GO = _reader(Operands.PACKAGES, valued=_GO_VALUED)
_PHPUNIT = _reader(Operands.FILES, files="-c --configuration --bootstrap", flags="--testdox --stop-on-failure")
_JS_FILTERS = _reader(Operands.FILTERS, files=_JS, flags="-i -b -o -u -w")
_LINTER = _reader(
    Operands.FILES, files="-c --config --config-file --configuration --rcfile", flags="-d -l -n -r --diff --fix -w"
)
_PLAIN = _reader(Operands.FILES, valued="-x -F -o -I -L", early=True)
_SCRIPTED = _reader(Operands.TEXT_FIRST, files="-f --file", valued="-F -v -e --expression", ends="-i", early=True)
_SEARCH = _reader(
    Operands.TEXT_FIRST,
    files="-f --file",
    valued="-A -B -C -m -g -t -T -e --regexp --include --exclude --exclude-dir --glob --type --max-count --context",
    early=True,
)
_SHELL = _reader(Operands.FILE_FIRST, valued="-o -O -eo -euo -exo -euxo -xeuo +o", ends="-c -ec -lc -s")

_PROGRAMS: Mapping[str, Reader] = {
    name: reader
    for names, reader in {
        "python pypy pypy3 ipython": _reader(Operands.FILE_FIRST, valued="-W -X", ends="-c -"),
        "bash sh zsh dash ksh fish": _SHELL,
        "pwsh powershell": _reader(Operands.FILE_FIRST, files="-File -f", ends="-c -Command"),
        "papermill sphinx-build": _reader(Operands.FILE_FIRST),
        "source .": _reader(Operands.FILE_FIRST),
        "node nodejs": _reader(
            Operands.FILE_FIRST,
            files="--env-file --test-global-setup",
            valued="-r --require --import --loader -C --conditions --test-reporter --test-name-pattern"
            " --test-reporter-destination",
            ends="-e --eval -p --print -pe",
        ),
        "ruby jruby": _reader(Operands.FILE_FIRST, folders="-I", valued="-r -C -E -x", ends="-e -ne -pe -S"),
        "perl": _reader(Operands.FILE_FIRST, folders="-I", valued="", ends="-e -E -ne -pe -i -n -p -lane -lne -c -S"),
        "php": _reader(Operands.FILE_FIRST, files="-c -f", valued="-d -z", ends="-r -S -m -i"),
        "lua luajit Rscript julia groovy elixir escript racket guile tclsh": _reader(Operands.FILE_FIRST, ends="-e -E"),
        "tsx ts-node esno": _reader(Operands.FILE_FIRST, files="-P --project --tsconfig", ends="-e -p"),
        "pytest py.test": _reader(
            Operands.FILES, files="-c --config-file", folders="--rootdir --confcutdir", flags="-l --lf --ff --sw --co"
        ),
        "unittest": _reader(
            Operands.FILES, folders="-s --start-directory --top-level-directory -t", flags="-b -f -c --buffer --catch"
        ),
        "nose2 nosetests behave robot lettuce": _reader(Operands.FILES, files="-c --config"),
        "jest vitest playwright": _JS_FILTERS,
        "mocha ava jasmine tape tap uvu qunit": _reader(Operands.FILES, files="-c --config --package --spec"),
        "cypress": _reader(files="--spec -s --config-file -C", folders="--project -P"),
        "protractor hurl": _reader(
            Operands.FILE_FIRST, files="-e --environment --variables-file", flags="--test --single-run"
        ),
        "bats": _reader(Operands.FILES, flags="-r -t -p -T --timing --pretty"),
        "rspec cucumber": _reader(
            Operands.FILES, folders="-I --default-path", files="-O --options", flags="-b -w --backtrace -fd -fp --color"
        ),
        "rake": _reader(files="-f --rakefile"),
        "phpunit pest codecept paratest": _PHPUNIT,
        "prove": _reader(Operands.FILES, folders="-I", flags="-r -l -b -w"),
        "shellspec busted": _reader(Operands.FILES),
        "locust": _reader(files="-f --locustfile --config"),
        "make gmake": _reader(files="-f --file --makefile", entered="-C --directory"),
        "just": _reader(files="-f --justfile", folders="-d --working-directory"),
        "task": _reader(files="-t --taskfile", folders="-d --dir"),
        "ninja": _reader(files="-f"),
        "cargo": _reader(files="--manifest-path", entered="-C", ends="--"),
        "npm": _reader(entered="--prefix -C", files="--userconfig", ends="--"),
        "pnpm": _reader(entered="-C --dir --prefix", ends="--"),
        "yarn bun": _reader(entered="--cwd", ends="--"),
        "mvn mvnw": _reader(files="-f --file -s --settings"),
        "gradle gradlew": _reader(
            files="-b --build-file -c --settings-file -I --init-script", folders="-p --project-dir"
        ),
        "tox": _reader(files="-c --conf"),
        "nox": _reader(files="-f --noxfile"),
        "composer": _reader(folders="-d --working-dir"),
        "bundle": _reader(files="--gemfile"),
        "pip": _reader(files="-r --requirement -c --constraint", folders="-e --editable"),
        "swift": _reader(folders="--package-path"),
        "cmake": _reader(folders="-S"),
        "mkdocs": _reader(files="-f --config-file"),
        "alembic": _reader(files="-c --config"),
        "dbt": _reader(folders="--project-dir --profiles-dir"),
        "docker-compose podman-compose": _COMPOSE,
        "terraform tofu": _reader(files="-var-file --var-file", entered="-chdir"),
        "ansible-playbook": _reader(Operands.FILES, files="-i --inventory", valued="-e -l -t --tags --limit -u"),
        "psql mysql mariadb": _reader(files="-f --file"),
        "mypy pyright pylint flake8 black isort bandit ruff shellcheck yamllint hadolint eslint": _LINTER,
        "stylelint prettier markdownlint markdownlint-cli2 actionlint jsonlint xmllint tflint sqlfluff": _LINTER,
        "rubocop phpstan": _LINTER,
        "doctest py_compile compileall json.tool protoc": _reader(Operands.FILES),
        "find": _reader(Operands.FILE_FIRST, valued="", early=True),
        "tsc": _reader(Operands.FILES, files="-p --project", flags="--noEmit --pretty -b --build"),
        "cat head tail wc nl tac diff cmp comm colordiff sha256sum md5sum od column cut sort": _PLAIN,
        "grep egrep fgrep rg ag ack zgrep": _SEARCH,
        "jq yq": _reader(
            Operands.TEXT_FIRST,
            files="-f --from-file --slurpfile --rawfile",
            valued="--arg --argjson --indent",
            early=True,
        ),
        "awk gawk sed": _SCRIPTED,
    }.items()
    for name in names.split()
}
_VERBS: Mapping[str, Reader] = {
    name: reader
    for names, reader in {
        "node --test": _reader(
            Operands.FILES,
            files="--env-file",
            valued="-r --require --import --loader --test-reporter --test-name-pattern --test-reporter-destination",
        ),
        "deno run, bun run": _reader(Operands.FILE_FIRST, files="-c --config --env-file", flags="-A --allow-all"),
        "go run": _reader(Operands.FILE_FIRST, valued=_GO_VALUED),
        "coverage run, uv run, poetry run, pdm run": _reader(Operands.FILE_FIRST, flags="-a -p --branch --append"),
        "karma start, wdio run, newman run, k6 run, artillery run": _reader(
            Operands.FILE_FIRST, files="-e --environment --variables-file", flags="--test --single-run"
        ),
        "deno test, bun test": _reader(Operands.FILES, files="-c --config --import-map", flags="-A --allow-all"),
        "go test, go vet, go build, go install": _GO,
        "rails test, rake test, mix test, dart test, flutter test, dotnet test, crystal spec": _reader(
            Operands.FILES, flags="-b -d -n"
        ),
        "docker compose, podman compose": _COMPOSE,
        "docker build, podman build, buildah build": _reader(Operands.FILES, files="-f --file --env-file --secret"),
        "helm lint, kubectl kustomize, dune test, zig test, hardhat test": _reader(Operands.FILES, files="-f --values"),
        "php artisan, php bin/phpunit, php vendor/bin/phpunit, php vendor/bin/pest": _PHPUNIT,
        "kubectl apply, kubectl diff, kubectl create, kubectl validate": _KUBERNETES,
        "helm template, helm install, helm upgrade": _reader(files="-f --values"),
        "ruff check, ruff format, biome check, biome lint, spectral lint, buf lint, snapline lint": _LINTER,
    }.items()
    for name in names.split(", ")
}
"""Programs that read in another way by their verb, or by the option behind their name."""


def reader_of(argv: Sequence[Word], name: str) -> tuple[Reader, Sequence[Word]] | None:
    """How a command is read, and the words that are its arguments; None for a program that is not known."""
    if len(argv) > 1:
        by_verb = _VERBS.get(f"{name} {argv[1].text}")
        if by_verb is not None:
            return by_verb, argv[2:]
    plain = _PROGRAMS.get(name)
    return (plain, argv[1:]) if plain is not None else None

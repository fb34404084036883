"""What the commands of a check read: by program, by option, by redirection; and what only looks like it."""

from __future__ import annotations

import pytest
from tests.lint.sample import clause, spec

from snapline.base.text import Source
from snapline.lint.inputs import Target, targets
from snapline.lint.invocations import invocations
from snapline.lint.rule import Context, Uncommitted
from snapline.lint.run import lint
from snapline.spec.interfaces import PathTree
from snapline.spec.parser import parse

READ = {
    "pytest -q tests/upload": ["tests/upload"],
    "pytest -q test_x.py::test_a -k 'a/b'": ["test_x.py::test_a"],
    "pytest --ignore tests/slow tests/fast": ["tests/fast"],
    "python -m pytest tests/a.py && python tools/x.py --out a/b": ["tests/a.py", "tools/x.py"],
    "python -m unittest -v tests/a.py": ["tests/a.py"],
    "python -m unittest discover -s tests/unit": ["tests/unit"],
    "bash tools/check.sh | tee out/log": ["tools/check.sh"],
    "bash -euo pipefail tools/check.sh": ["tools/check.sh"],
    "bash -c 'pytest tests/a.py'": ["tests/a.py"],
    "./run.sh a/b": ["run.sh"],
    "scripts/run.sh --fast": ["scripts/run.sh"],
    "node --test --test-name-pattern a/b web/a.test.mjs": ["web/a.test.mjs"],
    "npx vitest run web/a.spec.ts": ["web/a.spec.ts"],
    "npx mocha --reporter dot test/a.spec.js": ["test/a.spec.js"],
    "go test -run TestA ./pkg/a/...": ["pkg/a"],
    "go run ./cmd/tool ./x/y": ["cmd/tool"],
    "bats --filter 'a/b' test/a.bats": ["test/a.bats"],
    "bundle exec rspec spec/a_spec.rb:12": ["spec/a_spec.rb"],
    "ruby -Ilib script/a.rb data/b.rb": ["script/a.rb"],
    "pytest -ra -n 4 tests/a.py": ["tests/a.py"],
    "bundle exec rspec 'spec/a_spec.rb[1:2]'": ["spec/a_spec.rb"],
    "deno test --allow-read tests/a.ts": ["tests/a.ts"],
    "php vendor/bin/phpunit tests/ATest.php": ["tests/ATest.php"],
    "prove -lv t/a.t": ["t/a.t"],
    "curl -sf -d @fixtures/a.json http://127.0.0.1/x": ["fixtures/a.json"],
    "perl -w t/a.pl": ["t/a.pl"],
    "php -d x=1 tools/a.php": ["tools/a.php"],
    "vendor/bin/phpunit --filter a tests/ATest.php": ["vendor/bin/phpunit", "tests/ATest.php"],
    "make -C services/a -f ci.mk test": ["services/a", "services/a/ci.mk"],
    "terraform -chdir=infra plan -var-file=a.tfvars": ["infra", "infra/a.tfvars"],
    "cargo test --manifest-path=crates/a/Cargo.toml": ["crates/a/Cargo.toml"],
    "docker compose -f deploy/a.yml config": ["deploy/a.yml"],
    "npm --prefix web test": ["web"],
    "sqlite3 :memory: < db/a.sql > db/b.txt": ["db/a.sql"],
    "cd services/a && make -f b.mk": ["services/a", "services/a/b.mk"],
    "(cd a && make) && pytest tests/a.py": ["a", "tests/a.py"],
    "mytool --config conf/a.toml --golden=tests/a.json": ["conf/a.toml", "tests/a.json"],
    "mytool tests/fixtures/a.csv": ["tests/fixtures/a.csv"],
    "grep -q a/b docs/x.md": ["docs/x.md"],
    "grep -e a/b -A 2 docs/x.md": ["docs/x.md"],
    "sed -n 's/a/b/p' docs/x.md": ["docs/x.md"],
    "jq -e .a/b conf/x.json": ["conf/x.json"],
    "cat src/x.py": ["src/x.py"],
    "make list | diff - tests/golden/list.txt": ["tests/golden/list.txt"],
}
NOT_READ = [
    "pytest -q $DIR/x 'a b/c.py'",
    "pytest --junitxml build/a.xml -o cache_dir=x/y",
    "echo 'unclosed",
    "echo a/b.txt",
    "make page > out/page.txt",
    "make page OUT=out/page.txt",
    "mytool --out a/b.json -o c/d.json --report=e/f.xml",
    "mytool --update --golden tests/a.json",
    "make report && diff a/b.txt c/d.txt",
    "touch a/b.sh && bash a/b.sh",
    "mytool -o a/b.sql && sqlite3 :memory: < a/b.sql",
    "npx eslint @scope/name 'src/**/*.ts'",
    "npm test -w @scope/name",
    "npm exec @scope/name",
    "go test example.org/a/b/...",
    "go vet ./...",
    "node -e 'require(\"a/b.js\")'",
    "python -c 'import a.py'",
    "perl -ne 's/a/b/' x/y.txt",
    "curl -sf https://example.org/a/b.json",
    "git diff --exit-code origin/main",
    "mytool --ref origin/main feature/x",
    "! grep -q a docs/gone.md",
    "test ! -e old/page.html",
    "npx jest src/forms",
    "cat /etc/hosts ../x.txt ~/y.txt",
    'cd "$(mktemp -d)" && bash a/b.sh',
    "mkdir -p a && cd a",
    "docker run -v a/b:/c image/name",
    "docker compose logs -f web",
    "kubectl logs -f pod/web",
    "kubectl apply -k github.com/name/project/overlays",
    "docker build -t name/image .",
    "sort -o out/a.csv",
    "npx eslint -o out/a.json .",
    "rspec --format html -o out/a.html",
    "sed -i 's/a/b/' a/b.txt",
]


def read(command: str) -> list[str]:
    text = f"# Acceptance\n\n- A1: It goes on: `` $ {command} ``\n"
    return ["/".join(part for part in (one.folder, one.text) if part) for one in _targets(text)]


def _targets(text: str) -> list[Target]:
    return list(targets(invocations(parse(Source.from_bytes("x.md", text.encode())))))


def found(command: str, files: list[str], uncommitted: dict[str, Uncommitted] | None = None) -> list[str]:
    text = spec(clause("Acceptance", f"It goes on: `` $ {command} ``"))
    parsed = parse(Source.from_bytes("x.md", text.encode()))
    result = lint(Context(parsed, tree=PathTree(files), uncommitted=uncommitted or {}))
    return [one.message for one in result if one.code == "ACC319"]


@pytest.mark.parametrize("command", READ)
def test_what_a_command_reads(command: str) -> None:
    assert read(command) == READ[command]


@pytest.mark.parametrize("command", NOT_READ)
def test_what_a_command_makes_or_only_mentions(command: str) -> None:
    assert read(command) == []


TREE = [
    "pyproject.toml",
    "web/page.html",
    "services/a/Makefile",
    "tests/fixtures/a.csv",
    "conf/a.toml",
    "web/there.spec.ts",
    "pkg/a/a.go",
]


@pytest.mark.parametrize(
    ("command", "missing"),
    [
        ("make -C services/b", "services/b"),
        ("cd services/b && make -f c.mk && bash d.sh", "services/b"),
        ("go test ./pkg/b/...", "pkg/b"),
        ("npx vitest run web/gone.spec.ts", "web/gone.spec.ts"),
        ("mytool tests/fixtures/b.csv", "tests/fixtures/b.csv"),
        ("mytool --config conf/b.toml", "conf/b.toml"),
        ("mytool --config other.toml", "other.toml"),
        ("bash out/a.sh", None),
        ("mytool --config conf/a.toml tests/fixtures/a.csv", None),
        ("mytool --baseline origin/main", None),
        ("mytool --schema other/b.xml", None),
        ("cat page.html", None),
        ("npx vitest run there.spec.ts", None),
        ("go test ./pkg/a/...", None),
        ("cd services/a && make -f Makefile", None),
        ("make && bash build/made.sh", None),
        ("cmake -B build && cd build && bash run.sh", None),
        ("cargo new crate && cd crate && bash run.sh", None),
        ("make && cd services/b && bash run.sh", "services/b"),
        ("make -C services/b -f c.mk", "services/b"),
        ("make -C services/a -f c.mk", "c.mk"),
    ],
)
def test_what_the_tree_has_not(command: str, missing: str | None) -> None:
    told = found(command, TREE)
    assert told == ([f"`{missing}` is not there at the base"] if missing else [])


def test_a_folder_of_products_counts_once_the_tree_has_it() -> None:
    assert found("bash build/a.sh", ["src/a.py"]) == []
    assert found("bash build/a.sh", ["build/b.sh"]) == ["`build/a.sh` is not there at the base"]


def test_what_git_ignores_is_told_by_another_rule() -> None:
    assert found("bash local/a.sh", ["src/a.py"]) == ["`local/a.sh` is not there at the base"]
    assert found("bash local/a.sh", ["src/a.py"], {"local/a.sh": Uncommitted.IGNORED}) == []

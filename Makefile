# Every target sets up what it needs in this checkout (.venv, from the committed lock).
PYTHON := .venv/bin/python
READY := .venv/.snapline-ready

.PHONY: help demo test check lint-eval soak bench docs lock clean
help: ## say what there is
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

$(READY): requirements-dev.lock pyproject.toml tools/environment tools/install
	@echo "setting up .venv" >&2
	@tools/environment .venv requirements-dev.lock
	@tools/install .venv -e .
	@touch $@

demo: $(READY) ## show the main job on a small real repository
	@.venv/bin/snapline demo $(DEMO)

test: $(READY) ## run the tests
	@$(PYTHON) tools/run_tests.py

check: $(READY) ## run every gate
	@$(PYTHON) tools/gates.py

lint-eval: $(READY) ## measure the lint rules over the corpus of seeded defects
	@$(PYTHON) tools/lint_eval.py $(EVAL)

soak: $(READY) ## run the long suites: kills at every step, hostile processes, fuzzing
	@$(PYTHON) -m pytest -m soak

bench: $(READY) ## measure lint beside other tools, which it installs into a temporary folder
	@$(PYTHON) bench/run.py

docs: $(READY) ## write the generated pages of docs/
	@$(PYTHON) tools/generate_docs.py

lock: ## resolve the dependencies anew (needs uv)
	@tools/lock

clean: ## remove everything that the other targets made
	rm -rf .venv build dist .coverage .coverage.* .hypothesis .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find src tests tools -name __pycache__ -type d -prune -exec rm -rf {} +

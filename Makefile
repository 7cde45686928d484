# `make` alone prints what can be done here.

PORT ?= 8765
PYTHON ?= python3
# Test processes: three for two cores, since many tests wait for something.
WORKERS ?= $(shell $(PYTHON) -c "import os; cores = os.cpu_count() or 2; print(cores + cores // 2)")
# Compiled modules are kept, also where the environment says otherwise: else each test process compiles all of them.
export PYTHONDONTWRITEBYTECODE :=
VENV := .venv
BIN := $(VENV)/bin
BROWSER := tests/browser tests/sandbox/test_page.py

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-changed test-postgres test-slow check fmt bench manual screenshots messages migration lock clean

help: ## print this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/.installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

setup: $(VENV)/.installed ## install the locked dependencies into .venv

demo: setup ## try the bot in a Slack-compatible workspace in the browser (PORT=8765)
	@$(BIN)/rainmaker demo --port $(PORT)

# Browser tests run alone; in parallel with the rest they time out.
test: setup ## run the quick test suite, in parallel
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not slow and (both or not again)" $(addprefix --ignore=,$(BROWSER))
	$(BIN)/python -m pytest -n $(WORKERS) -m "not slow" $(BROWSER)

test-changed: setup ## run the tests nearest to what changed since main
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not slow and (both or not again)" $$($(BIN)/python -m tests.changed)

test-postgres: setup ## run on PostgreSQL what the quick suite runs on SQLite alone
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "again and not both and not slow" $(addprefix --ignore=,$(BROWSER))

test-slow: setup ## run the tests that take their time
	$(BIN)/python -m pytest -n auto -m slow

check: setup ## lint, types, import rules, playbook
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/rainmaker playbook check playbook

fmt: setup ## format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup ## run the benchmarks
	@for name in $$(ls benchmarks/*.py | xargs -n1 basename | grep -v '^_' | sed 's/\.py$$//'); do $(BIN)/python -m benchmarks.$$name || exit 1; done

manual: setup ## write the operating manual in docs/manual from the playbook
	$(BIN)/rainmaker playbook manual

screenshots: setup ## take the pictures in docs/images again, in Chromium
	RAINMAKER_SCREENSHOTS=1 $(BIN)/python -m pytest tests/browser tests/views/playbook/test_process_chart.py

messages: setup ## collect the sentences to translate in var/rainmaker.pot
	@mkdir -p var
	$(BIN)/pybabel --quiet extract -F pyproject.toml -k _ -k N_ -k plural:1,2 --no-location --sort-output --omit-header -o var/rainmaker.pot .

migration: setup ## write a migration from the changes of the schema (NAME="what it does")
	$(BIN)/python -m storage.migrations.new "$(NAME)"

lock: setup ## lock the newest matching dependencies (needs uv)
	uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-header --no-annotate --upgrade -o requirements.lock

clean: ## remove everything that make installed or wrote
	rm -rf $(VENV) var build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

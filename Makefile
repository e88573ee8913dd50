# The portal's verbs; `make` alone prints them. Everything they make lies in .venv/ and var/.

PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000
# How many tests run at once, and further words for pytest: make test ARGS="-k visit"
WORKERS ?= 2
ARGS ?=
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
WORDS := $(patsubst %.po,%.mo,$(wildcard portal/locale/*/LC_MESSAGES/django.po))
COMPILE = UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url
yes = $(filter-out 0 no false,$(1))

.PHONY: help run test check fix lock clean
.DEFAULT_GOAL := help

help: ## print this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

run: .venv/.installed $(WORDS) ## start everything, show the demonstration, serve until Ctrl-C [PORT=8000 ONCE=1 AGAIN=1]
	@$(BIN)/python -m portal.up --port $(PORT) $(if $(call yes,$(ONCE)),--once) $(if $(call yes,$(AGAIN)),--again)

test: .venv/.installed-dev $(WORDS) ## run the tests on real PostgreSQL and Valkey [ARGS="-k visit" WORKERS=2]
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

check: .venv/.installed-dev ## format, lint, types of the law, import contracts, migrations, drawings
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint templates --lint --quiet
	ENVIRONMENT=test $(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py draw --check

fix: .venv/.installed-dev ## format, and mend what lint can mend
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

lock: .venv/.installed-dev ## compile the pinned requirements, with hashes, from pyproject.toml
	$(COMPILE) pyproject.toml --extra embedded --output-file requirements.txt
	$(COMPILE) --group dev --constraints requirements.txt --output-file requirements-dev.txt

clean: ## stop the embedded engines and delete the environment and everything that was made
	-@for folder in var var/test; do \
		if [ -x $(BIN)/python ] && [ -d $$folder ]; then $(BIN)/python -m portal.engines stop $$folder; fi; done
	rm -rf .venv var .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.installed: requirements.txt | .venv/bin/python
	@echo "Installing what the portal needs …"
	@$(PIP) install --require-hashes --requirement requirements.txt
	@touch $@

# Translations as the pages read them; the English sentence is the key.
portal/locale/%.mo: portal/locale/%.po | .venv/.installed
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

.venv/.installed-dev: requirements-dev.txt .venv/.installed
	@echo "Installing what its tests need …"
	@$(PIP) install --require-hashes --requirement requirements-dev.txt
	@touch $@

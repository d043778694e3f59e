# Needs Python 3.11 or later, git and make. Everything else goes into .venv/.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --use-pep517 -c .ci/constraints.txt

.PHONY: help demo test lint docs bench clean

help:
	@echo "make demo    the sample shop from lint to report, in .pushform/demo/"
	@echo "make test    format, lint, types, import directions, tests"
	@echo "make lint    the same without the tests"
	@echo "make docs    the pages of docs/ that are made from the program"
	@echo "make bench   the benchmarks of benchmarks/"
	@echo "make clean   remove what the others made"

demo: $(VENV)/.installed
	@PATH="$(CURDIR)/$(BIN):$$PATH" bash .ci/demo

test: lint
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup

lint: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(VENV)/.installed-dev
	$(BIN)/python -m engine.cli.manual

bench: $(VENV)/.installed-dev
	@set -e; for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python "$$script"; done

clean:
	rm -rf $(VENV) .pushform/demo .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

# A stamp is newer than what it was installed from, so a second run installs nothing.
$(VENV)/.installed: pyproject.toml .ci/constraints.txt | $(VENV)/bin/python
	@echo "installing pushform into $(VENV) (once; a minute or two)"
	@$(INSTALL) -e .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml .ci/constraints.txt | $(VENV)/bin/python
	@echo "installing pushform and its test tools into $(VENV) (once; a minute or two)"
	@$(INSTALL) -e ".[dev]"
	@touch $@ $(VENV)/.installed

$(VENV)/bin/python:
	@if [ -z "$(PYTHON)" ] || ! "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
		echo "pushform needs Python 3.11 or later; found: $$($(or $(PYTHON),python3) --version 2>&1)" >&2; \
		echo "install one, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3.12" >&2; \
		exit 1; \
	fi
	@"$(PYTHON)" -m venv $(VENV) || { rm -rf $(VENV); \
		echo "python could not make $(VENV): on Debian and Ubuntu, apt install python3-venv" >&2; exit 1; }

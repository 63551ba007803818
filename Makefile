# Everything that a contributor, an operator or CI does starts here.
#   make run     set up and run: the real bot with BOT_TOKEN, else the sandbox
#   make test    set up and run all tests
#   make check   format, lint, types, import layers, sample data
#   make pictures  take the README's pictures anew (needs Chromium)
#   make lock    pin the dependencies anew, with hashes, for all platforms

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url

.DEFAULT_GOAL := help
.PHONY: help setup run test check format pictures lock clean

help:
	@sed -n 's/^#   //p' $(firstword $(MAKEFILE_LIST))

setup: $(STAMP)

$(STAMP): requirements-dev.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: install it, or name it with make PYTHON=/path/to/python" >&2; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "$(PYTHON) cannot make a virtual environment: on Debian and Ubuntu, apt-get install python3-venv" >&2; exit 2; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

run: setup
	@if [ -n "$$BOT_TOKEN$$BOT_TOKEN_FILE" ] || grep -qsE '^[[:space:]]*(export[[:space:]]+)?BOT_TOKEN(_FILE)?[[:space:]]*=[[:space:]]*[^[:space:]#]' .env; \
	then exec $(BIN)/python -m bot run; \
	else exec $(BIN)/python -m bot sandbox; fi

test: setup
	$(BIN)/python -m pytest -n auto --cov --cov-report=term-missing:skip-covered

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m bot check

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

pictures: setup
	$(BIN)/python -m bench.pictures

# No address of a package index is written into the files: only names, versions and hashes.
lock:
	uv pip compile $(LOCK) pyproject.toml --group dev -o requirements-dev.txt
	uv pip compile $(LOCK) pyproject.toml -c requirements-dev.txt -o requirements.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage*

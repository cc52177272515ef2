# `make` lists the targets. TARGET=aws|endpoint, SUFFIX=…, ARGS='…' are handed on where they make sense.
# the first interpreter that runs and is new enough; asked only when there is something to set up
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
STAMP := .venv/.set-up
WORKERS ?= 4
OPTIONS = $(if $(TARGET),--target $(TARGET)) $(if $(SUFFIX),--suffix $(SUFFIX)) $(ARGS)
# the 75 use no generated data, and importing what generates it would more than double their time
UNIT = $(BIN)/python -m pytest tests/unit -p no:hypothesispytest
# nothing may hang for ever: after ten minutes in one test every thread's stack is printed and the worker ends
HARNESS = $(BIN)/python -m pytest tests/harness -n 2 --dist loadfile --timeout 600 --timeout-method thread
LIVE = $(BIN)/python -m pytest tests/integration -n $(WORKERS) --dist loadgroup

.DEFAULT_GOAL := help
.PHONY: help setup lint type test-unit test-harness test-integration test doctor serve deploy outputs destroy sweep bench clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP)  ## .venv and Node's packages; quick when nothing changed

$(STAMP): pyproject.toml requirements.lock qa/embedded/lambda_/package-lock.json
	@test -n "$(PYTHON)" || { echo "qa needs Python 3.11 or later with venv; name one: make PYTHON=/path/to/python3 …"; exit 2; }
	@echo "Setting up .venv (about a minute the first time) …"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock || { \
	  echo "qa: the packages of requirements.lock could not be installed. Is the Python package registry reachable" \
	    "(pip config list, HTTPS_PROXY)? Then run \`make setup\` again."; exit 2; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m qa.embedded.lambda_.toolchain
	@touch $@

lint: $(STAMP)  ## style, formatting, boundaries, the template
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/python lib/embed.py --check
	$(BIN)/cfn-lint
	$(BIN)/qa check --fail-on note

type: $(STAMP)  ## mypy --strict over qa, lib and tests
	$(BIN)/mypy

test-unit: $(STAMP)  ## the 75 static checks of the template
	$(UNIT) $(ARGS)

test-harness: $(STAMP)  ## qa's own tests
	$(HARNESS) $(ARGS)

test-integration: $(STAMP)  ## the 31 live checks; by default on an embedded AWS
	$(LIVE) $(OPTIONS)

test: $(STAMP) lint type  ## everything
	$(UNIT)
	$(HARNESS)
	$(LIVE)

doctor: $(STAMP)  ## what is missing or wrong here, and how to get it
	$(BIN)/qa doctor $(OPTIONS)

serve: $(STAMP)  ## an embedded AWS for a desk, until Ctrl-C
	$(BIN)/qa serve $(ARGS)

deploy: $(STAMP)  ## both stacks to TARGET
	$(BIN)/qa deploy $(OPTIONS)

outputs: $(STAMP)  ## read the stack outputs of TARGET again
	$(BIN)/qa outputs $(OPTIONS)

destroy: $(STAMP)  ## both stacks, their documents and records
	$(BIN)/qa destroy $(OPTIONS)

sweep: $(STAMP)  ## what broken-off runs left behind at TARGET
	$(BIN)/qa sweep $(OPTIONS)

bench: $(STAMP)  ## the figures of docs/benchmarks.md
	$(BIN)/python -m benchmarks $(ARGS)

clean:  ## everything that set-up and runs made
	rm -rf .venv .qa build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info
	rm -rf cfn-outputs/embedded cfn-outputs/endpoint

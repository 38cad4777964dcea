# Two commands matter to a newcomer: `make plan` and `make test`. Each does its own set-up, once.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PEERS := $(VENV)/peers
UV := $(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode
# Compiled kernels are cached beside the environment: a second run starts warm, a clean checkout starts clean.
export NUMBA_CACHE_DIR ?= $(CURDIR)/$(VENV)/cache/numba
export MPLCONFIGDIR ?= $(CURDIR)/$(VENV)/cache/matplotlib

.PHONY: plan test lint types check bench verify clean
.DELETE_ON_ERROR:

plan: $(VENV)/.run
	@$(BIN)/tauten plan examples/lower_face.toml

test: $(VENV)/.test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-cache >/dev/null || $(BIN)/lint-imports --no-cache
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -n 2

verify: $(VENV)/.run
	@$(BIN)/tauten verify

bench: $(VENV)/.bench
	@$(MAKE) --no-print-directory $(PEERS)/.made || echo "The peers of focused ultrasound did not install: their rows are left out"
	@$(BIN)/python -m benchmarks

$(VENV)/.setup: requirements/setup.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Tauten needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing. On Debian or Ubuntu: sudo apt install python3-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/setup.txt
	@touch $@

$(VENV)/.run: $(VENV)/.setup requirements/run.txt pyproject.toml
	@echo "Setting up Tauten in $(VENV) (once)"
	@$(UV) --require-hashes -r requirements/run.txt
	@$(UV) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.test: $(VENV)/.run requirements/test.txt
	@$(UV) --require-hashes -r requirements/test.txt
	@touch $@

$(VENV)/.bench: $(VENV)/.run requirements/bench.txt
	@$(UV) --require-hashes -r requirements/bench.txt
	@touch $@

# They pin other versions than ours, so they get an environment of their own; licences LGPL and GPL, for comparison only.
$(PEERS)/.made: $(VENV)/.setup requirements/peers.txt
	@echo "Setting up the peers of focused ultrasound in $(PEERS) (once)"
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(PEERS)
	@$(BIN)/uv pip install --quiet --python $(PEERS)/bin/python --require-hashes -r requirements/peers.txt
	@touch $@

clean:
	rm -rf $(VENV) out

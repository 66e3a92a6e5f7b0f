# Peerpost: `make demo` shows it, `make test` tests it, `make run` serves.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: demo run test check acceptance bench train lock clean

demo: $(VENV)/installed
	@$(BIN)/peerpost demo

run: $(VENV)/installed
	@test -e peerpost.toml || $(BIN)/peerpost init --domain "$${DOMAIN:-peers.example.test}"
	$(BIN)/peerpost serve

# Tests start hundreds of processes: compiled once, our modules need not be compiled by each. They
# wait much for one another, so two run on each core.
test: $(VENV)/tested
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n $$((2 * $$(nproc)))

check: $(VENV)/tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/tested
	@for file in benchmarks/*.py; do echo; echo "$$file"; $(BIN)/python $$file || exit 1; done

# Teaches screening its weights anew and writes docs/screening.md.
train: $(VENV)/installed
	$(BIN)/python -m screening.training

# The black-box suites live beside the project and have a virtual environment of their own.
SUITES ?= ../shared/acceptance
acceptance: $(VENV)/installed $(VENV)/suites
	PEERPOST_BIN=$(CURDIR)/$(BIN)/peerpost $(VENV)/suites/bin/python $(SUITES)/run.py leaks
	PEERPOST_BIN=$(CURDIR)/$(BIN)/peerpost $(VENV)/suites/bin/python $(SUITES)/attacks/run.py

$(VENV)/suites: $(SUITES)/requirements.txt
	$(PYTHON) -m venv $@ && $@/bin/python -m pip --disable-pip-version-check -q install -r $<

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed (PYTHON=python3.12 make ... picks another one)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
		|| { rm -rf $(VENV); echo "On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }

$(VENV)/installed: requirements.lock pyproject.toml | $(BIN)/python
	@echo "installing the locked dependencies ..."
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(PIP) install --no-deps --editable .
	@touch $@

$(VENV)/tested: requirements-dev.lock $(VENV)/installed
	@$(PIP) install --require-hashes --requirement requirements-dev.lock
	@touch $@

LOCK := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate --quiet --extra postgres --extra redis --extra rabbitmq
lock: $(BIN)/python
	$(PIP) install uv
	$(LOCK) --extra dev --output-file requirements-dev.lock
	$(LOCK) --constraint requirements-dev.lock --output-file requirements.lock

clean:
	rm -rf $(VENV) build *.egg-info

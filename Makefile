# The two commands of a newcomer are `make run` and `make test`; both install what they need into .venv/ first.
PYTHON ?= $(shell command -v python3 || command -v python3.11 || echo python3)
export PIP_CACHE_DIR ?= $(CURDIR)/var/pip
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test lint types contracts prove bench clean

run: $(VENV)/ready-run
	$(BIN)/sunroll run

test: $(VENV)/ready-test
	$(BIN)/python -m sunroll.browser
	$(BIN)/python -m sunroll.phone_build
	$(BIN)/python -m pytest -n 2 --dist loadfile $(PYTEST)

lint: $(VENV)/ready-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/ready-test
	$(BIN)/mypy

contracts: $(VENV)/ready-test
	$(BIN)/lint-imports

prove: $(VENV)/ready-test
	$(BIN)/sunroll rehearse --families 2000 --candidates 400 --seed prove --report var/prove
	$(BIN)/python -m tests.trials.kills 100000
	$(BIN)/python -m tests.trials.closings 50 10000
	$(BIN)/python -m tests.trials.why_cards 1000
	$(BIN)/python -m tests.trials.dialogue 1000000
	$(BIN)/python -m tests.trials.deliveries 3000
	$(BIN)/python -m tests.trials.chatting 2000
	$(BIN)/python -m bench.classes.draws draw-0.5 200
	SUNROLL_PROVE=1 $(BIN)/python -m pytest -q tests/stages/test_documents_corpus.py
	$(BIN)/sunroll rehearse --families 5000 --seed papers --weather outage --processes 1 --report var/papers

bench: $(VENV)/ready-bench
	$(BIN)/python -m bench

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name it with: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/ready-run: $(VENV)/bin/python requirements.txt pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	touch $@

$(VENV)/ready-test: $(VENV)/bin/python requirements-test.txt pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-test.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	touch $@ $(VENV)/ready-run

$(VENV)/ready-bench: $(VENV)/ready-test requirements-bench.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	touch $@

clean:
	rm -rf $(VENV) var miniprogram/dist miniprogram/node_modules

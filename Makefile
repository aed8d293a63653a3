# The two commands for a fresh machine, and what a developer runs.
# PYTHON may name any Python from 3.11 on: make test PYTHON=python3.13

PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: publish test look check bench torture clean

publish: $(VENV)/.installed
	$(BIN)/recap publish

# On all cores, each file of tests in one process; `.venv/bin/python -m pytest PATH` for a few.
test: $(VENV)/.installed-test
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

# Pictures of every page and mail in build/look/, taken by this machine's Chromium.
look: $(VENV)/.installed-test
	$(BIN)/python -m tests.look

check: $(VENV)/.installed-check
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# BENCH_SCALE=small takes a minute or two. The peers live in an environment of their own.
bench: $(VENV)/.installed $(VENV)/peers/.installed
	$(BIN)/python -m benchmarks.bench $(VENV)/peers

# The races between people, readers, runs and kills, for longer than a test may take.
torture: $(VENV)/.installed-test
	RECAP_ROUNDS=1500 $(BIN)/python -m pytest tests/test_together.py
	RECAP_ROUNDS=200 $(BIN)/python -m pytest tests/sending/test_posting_crashes.py
	RECAP_ROUNDS=1000 $(BIN)/python -m pytest tests/test_readers.py
	RECAP_ROUNDS=1000 $(BIN)/python -m pytest tests/service/test_together.py

$(VENV)/peers/.installed: Makefile
	$(PYTHON) -m venv $(VENV)/peers
	$(VENV)/peers/bin/python -m pip install --quiet --disable-pip-version-check \
		'rss2email==3.14' 'reader==3.26' sgmllib3k 'pelican[markdown]==4.12.0'
	touch $@

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/.installed-test: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test,look]'
	touch $@

$(VENV)/.installed-check: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test,look,check]'
	touch $@

clean:
	rm -rf $(VENV) dist build .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

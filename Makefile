# Everything a person or CI runs. `make run` and `make test` need nothing but python3 (3.10+) and make.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
RUN    := runs
READY  := $(VENV)/.ready

.PHONY: help setup run gate test test-all check lint bench docs card clean
.DEFAULT_GOAL := help

help:  ## Say what can be made.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY)  ## Make .venv with liwa and the pinned tools.

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
		{ echo "liwa needs Python 3.10 or later; name one with: make PYTHON=python3.12" >&2; exit 2; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
		{ echo "this Python has no venv module; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

run: setup  ## The main job: articles -> tasks -> gold -> split -> train -> evaluate -> report.
	$(BIN)/liwa tasks corpus/articles -o $(RUN)/tasks.jsonl
	$(BIN)/liwa gold check annotations/gold/project.jsonl --texts corpus/articles --require-texts
	$(BIN)/liwa gold load annotations/gold/project.jsonl --texts corpus/articles -o $(RUN)/gold.jsonl
	$(BIN)/liwa split $(RUN)/gold.jsonl --by training/split.jsonl -o $(RUN)/split
	$(BIN)/liwa train $(RUN)/split -o $(RUN)/model
	$(BIN)/liwa evaluate $(RUN)/model/model-best $(RUN)/split/test.jsonl --format json -o $(RUN)/small.json \
		--errors $(RUN)/errors.jsonl
	$(BIN)/liwa report $(RUN)/small.json --errors $(RUN)/errors.jsonl -o $(RUN)/report.html
	$(BIN)/liwa evaluate $(RUN)/model/model-best $(RUN)/split/test.jsonl --format brief

gate:  ## Hold the scores of make run against the committed baseline.
	$(BIN)/liwa gate $(RUN)/small.json --baseline training/baselines/small-project.json --thresholds training/gate.toml \
		--agreement annotations/agreement/1.1.json

test: setup  ## The test suite.
	$(BIN)/python -m pytest -n auto -m "not slow"

test-all: setup  ## The test suite with the long tests.
	$(BIN)/python -m pytest -n auto

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: lint test  ## What CI runs: style, types, tests.

bench: setup  ## One table of speeds, each beside a named peer in one run.
	@mkdir -p $(RUN)
	$(BIN)/python -m tests.bench | tee $(RUN)/bench.md

docs: setup  ## Write the command reference.
	$(BIN)/typer liwa.cli.app utils docs --name liwa --title Commands --output docs/commands.md

card: setup  ## Write the figures of the data card.
	$(BIN)/liwa card corpus/DATACARD.md

clean:  ## Remove what was built.
	rm -rf $(VENV) $(RUN) build dist

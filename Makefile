# Everything a person does here. `make demo` and `make test` need Python 3.11 or newer and nothing else.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.ready
NEO4J := $(BIN)/python scripts/neo4j/server.py

.DEFAULT_GOAL := help
.PHONY: help demo neo4j neo4j-stop test check bench clean

help:
	@echo "make demo    build the graph of the three sample documents and ask it a question"
	@echo "make neo4j   load that graph into a Neo4j of its own, with its Browser; make neo4j-stop ends it"
	@echo "make test    run every check and test"
	@echo "make check   style and types only"
	@echo "make bench   measure speed and memory (PAPERKG_DATA names a folder of real records)"

$(STAMP): pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet -e '.[test]'
	@touch $@

demo: $(STAMP)
	$(BIN)/kg build seeds --graph graph/demo
	$(BIN)/kg ask "which papers use IV regression?" --graph graph/demo

neo4j: $(STAMP)
	$(BIN)/kg build seeds --graph graph/demo
	$(NEO4J) start > /dev/null
	$(BIN)/kg load neo4j --graph graph/demo --prune --uri "$$($(NEO4J) uri)" --password-file .neo4j/password
	@$(NEO4J) status

neo4j-stop: $(STAMP)
	$(NEO4J) stop

test: $(STAMP) check
	$(BIN)/python -m pytest

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(STAMP)
	$(BIN)/python -m pip install --quiet -e '.[bench]'
	$(BIN)/python scripts/bench.py

clean:
	rm -rf .venv graph build dist *.egg-info

# Two commands matter: `make demo` builds a workbook to look at, `make test` runs every test.
PYTHON ?= python3.11
VENV   := .venv
BIN    := $(VENV)/bin
DEMO   := demo

.PHONY: help demo test test-all lint types imports generated check pictures bench bench-corpus clean

help:           ## Show this list
	@grep -E '^[a-z-]+: .*##' Makefile | sed -E 's/: .*## /\t/' | expand -t 16

demo: $(VENV)/installed    ## Install into .venv and build the follow-up workbook with demo data
	@mkdir -p $(DEMO)
	@$(BIN)/crmsheet build follow-up --demo --force -o $(DEMO)/follow-up-zh.xlsx
	@$(BIN)/crmsheet build follow-up --demo --force --lang en -o $(DEMO)/follow-up-en.xlsx
	@echo "Open one of them:"
	@echo "  $(CURDIR)/$(DEMO)/follow-up-zh.xlsx"
	@echo "  $(CURDIR)/$(DEMO)/follow-up-en.xlsx"

test: $(VENV)/installed-test    ## Install what the tests need and run them
	@bash scripts/need-libreoffice
	$(BIN)/python -m pytest -q --durations=12 -n auto --dist worksteal -m "not slow"

test-all: $(VENV)/installed-test    ## The slow suites too
	@bash scripts/need-libreoffice
	$(BIN)/python -m pytest -q --durations=12 -n auto --dist worksteal

check: lint types imports generated    ## Everything CI checks before the tests

lint: $(VENV)/installed-dev    ## Ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/installed-dev    ## mypy, strict
	$(BIN)/mypy

imports: $(VENV)/installed-dev    ## Who may import whom
	$(BIN)/lint-imports

generated: $(VENV)/installed-dev    ## The JSON Schema and the README's help blocks are current
	$(BIN)/python scripts/generated.py --check

pictures: $(VENV)/installed-test    ## Draw README's pictures again
	@bash scripts/need-libreoffice --fonts
	$(BIN)/python scripts/pictures.py

bench: $(VENV)/installed-bench    ## Time everything against the peers, in one run (BENCH="startup taking": only these)
	@bash scripts/need-libreoffice
	$(BIN)/python benchmarks/run.py $(BENCH)

bench-corpus: $(VENV)/installed-test    ## What ours and the peers lose of a collection of workbooks
	$(BIN)/python -m benchmarks.corpus

clean:          ## Remove what these commands made
	rm -rf $(VENV) $(DEMO)

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip

$(VENV)/installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/installed-test: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	@touch $@ $(VENV)/installed

$(VENV)/installed-dev: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@ $(VENV)/installed-test $(VENV)/installed

$(VENV)/installed-bench: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	@touch $@ $(VENV)/installed-test $(VENV)/installed

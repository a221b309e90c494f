# Two commands matter: `make demo` builds a workbook to look at, `make test` runs every test.
PYTHON ?= python3.11
VENV   := .venv
BIN    := $(VENV)/bin
DEMO   := demo

.PHONY: help demo test test-all lint types imports generated check pictures bench bench-recalculation bench-analyses bench-taking bench-corpus clean

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
	@bash scripts/need-libreoffice
	$(BIN)/python scripts/pictures.py

bench: $(VENV)/installed-test    ## Time ours against the peers, in one run
	$(BIN)/python benchmarks/run.py

bench-recalculation: $(VENV)/installed-test    ## Time LibreOffice over 3,000 customers and 20,000 activities
	@bash scripts/need-libreoffice
	$(BIN)/python benchmarks/recalculation.py

bench-analyses: $(VENV)/installed-test    ## Time each analysis over 100,000 orders
	$(BIN)/python benchmarks/analyses.py

bench-taking: $(VENV)/installed-test    ## Time 50,000 rows taken into a filled workbook
	$(BIN)/python benchmarks/taking.py

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

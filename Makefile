# 书香机关门户: everything runs from here with Python 3.11+, git and make.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
TEST_WORKERS ?= 2

.PHONY: help install test lint demo demo-reset mutants

help:
	@echo "make demo        install, fill an invented office, serve it on PORT ($(PORT))"
	@echo "make demo-reset  remove the invented office's data"
	@echo "make test        install and run the whole suite"
	@echo "make lint        ruff, djlint, mypy"
	@echo "make mutants     mutation tests of the assessment engine"

install: $(VENV)/installed

$(VENV)/installed: requirements.txt requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

test: install
	$(BIN)/python -m pytest -n $(TEST_WORKERS)

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/mypy .

mutants: install
	@PYTHON=$(BIN)/python WORKERS=$(TEST_WORKERS) assessment/tests/engine/mutants.sh

demo: install
	@exec $(MANAGE) demo --port $(PORT)

demo-reset: install
	@$(MANAGE) demo --reset

# 书香机关门户: everything runs from here with Python 3.11+, git and make.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
TEST_WORKERS ?= 2
CADRES ?= 100000

.PHONY: help install test soak lint demo demo-reset mutants benchmark

help:
	@echo "make demo        install, fill an invented office, serve it on PORT ($(PORT))"
	@echo "make demo-reset  remove the invented office's data"
	@echo "make test        install and run the whole suite"
	@echo "make soak        the long kill, race and upload tests in full"
	@echo "make lint        ruff, djlint, mypy"
	@echo "make mutants     mutation tests of the assessment engine"
	@echo "make benchmark   time the assessment of CADRES ($(CADRES)) people beside hand-written SQL"

install: $(VENV)/installed

$(VENV)/installed: requirements.txt requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

test: install
	$(BIN)/python -m pytest -n $(TEST_WORKERS)

soak: install
	SOAK=1 $(BIN)/python -m pytest -n $(TEST_WORKERS) -m soak

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/mypy .

mutants: install
	@PYTHON=$(BIN)/python WORKERS=$(TEST_WORKERS) assessment/tests/engine/mutants.sh

benchmark: install
	@exec $(MANAGE) benchmark compare --cadres $(CADRES)

demo: install
	@exec $(MANAGE) demo --port $(PORT)

demo-reset: install
	@$(MANAGE) demo --reset

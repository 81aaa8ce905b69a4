# Two commands do all the set-up: `make brief` runs the main job on the sample, `make test` passes the tests.
PYTHON ?= python3
VENV ?= .venv
ARTICLE ?= examples/announcement.txt
OUT ?= out

.PHONY: brief test check docs clean

brief: $(VENV)/.runtime
	$(VENV)/bin/headway brief $(ARTICLE) --out $(OUT)

test: $(VENV)/.development
	$(VENV)/bin/python -m pytest -q -rs

check: $(VENV)/.development
	$(VENV)/bin/lint-imports
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/mypy

docs: $(VENV)/.development
	$(VENV)/bin/python -m sphinx -W -q -b html docs docs/_build/html

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: pyproject.toml | $(VENV)/bin/python
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/.development: pyproject.toml | $(VENV)/bin/python
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@ $(VENV)/.runtime

clean:
	rm -rf $(VENV) $(OUT) docs/_build

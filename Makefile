# Dialogforum. Needs Python 3.11 or later, make and a network, nothing else.
#
#   make run      set up, migrate, load the example programme, serve on http://127.0.0.1:8000
#   make test     set up, then everything that must pass, on SQLite and on PostgreSQL, and in a browser
#   make install  set up alone: what the service needs, into .venv, and the front end into static/
#   make develop  install, and what building and checking needs besides
#   make check    format, lint, types, layers, templates, dependencies, locks, catalogues
#   make bench    measure against floors measured beside
#   make lock     resolve the dependencies anew          make format   rewrite the code in the common form
#   make frontend build static/ anew                     make clean    remove all that was made, but not var/

PYTHON ?= python3
TEST_WORKERS ?= auto
PYTEST_ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input
# A Node of the virtual environment, where there is one, is found before the system's.
WITH_NODE := PATH="$(CURDIR)/$(BIN):$$PATH"
NPM_FLAGS := --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error

RUNTIME := $(VENV)/.runtime
DEVELOPMENT := $(VENV)/.development
NODE_MODULES := frontend/node_modules/.installed
STATIC := static/.built
FRONTEND_SOURCES := $(wildcard frontend/*.js frontend/*.mjs frontend/*.css frontend/*/*.js frontend/*/*.css frontend/*/*.svg)
CATALOGUE := locale/messages.pot

.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: run test test-sqlite test-postgresql test-browser install develop check bench lock frontend format clean
.PHONY: check-locks check-catalogues catalogues

# --- For everybody ----------------------------------------------------------------------------------------

run: install
	@exec env DIALOGFORUM_DEMO=1 $(BIN)/dialogforum serve --with-demo

install: $(RUNTIME) $(STATIC)

develop: $(DEVELOPMENT) $(STATIC)

test: develop test-sqlite test-postgresql test-browser

check: develop check-locks check-catalogues
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/deptry app

bench: develop
	$(BIN)/python -m bench

# --- The parts of the test --------------------------------------------------------------------------------

test-sqlite: develop
	DIALOGFORUM_TEST_BACKEND=sqlite $(BIN)/python -m pytest -n $(TEST_WORKERS) --ignore=tests/browser $(PYTEST_ARGS)

test-postgresql: develop
	DIALOGFORUM_TEST_BACKEND=postgresql $(BIN)/python -m pytest -n $(TEST_WORKERS) --ignore=tests/browser $(PYTEST_ARGS)

test-browser: develop
	DIALOGFORUM_TEST_BACKEND=sqlite $(BIN)/python -m pytest tests/browser $(PYTEST_ARGS)

# --- The parts of the check -------------------------------------------------------------------------------

# A lock names packages and hashes; where they are fetched from is the machine's affair.
check-locks: $(DEVELOPMENT)
	@! grep -nE '[a-z]+://|^--(extra-)?index-url|^--find-links' requirements/*.lock frontend/package-lock.json \
	  || { echo "Eine Sperrdatei nennt eine Adresse." >&2; exit 1; }
	@grep -oE '^[A-Za-z0-9._-]+==[^ ]+' requirements/development.lock > $(VENV)/pins
	@! grep -oE '^[A-Za-z0-9._-]+==[^ ]+' requirements/runtime.lock | grep -vxF -f $(VENV)/pins \
	  || { echo "runtime.lock und development.lock nennen verschiedene Fassungen." >&2; exit 1; }

# Every marked string can be extracted; the template is made for who translates, and never committed.
check-catalogues: $(DEVELOPMENT)
	@$(BIN)/pybabel --quiet extract -F pyproject.toml --omit-header --no-location --sort-output -o $(VENV)/messages.pot .

# --- For those who build ----------------------------------------------------------------------------------

catalogues: $(DEVELOPMENT)
	@mkdir -p locale
	$(BIN)/pybabel --quiet extract -F pyproject.toml --omit-header --no-location --sort-output -o $(CATALOGUE) .

format: $(DEVELOPMENT)
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

lock: $(VENV)/.made
	$(PIP) install --require-hashes --only-binary :all: -r requirements/development.lock
	cd requirements && for name in runtime development node; do \
	  ../$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	    --upgrade $$name.in -o $$name.lock || exit 1; done
	cd frontend && $(WITH_NODE) npm install --package-lock-only $(NPM_FLAGS)

frontend:
	@rm -f $(STATIC)
	@$(MAKE) --no-print-directory $(STATIC)

clean:
	rm -rf $(VENV) static frontend/node_modules build *.egg-info .ruff_cache .hypothesis
	find app tests bench migrations -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# --- Stamps: each is made anew when what it came from has changed ------------------------------------------

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Das Dialogforum braucht Python 3.11 oder neuer. Mit „make PYTHON=/pfad/zu/python3.12 …“ wählen Sie ein anderes Python." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "Diesem Python fehlt das Modul venv (unter Debian und Ubuntu: das Paket python3-venv)." >&2; exit 1; }
	@echo "Die virtuelle Umgebung wird angelegt …"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(RUNTIME): requirements/runtime.lock pyproject.toml | $(VENV)/.made
	@echo "Die Pakete des Dienstes werden eingerichtet …"
	@$(PIP) install --require-hashes --only-binary :all: -r requirements/runtime.lock
	@$(PIP) install --no-index --no-deps --no-build-isolation --editable .
	@touch $@

$(DEVELOPMENT): requirements/development.lock | $(RUNTIME)
	@echo "Die Pakete zum Bauen und Prüfen werden eingerichtet …"
	@$(PIP) install --require-hashes --only-binary :all: -r requirements/development.lock
	@touch $@

$(NODE_MODULES): frontend/package.json frontend/package-lock.json frontend/.npmrc requirements/node.lock | $(RUNTIME)
	@export $(WITH_NODE); { node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' && npm --version; } >/dev/null 2>&1 || { \
	  echo "Node wird eingerichtet …"; \
	  $(PIP) install --require-hashes --only-binary :all: -r requirements/node.lock; }
	@echo "Die Bausteine der Oberfläche werden eingerichtet …"
	@cd frontend && $(WITH_NODE) npm ci $(NPM_FLAGS)
	@touch $@

$(STATIC): $(NODE_MODULES) $(FRONTEND_SOURCES)
	@echo "Die Oberfläche wird gebaut …"
	@cd frontend && $(WITH_NODE) node build.mjs
	@touch $@

# Each target does all of its own set-up on a machine that has Python (3.11 or newer) and nothing of ours.
PYTHON ?= python3
BIN := .venv/bin
CATALOGUE := handlers/locales/id/LC_MESSAGES/kanal.po
SOURCES := bot handlers storage tests benchmarks docs

.PHONY: setup run chat demo doctor test lint format types messages lock torture bench pictures clean

setup: .venv/ready

# The tests' PostgreSQL is a wheel that is not built for newer Pythons; said before anything is installed.
ifneq ($(filter-out setup run chat demo doctor clean,$(MAKECMDGOALS)),)
FIT := fit
endif
.PHONY: fit
fit:
	@if test -x $(BIN)/python; then python=$(BIN)/python; else python=$(PYTHON); fi; \
	$$python -c 'import sys; sys.exit(sys.version_info >= (3, 13))' || { \
	echo "kanal: the tests need Python 3.11 or 3.12 (pgserver has no wheel for newer ones); type: make clean && make PYTHON=python3.12 test"; exit 1; }

.venv/ready: requirements.txt pyproject.toml | $(FIT)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "kanal: Python 3.11 or newer is needed; name it: make PYTHON=python3.12 …"; exit 1; }
	@echo "Setting up .venv (once; a minute or two) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

run: setup
	@$(BIN)/kanal migrate
	@$(BIN)/kanal setup
	@exec $(BIN)/kanal run

# Trying it leaves nothing among what is real; who names a database or a folder means that one. WHO=coordinator: be an officer.
TRIAL = $(if $(DATABASE_URL)$(DATA_DIR),,DATABASE_URL=sqlite:///var/chat/kanal.db DATA_DIR=var/chat)
chat: setup
	@$(TRIAL) $(BIN)/kanal migrate
	@$(TRIAL) $(BIN)/kanal setup
	@$(TRIAL) $(BIN)/kanal chat $(if $(WHO),--as $(WHO))

demo: setup
	@exec $(BIN)/kanal demo

doctor: setup
	@exec $(BIN)/kanal doctor

test: .venv/ready-dev
	@echo "Lint …" && $(BIN)/ruff check $(SOURCES) && $(BIN)/ruff format --check $(SOURCES)
	@echo "Types …" && $(BIN)/mypy
	@echo "Imports …" && $(BIN)/lint-imports
	@echo "Tests on SQLite and PostgreSQL …" && $(BIN)/pytest -n auto --dist worksteal

.venv/ready-dev: .venv/ready requirements-dev.txt
	@echo "Installing what the tests need (once) …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.txt
	@touch $@

format: .venv/ready-dev
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

# Brings the Indonesian catalogue up to date with the texts in the code.
messages: .venv/ready-dev
	$(BIN)/pybabel -q extract -k N_ -k NP_:1c,2 --no-location -w 110 -o .venv/kanal.pot handlers
	$(BIN)/pybabel -q update -D kanal -d handlers/locales -i .venv/kanal.pot -l id -w 110 --no-fuzzy-matching \
	    --ignore-obsolete
	sed -E '/^"(Report-Msgid|POT-Creation|PO-Revision|Last-Translator|Language-Team|Generated-By)/d; s/:  Kanal/: Kanal/' \
	    $(CATALOGUE) > .venv/kanal.po && mv .venv/kanal.po $(CATALOGUE)

# Reads the newest versions that pyproject.toml allows; review the change like code.
lock: .venv/ready-dev
	$(BIN)/pip-compile -q --generate-hashes --strip-extras --no-header --no-emit-index-url --no-emit-find-links --allow-unsafe \
	    --upgrade --extra build -o requirements.txt pyproject.toml
	$(BIN)/pip-compile -q --generate-hashes --strip-extras --no-header --no-emit-index-url --no-emit-find-links --allow-unsafe \
	    --upgrade --extra dev --extra build -c requirements.txt -o requirements-dev.txt pyproject.toml

# Plays misfortunes on the running program, each round drawn from its seed; SEED=17 plays one round again.
# A town mostly waits, so more of them than processors are played side by side.
SEEDS ?= 20
TOWNS ?= 4
torture: .venv/ready-dev
	TORTURE_SEEDS=$(SEEDS) TORTURE_SEED=$(SEED) $(BIN)/pytest -n $(TOWNS) tests/torture

# Measures it, and other bots beside it; writes docs/measurements.md. Keep the machine quiet meanwhile.
bench: .venv/ready-dev .venv/peers
	PEERS_PYTHON=.venv/peers/bin/python $(BIN)/python -m benchmarks.report

.venv/peers: benchmarks/peers/requirements.txt
	@$(PYTHON) -m venv $@
	@$@/bin/pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

# Draws the README's pictures anew from what the program says and shows today; needs Chromium.
pictures: .venv/ready-dev
	$(BIN)/python -m docs.pictures
	$(BIN)/python -m docs.screens

clean:
	rm -rf .venv build *.egg-info

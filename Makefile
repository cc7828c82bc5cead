# The whole developer interface; .ci/run calls the same words. docs/operations.md says what each needs.
# Every word works on a fresh clone: what it depends on is installed first, with hashes.

PYTHON ?= python3
PORT   ?= 8000
N      ?= 1
BIN    := .venv/bin
# Bytecode is kept: a run starts some thirty Pythons, and pytest reads its plugins anew where it finds none of its own.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test check soak fmt bench install install-dev install-bench lock system assets audit

demo: install  ## install and serve the demo on http://127.0.0.1:$(PORT)
	$(BIN)/selaras demo --port $(PORT)

install: .venv/base.stamp  ## .venv with what the product runs on; `.venv/bin/selaras` is the command

.venv/python.stamp:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Selaras memerlukan Python 3.11 atau lebih baru")'
	$(PYTHON) -m venv .venv
	touch $@

.venv/base.stamp: requirements/base.txt pyproject.toml .venv/python.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/base.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation --editable .
	touch $@

install-dev: .venv/dev.stamp

.venv/dev.stamp: requirements/dev.txt .venv/base.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	touch $@

install-bench: install-dev .venv/bench.stamp

.venv/bench.stamp: requirements/bench.txt .venv/dev.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	touch $@

system:  ## what the tests need from Debian: PostgreSQL, Chromium, Java; prints the command where it may not install
	sh tools/system_packages.sh

# Four runs, and the rule of what runs where. What needs no database: once (tests/house: by `make check`). What pages ask,
# and what SQLite does in its own way (who writes at the same moment, backups, what lies on the disk): on SQLite. What is
# below the pages: on PostgreSQL, and there every door once as the secretariat, by GET and by POST, so that no statement is
# one that only SQLite understands. At last what a browser sees; one year is walked through on both, a KRPPA year by
# `make soak`, which also asks SQLite what is below the pages and was not asked there by `make test` (LITE), and takes
# every migration forth and back.
UNIT := tests/odk tests/scoring tests/instruments tests/test_command.py tests/test_errors.py
BOTH := tests/models tests/access tests/queries tests/reports tests/actions tests/management tests/api tests/openrosa tests/cases
LITE := tests/web tests/models tests/openrosa tests/actions/test_backup.py tests/actions/test_jobs.py
LITE += $(wildcard tests/*/test_*at_once.py tests/actions/test_*leaks*.py)
LITE += tests/actions/test_reactions.py tests/actions/test_erasure.py
DOOR := tests/web/doors/test_doors.py::test_each_person_is_answered_as_the_table_says
ONCE := $(wildcard tests/web/test_sending*.py) "$(DOOR)[GET-secretariat]" "$(DOOR)[POST-secretariat]"
ONCE += tests/stories/test_from_commitments_to_dossier.py
KRPPA := tests/stories/test_a_year_of_krppa.py
OLD := tests/actions/test_old_releases.py::test_the_demo_of_a_release_comes_back_whole_and_an_import_it_kept_nothing_of_is_not_taken_back
OLDER := tests/actions/test_old_releases.py::test_a_backup_of_an_older_schema_is_loaded_as_it_was_and_brought_up_to_date
YOUNG := --deselect $(OLD) --deselect $(OLDER)
# Starts servers on databases of its own, on both kinds, whatever it is asked on: once, below.
SERVED := tests/openrosa/test_served.py
# What tests draw at random, and the order of what has none, is the same in every run; CHANCE=7 draws others.
CHANCE ?= 1
PYTEST := env PYTHONHASHSEED=$(CHANCE) SELARAS_CHANCE=$(CHANCE) $(BIN)/python -m pytest -q -n 2 --dist worksteal
PICTURES ?= 0

test: install-dev system  ## the whole suite: unit, SQLite, PostgreSQL, browser; PICTURES=1 leaves pictures in var/screenshots
	$(BIN)/python -m tests.postgres -- $(PYTEST) $(UNIT)
	$(PYTEST) $(LITE) $(YOUNG) --ignore $(SERVED)
	$(BIN)/python -m tests.postgres -- $(PYTEST) $(BOTH) $(ONCE) $(YOUNG)
	SELARAS_PICTURES=$(PICTURES) $(PYTEST) --dist loadgroup tests/stories

# The type checker loads the settings, which refuse to start without secrets; these protect nothing.
NO_SECRETS := SELARAS_SECRET_KEY=only-for-the-type-checker-it-protects-nothing SELARAS_DATA_KEY=1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=

check: install-dev  ## what a reader would object to before running anything
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(NO_SECRETS) $(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/house
	sh tools/check_assets.sh
	$(BIN)/python tools/audit_dependencies.py

audit: install-dev  ## known weaknesses of what is pinned, asked of an advisory service too where one is reached
	$(BIN)/python tools/audit_dependencies.py --live

soak: install-dev system  ## kill, fuzz and property tests, scaled by N
	N=$(N) $(BIN)/python -m tests.postgres -- $(PYTEST) -o faulthandler_timeout=$$((1500 * $(N))) tests/soak
	$(PYTEST) -m django_db $(filter-out $(LITE),$(BOTH)) $(LITE:%=--ignore=%)
	$(BIN)/python -m tests.postgres -- $(PYTEST) $(OLD) $(KRPPA)

fmt: install-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: install-bench system  ## ratios measured in one run
	$(BIN)/python -m tests.postgres -- $(BIN)/python -m bench

lock: install-dev  ## pin again what requirements/*.in ask for
	for part in base dev bench; do \
	  $(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --universal \
	    --python-version 3.11 requirements/$$part.in -o requirements/$$part.txt || exit 1; \
	done

assets:  ## copy or build the browser's files from npm (node is needed)
	sh tools/assets.sh

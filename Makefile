# Everything one does with the project. `make help` lists it.
# Paths are relative, so that the folder may have any name; all that is written goes under var/.

MAKEFLAGS += --no-print-directory --no-builtin-rules
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON := var/venv/bin/python

# Compiled code is kept, under var/ too, even where the machine says that none is to be written:
# the tests start hundreds of processes.
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX := $(CURDIR)/var/cache/python
export UV_CACHE_DIR := $(CURDIR)/var/cache/uv
export UV_SYSTEM_CERTS := 1

##@ Look at it

.PHONY: demo
demo: base ## The whole site with invented members, at http://localhost:8000 (or PORT=8001)
	@exec $(PYTHON) -m config.demo.launcher

.PHONY: screenshots
screenshots: dev system ## Pictures of the pages, into var/screenshots
	@exec $(PYTHON) -m tests.screenshots

##@ Check it

.PHONY: test
test: dev system ## Everything: style, types, PostgreSQL, SQLite, and journeys in Chromium
	@exec $(PYTHON) -m tests

.PHONY: test-fast
test-fast: dev ## Under a minute: no browser, no PostgreSQL, nothing slow
	@exec $(PYTHON) -m pytest -n 2 -m "not browser and not postgres and not slow"

.PHONY: bench
bench: dev system ## Measure the speed; table here, JSON in var/benchmarks
	@mkdir -p var/benchmarks
	@exec $(PYTHON) -m tests.postgres $(PYTHON) -m pytest tests/benchmarks \
		--override-ini="python_files=bench_*.py" --override-ini="python_functions=bench_*" \
		--benchmark-quiet --benchmark-json=var/benchmarks/latest.json

.PHONY: drill
drill: dev system ## Accidents on purpose: kills, floods, a lost broker, a lost machine; minutes
	@$(PYTHON) -m tests.postgres $(PYTHON) -m pytest -m drill -v
	@$(PYTHON) -m tests.postgres $(PYTHON) -m pytest tests/drills \
		--override-ini="python_files=drill_*.py" --override-ini="python_functions=drill_*" -v

.PHONY: audit
audit: dev ## Read the code and attack a running site, beside planted holes; reports in var/audit
	@exec $(PYTHON) -m tests.audit $(ONLY)

.PHONY: lint
lint: lint-style lint-format lint-types lint-imports ## Style, format, types and the import contract

.PHONY: lint-style
lint-style: dev
	$(PYTHON) -m ruff check

.PHONY: lint-format
lint-format: dev
	$(PYTHON) -m ruff format --check

.PHONY: lint-types
lint-types: export SITE_MODE := test
lint-types: dev
	$(PYTHON) -m mypy

.PHONY: lint-imports
lint-imports: dev
	var/venv/bin/lint-imports --cache-dir var/cache/import-linter

##@ Work on it

.PHONY: format
format: dev ## Put the code into the project's form
	$(PYTHON) -m ruff check --fix --exit-zero
	$(PYTHON) -m ruff format

.PHONY: messages
messages: export SITE_MODE := test
messages: dev ## Bring the texts of the code into locale/sv, to be translated
	$(PYTHON) manage.py update_translations

.PHONY: record
record: export SITE_MODE := test
record: export DATABASE_URL := sqlite:///$(CURDIR)/var/record.sqlite3
record: dev ## The record of processing (Art. 30) anew, into docs/record-of-processing.md
	@$(PYTHON) manage.py compile_translations
	@$(PYTHON) manage.py migrate --verbosity=0
	$(PYTHON) manage.py processing_record > docs/record-of-processing.md
	@rm -f var/record.sqlite3*

.PHONY: lock
lock: dev ## Pin the newest versions that requirements/*.in allow (UPGRADE= keeps the old ones)
	cd requirements && for name in uv base dev audit attack; do \
		../$(PYTHON) -m uv pip compile --quiet $(UPGRADE) --generate-hashes --universal \
			--python-version 3.11 --no-header $$name.in --output-file $$name.txt || exit 1; \
	done
UPGRADE ?= --upgrade

.PHONY: clean
clean: ## Forget the demo's data and all that the tests wrote; the environment stays
	@if [ -e var/demo/lock ] && ! flock --nonblock var/demo/lock true; then \
		echo "The demo is running. Stop it first: Ctrl-C in its window."; exit 1; \
	fi
	@if [ -d var ]; then find var -mindepth 1 -maxdepth 1 \
		! -name venv ! -name cache -exec rm -rf {} +; fi

.PHONY: distclean
distclean: clean ## The same, and the environment and the caches
	@rm -rf var

.PHONY: help
help: ## This list
	@sed -n \
		-e 's/^##@ \(.*\)/\n\1/p' \
		-e 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1	\2/p' Makefile | expand -t 20

# The two sources of everything else. Quick when there is nothing to do.

.PHONY: base dev system
base dev system:
	@python3 requirements/install.py $@

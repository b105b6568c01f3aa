# Rightface: `make run` starts the portal on http://localhost:8000, `make test` checks everything.

PYTHON ?= python3
PORT ?= 8000
STAFF_PORT ?= 8001
THREADS ?= 8

VENV := .venv
PY := $(VENV)/bin/python
FLASK := $(PY) -m flask --app wsgi
#: Stamps: touched when all of a lock file is installed.
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev
#: The identity provider that the tests sign in with.
PROVIDER := build/oidc/.installed
TRANSLATIONS := $(patsubst %.po,%.mo,$(wildcard portal/translations/*/LC_MESSAGES/*.po))
#: What keeps something, and is tested on the other database too.
ON_POSTGRESQL := tests/test_database.py tests/test_backup.py tests/test_limits.py tests/test_jobs.py tests/test_worker.py tests/test_trail.py tests/test_heads.py tests/cases tests/record tests/proofs tests/web
BENCHMARKS := $(patsubst tests/benchmarks/%.py,%,$(wildcard tests/benchmarks/[a-z]*.py))

PIP := $(PY) -m pip --disable-pip-version-check --no-input install --quiet
LOCK := build/lock/bin/uv pip compile pyproject.toml --generate-hashes --universal --python-version 3.11 \
	--no-header --no-annotate --quiet

export PYTHON
.NOTPARALLEL:
.PHONY: help run staff test proof format messages lock clean system system-test system-proof

help:  ## What there is
	@sed -n 's/^\([a-z]*\):.*  ## /make \1\t/p' Makefile | expand -t 16

run: $(INSTALLED) $(TRANSLATIONS)  ## Start the portal; installs first what is missing
	@$(FLASK) migrate
	@echo "Rightface is on http://localhost:$(PORT) (Ctrl+C ends it)"
	@# What is larger than the threshold goes back to the system when it is done with: files that people attach.
	@MALLOC_MMAP_THRESHOLD_=1000000 exec $(PY) -m gunicorn wsgi:app --name rightface --bind 127.0.0.1:$(PORT) --threads $(THREADS) \
		--graceful-timeout 30 --no-control-socket --log-level warning \
		$(if $(wildcard /dev/shm),--worker-tmp-dir /dev/shm)

staff: $(INSTALLED) $(TRANSLATIONS)  ## Start the application of those who work for the portal, on port 8001
	@$(FLASK) migrate
	@echo "The staff's application is on http://localhost:$(STAFF_PORT) (Ctrl+C ends it)"
	@# Loaded once, before its workers: the passphrase of the staff's key is asked for once.
	@RIGHTFACE_STAFF_URL=$${RIGHTFACE_STAFF_URL:-http://localhost:$(STAFF_PORT)} exec $(PY) -m gunicorn wsgi:staff_app \
		--name rightface-staff --preload --bind 127.0.0.1:$(STAFF_PORT) --threads $(THREADS) \
		--graceful-timeout 30 --no-control-socket --log-level warning \
		$(if $(wildcard /dev/shm),--worker-tmp-dir /dev/shm)

test: system-test $(INSTALLED_DEV) $(TRANSLATIONS) $(PROVIDER)  ## Everything that CI runs
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) $(VENV)/bin/lint-imports --no-logo
	$(FLASK) data check --quiet
	$(PY) -m pytest -n 3

proof: system-proof $(INSTALLED_DEV) $(TRANSLATIONS) $(PROVIDER)  ## What takes long: many examples, PostgreSQL, and what is measured
	$(PY) -m pytest -n 2 -m hypothesis --hypothesis-profile=proof
	$(PY) -m pytest -n 2 -m proof
	$(PY) -m tests.proofs.kills
	RIGHTFACE_TEST_DATABASE=postgresql $(PY) -m pytest -n 2 $(ON_POSTGRESQL)
	@failed=0; for name in $(BENCHMARKS); do \
		echo; echo "== $$name"; $(PY) -m tests.benchmarks.$$name || failed=1; \
	done; exit $$failed

format: $(INSTALLED_DEV)  ## Write all code as ruff would
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

messages: $(INSTALLED)  ## Bring the translations' messages up to date with the pages
	@mkdir -p build
	$(PY) -m babel.messages.frontend --quiet extract -F portal/translations/babel.cfg -k _l -k column -k BadLetter \
		-k NotRendered -k TooLong -k NotBound --no-location --omit-header -o build/messages.pot .
	$(PY) -m babel.messages.frontend --quiet update -i build/messages.pot -d portal/translations --no-fuzzy-matching

lock: build/lock  ## Lock the dependencies with their hashes; UPGRADE=--upgrade for newer ones
	$(LOCK) $(UPGRADE) -o requirements.lock
	$(LOCK) $(UPGRADE) --group dev --constraints requirements.lock -o requirements-dev.lock

clean:  ## Take away what can be made again; what people entered stays
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache $(TRANSLATIONS)
	find . -name __pycache__ -prune -exec rm -rf {} +

# What the others stand on

system:
	@.ci/system-packages run

system-test: system
	@.ci/system-packages test

system-proof: system-test
	@.ci/system-packages proof

$(PY): | system
	rm -f $(INSTALLED) $(INSTALLED_DEV)
	$(PYTHON) -m venv $(VENV)

$(INSTALLED): requirements.lock | $(PY)
	$(PIP) --require-hashes --only-binary :all: -r $<
	@touch $@

$(INSTALLED_DEV): requirements-dev.lock $(INSTALLED)
	$(PIP) --require-hashes --only-binary :all: -r $<
	@touch $@

$(PROVIDER): tests/oidc/package.json tests/oidc/package-lock.json | system-test
	@mkdir -p $(@D)
	cp $^ $(@D)
	npm ci --prefix $(@D) --ignore-scripts --no-audit --no-fund --silent
	@touch $@

%.mo: %.po | $(INSTALLED)
	$(PY) -m babel.messages.frontend --quiet compile -i $< -o $@

build/lock:
	$(PYTHON) -m venv $@
	$@/bin/python -m pip --disable-pip-version-check --quiet install uv

# Two commands matter: `make run` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Three more than there are cores: half of the time a test waits for a screen, a disk or a line.
WORKERS ?= 5
ARGS ?=
TESTS ?=
LOCALES := $(wildcard src/huiyuan/config/locale/*/LC_MESSAGES/huiyuan.po)
export PYTHONUTF8 := 1
unexport PYTHONDONTWRITEBYTECODE

# The stamps are copies of the locks: equal means that nothing has to be done, whatever the clock of a checkout says.
RUN_READY := $(shell cmp -s requirements.lock $(VENV)/requirements.lock && echo yes)
DEV_READY := $(shell cmp -s requirements-dev.lock $(VENV)/requirements-dev.lock && echo yes)
AT_HOME := $(shell [ "$$(cat $(VENV)/home 2>/dev/null)" = "$(CURDIR)" ] && echo yes)

.DEFAULT_GOAL := help
.PHONY: help run env env-dev nfc emupos messages-compiled test check format lint types arrows bench soak lock messages screenshots clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

run: env ## start the app (first start: database, demo chain); ARGS="--lang en" goes to huiyuan run
	@$(BIN)/huiyuan run $(ARGS)

env: ## set up .venv from the lock; nothing to do while the lock stands
ifneq ($(RUN_READY)$(AT_HOME),yesyes)
	@$(PYTHON) -c 'import sys; sys.exit("huiyuan needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing (Debian: apt-get install python3-venv)" >&2; rm -rf $(VENV); exit 2; }
	$(BIN)/python -m pip install --quiet --require-hashes --only-binary :all: -r requirements.lock
	@$(BIN)/python -c 'import pathlib, sysconfig; pathlib.Path(sysconfig.get_path("purelib"), "huiyuan.pth").write_text("$(CURDIR)/src\n")'
	@printf '#!%s\nimport sys\nfrom huiyuan.tui.cli import main\nsys.exit(main())\n' "$(CURDIR)/$(BIN)/python" > $(BIN)/huiyuan
	@chmod 755 $(BIN)/huiyuan
	@$(BIN)/python -m compileall -q src
	@echo "$(CURDIR)" > $(VENV)/home
	@cp requirements.lock $(VENV)/requirements.lock
endif
	@$(MAKE) --no-print-directory messages-compiled

messages-compiled: $(LOCALES:.po=.mo)
	@:

%.mo: %.po
	@$(BIN)/pybabel --quiet compile -i $< -o $@

env-dev: env
ifneq ($(RUN_READY)$(DEV_READY)$(AT_HOME),yesyesyes)
	$(BIN)/python -m pip install --quiet --require-hashes --only-binary :all: -r requirements-dev.lock
	@cp requirements-dev.lock $(VENV)/requirements-dev.lock
endif

nfc: env ## build pyscard into .venv (the optional binding to card readers; needs a compiler and libpcsclite-dev)
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements-nfc.lock

# A shim of pyenv may be called python3.13 and be none: whichever answers with its version is taken.
PYTHON313 := $(firstword $(foreach each,python3.14 python3.13 $(wildcard $(HOME)/.pyenv/versions/3.1[3-9]*/bin/python3),$(shell $(each) -c 'print("$(each)")' 2>/dev/null)))

emupos: ## a printer of somebody else's beside .venv, for the tests (needs a Python 3.13 or newer)
	@[ -n "$(PYTHON313)" ] || { echo "no Python 3.13 or newer is here" >&2; exit 1; }
	@[ -x .venv-emupos/bin/emupos ] || { $(PYTHON313) -m venv .venv-emupos && .venv-emupos/bin/pip install --quiet emupos==0.4.0; }

# In a fresh checkout each worker would rewrite every test's assertions for itself: two collections write them once.
FRESH := $(if $(TESTS)$(wildcard tests/*/__pycache__/*-pytest-*.pyc),,yes)
HALF := $(addprefix tests/,screens/ tui/ devices/ importers/ faults/)
OTHER_HALF := $(filter-out $(HALF) %/__pycache__/,$(wildcard tests/*/))

test: env-dev ## the whole suite; TESTS="tests/house -k tidy" narrows it
ifneq ($(FRESH),)
	@$(BIN)/python -m pytest -q --collect-only $(HALF) >/dev/null & $(BIN)/python -m pytest -q --collect-only $(OTHER_HALF) >/dev/null; wait
endif
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadgroup $(TESTS)

check: env-dev format lint types arrows ## format, lint, types, arrows, then the suite (tidiness is in it)
	@$(MAKE) --no-print-directory test

format: env-dev
	$(BIN)/ruff format --check src tests

lint: env-dev
	$(BIN)/ruff check src tests

types: env-dev
	$(BIN)/mypy

arrows: env-dev
	$(BIN)/lint-imports

bench: env-dev ## figures as ratios (minutes)
	$(BIN)/python -m tests.benchmarks $(TESTS)

soak: env-dev ## the longer fault and race runs; SOAK_SECONDS=600 begins none after ten minutes
	$(BIN)/python -m pytest -q -s -rs --maxfail=1 -m soak -o faulthandler_timeout=0 -n 2 --dist loadgroup $(TESTS)

lock: env-dev ## pin both locks anew (versions and hashes, no addresses)
	$(BIN)/python -m piptools compile -q --upgrade --strip-extras --allow-unsafe --generate-hashes --no-header --no-annotate \
		--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options \
		-o requirements.lock pyproject.toml
	$(BIN)/python -m piptools compile -q --upgrade --strip-extras --allow-unsafe --generate-hashes --no-header --no-annotate \
		--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options \
		--extra dev -c requirements.lock -o requirements-dev.lock pyproject.toml
	@sed -n 's/^ *"\(pyscard[^"]*\)",/\1/p' pyproject.toml | $(BIN)/python -m piptools compile -q --upgrade --strip-extras --allow-unsafe \
		--generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options \
		-c requirements.lock -o requirements-nfc.lock -

messages: env-dev ## collect marked messages into both catalogues (then translate the empty ones)
	$(BIN)/pybabel -q extract --no-wrap --sort-output --no-location -k msg -o huiyuan.pot src/huiyuan
	@for language in zh_CN en; do \
		$(BIN)/pybabel -q update --no-wrap --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -l $$language -D huiyuan \
			-i huiyuan.pot -o src/huiyuan/config/locale/$$language/LC_MESSAGES/huiyuan.po; done
	@rm -f huiyuan.pot

screenshots: env-dev ## pictures of the screens into docs/pictures
	$(BIN)/python -m tests.pictures docs/pictures
	$(BIN)/python -m tests.devices.pictures docs/pictures

clean: ## remove the environment and what the tools left
	rm -rf $(VENV) .venv-emupos .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

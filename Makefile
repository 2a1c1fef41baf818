# make report   set up what is needed and write report.pdf and report.html
# make test     set up what the tests need and run them, on every core
# make bench    what decisions and commands cost beside other engines; ARGS=--write writes BENCHMARKS.md
# make fuzz     changed inputs for every reader, ten minutes of them: run it nightly; ARGS="--seconds 60 pdf" for less
# make mutants  what notices when the rules, or the code that decides and verifies, are changed for the worse
# make verified what must hold of any decision, on ten thousand random questionnaires, and whether "x in 100" comes true;
#               then the tests that try examples, on more than twice as many as `make test` does: run it nightly
# make check    format, lint, types, import contracts, rule lint, proofs (what .ci/run asks besides the tests)
#
# PYTHON=python3.12 make report    chooses the interpreter (3.11 or newer)
# make report ANSWERS=mine.yaml    writes the report of another questionnaire
# make test ARGS="-k economics"    passes arguments to pytest instead, which then runs on one core
#
# Written for GNU make 3.81, which is what macOS has.

VENV    ?= .venv
ANSWERS ?= examples/support-summariser.yaml
PYTHON  ?=
ARGS    ?=

# A stamp for each kind of set-up and chosen interpreter, written by scripts/setup: naming another
# interpreter sets up again, naming none keeps the one that is there.
choice := $(subst /,_,$(PYTHON))
ready  := $(VENV)/ready-run$(if $(choice),-$(choice))
tested := $(VENV)/ready-dev$(if $(choice),-$(choice))

# Homebrew's libraries are not on the search path of every Python on macOS.
run := $(if $(filter Darwin,$(shell uname -s)),DYLD_FALLBACK_LIBRARY_PATH=$(shell brew --prefix 2>/dev/null)/lib )$(VENV)/bin/

# Tests and benchmarks start the command hundreds of times: what Python compiled is kept, whatever the shell says.
unexport PYTHONDONTWRITEBYTECODE

# By file: what a file sets up once is set up by one process. The dearest files go first (tests/conftest.py).
every_core := -n auto --dist loadfile --no-loadscope-reorder

.PHONY: report test check bench fuzz mutants verified clean
.DEFAULT_GOAL := report

report: $(ready)
	@$(run)hostwise report "$(ANSWERS)" -o report.pdf -o report.html
	@$(run)hostwise decide "$(ANSWERS)"

test: $(tested)
	@$(run)python -m pytest $(or $(ARGS),$(every_core))

check: $(tested)
	$(run)ruff format --check .
	$(run)ruff check .
	$(run)mypy
	$(run)lint-imports --no-cache
	$(run)hostwise rules check --strict
	$(run)hostwise rules prove
	$(run)python scripts/messages check

$(ready): pyproject.toml scripts/setup
	@PYTHON="$(PYTHON)" VENV="$(VENV)" scripts/setup run

$(tested): pyproject.toml scripts/setup
	@PYTHON="$(PYTHON)" VENV="$(VENV)" scripts/setup dev

bench: $(tested)
	@$(run)python -m tests.benchmarks $(ARGS)

fuzz: $(tested)
	@$(run)python -m tests.fuzz $(ARGS)

mutants: $(tested)
	@$(run)python -m tests.mutation $(ARGS)

verified: $(tested)
	@$(run)python -m tests.verified $(ARGS)
	@$(run)python -m pytest $(every_core) --hypothesis-profile=full $$(grep -rlE "(tests\.examples|hypothesis) import" tests --include=test_*.py)

clean:
	rm -rf "$(VENV)" report.pdf report.html build dist

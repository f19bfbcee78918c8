# Two commands: `make run` and `make test`. Each makes its own environment in .venv; nothing else need be installed
# than python3 (>= 3.11) with venv, git and make.

PYTHON ?= python3
PY := .venv/bin/python
KEY := $(shell cat pyproject.toml requirements/*.lock | sha256sum | cut -c1-16)
WEB := $(shell find web -type f -not -path '*/node_modules/*' | LC_ALL=C sort | xargs sha256sum | sha256sum | cut -c1-16)
PIP := $(PY) -m pip --disable-pip-version-check
WORKERS ?= 2
KILLS ?= 1000

OURS := --no-deps --no-build-isolation --editable .
TOOLS := .cache/tools/bin

.PHONY: run ready test real bench faults fuzz lint reference lock audit sbom clean help
.DEFAULT_GOAL := help

help:
	@echo "make run      start the demo city on http://127.0.0.1:8000"
	@echo "make test     check the style, the house rules and the behaviour (embedded database)"
	@echo "make real     send the real data of ../shared/data through the API"
	@echo "make bench B=loop [QUICK=1]   what is fast, side by side with its limit"
	@echo "make bench B=import [QUICK=1]  rows a second of another system's file"
	@echo "make bench B=web [QUICK=1]     what the pages cost a reader"
	@echo "make bench B=sense [QUICK=1]   what an observation costs"
	@echo "make bench B=evaluate [QUICK=1]  what a figure costs over very many facts"
	@echo "make bench B=load [QUICK=1]    a whole city for an hour, then more than it can bear"
	@echo "make faults [QUICK=1]   kills, power losses, full disks and all else that breaks (goes on where it stopped)"
	@echo "make fuzz     ask every endpoint of the OpenAPI file what it allows and what it does not"
	@echo "make lint     style and imports only"
	@echo "make reference   make docs/reference again"
	@echo "make lock [UPGRADE=1]   the lock files anew, after a change of dependencies, or every package looked up anew"
	@echo "make audit    known weaknesses of what is shipped, and their terms"
	@echo "make sbom     the list of all that is shipped (CycloneDX)"

.venv/bin/python:
	@echo "== making .venv"
	$(PYTHON) -m venv .venv

.venv/.run-$(KEY): | .venv/bin/python
	@echo "== installing what the city needs (once; pip shows how far it is)"
	$(PIP) install --requirement requirements/run.lock
	$(PIP) install $(OURS)
	@rm -f .venv/.run-* && touch $@

.venv/.test-$(KEY): | .venv/bin/python
	@echo "== installing what the city and its tests need (once; pip shows how far it is)"
	$(PIP) install --requirement requirements/test.lock
	$(PIP) install $(OURS)
	@rm -f .venv/.run-* .venv/.test-* && touch $@ .venv/.run-$(KEY)

.venv/.web-$(WEB): | .venv/.run-$(KEY)
	@$(PY) -m scripts.web build
	@rm -f .venv/.web-* && touch $@

# All that work on the tree needs: the tests' libraries, the tools of web/, the pages built, the provider that tests sign in at.
ready: .venv/.test-$(KEY) .venv/.web-$(WEB)
	@$(PY) -m scripts.web ready
	@$(PY) -m tests.provider_world

run: .venv/.run-$(KEY) .venv/.web-$(WEB)
	@$(PY) -m cityloop up --demo

test: lint ready
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then sh scripts/install_go_oracle.sh; sh scripts/install_mosquitto.sh; sh scripts/install_nats_java.sh; sh scripts/install_browser.sh; sh scripts/install_compiler.sh; fi
	@echo "== tests, on the embedded database"
	$(PY) -m pytest -m "not real" -n $(WORKERS)

lint: .venv/.test-$(KEY)
	@echo "== style"
	$(PY) -m ruff check .
	@echo "== who may import whom"
	@.venv/bin/lint-imports
	@echo "== types, style and tests of web/"
	@$(PY) -m scripts.web check

real: .venv/.test-$(KEY)
	$(PY) -m pytest -m real tests/real -s -p no:randomly

bench: .venv/.test-$(KEY)
	@[ -n "$(B)" ] || { echo "Say which one, e.g. make bench B=loop" >&2; exit 2; }
	@QUICK=$(QUICK) $(PY) -m bench.$(patsubst import,imports,$(B))  # `import` is a word of Python

faults: .venv/.test-$(KEY)
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then sh scripts/install_compiler.sh; fi
	@QUICK=$(QUICK) $(PY) -m bench.faults $(ARGS)

# What no endpoint may answer, asked longer than `make test` does.
fuzz: .venv/.test-$(KEY)
	CITYLOOP_FUZZ_EXAMPLES=$${CITYLOOP_FUZZ_EXAMPLES:-50} $(PY) -m pytest -q -p no:randomly tests/matrix/test_fuzz.py

reference: .venv/.test-$(KEY)
	$(PY) -m scripts.make_reference

# Tools that only whoever locks or audits needs lie apart, so that they change nothing in what is tested.
$(TOOLS)/%:
	@$(PYTHON) -m venv .cache/tools
	@$(TOOLS)/python -m pip --disable-pip-version-check install --quiet $*

lock: $(TOOLS)/uv
	$(TOOLS)/python -m scripts.make_lock $(if $(UPGRADE),--upgrade)

audit: $(TOOLS)/pip-audit .venv/.run-$(KEY)
	@PATH="$(CURDIR)/$(TOOLS):$$PATH" $(PY) -m scripts.audit

sbom: .venv/.run-$(KEY)
	@mkdir -p build
	@$(PY) -m scripts.make_sbom build/cityloop.cdx.json

clean:
	rm -rf .venv .cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

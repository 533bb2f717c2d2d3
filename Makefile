# Every command a person or CI runs; one line each where it can be. `make` alone lists them.

PYTHON ?= python3
# HASHES=no installs from the plain pins: private package indexes often serve files with other hashes.
HASHES ?= yes

# auto: a process more than there are cores. JOBS=0 runs the tests one after another, in one process.
JOBS ?= auto
PARALLEL := -n $(JOBS)

BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
export CDK_DISABLE_CLI_TELEMETRY := true
CDKCLI := node_modules/.bin/cdk --no-notices

# Node comes from a wheel where the system has none that is still supported (even majors from 22). A wheel's own command,
# a script of Python, is none of the system's: it is on the path while its environment, this one or another, is in use.
NODE_OF_SYSTEM := $(shell head -c 400 "$$(command -v node)" 2>/dev/null | grep -aq python || \
  node --version 2>/dev/null | sed -n 's/^v\([0-9]*\)\..*/\1/p' | awk '$$1 >= 22 && $$1 % 2 == 0')

ifeq ($(HASHES),yes)
  install = $(1)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r locks/$(2).lock
else
  install = $(1)/bin/python -m pip install --quiet --disable-pip-version-check -r $(3)
endif

.DEFAULT_GOAL := help
.PHONY: mutation explain cases routes doctor waves waves-json deploy-wave verify-wave prove-wave unchanged-wave diff-waves meaning drift help setup demo every-region demo-organization test test-fast test-functions check lint types imports bench pictures diagram fix synth snapshot generate docs sbom lock clean

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "make %-17s %s\n", $$1, $$2}'

setup: .venv/.ready .venv-emulator/.ready node_modules/.ready ## install everything into this folder

demo: setup ## deploy to an embedded AWS and follow three findings through it (no AWS account needed)
	@$(BIN)/python -m tools demo

demo-organization: setup ## roll an organization out to an embedded AWS, then a change of one egress entry, wave by wave
	@$(BIN)/python -m tools demo organization

test: setup ## all tests, the deployment to the embedded AWS included
	@$(BIN)/python -m pytest $(PARALLEL)

test-fast: .venv/.ready .venv-emulator/.ready ## the tests that deploy nothing
	@$(BIN)/python -m pytest $(PARALLEL) -m "not e2e"

test-functions: .venv/.ready .venv-emulator/.ready ## the tests of the functions; CI runs them with Lambda's own Python
	@$(BIN)/python -m pytest $(PARALLEL) tests/contract $(FUNCTIONS:%=tests/unit/%)
FUNCTIONS := investigation notifier organization shared suppression_review

every-region: .venv/.ready ## cfn-lint of every Region's template with its own schema (a minute; test: one of those alike)
	@EVERY_REGION=yes $(BIN)/python -m pytest -q tests/unit/stacks/test_every_region.py

check: lint types imports test ## everything that has to be green before a commit; a pull request adds cases and meaning

lint: .venv/.ready ## ruff: mistakes and format; actionlint and zizmor: the workflows
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/actionlint -no-color -shellcheck= -pyflakes=
	$(BIN)/zizmor --offline --quiet --no-progress .github

types: .venv/.ready ## mypy strict, twice: the project, and the Lambda code as Lambda sees it
	$(BIN)/mypy app.py infra tools tests
	cd lambda_src && ../$(BIN)/mypy --config-file ../pyproject.toml $(FUNCTIONS:%=-p %)

imports: .venv/.ready ## who may import whom
	@PYTHONPATH=.:lambda_src $(BIN)/lint-imports --no-cache

bench: .venv/.ready ## synth, notifier and compiler against their floors; DATE=2026-11-23 keeps the figures in docs/
	@$(BIN)/python -m tools bench $(if $(DATE),--write $(DATE))

mutation: .venv-mutation/.ready ## break the four modules that matter most in small ways and count what no test sees (a quarter of an hour)
	@$(BIN)/python -m tools mutation $(if $(MODULE),--module $(MODULE)) $(if $(WRITE),--anew --write)

pictures: .venv/.ready ## take the pictures of docs/images again (needs Chromium); look at them before you commit
	@$(BIN)/python -m tools pictures

diagram: .venv/.ready node_modules/.ready ## draw docs/images/architecture-*.svg again, from the templates (a minute or two)
	@$(BIN)/python -m tools diagram --write

fix: .venv/.ready ## format, and mend what ruff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

synth: .venv/.ready ## write the templates of CONFIG=sandbox to cdk.out; no network, no credentials
	@$(BIN)/python app.py && date -u +%Y-%m-%dT%H:%M:%SZ > "$${CDK_OUTDIR:-cdk.out}/made"

doctor: .venv/.ready ## what stands between CONFIG=sandbox and its deployment, as the account is now; reads only
	@$(BIN)/python -m tools doctor "$(or $(CONFIG),sandbox)"

waves: .venv/.ready ## in which order the stacks of cdk.out are deployed; CANARY=eu-south-2, here and below: the first Region
	@$(BIN)/python -m tools waves

deploy-wave: .venv/.ready node_modules/.ready ## deploy one wave of cdk.out: make deploy-wave WAVE=canary
	@stacks=$$($(BIN)/python -m tools waves --stacks "$(WAVE)") && \
	  $(CDKCLI) deploy --app cdk.out $$stacks --exclusively --require-approval never --concurrency 4 --asset-parallelism

verify-wave: .venv/.ready ## see that one wave is live as declared: make verify-wave WAVE=canary
	@stacks=$$($(BIN)/python -m tools waves --stacks "$(WAVE)") && \
	  made=$$(cat cdk.out/made 2>/dev/null || true) && \
	  $(BIN)/python -m tools verify --not-yet-heard $${made:+--since "$$made"} $$(echo "$$stacks" | sed 's/^/--stack /')

prove-wave: .venv/.ready ## send a heartbeat from each Region of one wave to every destination: make prove-wave WAVE=canary
	@regions=$$($(BIN)/python -m tools waves --detecting "$(WAVE)") && \
	  if [ -z "$$regions" ]; then echo "the wave $(WAVE) brings no Region whose findings could be tried"; \
	  else $(BIN)/python -m tools selftest "$(or $(CONFIG),sandbox)" --within 300 \
	    $$(echo "$$regions" | sed 's/^/--region /'); fi

unchanged-wave: .venv/.ready ## whether one wave would deploy nothing: make unchanged-wave WAVE=delegation; fails if it would
	@stacks=$$($(BIN)/python -m tools waves --stacks "$(WAVE)") && \
	  $(BIN)/python -m tools unchanged $$(echo "$$stacks" | sed 's/^/--stack /')

waves-json: .venv/.ready
	@$(BIN)/python -m tools waves --json

diff-waves: .venv/.ready node_modules/.ready ## fails when cdk.out would replace or delete anything that is live
	@stacks=$$($(BIN)/python -m tools waves --deployed-in security) && \
	  $(CDKCLI) diff --app cdk.out $$stacks --exclusively --method=template --fail-on=destructive

explain: .venv/.ready .venv-emulator/.ready ## what would become of FINDING=file.json in CONFIG=sandbox, from the templates
	@$(BIN)/python -m tools explain "$(FINDING)" --deployment "$(or $(CONFIG),sandbox)"

cases: .venv/.ready .venv-emulator/.ready ## config/cases: what is expected of findings, checked against the templates
	@$(BIN)/python -m tools cases

routes: .venv/.ready .venv-emulator/.ready ## who is told of what in CONFIG=sandbox; fails if of something nobody is
	@$(BIN)/python -m tools routes "$(or $(CONFIG),sandbox)"

meaning: .venv/.ready ## what this work tree changes against BASE=origin/main, in words: build/meaning.md
	@mkdir -p build
	@$(BIN)/python -m tools meaning "$(or $(BASE),origin/main)" > build/meaning.md

drift: .venv/.ready node_modules/.ready ## what somebody changed by hand, by cdk drift and verify: PLACE=security, or management
	@stacks=$$($(BIN)/python -m tools waves --watched-in "$(or $(PLACE),security)") && \
	  { $(CDKCLI) drift --app cdk.out $$stacks --fail; drift=$$?; \
	    $(BIN)/python -m tools verify $$(echo "$$stacks" | sed 's/^/--stack /') && exit $$drift; }

snapshot: .venv/.ready ## accept the templates as they are now; read the diff before you commit it
	$(BIN)/python -m pytest -q tests/snapshot --snapshot-update

generate: .venv/.ready .venv-emulator/.ready ## write what is generated from the code: schemas, reference, policy, tables; it says what changed
	@$(BIN)/python -m tools generate

sbom: setup .venv-sbom/.ready .venv-mutation/.ready ## bills of materials in build/sbom, docs/licenses.md, and whether we take every licence
	@$(BIN)/python -m tools licenses --write

docs: setup .venv-sbom/.ready .venv-mutation/.ready ## write every page that comes from the code, then check all pages: links, commands, quotations
	@$(BIN)/python -m tools generate --all
	@$(BIN)/python -m tools diagram --check || $(BIN)/python -m tools diagram --write
	@$(BIN)/python -m pytest -q $(PARALLEL) $(PAGES)
PAGES := $(wildcard tests/unit/test_page_*.py tests/unit/test_documented_*.py) tests/unit/test_faq.py \
	tests/unit/test_faults_table.py tests/unit/test_log_fields.py tests/unit/stacks/test_runbook.py \
	tests/unit/tools/test_desk_permissions.py tests/unit/tools/test_explain_page.py tests/unit/tools/test_generate.py \
	tests/unit/tools/test_licenses.py tests/unit/tools/test_page_permissions.py tests/unit/test_security_page.py \
	tests/unit/tools/diagram/test_pictures.py

lock: ## compile the hash-locked requirements again after changing a pin (needs uv)
	uv pip compile $(LOCK) requirements.txt -o locks/deploy.lock
	uv pip compile $(LOCK) requirements-dev.txt -o locks/dev.lock
	uv pip compile $(LOCK) locks/node.in -o locks/node.lock
	uv pip compile $(LOCK) locks/emulator.in -o locks/emulator.lock
	uv pip compile $(LOCK) locks/sbom.in -o locks/sbom.lock
	uv pip compile $(LOCK) --constraint locks/dev.lock locks/mutation.in -o locks/mutation.lock
LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make lock"

clean: ## remove everything that these commands made
	rm -rf .venv .venv-emulator .venv-sbom .venv-mutation node_modules cdk.out build
	rm -rf .hypothesis .import_linter_cache .mypy_cache lambda_src/.mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

.venv/.ready: locks/dev.lock locks/node.lock requirements.txt requirements-dev.txt locks/node.in
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "python 3.11 or newer is needed, this is %s; choose another with make PYTHON=python3.12 …" % sys.version.split()[0])'
	@echo "installing the Python packages (about a minute) …"
	@$(PYTHON) -m venv .venv
	@$(call install,.venv,dev,requirements-dev.txt)
ifeq ($(NODE_OF_SYSTEM),)
	@echo "installing Node from its wheel: the system has none that is still supported …"
	@$(call install,.venv,node,locks/node.in)
endif
	@touch $@

.venv-emulator/.ready: locks/emulator.lock locks/emulator.in
	@echo "installing the embedded AWS …"
	@$(PYTHON) -m venv .venv-emulator
	@$(call install,.venv-emulator,emulator,locks/emulator.in)
	@touch $@

.venv-sbom/.ready: locks/sbom.lock locks/sbom.in
	@echo "installing what writes bills of materials …"
	@$(PYTHON) -m venv .venv-sbom
	@$(call install,.venv-sbom,sbom,locks/sbom.in)
	@touch $@

# It sees what .venv has, through a file that Python reads at its start, and has mutmut beside it.
.venv-mutation/.ready: .venv/.ready locks/mutation.lock locks/mutation.in
	@echo "installing the mutation tester …"
	@$(PYTHON) -m venv .venv-mutation
	@$(call install,.venv-mutation,mutation,locks/mutation.in)
	@.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))' \
	  > "$$(.venv-mutation/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/project.pth"
	@touch $@

node_modules/.ready: package-lock.json .venv/.ready
	@echo "installing the CDK CLI, and what draws the architecture …"
	@npm ci --silent
	@touch $@

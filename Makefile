# Everything needs only python3 (3.11 to 3.13) with venv, and make. README shows the plain commands.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: venv run preview test lint format bench chaos lock texts

SUPPORTED := import sys; sys.exit(0 if (3, 11) <= sys.version_info < (3, 14) else "Python 3.11, 3.12 or 3.13 is needed: make PYTHON=python3.12 ...")

# The environment is made again whenever a locked requirement changes.
$(VENV)/.runtime: requirements.txt
	@$(PYTHON) -c '$(SUPPORTED)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	touch $@

$(VENV)/.dev: requirements-dev.txt requirements.txt
	@$(PYTHON) -c '$(SUPPORTED)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $(VENV)/.runtime $@

venv: $(VENV)/.dev

run: $(VENV)/.runtime
	$(BIN)/python main.py run

preview: $(VENV)/.dev
	$(BIN)/python main.py preview

# One worker a core; each has databases of its own.
test: $(VENV)/.dev
	$(BIN)/python -m pytest -n auto --maxprocesses=4

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# What the benchmarks measure us against is installed only here.
$(VENV)/.bench: requirements-bench.txt $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.txt
	touch $@

bench: $(VENV)/.bench
	$(BIN)/python -m bench

chaos: $(VENV)/.dev
	$(BIN)/python -m pytest -m chaos

# The English catalogue, for translators, made anew from the sentences in the code.
texts: $(VENV)/.dev
	$(BIN)/python -m bot.locales.extract

# For maintainers; needs uv, and network access to the package index.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command 'make lock' -q requirements.in -o requirements.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command 'make lock' -q requirements-dev.in -o requirements-dev.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command 'make lock' -q requirements-bench.in -o requirements-bench.txt

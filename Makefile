# Two commands matter: `make run` and `make test`. Everything is started through `python -m`, because the
# scripts in .venv/bin do not work below a path with spaces or a very long one.
PYTHON ?= python3
VENV := .venv/bin/python
INSTALL := $(VENV) -m pip install --disable-pip-version-check --no-input --require-hashes
LOCK := $(VENV) -m uv pip compile setup.cfg --quiet --universal --python-version 3.11 --generate-hashes \
	--no-strip-extras --no-emit-index-url --no-emit-find-links --no-header --no-annotate

MAKEFLAGS += --no-print-directory
.PHONY: run test check coverage eval bench bench-growth lock
.NOTPARALLEL:

# Run everything on this machine until Ctrl-C.
run: .venv/installed
	@exec $(VENV) -m marketplace.local

# Tests start some hundred programs: what one has compiled, the others need not.
unexport PYTHONDONTWRITEBYTECODE

# The whole suite, on every core.
test: .venv/installed-dev
	@exec $(VENV) -m pytest -n auto

# The suite again, measured, with the servers that it starts; fails below the share that setup.cfg asks for.
coverage: .venv/installed-dev
	@exec $(VENV) -m pytest -n auto --cov --cov-branch --cov-report=term

# How well the chatbot reads what people say, and how well recommendations fit.
eval: .venv/installed-dev
	@echo "== chatbot" && $(VENV) -m benchmarks.chatbot
	@echo "== recommendations" && $(VENV) -m benchmarks.recommendations

# How fast the house is on this machine, beside the figures that were saved last; nothing else should run.
bench: .venv/installed-dev
	@exec $(VENV) -m benchmarks

# The same requests among 10 thousand, 100 thousand and a million tasks; fails where one costs twice as much.
bench-growth: .venv/installed-dev
	@exec $(VENV) -m benchmarks growth

# Seconds: style, format, types, imports, architecture.
check: .venv/installed-dev
	@echo "== ruff check" && $(VENV) -m ruff check --quiet .
	@echo "== ruff format" && $(VENV) -m ruff format --check --quiet .
	@echo "== mypy" && $(VENV) -m mypy --no-error-summary
	@echo "== import-linter" && $(VENV) -c "from importlinter.cli import lint_imports_command as run; run()" --no-logo
	@echo "== architecture" && $(VENV) -m pytest tests/architecture -q -p no:cacheprovider

# Pin every dependency of setup.cfg anew, with its hashes.
lock: .venv/installed-dev
	@echo "== requirements.txt" && $(LOCK) --output-file requirements.txt
	@echo "== requirements-dev.txt" && $(LOCK) --extra dev --constraint requirements.txt \
		--output-file requirements-dev.txt

.venv/installed: requirements.txt | $(VENV)
	@echo "== installing requirements.txt into .venv (once, until the file changes)"
	@umask 022 && $(INSTALL) --requirement requirements.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt | $(VENV)
	@echo "== installing requirements-dev.txt into .venv (once, until the file changes)"
	@umask 022 && $(INSTALL) --requirement requirements-dev.txt
	@touch $@

$(VENV):
	@command -v $(PYTHON) >/dev/null || { echo "make: $(PYTHON) is missing: install Python 3.11 or newer," \
		"or name it: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "make: $$($(PYTHON) --version) is too" \
		"old: install Python 3.11 or newer, or name it: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@echo "== creating .venv with $$($(PYTHON) --version)"
	@umask 022 && $(PYTHON) -m venv --clear .venv

# The two commands a newcomer needs are `make demo` and `make test`; each sets up .venv first.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: demo test check sandbox lock clean

demo: $(READY)
	$(BIN)/tillid demo

sandbox: $(READY)
	$(BIN)/tillid sandbox

# Two halves at a time, about as long as each other: what computes, with the rooms of rows; and what talks to servers.
# Either may fail; both are told.
FIRST_HALF := $(addprefix tests/,rules mail cards outbound records storage) $(wildcard $(addprefix tests/test_, \
	backtest*.py checking*.py commands*.py docs.py house*.py letters_show*.py masking*.py models*.py names*.py \
	reading*.py rendering*.py replies*.py suggest*.py templates*.py))
test: $(READY)
	@$(BIN)/python -m pytest $(FIRST_HALF) > .first_half.log 2>&1 & first=$$!; \
	$(BIN)/python -m pytest $(FIRST_HALF:%=--ignore=%); others=$$?; \
	wait $$first; first=$$?; cat .first_half.log; \
	test $$others -eq 0 && test $$first -eq 0

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest tests/test_architecture.py

# Everything comes from the lock file with its hash; our own package is built with the tools that it pins.
$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Tillid needs Python 3.11 or newer; try make PYTHON=python3.11")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(READY)

# Needs uv (pip install uv). The lock files hold hashes for every platform, and no host names.
UV_COMPILE := uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 pyproject.toml
lock:
	$(UV_COMPILE) --extra demo --extra test -o requirements.lock
	$(UV_COMPILE) -o requirements-run.lock

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis

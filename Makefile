# The two commands a newcomer needs are `make demo` and `make test`; each sets up .venv first.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: demo test check sandbox lock clean

demo: $(READY)
	$(BIN)/tillid demo

sandbox: $(READY)
	$(BIN)/tillid sandbox

# Three at a time, about as long as each other: what computes, what talks to servers, and the program as a whole, which
# waits often enough to leave room on two cores. Any may fail; all are told.
named = $(wildcard $(addprefix tests/test_,$(1)))
COMPUTING := $(addprefix tests/,rules mail cards storage) $(call named,alike*.py backtest*.py checking*.py commands*.py \
	customer*.py digests*.py docs.py duplicates*.py house*.py imports*.py letters_show*.py masking*.py models*.py \
	names*.py outdated*.py overdue.py promises*.py queue*.py reading*.py rendering*.py replies*.py stack*.py suggest*.py \
	templates*.py)
SERVERS := $(addprefix tests/,handlers sandbox outbound records) $(call named,crashes*.py events*.py \
	nudg*.py orders*.py slow*.py taken_apart.py together.py two_houses*.py)
test: $(READY)
	@$(BIN)/python -m pytest $(COMPUTING) > .computing.log 2>&1 & computing=$$!; \
	$(BIN)/python -m pytest $(SERVERS) > .servers.log 2>&1 & servers=$$!; \
	$(BIN)/python -m pytest $(patsubst %,--ignore=%,$(COMPUTING) $(SERVERS)); whole=$$?; \
	wait $$computing; computing=$$?; wait $$servers; servers=$$?; cat .computing.log .servers.log; \
	test $$whole -eq 0 && test $$computing -eq 0 && test $$servers -eq 0

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

# `make run` and `make test` are all that a newcomer needs; both set up what they use.
PYTHON ?= python3
BIN := .venv/bin
ALONE := $(PYTHON) .ci/alone.py .venv.lock
VENV := $(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv .venv

.PHONY: run setup setup-dev test check bench soak screenshots lock clean

run: .venv/.runs
	@$(BIN)/python -m bot

setup: .venv/.runs
setup-dev: .venv/.develops

.venv/.runs: requirements.lock
	@$(ALONE) sh -c '$(VENV)'
	@test -e .venv/.develops || $(ALONE) $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/.develops: requirements-dev.lock
	@$(ALONE) sh -c '$(VENV)'
	@$(ALONE) $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@ .venv/.runs

# tests start hundreds of processes: what the first one has compiled, the others find
test check: export PYTHONDONTWRITEBYTECODE =

test: .venv/.develops
	$(BIN)/python -m pytest -n 3 --dist worksteal -q --databases one

check: .venv/.develops
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell
	$(BIN)/python -m pytest -n 3 --dist worksteal -q --databases every --cov --cov-report=term-missing:skip-covered

# about an hour; `make bench PARTS="updates start"` measures only these
bench: .venv/.develops
	$(BIN)/python -m benchmarks $(PARTS)

# every promise at its large figure, for many hours; less of it: make soak SOAK="--minutes 60 --only G1"; see docs/soak.md
soak: .venv/.develops
	$(BIN)/python -m tests.harness soak $(SOAK)

screenshots: .venv/.develops
	$(BIN)/python -m tests.browser.screenshots

lock: .venv/.develops
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --no-strip-extras --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements-dev.lock
	$(BIN)/uv pip compile pyproject.toml -c requirements-dev.lock --universal --no-strip-extras --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements.lock

clean:
	rm -rf .venv .venv.lock .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage

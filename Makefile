# `make demo` and `make test` need make, Python 3.11 or later and pip; the rest goes into .venv.
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PAGE := seeds/003_c78274c5c2d54538.txt
WANTED := import sys; sys.exit(sys.version_info < (3, 11))

.PHONY: demo test check coverage mutants fuzz docs ci release clean

demo: .venv/installed
	mkdir -p build
	$(BIN)/align $(PAGE) -o build/chongqing.tmx -o build/chongqing.json -o build/chongqing.tsv -o build/chongqing.html --sample 8

# Files of tests run side by side, a process for each core but no more than tests/conftest.py says; JOBS=0 runs all in one.
JOBS := auto
test: .venv/installed-test
	$(BIN)/python -m pytest -m "not heavy" --numprocesses $(JOBS) --dist loadfile

check: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

coverage: .venv/installed-dev
	$(BIN)/python -m coverage erase
	$(BIN)/python -m coverage run -m pytest -m "not heavy"
	$(BIN)/python -m coverage combine --quiet
	$(BIN)/python scripts/measure_coverage.py

# Before a release; goes on where it was interrupted. MUTANTS="--only review/ --minutes 8" for a part.
mutants: .venv/installed-mutants
	$(BIN)/python scripts/mutants.py $(MUTANTS)

# COUNT=100000 before a release; 2,000 damaged files and 10 killed runs take about two minutes.
COUNT := 2000
KILLS := 10
fuzz: .venv/installed-test
	$(BIN)/python scripts/fuzz --count $(COUNT) --kills $(KILLS) --patterns

docs: .venv/installed-docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

ci:
	.ci/run

# The version in pyproject.toml and its date in CHANGELOG.md come first; REHEARSE=--rehearse leaves the date out.
release: .venv/installed-dev
	$(BIN)/python scripts/release.py $(REHEARSE)

clean:
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

# Installed again only where pyproject.toml changed.
.venv/installed: pyproject.toml | $(BIN)/python
	$(INSTALL) --editable .
	touch $@

.venv/installed-%: pyproject.toml | $(BIN)/python
	$(INSTALL) --editable ".[$*]"
	touch $@

# Some systems split venv's pip off into a package of its own; pip itself can then furnish the environment.
$(BIN)/python:
	@python=; for candidate in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python; do \
	  if $$candidate -c '$(WANTED)' 2>/dev/null; then python=$$candidate; break; fi; done; \
	if [ -z "$$python" ]; then \
	  echo "aligner needs Python 3.11 or later and found none: install it, or say make PYTHON=/path/to/python3" >&2; \
	  exit 1; fi; \
	echo "creating .venv with $$($$python --version)"; \
	$$python -m venv .venv >/dev/null 2>&1 || { rm -rf .venv; $$python -m venv --without-pip .venv \
	  && $$python -m pip --python $(BIN)/python install --quiet --disable-pip-version-check pip; } \
	  || { rm -rf .venv; exit 1; }

.PHONY: demo test test-matrix format

PYTHON ?= python3

demo: .venv/demo/.made
	.venv/demo/bin/python -m examples.thumbnails.demo

test: .venv/test/.made
	.venv/test/bin/ruff format --check .
	.venv/test/bin/ruff check .
	.venv/test/bin/mypy
	PATH="$$PWD/.venv/test/bin:$$PATH" PYTHONPATH="$$PWD" .venv/test/bin/basedpyright --ignoreexternal --verifytypes mocksls
	.venv/test/bin/lint-imports
	.venv/test/bin/deptry mocksls
	.venv/test/bin/coverage erase
	.venv/test/bin/coverage run -m pytest -n 2 -q -p no:cacheprovider
	.venv/test/bin/coverage combine -q
	.venv/test/bin/coverage report --skip-covered --skip-empty

test-matrix:
	sh scripts/matrix.sh

format: .venv/test/.made
	.venv/test/bin/ruff format .
	.venv/test/bin/ruff check --fix .

.venv/%/.made: requirements/%.lock pyproject.toml scripts/venv.sh
	sh scripts/venv.sh $* $(PYTHON)

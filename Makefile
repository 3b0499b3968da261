# Two commands matter: `make demo` dubs the sample clip, `make test` runs the tests. Each does its own set-up.
.PHONY: demo test nightly check bench quality lock docs proto sample

demo:
	scripts/set-up run
	mkdir -p demo
	.venv/bin/dubline dub sample/sample.mp4 --from en --to es -o demo/

test:
	scripts/set-up dev
	.venv/bin/python -m pytest -n 2 --dist loadgroup

# Hours: everything, with the full counts of what `make test` tries a few times.
nightly: export DUBLINE_TEST_KILLS = 100
nightly: export DUBLINE_TEST_CREATIONS = 1000
nightly: export DUBLINE_TEST_INJECTED_JOBS = 28
nightly: export DUBLINE_TEST_JOBS = 1000
nightly: export DUBLINE_TEST_RACES = 100
nightly: export DUBLINE_TEST_SWEEPS = 10000
nightly: export DUBLINE_TEST_STAGES = all
nightly: export DUBLINE_TEST_FAULTS = all
nightly: export DUBLINE_SCHEMA_EXAMPLES = 100
nightly:
	scripts/set-up dev
	.venv/bin/python -m pytest -n 2 --dist loadgroup -m "" --timeout 0

check:
	scripts/set-up dev
	.venv/bin/ruff check
	.venv/bin/ruff format --check src tests bench sample scripts
	.venv/bin/mypy
	.venv/bin/lint-imports

bench:
	scripts/set-up dev
	.venv/bin/python -m bench

# Clips: DUBLINE_TEST_MEDIA, or the neighbour ../shared/media; without them it says so and fails.
quality:
	scripts/set-up dev
	.venv/bin/dubline bench quality --baseline bench/quality_baseline.json

docs:
	scripts/set-up dev
	.venv/bin/python scripts/cli_reference.py > docs/cli.md
	.venv/bin/python scripts/error_codes.py > src/dubline/service/reference/errors.json

proto:
	scripts/set-up dev
	.venv/bin/python scripts/proto.py

sample:
	scripts/set-up dev
	.venv/bin/python sample/build.py

# Needs uv. The locks name no registry: pip asks the one it is set up with.
lock:
	uv pip compile requirements/build.in --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -o requirements/build.lock
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -o requirements/core.lock
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -o requirements/dev.lock

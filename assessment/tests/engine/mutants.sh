#!/usr/bin/env bash
# Mutation tests of the engine: copies it with its tests into a scratch folder and lets mutmut change it there.
# The property tests are left out: the literal numbers alone must kill the mutants.
set -euo pipefail
cd "$(dirname "$0")/../../.."
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
"${PYTHON:-python3}" -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check mutmut==3.8.1 hypothesis==6.170.15 pytest==9.2.0
mkdir -p "$work/tree/assessment/tests" "$work/tree/shuxiang"
cp -r assessment/engine "$work/tree/assessment/"
cp -r assessment/tests/engine "$work/tree/assessment/tests/"
cp shuxiang/periods.py "$work/tree/shuxiang/"
cd "$work/tree"
touch assessment/__init__.py assessment/tests/__init__.py shuxiang/__init__.py
find . -name __pycache__ -prune -exec rm -rf {} +
cat > pytest.ini <<'C'
[pytest]
addopts = -p no:cacheprovider --strict-markers
markers =
    section(number): the section of the rules that a test shows
C
cat > setup.cfg <<'C'
[mutmut]
source_paths=assessment/engine
only_mutate=
    assessment/engine/assess.py
    assessment/engine/earned.py
    assessment/engine/points.py
    assessment/engine/quotas.py
    assessment/engine/ranking.py
    assessment/engine/results.py
    assessment/engine/rounding.py
    assessment/engine/service.py
also_copy=
    assessment
    shuxiang
    pytest.ini
pytest_add_cli_args=
    --deselect=assessment/tests/engine/test_properties.py
pytest_add_cli_args_test_selection=
    assessment/tests/engine
timeout_multiplier=30
C
"$work/venv/bin/mutmut" run --max-children "${WORKERS:-2}" >/dev/null
"$work/venv/bin/mutmut" results
"$work/venv/bin/mutmut" results --all true | awk 'NF == 2 {count[$2]++} END {for (state in count) print state ": " count[state]}'

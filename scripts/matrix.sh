#!/bin/sh
# The seams', sandbox's, services' and journeys' tests on the oldest and newest Python and botocore.
#   PYTHONS="python3.10 python3.13" TESTS="tests/seams tests/sandbox" sh scripts/matrix.sh
set -eu
failed=
tests=${TESTS:-tests/seams tests/transport tests/mock tests/kernel tests/sandbox tests/services tests/journeys tests/protocol}
run() {
    label=$1 python=$2
    shift 2
    target=.venv/matrix-$label
    if [ ! -e "$target/.made" ]; then
        "$python" -m venv "$target"
        grep -vE '^(boto3|botocore|aiobotocore|s3fs|s3transfer)==' requirements/test.lock >"$target/other.lock"
        "$target/bin/python" -m pip install -q --disable-pip-version-check --only-binary :all: -r "$target/other.lock" "$@"
        "$target/bin/python" -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
        touch "$target/.made"
    fi
    echo "== $label: $("$target/bin/python" -c 'import sys, botocore; print(sys.version.split()[0], "botocore", botocore.__version__)')"
    "$target/bin/python" -m pytest -q -p no:cacheprovider -n 2 $tests || failed="$failed $label"
}
for python in ${PYTHONS:-python3.10 python3.13}; do
    run "$python-default" "$python" boto3==1.43.117 botocore==1.43.117
    run "$python-oldest" "$python" boto3==1.40.46 botocore==1.40.46
    run "$python-newest" "$python" boto3 botocore
done
[ -z "$failed" ] || { echo "failed:$failed" >&2; exit 1; }

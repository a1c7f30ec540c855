#!/bin/sh
# Makes .venv/NAME from requirements/NAME.lock, anew whenever the lock has changed.
#   venv.sh NAME [PYTHON]
set -eu
name=$1
python=${2:-python3}
target=.venv/$name

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' || {
    echo "$python is too old: Python 3.10 or newer is needed (make PYTHON=python3.12 ...)" >&2
    exit 1
}
rm -rf "$target"
mkdir -p .venv
"$python" -m venv "$target" >/dev/null 2>&1 || {
    echo "$python cannot make virtual environments: install its venv package (Debian: apt-get install python3-venv)" >&2
    exit 1
}
"$target/bin/python" -m pip install -q --disable-pip-version-check --only-binary :all: -r "requirements/$name.lock"
"$target/bin/python" -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
touch "$target/.made"

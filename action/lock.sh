#!/bin/sh
# Writes requirements.txt anew: what pyproject.toml requires, for every platform, wheels only, by hash.
# Needs uv. Run it from anywhere; name no registry: the lock holds for every mirror.
set -eu
cd "$(dirname "$0")/.."
exec uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
  --only-binary :all: --no-header --no-annotate --quiet --output-file action/requirements.txt "$@"

#!/bin/sh
# Writes every generated file of the repository anew: sh scripts/regenerate.sh
# Tests compare each of them with what the code says, so run this after a change to rules or options.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-.venv/bin/python}

write() {
    target=$1
    shift
    "$python" -m verify4k "$@" >"$target.new" && mv "$target.new" "$target"
}

"$python" scripts/format_table.py
write verify4k/data/manifest.schema.json schema manifest
write docs/generate-reference.md explain generate
"$python" scripts/explorer.py
"$python" scripts/reference.py
"$python" scripts/sections.py

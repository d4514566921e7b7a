#!/usr/bin/env bash
# Finds a Python for main.py. On Windows `python3` may be a stub that opens a shop, so each is tried.
set -u

fits() {
  "$1" -I -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

if [ -n "${V4K_PYTHON:-}" ]; then
  candidates=("$V4K_PYTHON")
else
  candidates=(python3 python)
fi
for candidate in "${candidates[@]}"; do
  if fits "$candidate"; then
    exec "$candidate" -I -B -X utf8 "$GITHUB_ACTION_PATH/action/main.py"
  fi
done
echo "::error title=verify4k::there is no Python 3.11 or newer here: run actions/setup-python before, or correct the input python"
if [ -n "${GITHUB_OUTPUT:-}" ]; then
  printf 'result=error\nexit-code=2\nfindings=0\n' >>"$GITHUB_OUTPUT"
fi
exit 2

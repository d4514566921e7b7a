#!/bin/sh
# Sets up all that the tests need and runs them: sh scripts/test.sh [pytest options]
# WITH_LITELLM=1 installs LiteLLM's proxy, too, for the tests that go through a real gateway.
# System packages are installed where that is possible without asking (Debian, as root or with
# sudo -n); elsewhere their names are printed, and the tests that need them are skipped and say so.
set -eu
cd "$(dirname "$0")/.."

missing=""
have() { command -v "$1" >/dev/null 2>&1; }
have git || missing="$missing git"
have git-lfs || missing="$missing git-lfs"
have exiftool || missing="$missing libimage-exiftool-perl"
have chromium || have chromium-browser || have google-chrome || missing="$missing chromium"
have nginx || [ -x /usr/sbin/nginx ] || missing="$missing nginx libnginx-mod-http-image-filter"
have npm || missing="$missing npm"
convert -version 2>/dev/null | grep -q ImageMagick || missing="$missing imagemagick"
have vips || missing="$missing libvips-tools"
apart=""
have inkscape || apart=" inkscape"  # a large one for a few tests: nothing else is to fail with it
if [ -n "$missing$apart" ]; then
    as_root=""
    [ "$(id -u)" = 0 ] || as_root="sudo -n"
    # RUNLEVEL: no service is started by being installed
    install="env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -qy --no-install-recommends"
    # shellcheck disable=SC2086 # lists of words on purpose
    if have apt-get && $as_root true 2>/dev/null; then
        $as_root apt-get update -q >/dev/null
        [ -z "$missing" ] || $as_root $install $missing >/dev/null
        [ -z "$apart" ] || $as_root $install $apart >/dev/null ||
            echo "not installed, so its tests are skipped:$apart" >&2
    else
        missing="$missing$apart"
        echo "not installed, so their tests are skipped:$missing" >&2
    fi
fi

[ -x .venv/bin/python ] || python3 -m venv .venv
.venv/bin/python -m pip install --quiet --upgrade "pip>=25"
.venv/bin/python -m pip install --quiet --editable ".[dev]"
# the extra "gs" apart: what it needs is large and changes often
.venv/bin/python -c "import gcsfs" 2>/dev/null || .venv/bin/python -m pip install --quiet "gcsfs>=2024.6" ||
    echo "gcsfs cannot be installed, so its tests are skipped" >&2
# image servers for tests/integration/test_transformers.py, each apart: their packages are not ours
if [ ! -x .tools/thumbor/bin/thumbor ]; then
    { python3 -m venv .tools/thumbor && .tools/thumbor/bin/python -m pip install --quiet thumbor; } ||
        echo "thumbor cannot be installed, so its tests are skipped" >&2
fi
if have npm && [ ! -d .tools/ipx/node_modules/ipx ]; then
    npm install --silent --no-audit --no-fund --prefix .tools/ipx ipx@3 >/dev/null 2>&1 ||
        echo "ipx cannot be installed, so its tests are skipped" >&2
fi
# sharp comes with ipx; tests/integration/test_without_python.py runs our page's ten lines in it
[ ! -d .tools/ipx/node_modules/sharp ] || export SHARP_MODULES="${SHARP_MODULES:-$PWD/.tools/ipx/node_modules}"
if [ -n "${WITH_LITELLM:-}" ] && [ -z "${LITELLM:-}" ]; then
    # LiteLLM's real proxy for tests/generate/test_litellm.py: large, so only on request and apart
    python3 -m venv .venv-litellm
    .venv-litellm/bin/python -m pip install --quiet "litellm[proxy]"
    LITELLM="$PWD/.venv-litellm/bin/litellm"
    export LITELLM
fi
PATH="$PWD/.venv/bin:$PATH"
export PATH
# hundreds of tests start an interpreter: without bytecode each would compile everything again
unset PYTHONDONTWRITEBYTECODE
.venv/bin/python -m compileall -q verify4k
exec .venv/bin/python -m pytest "$@"

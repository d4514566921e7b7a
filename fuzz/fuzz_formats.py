"""Fuzzes header, walk and decode of every format with atheris; the oracle: only declared errors come out.

    python fuzz/fuzz_formats.py [CORPUS...] -max_total_time=60

Seeds are the small pictures of tests/data; a crash, a hang (10 s) or any error that `verify4k.errors` does
not declare stops it and leaves the input in the working directory. Decoders in C are fuzzed through their
Python doors: what they do to the process is what `verify4k.checking.processes` is for.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
import warnings
from contextlib import suppress
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["verify4k"]):
    import verify4k.formats
    from verify4k.artifacts.content import Content  # noqa: TC001 - instrumented here
    from verify4k.artifacts.described import Described
    from verify4k.artifacts.lazy import fact
    from verify4k.errors import Verify4kError
    from verify4k.files.source import BytesSource
    from verify4k.formats import registry
    from verify4k.formats.limits import Limits

    for each in pkgutil.walk_packages(verify4k.formats.__path__, "verify4k.formats."):
        importlib.import_module(each.name)  # most are imported when they are asked for

LIMITS = Limits(pixels=1 << 22, frames=64, memory=64 << 20)
CRASHED = "verify4k crashed here"  # what `guarded` makes of an error that is not declared
FACTS = [name for name in dir(Described) if isinstance(getattr(Described, name), (fact, property))]


def declared(content: Content, name: str) -> None:
    """Ask for one fact. Raises what no fact may raise."""
    try:
        getattr(content, name)
    except Verify4kError as error:
        if CRASHED in error.message:
            raise error.__cause__ or error from None


def one_input(data: bytes) -> None:
    """Ask one input for everything that its bytes tell."""
    for depth in ("header", "full"):
        content = Described(BytesSource(data), depth, limits=LIMITS)
        for name in FACTS:
            declared(content, name)
        content.close()


def main() -> None:
    """Give the seeds as a corpus where none was named, and run."""
    warnings.simplefilter("ignore")
    arguments = list(sys.argv)
    if not [each for each in arguments[1:] if not each.startswith("-")]:
        corpus = Path("fuzz/corpus")
        corpus.mkdir(parents=True, exist_ok=True)
        for path in sorted(Path("tests/data").rglob("*")):
            with suppress(OSError):
                if (
                    path.is_file()
                    and path.stat().st_size < 16_384
                    and registry.sniff(path.read_bytes()[:4096])
                ):
                    (corpus / path.name).write_bytes(path.read_bytes())
        arguments.append(str(corpus))
    atheris.Setup([*arguments, "-timeout=10", "-rss_limit_mb=2048", "-max_len=16384"], one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

"""What all tests share: real files in a temporary folder, and the real command."""

from __future__ import annotations

import itertools
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import hypothesis
import pytest

from verify4k.__main__ import main
from verify4k.checking import children

if TYPE_CHECKING:
    from collections.abc import Callable


# time is no test here, and a gate must not depend on chance
hypothesis.settings.register_profile(
    "verify4k",
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("verify4k")


# pytest-xdist's own thread waits for messages and holds no lock: copies of this process are safe here
os.environ.setdefault("VERIFY4K_WORKERS", "fork")


def _measure_workers() -> None:
    """Measure the coverage of copies of this process, too: each writes it down before it answers.

    Once it has answered it may be killed at any time.
    """
    if "coverage" not in sys.modules:
        return
    from coverage import Coverage

    if Coverage.current() is None:
        return
    here, answer = Path.cwd(), children._answer
    own: list[Coverage] = []

    def answer_measured(message: bytes) -> bytes:
        if not own:
            own.append(
                Coverage(
                    data_file=here / ".coverage",
                    data_suffix=True,
                    config_file=here / "pyproject.toml",
                    messages=False,
                )
            )
            own[0].set_option("run:disable_warnings", ["module-not-measured", "no-data-collected"])
        own[0].start()
        try:
            return answer(message)
        finally:
            own[0].stop()
            own[0].save()

    children._answer = answer_measured


_measure_workers()


class Outcome(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str


_numbers = itertools.count()


@pytest.fixture(autouse=True)
def _remembers_no_other_test(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Facts that another test, an earlier run or the developer's own work left in the cache prove nothing."""
    folder = tmp_path_factory.getbasetemp() / f"verify4k-cache-{next(_numbers)}"
    monkeypatch.setenv("VERIFY4K_CACHE_DIR", str(folder))


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., Outcome]:
    """Run the command in this process, in ``tmp_path``; returns exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)

    def call(*argv: str) -> Outcome:
        capsys.readouterr()
        code = main(argv)
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return call

"""What all tests share: real files in a temporary folder, and the real command."""

from __future__ import annotations

import gc
import importlib
import itertools
import os
import pkgutil
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import hypothesis
import pytest
from measured_workers import pytest_runtestloop  # noqa: F401 - a hook

import verify4k
from verify4k.__main__ import main

# tests of an analysis' parts stand outside `verify4k.analysis.blas.one_thread`: on cores that other tests use, too,
# OpenBLAS's threads spin there for 20 times what the products take. It reads this as it is loaded; the programs that
# tests start find what their users find.
with pytest.MonkeyPatch.context() as _patch:
    _patch.setenv("OPENBLAS_NUM_THREADS", "1")
    importlib.import_module("numpy")

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


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


# nohup and shells' "&" have it ignored, and so would every command that a test interrupts: it would never end
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if os.name == "posix":
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


_MANY = 100  # tests for which it pays to import everything


def pytest_collection_finish(session: pytest.Session) -> None:
    """Import before many tests what each copy of this process would import again, in most of its time."""
    if len(session.items) < _MANY:
        return
    for module in pkgutil.walk_packages(verify4k.__path__, "verify4k."):
        with suppress(ImportError):  # of an extra that is not installed
            importlib.import_module(module.name)
    gc.freeze()  # nor need any of them look for garbage there


def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Let go what the tests of a folder drew for one another: each copy of this process has to be given it."""
    if "scenes" in sys.modules and (nextitem is None or nextitem.path.parent != item.path.parent):
        sys.modules["scenes"].scene.cache_clear()


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

"""BLAS runs in one thread while an analysis does, and afterwards as the caller had set it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest
from threadpoolctl import ThreadpoolController, threadpool_limits

from verify4k.analysis import detail, padding
from verify4k.analysis.blas import one_thread
from verify4k.analysis.native import analyse, evidence

if TYPE_CHECKING:
    from collections.abc import Iterator


def threads() -> set[int]:
    np.ones((2, 2)) @ np.ones((2, 2))
    libraries = ThreadpoolController().select(user_api="blas").info()
    return {library["num_threads"] for library in libraries}


@pytest.fixture(autouse=True)
def of_the_tests() -> Iterator[set[int]]:
    """Two threads; returns how many there were before."""
    before = threads()
    if not before:
        pytest.skip("no BLAS that threadpoolctl knows is loaded")
    with threadpool_limits(2, user_api="blas"):
        if threads() != {2}:
            pytest.skip("this BLAS cannot be told to use two threads")
        yield before


def test_the_tests_multiply_in_one_thread_as_the_analyses_do(of_the_tests: set[int]) -> None:
    if not ThreadpoolController().select(internal_api="openblas").info():
        pytest.skip("the setting in tests/conftest.py is OpenBLAS's")
    assert of_the_tests == {1}


def test_the_callers_setting_is_back_after_the_scope() -> None:
    with one_thread():
        assert threads() == {1}
    assert threads() == {2}


def test_an_inner_scope_does_not_end_the_outer_one() -> None:
    with one_thread():
        with one_thread():
            pass
        assert threads() == {1}
    assert threads() == {2}


def test_an_error_puts_the_setting_back() -> None:
    with pytest.raises(ZeroDivisionError), one_thread():
        raise ZeroDivisionError
    assert threads() == {2}


@pytest.mark.parametrize("first_to_leave", ["the one that set it", "the other"])
def test_of_two_threads_that_overlap_none_leaves_its_setting_behind(first_to_leave: str) -> None:
    entered, leave = threading.Event(), threading.Event()

    def other() -> None:
        with one_thread():
            entered.set()
            assert leave.wait(60)

    thread = threading.Thread(target=other)
    with one_thread():
        thread.start()
        assert entered.wait(60)
        if first_to_leave == "the other":
            leave.set()
            thread.join()
            assert threads() == {1}
    leave.set()
    thread.join()
    assert threads() == {2}


@pytest.mark.parametrize("analysis", [analyse.analyse, evidence.evidence, padding.find, detail.detail])
def test_every_analysis_that_multiplies_matrices_is_inside_the_scope(analysis: object) -> None:
    assert analysis.__wrapped__.__name__ in ("analyse", "evidence", "find", "detail")  # type: ignore[attr-defined]


def test_the_product_inside_an_analysis_meets_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: set[int] = set()
    grey = padding._grey

    def watched(pixels: np.ndarray) -> np.ndarray:
        seen.update(threads())
        return grey(pixels)

    monkeypatch.setattr(padding, "_grey", watched)
    padding.find(np.random.default_rng(0).integers(0, 255, (300, 400, 3), np.uint8))
    assert seen == {1}
    assert threads() == {2}

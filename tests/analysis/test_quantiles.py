"""Medians and quantiles are those of NumPy, without what these import."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify4k.analysis.quantiles import median, quantile

SHAPES = st.tuples(st.integers(1, 4), st.integers(1, 40))
KINDS = st.sampled_from([np.float32, np.float64, np.uint8, np.int16])


@given(shape=SHAPES, kind=KINDS, axis=st.sampled_from([None, 0, 1, -1]), seed=st.integers(0, 99))
def test_the_median_is_the_usual_one(
    shape: tuple[int, int], kind: type[np.generic], axis: int | None, seed: int
) -> None:
    values = np.random.default_rng(seed).normal(60, 20, shape).astype(kind)
    found = median(values, axis)
    assert np.array_equal(found, np.median(values, axis=axis))
    assert found.dtype == np.median(values, axis=axis).dtype


@given(
    shape=SHAPES,
    share=st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0]),
    axis=st.sampled_from([None, 0, 1]),
    seed=st.integers(0, 99),
)
def test_a_quantile_lies_between_two_values_in_proportion(
    shape: tuple[int, int], share: float, axis: int | None, seed: int
) -> None:
    values = np.random.default_rng(seed).normal(60, 20, shape)
    assert quantile(values, share, axis) == pytest.approx(np.quantile(values, share, axis=axis))


def test_an_analysis_imports_no_masked_arrays() -> None:
    """They take longer to import than most pictures to analyse; old NumPys import them in any case."""
    program = """
import sys
import numpy as np
before = "numpy.ma" in sys.modules
from verify4k.analysis import blank, detail, layout, padding
from verify4k.analysis.native.analyse import analyse
noise = np.random.default_rng(1).integers(0, 256, (300, 400, 3)).astype(np.uint8)
for pixels in (noise, noise.repeat(2, 0).repeat(2, 1), np.pad(noise, ((200, 200), (0, 0), (0, 0)))):
    analyse(pixels, format="jpeg")
    padding.find(pixels)
    blank.blank(pixels)
print(before or "numpy.ma" not in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"

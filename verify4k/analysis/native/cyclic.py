"""Cyclic autocorrelation of whitened lines: how neighbours depend on each other, and how often that repeats.

Whatever makes samples out of fewer ones lets their dependence on their neighbours repeat with the
pitch of the lattice (Gallagher 2005; Mahdian & Saic 2008): the mean product of samples a lag apart repeats
at the cyclic frequency of the native ratio. Averaged planes look near the old Nyquist frequency alone;
whitened lines at full resolution look at the whole band, and tell lattices apart:

- an enlargement lets neighbours (lag 1) repeat, and leaves the power (lag 0) of a half-size lattice even;
- the demosaicked pixels of a sensor repeat in power, and most along the diagonals, where green lies;
- a codec of pitch 8 shows at every eighth; a network that interleaves pictures at 1/2 or 1/4 alone.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from verify4k.analysis.planes import sampled_lines
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from verify4k.analysis.planes import Lines

LAGS = 4  # samples between the two factors: 0, 1, 2 and 3
_LOWEST = 1 / 64  # of the line's length: slower waves are the picture's shapes
_PRODUCT_CAP = np.float32(4)  # deviations beyond which a product counts no more
_NOISE_BINS = 96  # bins to each side that make the noise of one
_RAYLEIGH = 0.8326  # median of the size of complex noise of unit power
_NOISE_FLOOR = 0.5  # of what independent samples would give, below which the noise is not taken to be


def root_mean_power(sizes: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """(count, bins) sizes of waves -> (count,) of the noise among them, which it reorders."""
    sizes.partition(sizes.shape[1] // 2, axis=1)
    found: NDArray[np.float64] = sizes[:, sizes.shape[1] // 2].astype(np.float64) / _RAYLEIGH
    return found


class CyclicComponent(NamedTuple):
    """What one axis shows at a native size.

    magnitude: (LAGS,) in units of the surrounding noise. phase: (LAGS,) -1..1, cosine between the component
    and a lattice that starts half a step from the border. quincunx: the magnitude at lag 0 of what also
    repeats from line to line, as along diagonals.
    """

    magnitude: NDArray[np.float64]
    phase: NDArray[np.float64]
    quincunx: float


class CyclicAutocorrelation:
    """The cyclic autocorrelations of (count, length) lines.

    They are evenly spread (planes.spread) over ``across`` lines of a picture.
    """

    def __init__(self, lines: Lines, across: int) -> None:
        self._lines = lines
        self._at = sampled_lines(across)
        self.length = lines.shape[1]

    @cached_property
    def _whitened(self) -> NDArray[np.float32]:
        """Every wave of a line at the same strength, the slowest left out; unit power."""
        window = (np.hanning(self.length) * self.length).astype(np.float32)
        # so normalised, NumPy stays in single precision
        waves = np.fft.rfft(self._lines * window, axis=1, norm="forward")
        waves *= 1 / (np.abs(waves) + np.float32(1e-6))
        waves[:, : max(4, int(_LOWEST * self.length))] = 0
        found = np.fft.irfft(waves, self.length, axis=1).astype(np.float32, copy=False)
        found *= np.float32(np.sqrt(self.length))
        return found

    @cached_property
    def _power(self) -> NDArray[np.float32]:
        """(count, length) squares about their mean."""
        return self._product(0)

    def _product(self, lag: int) -> NDArray[np.float32]:
        """(count, length) products of samples a lag apart, capped; nothing where a line has ended."""
        line, found = self._whitened, np.zeros(self._lines.shape, np.float32)
        inner = found[:, : self.length - lag]
        np.multiply(line[:, : self.length - lag], line[:, lag:], out=inner)
        inner -= np.float32(lag == 0)
        np.clip(inner, -_PRODUCT_CAP, _PRODUCT_CAP, out=inner)
        return found

    @cached_property
    def _spectra(self) -> tuple[NDArray[np.complex128], NDArray[np.float64]]:
        """(LAGS, length // 2 + 1) waves of the mean products, and (LAGS,) what chance would give."""
        every = np.ones(len(self._lines), np.float32)
        sums, chance = [], []
        for lag in range(LAGS):
            product = self._product(lag) if lag else self._power
            sums.append(every @ product)
            chance.append(float(np.linalg.norm(product)))
        waves = np.fft.rfft(np.array(sums, np.float64), axis=1)
        return waves, np.maximum(chance, 1e-3 * np.sqrt(self._lines.size))

    @property
    def curves(self) -> NDArray[np.float32]:
        """(2, length // 2 + 1) magnitudes at lags 0 and 1 against the native size, in units of chance."""
        waves, chance = self._spectra
        return (np.abs(waves[:2]) / chance[:2, None]).astype(np.float32)

    @cached_property
    def eighths(self) -> NDArray[np.float64]:
        """(4, LAGS) magnitudes at 1/8, 2/8, 3/8 and 1/2, a codec's lines."""
        return np.array([self.magnitude(self.bin(m / 8 * self.length)) for m in range(1, 5)])

    def bin(self, size: float) -> int:
        """Where a native size shows: at itself, or at its mirror image."""
        return round(float(min(size, self.length - size)))

    def magnitude(self, at: int) -> NDArray[np.float64]:
        """(LAGS,) magnitude within a bin of a place, in units of the noise around it."""
        waves, _ = self._spectra
        here: NDArray[np.float64] = np.abs(waves[:, max(0, at - 1) : at + 2]).max(1)
        return here / self._noise(at)

    def _noise(self, at: int) -> NDArray[np.float64]:
        """(LAGS,) root mean power around a place, but what stands out there."""
        waves, chance = self._spectra
        near = np.abs(waves[:, max(1, at - _NOISE_BINS) : at + _NOISE_BINS])
        return np.maximum(root_mean_power(near), _NOISE_FLOOR * chance)

    def component(self, size: int, ratio: float) -> CyclicComponent:
        """What is there at a native size on this axis, and at a ratio across."""
        at = self.bin(size)
        waves, _ = self._spectra
        start = max(0, at - 1)
        steps = np.abs(waves[:, start : at + 2]).argmax(1) + start
        wave, pitch, noise = waves[np.arange(LAGS), steps], steps / self.length, self._noise(at)
        if 2 * size > self.length:
            wave, pitch = wave.conj(), 1 - pitch
        # A product lies half its lag beyond its first sample, whose centre is half a step from its border.
        places, sizes = 0.5 + np.arange(LAGS) / 2, np.abs(wave)
        phase = -(wave * np.exp(-2j * np.pi * pitch * places)).real / np.maximum(sizes, 1e-9)
        return CyclicComponent(sizes / noise, phase, self._quincunx(size, ratio) / float(noise[0]))

    def _quincunx(self, size: int, ratio: float) -> float:
        """The magnitude of power at a native size that also repeats from line to line."""
        across = np.exp(-2j * np.pi * ratio * self._at).astype(np.complex64)
        along = np.exp(-2j * np.pi * size / self.length * np.arange(self.length)).astype(np.complex64)
        projected = np.stack([across.real, across.imag]) @ self._power
        return float(abs(projected[0] @ along + 1j * (projected[1] @ along)))

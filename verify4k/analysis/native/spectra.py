"""How strongly each frequency of a plane mirrors its neighbours: the trace of a sampling lattice.

Enlarging from n to N samples copies the spectrum of the small picture around every
multiple of n/N; the kernel weakens the copies but rarely removes them. Around the
old Nyquist frequency a coefficient and its mirror image are then one and the same
number, but for a sign (Gallagher 2005; Kirchner 2008; resdet counts the signs of a DCT).
Only signs are compared, packed 64 to a word, so that strong edges count no more than
faint texture, and comparing 32 frequencies costs one XOR and one population count.

Two curves over all possible native sizes c = 1..N-1:

aligned: DCT coefficients at c+i and c-i have opposite signs if the lattice starts
    half a step from the border, where every program but a cropping one puts it.
free: the FFT of the windowed rows keeps a constant phase difference between the
    frequencies k and k-c, wherever the lattice starts.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Cross-axis frequencies used: the lowest, where a coded picture has signal, and every second of the next.
_MODES = (*range(1, 97), *range(97, 224, 2))
_COARSE_MODES = 32  # of _MODES, that the coarse curves are made of
_WORD_MODES = 32  # cross-axis frequencies in a packed word: 32 real and 32 imaginary signs
REFERENCE_LENGTH = 3840  # for which the distances below are given; they scale with the length
# Mirror distances (first, last, step), near to far. The agreement changes so slowly with the
# distance that a quarter of them gives nine tenths of the strength.
REACHES = ((1, 24, 1), (25, 80, 2), (81, 200, 4), (201, 400, 6))
BANDS = (slice(0, 1), slice(1, 3), slice(3, 5))  # words of low, middle and high cross frequencies
_LOWEST_RATIO, _HIGHEST_RATIO = 0.08, 0.985  # native ratios looked at


@dataclass(frozen=True, slots=True)
class Curves:
    """Mirror coherence of one axis against the native size c = 0..length-1.

    aligned: (4 reaches, 3 bands of cross frequency, length), mean product of signs, -1..1:
        0 for independent signs, 1 where every coefficient is its mirror image turned over.
    pairs: (4, 3) how many sign pairs each is the mean of.
    free: (length,) the same for any lattice phase as a z-score, Rayleigh-like and positive.
    level: (length,) mean power in decibels at the native Nyquist frequency of each c.
    """

    aligned: NDArray[np.float32]
    pairs: NDArray[np.float32]
    free: NDArray[np.float32]
    level: NDArray[np.float32]


def cross_spectrum(plane: NDArray[np.float32], most: int = len(_MODES)) -> NDArray[np.complex64]:
    """(rows, length) -> (modes, length): Fourier coefficients over the rows at the first of _MODES.

    So few of them are sooner had by a matrix product than by a transform along the strided axis; and in half
    the time where rows that a cosine takes alike, and a sine with opposite signs, are added up before.
    """
    cosines, sines = (half[:most] for half in _waves(plane.shape[0]))
    half = plane.shape[0] // 2
    before, after = plane[1 : half + 1], plane[: -half - 1 : -1]
    even = np.concatenate([plane[:1], before + after])
    if plane.shape[0] % 2 == 0:
        even[half] = plane[half]  # its own mirror image
    found = np.empty((len(cosines), plane.shape[1]), np.complex64)
    found.real, found.imag = cosines @ even, sines @ (before - after)
    return found


@functools.lru_cache(maxsize=4)  # a megabyte each, and as many as pictures have heights
def _waves(rows: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(modes, rows // 2 + 1) cosines and (modes, rows // 2) negative sines, the first at row 0 left out.

    At those _MODES that so many rows can hold.
    """
    modes = np.array([mode for mode in _MODES if 2 * mode < rows])
    turns = np.exp(-2j * np.pi / rows * (np.outer(modes, np.arange(rows // 2 + 1)) % rows))
    return turns.real.astype(np.float32), turns.imag[:, 1:].astype(np.float32)


def cosine(cross: NDArray[np.complex64]) -> NDArray[np.complex64]:
    """DCT-II along the rows by one FFT of the reordered row (Makhoul 1980); all but the first doubled."""
    length = cross.shape[1]
    order = np.concatenate([cross[:, 0::2], cross[:, 1::2][:, ::-1]], axis=1)
    found = np.fft.fft(order, axis=1).astype(np.complex64, copy=False)
    found *= np.exp(-0.5j * np.pi * np.arange(length) / length).astype(np.complex64)
    mirrored = found[:, :0:-1] * np.complex64(1j)
    found[:, 1:] += mirrored
    return found


def packed_signs(values: NDArray[np.complex64]) -> NDArray[np.uint64]:
    """Signs of (modes, length) values as (modes // 32, length) words, real and imaginary parts together."""
    groups = values.shape[0] // _WORD_MODES
    whole = values[: groups * _WORD_MODES].reshape(groups, _WORD_MODES, -1)
    bits = np.packbits(np.concatenate([whole.real > 0, whole.imag > 0], axis=1), axis=1)
    return np.ascontiguousarray(bits.transpose(0, 2, 1)).view("<u8")[:, :, 0]  # real signs in the low half


def distances(length: int) -> list[list[int]]:
    """The mirror distances of each reach, in bins of a spectrum of this length."""
    return [
        sorted({max(1, round(i * length / REFERENCE_LENGTH)) for i in range(first, last + 1, step)})
        for first, last, step in REACHES
    ]


def aligned_curves(cross: NDArray[np.complex64]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(4, 3, length) mean anti-symmetry of the DCT's signs about each c, and the (4, 3) pair counts."""
    words = packed_signs(cosine(cross))
    parts, length = words.shape
    means = np.zeros((len(REACHES), len(BANDS), length), np.float32)
    pairs = np.zeros((len(REACHES), len(BANDS)), np.float32)
    for number, reach in enumerate(distances(length)):
        unlike = np.zeros((parts, length), np.uint16)
        for i in reach:
            unlike[:, i : length - i] += np.bitwise_count(words[:, 2 * i :] ^ words[:, : length - 2 * i])
        for band, chosen in enumerate(BANDS):
            count = 2 * _WORD_MODES * len(unlike[chosen]) * len(reach)
            if count:
                means[number, band] = 2.0 * unlike[chosen].sum(0, dtype=np.float32) / count - 1
                pairs[number, band] = count
    return means, pairs


def windowed_spectrum(cross: NDArray[np.complex64]) -> NDArray[np.complex64]:
    """FFT along the rows under a Hann window."""
    shaped = cross * np.hanning(cross.shape[1]).astype(np.float32)
    return np.fft.fft(shaped, axis=1).astype(np.complex64, copy=False)


def level_curve(found: NDArray[np.complex64]) -> NDArray[np.float32]:
    """(length,) power in dB at frequency c/2 for each c, averaged over the modes."""
    length = found.shape[1]
    half = found[:, : length // 2 + 1]
    power = (half.real**2 + half.imag**2).mean(0)
    decibels: NDArray[np.float32] = 10 * np.log10(power[np.arange(length) // 2] + np.float32(1e-3))
    return decibels


def free_curve(found: NDArray[np.complex64]) -> NDArray[np.float32]:
    """(length,) size of the mean phase agreement between F[k] and F[k-c], k near c/2."""
    length = found.shape[1]
    words = packed_signs(found)
    behind = np.roll(words[:, ::-1], 1, axis=1)  # behind[j] = words[-j]
    low, high = np.uint64(0xFFFFFFFF), np.uint64(32)
    turned = ((behind >> high) ^ low) | (behind << high)  # times i: real from -imaginary, imaginary from real
    reach = sorted({i for part in distances(length // 2) for i in part})
    pad = reach[-1] + 2
    words, behind, turned = (_periodic(part, pad) for part in (words, behind, turned))
    out = np.zeros(length, np.float32)
    first, last = int(_LOWEST_RATIO * length) // 2, int(_HIGHEST_RATIO * length) // 2
    pairs = 2 * _WORD_MODES * len(words) * 2 * len(reach)
    for odd in (0, 1):
        unlike = np.zeros((2, words.shape[0], last - first), np.uint16)
        for i in [*reach, *(odd - i for i in reach)]:
            one = words[:, pad + first + i : pad + last + i]
            other = slice(pad + first + odd - i, pad + last + odd - i)
            unlike[0] += np.bitwise_count(one ^ behind[:, other])
            unlike[1] += np.bitwise_count(one ^ turned[:, other])
        agreement = pairs - 2 * unlike.sum(1, dtype=np.float32)
        out[2 * first + odd : 2 * last : 2] = np.hypot(*agreement) / np.sqrt(np.float32(pairs))
    return out


def _periodic(words: NDArray[np.uint64], pad: int) -> NDArray[np.uint64]:
    """The spectrum continued on both sides by ``pad`` frequencies of its own period."""
    return np.concatenate([words[:, -pad:], words, words[:, :pad]], axis=1)


def coarse_curves(plane: NDArray[np.float32]) -> Curves:
    """The aligned curve of the lowest cross frequencies alone, a fifth of the work; the others all zero."""
    agreement, pairs = aligned_curves(cross_spectrum(plane, _COARSE_MODES))
    nothing = np.zeros(plane.shape[1], np.float32)
    return Curves(agreement, pairs, nothing, nothing)


def plane_curves(plane: NDArray[np.float32]) -> Curves:
    """Both curves of a plane of (rows, length)."""
    cross = cross_spectrum(plane)
    found = windowed_spectrum(cross)
    return Curves(*aligned_curves(cross), free_curve(found), level_curve(found))

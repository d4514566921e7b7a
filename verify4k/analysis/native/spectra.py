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

    So few of them are sooner had by a matrix product than by a transform along the strided axis; and in a
    quarter of the time where rows that a wave takes alike, or with opposite signs, are added up before.
    """
    rows, length = plane.shape
    modes, cosines, sines = _waves(rows, most)
    half = rows // 2
    before, after = plane[: half + 1], np.concatenate([plane[:1], plane[: rows - half - 1 : -1]])
    found = np.empty((len(modes), length), np.complex64)
    if rows % 2:
        found.real, found.imag = cosines @ (before + after), sines @ (before - after)
        return found
    odd = modes % 2 == 1  # about a quarter of the rows they turn round where the even ones do not
    for part, wave, folded, turned in (
        (found.real, cosines, before + after, odd), (found.imag, sines, before - after, ~odd)
    ):  # fmt: skip
        inner, outer = folded[: half // 2 + 1], folded[::-1][: half // 2 + 1]
        part[~turned] = wave[~turned] @ (inner + outer)
        part[turned] = wave[turned] @ (inner - outer)
    return found


@functools.lru_cache(maxsize=8)  # half a megabyte each; as many as pictures have heights
def _waves(rows: int, most: int) -> tuple[NDArray[np.intp], NDArray[np.float32], NDArray[np.float32]]:
    """The _MODES that so many rows can hold, and for each its cosine and negative sine at the first rows.

    Up to the row where it repeats, turned round: the half, or of an even number of rows the quarter. A row
    that is its own counterpart counts half, since it is added to itself.
    """
    modes = np.array([mode for mode in _MODES[:most] if 2 * mode < rows])
    half = rows // 2
    weights = np.ones(half + 1)
    weights[0] = 0.5
    if rows % 2 == 0:
        weights[half] = 0.5
        weights[half // 2] *= 0.5 if half % 2 == 0 else 1
        weights = weights[: half // 2 + 1]
    turns = np.exp(-2j * np.pi / rows * (np.outer(modes, np.arange(len(weights))) % rows)) * weights
    return modes, turns.real.astype(np.float32), turns.imag.astype(np.float32)


def cosine(cross: NDArray[np.complex64]) -> NDArray[np.complex64]:
    """DCT-II along the rows by one FFT of the reordered row (Makhoul 1980); all but the first doubled."""
    length = cross.shape[1]
    order = np.empty_like(cross)
    order[:, : (length + 1) // 2], order[:, (length + 1) // 2 :] = cross[:, 0::2], cross[:, 1::2][:, ::-1]
    found = _transformed(order)
    found *= _quarter_turns(length)
    mirrored = found[:, :0:-1] * np.complex64(1j)
    found[:, 1:] += mirrored
    return found


def _transformed(values: NDArray[np.complex64]) -> NDArray[np.complex64]:
    """FFT along the rows, in their place, divided by their length.

    Asked for that, NumPy stays in single precision; asked for nothing, it may take four times as long in
    double precision and round the result.
    """
    return np.fft.fft(values, axis=1, norm="forward", out=values)  # type: ignore[arg-type,return-value] # typed for double alone


@functools.lru_cache(maxsize=8)
def _quarter_turns(length: int) -> NDArray[np.complex64]:
    """(length,) half a step of each frequency: what a DCT is ahead of an FFT; times the length."""
    turns: NDArray[np.complex64] = np.exp(-0.5j * np.pi * np.arange(length) / length).astype(np.complex64)
    return turns * np.float32(length)


@functools.lru_cache(maxsize=8)
def _hann(length: int) -> NDArray[np.float32]:
    """A Hann window, times the length."""
    return (np.hanning(length) * length).astype(np.float32)


def packed_signs(values: NDArray[np.complex64]) -> NDArray[np.uint64]:
    """Signs of (modes, length) values as (modes // 32, length) words, real and imaginary parts together.

    Eight signs, a byte each, become one byte where each is shifted to its place; eight bytes are shifted at
    a time, and what was shifted is put together by "or".
    """
    groups, length = values.shape[0] // _WORD_MODES, values.shape[1]
    signs = np.zeros((groups, 4, 8, length + -length % 4, 2), np.uint8)
    parts = np.ascontiguousarray(values[: groups * _WORD_MODES]).view(np.float32)
    np.greater(parts.reshape(groups, 4, 8, length, 2), 0, out=signs[..., :length, :], casting="unsafe")
    lanes = signs.reshape(groups, 4, 8, -1).view(np.uint64)
    lanes <<= np.arange(8, dtype=np.uint64)[:, None]
    packed = np.bitwise_or.reduce(lanes, axis=2).view(np.uint8).reshape(groups, 4, -1, 2)
    ordered = np.ascontiguousarray(packed.transpose(0, 2, 3, 1)[:, :length])  # real signs in the low half
    return ordered.reshape(groups, length, 8).view("<u8")[:, :, 0]


def distances(length: int) -> list[list[int]]:
    """The mirror distances of each reach, in bins of a spectrum of this length."""
    return [
        sorted({max(1, round(i * length / REFERENCE_LENGTH)) for i in range(first, last + 1, step)})
        for first, last, step in REACHES
    ]


def aligned_curves(words: NDArray[np.uint64]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(4, 3, length) mean anti-symmetry of the DCT's signs about each c, and the (4, 3) pair counts.

    words: the signs of the DCT, as packed_signs gives them.
    """
    parts, length = words.shape
    means = np.zeros((len(REACHES), len(BANDS), length), np.float32)
    pairs = np.zeros((len(REACHES), len(BANDS)), np.float32)
    unequal, counts = np.empty_like(words), np.empty(words.shape, np.uint8)
    for number, reach in enumerate(distances(length)):
        unlike = np.zeros((parts, length), np.uint16)
        for i in reach:
            inner = slice(0, length - 2 * i)
            np.bitwise_xor(words[:, 2 * i :], words[:, inner], out=unequal[:, inner])
            unlike[:, i : length - i] += np.bitwise_count(unequal[:, inner], out=counts[:, inner])
        for band, chosen in enumerate(BANDS):
            count = 2 * _WORD_MODES * len(unlike[chosen]) * len(reach)
            if count:
                means[number, band] = 2.0 * unlike[chosen].sum(0, dtype=np.float32) / count - 1
                pairs[number, band] = count
    return means, pairs


def windowed_spectrum(cross: NDArray[np.complex64]) -> NDArray[np.complex64]:
    """FFT along the rows under a Hann window."""
    return _transformed(cross * _hann(cross.shape[1]))


def power(found: NDArray[np.complex64]) -> NDArray[np.float32]:
    """(length // 2 + 1,) sums of the modes' power up to the Nyquist frequency."""
    half = np.ascontiguousarray(found[:, : found.shape[1] // 2 + 1]).view(np.float32)
    np.square(half, out=half)
    sums: NDArray[np.float32] = half.sum(0).reshape(-1, 2).sum(1)
    return sums


def level_curve(mean_power: NDArray[np.float32], length: int) -> NDArray[np.float32]:
    """(length,) mean power of the modes in dB at frequency c/2 for each c."""
    decibels: NDArray[np.float32] = 10 * np.log10(mean_power + np.float32(1e-3))
    return decibels[np.arange(length) // 2]


def free_curve(words: NDArray[np.uint64]) -> NDArray[np.float32]:
    """(length,) size of the mean phase agreement between F[k] and F[k-c], k near c/2.

    words: the signs of the windowed spectrum F, as packed_signs gives them.
    """
    parts, length = words.shape
    behind = np.roll(words[:, ::-1], 1, axis=1)  # behind[j] = words[-j]
    low, high = np.uint64(0xFFFFFFFF), np.uint64(32)
    turned = ((behind >> high) ^ low) | (behind << high)  # times i: real from -imaginary, imaginary from real
    reach = sorted({i for part in distances(length // 2) for i in part})
    pad = reach[-1] + 2
    one, other = _periodic(words, pad), np.stack([_periodic(behind, pad), _periodic(turned, pad)])
    out = np.zeros(length, np.float32)
    first, last = int(_LOWEST_RATIO * length) // 2, int(_HIGHEST_RATIO * length) // 2
    pairs = 2 * _WORD_MODES * parts * 2 * len(reach)
    unequal = np.empty((2, parts, last - first), np.uint64)
    counts = np.empty(unequal.shape, np.uint8)
    for odd in (0, 1):
        unlike = np.zeros(unequal.shape, np.uint16)
        for i in [*reach, *(odd - i for i in reach)]:
            here, there = pad + first + i, pad + first + odd - i
            width = last - first
            np.bitwise_xor(one[:, here : here + width], other[:, :, there : there + width], out=unequal)
            unlike += np.bitwise_count(unequal, out=counts)
        agreement = pairs - 2 * unlike.sum(1, dtype=np.float32)
        out[2 * first + odd : 2 * last : 2] = np.hypot(*agreement) / np.sqrt(np.float32(pairs))
    return out


def _periodic(words: NDArray[np.uint64], pad: int) -> NDArray[np.uint64]:
    """The spectrum continued on both sides by ``pad`` frequencies of its own period."""
    return np.concatenate([words[:, -pad:], words, words[:, :pad]], axis=1)


def coarse_curves(plane: NDArray[np.float32]) -> Curves:
    """The aligned curve of the lowest cross frequencies alone, a fifth of the work; the others all zero."""
    agreement, pairs = aligned_curves(packed_signs(cosine(cross_spectrum(plane, _COARSE_MODES))))
    nothing = np.zeros(plane.shape[1], np.float32)
    return Curves(agreement, pairs, nothing, nothing)


def plane_curves(plane: NDArray[np.float32]) -> Curves:
    """Both curves of a plane of (rows, length).

    A word's modes at a time: the spectra of so few stay in the processor's cache, and only signs are kept.
    """
    cross = cross_spectrum(plane)
    modes, length = cross.shape
    mirrored, turned = (np.empty((modes // _WORD_MODES, length), np.uint64) for _ in range(2))
    total = np.zeros(length // 2 + 1, np.float32)
    for start in range(0, modes, _WORD_MODES):
        few, word = cross[start : start + _WORD_MODES], slice(start // _WORD_MODES, start // _WORD_MODES + 1)
        found = windowed_spectrum(few)
        total += power(found)
        if len(few) == _WORD_MODES:
            turned[word] = packed_signs(found)
            mirrored[word] = packed_signs(cosine(few))
    return Curves(*aligned_curves(mirrored), free_curve(turned), level_curve(total / modes, length))

"""How strongly each frequency of a plane mirrors its neighbours: the trace of a sampling lattice.

Enlarging from n to N samples copies the spectrum of the small picture around every
multiple of n/N; the kernel weakens the copies but rarely removes them. Around the
old Nyquist frequency a coefficient and its mirror image are then one and the same
number, but for a sign (Gallagher 2005; Kirchner 2008; resdet counts the signs of a DCT).
Only signs are compared, packed 64 to a word, so that strong edges count no more than
faint texture, and comparing 64 rows costs one XOR and one population count.

Two curves over all possible native sizes c = 1..N-1:

aligned: DCT coefficients at c+i and c-i have opposite signs if the lattice starts
    half a step from the border, where every program but a cropping one puts it.
free: the FFT of the windowed rows keeps a constant phase difference between the
    frequencies k and k-c, wherever the lattice starts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MODES = 256  # cross-axis frequencies used, lowest first: where a coded picture has signal
WORD = 64  # cross-axis frequencies in a packed word
REACH = (80 / 3840, 400 / 3840)  # mirror distances, near and far, as a share of the length
LOW, HIGH = 0.08, 0.985  # native ratios looked at


@dataclass(frozen=True, slots=True)
class Curves:
    """Mirror coherence of one axis against the native size c = 0..length-1.

    aligned: (2 distances, 2 bands of cross frequency, length), z-scores under independent signs.
    free: (2 distances, length), the same for any lattice phase, Rayleigh-like and positive.
    level: (length,) mean power in decibels at the native Nyquist frequency of each c.
    """

    aligned: NDArray[np.float32]
    free: NDArray[np.float32]
    level: NDArray[np.float32]


def cross_spectrum(plane: NDArray[np.float32]) -> NDArray[np.complex64]:
    """(rows, length) -> (modes, length): FFT over the rows without its mean, lowest modes only."""
    modes = min(MODES, (plane.shape[0] - 1) // 2)
    return np.fft.rfft(plane, axis=0)[1 : modes + 1].astype(np.complex64, copy=False)


def cosine(cross: NDArray[np.complex64]) -> NDArray[np.complex64]:
    """DCT-II along the rows by one FFT of the reordered row (Makhoul 1980); all but the first doubled."""
    length = cross.shape[1]
    order = np.concatenate([cross[:, 0::2], cross[:, 1::2][:, ::-1]], axis=1)
    found = np.fft.fft(order, axis=1).astype(np.complex64, copy=False)
    found *= np.exp(-0.5j * np.pi * np.arange(length) / length).astype(np.complex64)
    mirrored = found[:, :0:-1] * np.complex64(1j)
    found[:, 1:] += mirrored
    return found


def packed(values: NDArray[np.float32]) -> NDArray[np.uint64]:
    """Signs of (modes, length) values as (ceil(modes / 64), length) words."""
    missing = -values.shape[0] % WORD
    bits = np.packbits(values > 0, axis=0)
    whole = np.zeros(((values.shape[0] + missing) // 8, values.shape[1]), np.uint8)
    whole[: bits.shape[0]] = bits
    words = whole.reshape(-1, WORD // 8, whole.shape[1]).transpose(0, 2, 1)
    return np.ascontiguousarray(words).view(np.uint64)[:, :, 0]


def distances(length: int) -> list[range]:
    """The mirror distances i, near and far, in bins of the DCT."""
    near, far = (max(1, round(share * length)) for share in REACH)
    return [range(1, near + 1), range(near + 1, max(near + 2, far + 1))]


def bands(parts: int) -> list[slice]:
    """The words of the low and of the high cross frequencies."""
    return [slice(0, 1), slice(1 if parts > 1 else 0, parts)]


def aligned(cross: NDArray[np.complex64]) -> NDArray[np.float32]:
    """(2, 2, length) z-scores of the sign anti-symmetry about each c."""
    found = cosine(cross)
    real, imag = packed(found.real), packed(found.imag)
    words = np.stack([real, imag], axis=1)
    parts, _, length = words.shape
    modes = cross.shape[0]
    out = np.zeros((2, 2, length), np.float32)
    for number, reach in enumerate(distances(length)):
        unlike = np.zeros((parts, length), np.uint16)
        for i in reach:
            differ = np.bitwise_count(words[:, :, 2 * i :] ^ words[:, :, : length - 2 * i])
            unlike[:, i : length - i] += differ[:, 0]
            unlike[:, i : length - i] += differ[:, 1]
        for band, chosen in enumerate(bands(parts)):
            rows = min(modes, chosen.stop * WORD) - chosen.start * WORD
            pairs = 2 * rows * len(reach)
            out[number, band] = (2.0 * unlike[chosen].sum(0, dtype=np.float32) - pairs) / np.sqrt(pairs)
    return out


def windowed(cross: NDArray[np.complex64]) -> NDArray[np.complex64]:
    """FFT along the rows under a Hann window."""
    shaped = cross * np.hanning(cross.shape[1]).astype(np.float32)
    return np.fft.fft(shaped, axis=1).astype(np.complex64, copy=False)


def level(found: NDArray[np.complex64]) -> NDArray[np.float32]:
    """(length,) power in dB at frequency c/2 for each c, averaged over the modes."""
    length = found.shape[1]
    half = found[:, : length // 2 + 1]
    power = (half.real**2 + half.imag**2).mean(0)
    decibels: NDArray[np.float32] = 10 * np.log10(power[np.arange(length) // 2] + np.float32(1e-3))
    return decibels


def free(found: NDArray[np.complex64]) -> NDArray[np.float32]:
    """(2, length) size of the mean phase agreement between F[k] and F[k-c], k near c/2."""
    length = found.shape[1]
    real, imag = packed(found.real), packed(found.imag)
    words = np.concatenate([real, imag])
    behind = np.roll(words[:, ::-1], 1, axis=1)  # behind[j] = words[-j]
    turned = np.concatenate([~behind[len(real) :], behind[: len(real)]])
    reaches = distances(length // 2)
    pad = reaches[-1].stop + 1
    words, behind, turned = (ring(part, pad) for part in (words, behind, turned))
    out = np.zeros((2, length), np.float32)
    first, last = int(LOW * length) // 2, int(HIGH * length) // 2
    spare = (
        len(real) * WORD - found.shape[0]
    )  # bits that fill the last word, unlike in `turned` and alike in `behind`
    for number, reach in enumerate(reaches):
        pairs = 2 * found.shape[0] * 2 * len(reach)
        for odd in (0, 1):
            unlike = np.zeros((2, words.shape[0], last - first), np.uint16)
            for i in [*reach, *(odd - i for i in reach)]:
                one = words[:, pad + first + i : pad + last + i]
                other = slice(pad + first + odd - i, pad + last + odd - i)
                unlike[0] += np.bitwise_count(one ^ behind[:, other])
                unlike[1] += np.bitwise_count(one ^ turned[:, other])
            total = unlike.sum(1, dtype=np.float32)
            total[1] -= spare * 2 * len(reach)
            out[number, 2 * first + odd : 2 * last : 2] = np.hypot(*(pairs - 2 * total)) / np.sqrt(pairs)
    return out


def ring(words: NDArray[np.uint64], pad: int) -> NDArray[np.uint64]:
    """The spectrum continued on both sides by ``pad`` frequencies of its own period."""
    return np.concatenate([words[:, -pad:], words, words[:, :pad]], axis=1)


def curves(plane: NDArray[np.float32]) -> Curves:
    """Both curves of a plane of (rows, length)."""
    cross = cross_spectrum(plane)
    found = windowed(cross)
    return Curves(aligned(cross), free(found), level(found))

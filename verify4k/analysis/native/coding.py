"""What a file itself says about how coarsely it is coded, and how much of a trace that leaves.

Quality is the number that libjpeg's `jpeg_set_quality` (jcparam.c) would be given for such a table: the
example table of ITU-T T.81, annex K.1, scaled by 5000 / quality below 50 and by 200 - 2 quality from
there on, in percent. Programs with tables of their own (cameras, Photoshop, mozjpeg) get the nearest.

Enlarged from 1920x1080 to 3840x2160 and saved as JPEG, 12 photographs (all of them taught from) were
found out 12 times at quality 90 to 60, 11 times at 50, 10 at 40 and 8 at 30 (25 November 2026).
"""

from __future__ import annotations

from functools import cache, lru_cache
from operator import sub

from verify4k.named_tuple import NamedTuple

_STRONG = 70  # quality below which "no sign" is said with a reservation: traces start to be lost below 60
_ANNEX_K1 = (
    16, 11, 10, 16, 24, 40, 51, 61,
    12, 12, 14, 19, 26, 58, 60, 55,
    14, 13, 16, 24, 40, 57, 69, 56,
    14, 17, 22, 29, 51, 87, 80, 62,
    18, 22, 37, 56, 68, 109, 103, 77,
    24, 35, 55, 64, 81, 104, 113, 92,
    49, 64, 78, 87, 103, 121, 120, 101,
    72, 92, 95, 98, 112, 100, 103, 99,
)  # fmt: skip


class Quality(NamedTuple):
    """1 to 100 on libjpeg's scale; ``exact``: the table is the one that libjpeg writes for it."""

    number: int
    exact: bool

    @property
    def words(self) -> str:
        """The number, with "about" where no such table exists."""
        return f"{'' if self.exact else 'about '}{self.number}"

    @property
    def strong(self) -> bool:
        """Whether so much was quantised away that "no sign of enlargement" means little."""
        return self.number < _STRONG


# Of each codec its name, the coarsest step, and the one above which true pictures are accused. AVIF: what
# libavif writes for quality 34; of 60 pictures one was at 30, none at 35. WebP: what libwebp takes for
# quality 10; of 60 four were at 0, one at 5, none at 10. Then the one above which a codec's own lines are
# suspected alone: of 180 true pictures as AVIF of quality 40 five were accused there, of as many at 50 none.
# HEIC: of 120 pictures one was at 39, of 60 at 37 none.
_SCALES = {"avif": ("AVIF", 255, 188, 148), "heic": ("HEVC", 51, 38, 38), "webp": ("WebP", 127, 75, 75)}


class Quantiser(NamedTuple):
    """A step on the scale of a codec of one container, 0 the finest."""

    format: str
    step: int

    @property
    def words(self) -> str:
        """The step and its scale."""
        name, last, *_ = _SCALES[self.format]
        return f"{name} quantiser {self.step} of {last}"

    @property
    def coarse(self) -> bool:
        """Whether blocks are most of what is left of fine detail."""
        return self.step > _SCALES[self.format][2]

    @property
    def doubtful(self) -> bool:
        """Whether its codec's own lines are as strong as an enlargement's."""
        return self.step > _SCALES[self.format][3]


class JpegTables(NamedTuple):
    """The luma quantisation table, 64 steps in natural (row by row) order, and the chroma subsampling.

    subsampling: "4:4:4", "4:2:2", "4:2:0" and the like.
    """

    luma: tuple[int, ...]
    subsampling: str

    @property
    def quality(self) -> Quality:
        """The quality whose table is nearest, by the sum of differences."""
        return _nearest(self.luma)


@lru_cache(maxsize=256)  # files of one program share their tables
def _nearest(luma: tuple[int, ...]) -> Quality:
    most = 255 if max(luma) <= 255 else 32767  # baseline tables hold bytes
    apart = {number: _apart(luma, _scaled(number, most)) for number in range(1, 101)}
    nearest = min(apart, key=apart.__getitem__)
    return Quality(nearest, apart[nearest] == 0)


@cache
def _scaled(quality: int, most: int) -> tuple[int, ...]:
    percent = 5000 // quality if quality < 50 else 200 - 2 * quality
    steps = [(step * percent + 50) // 100 for step in _ANNEX_K1]
    if min(steps) < 1 or max(steps) > most:
        steps = [min(max(step, 1), most) for step in steps]
    return tuple(steps)


def _apart(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    return sum(map(abs, map(sub, one, other)))

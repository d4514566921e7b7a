"""Where rules change their mind about what was measured: hashes, rows of grey, chroma, folders, grids."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from headers import asked, header_of, promised

from verify4k.analysis.difference_hash import DifferenceHash
from verify4k.documents.nodes import Place
from verify4k.model import Asset
from verify4k.rules._lost import _lost_chroma
from verify4k.rules._name_claims import claims
from verify4k.rules.near_duplicate import near_duplicate
from verify4k.rules.same_picture_as_source import _grey_end


@pytest.mark.parametrize(
    ("width", "height", "holds"),
    [(64, 32, True), (16, 16, True), (64, 33, False), (65, 32, False), (8, 16, False), (24, 40, False)],
)
def test_both_edges_are_multiples(width: int, height: int, holds: bool) -> None:
    found = promised("exact-size", "{multiple-of: 16}", header_of(width, height), depth="header")
    told = [(one.message, one.expected, one.actual, one.key) for one in found]
    wrong = ("the size is off the grid", "edges divisible by 16", f"{width}x{height}", "multiple-of")
    assert told == ([] if holds else [wrong])


@pytest.mark.parametrize(
    ("entry", "size", "told"),
    [
        ("{width: 64..128}", (64, 9), []),
        ("{width: 64..128}", (128, 9), []),
        ("{width: 64..128}", (63, 9), [("width", "64..128 pixels", "63 pixels")]),
        ("{height: 64..128}", (9, 129), [("height", "64..128 pixels", "129 pixels")]),
        ("{height: 64..128}", (129, 128), []),
    ],
)
def test_an_edge_is_out_of_bounds_by_a_pixel(
    entry: str, size: tuple[int, int], told: list[tuple[str, ...]]
) -> None:
    found = promised("exact-size", entry, header_of(*size), depth="header")
    assert [(one.key, one.expected, one.actual) for one in found] == told


CHROMA = ("4:4:4", "4:2:2", "4:2:0")


@pytest.mark.parametrize(
    ("here", "there", "lost"),
    [
        *((here, there, CHROMA.index(here) > CHROMA.index(there)) for here in CHROMA for there in CHROMA),
        ("", "4:4:4", False),
        ("", "4:2:0", False),
        ("4:2:2", "", True),
        ("4:4:0", "4:2:2", False),
        ("4:2:2", "4:4:0", False),
        ("4:4:0", "4:4:4", True),
        ("4:2:0", "4:4:0", True),
        ("4:4:0", "4:2:0", False),
        ("4:1:1", "4:2:2", True),
        ("4:1:1", "4:2:0", False),
    ],
)
def test_chroma_is_lost_where_it_is_coarser(here: str, there: str, lost: bool) -> None:
    said = ("colours are coarser than those of {source}", there or "4:4:4", here)
    assert _lost_chroma(here, there) == (said if lost else None)


def hashed(*pictures: tuple[str, int, int]) -> list[tuple[str, str]]:
    kept = {
        Asset(name, name, Place("m", 1, 1)): DifferenceHash(bits, telling) for name, bits, telling in pictures
    }
    nobody: Any = None
    return [(asset.target, problem.actual) for asset, problem in near_duplicate(kept, nobody)]


BITS = int.from_bytes(bytes(range(7, 39)), "big")
EACH_BAND = sum(1 << 16 * band for band in range(12))  # a bit of each of twelve bands


@pytest.mark.parametrize(
    ("other", "telling", "found"),
    [
        (BITS, 48, ["256 of 256 bits"]),
        (BITS, 47, []),
        (BITS ^ EACH_BAND, 48, ["244 of 256 bits"]),
        (BITS ^ EACH_BAND << 64, 48, ["244 of 256 bits"]),
        (BITS ^ 0xFFF, 48, ["244 of 256 bits"]),
        (BITS ^ 0xFFF << 244, 48, ["244 of 256 bits"]),
        (BITS ^ 0x1FFF, 48, []),
        (BITS ^ EACH_BAND ^ 1 << 255, 48, []),
    ],
)
def test_pictures_are_near_up_to_twelve_bits_wherever_those_lie(
    other: int, telling: int, found: list[str]
) -> None:
    told = hashed(("a.png", BITS, 48), ("b.png", other, telling))
    assert told == [("b.png", f"a.png ({bits})") for bits in found]


def test_the_nearest_of_several_is_named() -> None:
    told = hashed(("far.png", BITS ^ 7, 99), ("near.png", BITS ^ 3 << 200, 99), ("c.png", BITS, 99))
    assert told == [
        ("near.png", "far.png (251 of 256 bits)"),
        ("c.png", "near.png (254 of 256 bits)"),
    ]


@pytest.mark.parametrize(
    ("grey", "share"),
    [((), 0), ((19,), 0), ((18, 19), 0.1), ((17, 18, 19), 0.15), ((17, 18), 0), (range(1, 20), 0.95), (range(20), 0)],
)  # fmt: skip
@pytest.mark.parametrize(("level", "is_grey"), [(126, True), (131, True), (125, False), (132, False)])
def test_the_grey_end_is_counted_in_whole_rows(grey: Any, share: float, level: int, is_grey: bool) -> None:
    light = np.full((20, 6), 60)
    light[list(grey)] = level
    seen: Any = SimpleNamespace(light=light)
    assert _grey_end(seen) == (pytest.approx(share) if is_grey else 0)
    light[:, 3] = 60  # no row is grey from side to side
    assert _grey_end(seen) == 0


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("4k/hero.png", ["4k"]),
        ("art/4k/hero.png", ["4k"]),
        ("4k/art/hero.png", ["4k"]),
        ("8k/4k/hero.png", ["4k"]),
        ("8k/art/4k/hero.png", ["4k"]),
        ("a/b/c/4k/hero.png", ["4k"]),
        ("4k/hero-8k.png", ["8k"]),
        ("4k/thumbs/hero.png", []),
        ("thumbs/4k/hero.png", ["4k"]),
        ("4k/hero-thumb.png", []),
        ("art/hero.png", []),
    ],
)
def test_the_nearest_folder_claims_where_the_name_says_nothing(target: str, words: list[str]) -> None:
    assert [claim.word for claim in claims(target)] == words


@pytest.mark.parametrize(
    ("word", "size", "severity"),
    [
        ("1080p", (720, 600), None),
        ("1080p", (719, 600), "note"),
        ("1080p", (960, 540), None),
        ("1080p", (960, 539), "note"),
        ("720p", (640, 360), None),
        ("720p", (640, 359), "note"),
        ("5k", (2400, 90), None),
        ("5k", (2399, 90), "note"),
        ("4k", (90, 90), None),
        ("8k", (90, 90), None),
        ("fhd", (90, 90), None),
    ],
)
def test_a_word_that_may_be_of_the_subject_weighs_less(
    word: str, size: tuple[int, int], severity: str | None
) -> None:
    [problem] = asked("name-claim", f"hero-{word}.png", header_of(*size))
    assert problem.severity == severity
    assert problem.actual == "x".join(map(str, size))
    assert problem.message.endswith("perhaps of its subject") is (severity == "note")

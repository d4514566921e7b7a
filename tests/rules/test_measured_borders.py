"""Where rules change their mind about what was measured: hashes, rows of grey, chroma, folders, grids."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from one_rule import asked, header_of, promised
from pictures import drawn, exif_with, gradient, save, thumbnailed
from PIL import Image

from verify4k.analysis.difference_hash import DifferenceHash
from verify4k.analysis.likeness import grey_end
from verify4k.artifacts.artifact import Artifact
from verify4k.documents.nodes import Place
from verify4k.errors import ManifestError
from verify4k.files.source import FileSource
from verify4k.model import Asset
from verify4k.rules import all_rules
from verify4k.rules._name_claims import claims
from verify4k.rules.near_duplicate import near_duplicate

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("width", "height", "holds"),
    [(64, 32, True), (16, 16, True), (64, 33, False), (65, 32, False), (8, 16, False), (24, 40, False)],
)
def test_both_edges_are_multiples(width: int, height: int, holds: bool) -> None:
    found = promised("exact-size", "{multiple-of: 16}", header_of(width, height), depth="header")
    told = [(one.message, one.expected, one.actual, one.key) for one in found]
    wrong = ("the size is off the grid", "edges divisible by 16", f"{width}x{height}", "multiple-of")
    assert told == ([] if holds else [wrong])


@pytest.mark.parametrize("number", [1, 4096])
def test_a_grid_goes_up_to_4096(number: int) -> None:
    entry = f"{{multiple-of: {number}}}"
    assert promised("exact-size", entry, header_of(4096, 4096), depth="header") == []
    with pytest.raises(ManifestError, match="from 1 to 4096"):
        promised("exact-size", f"{{multiple-of: {number // 4096 * 4097}}}", b"")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (save(gradient(64, 36), "a.jpg").decode(errors="replace").encode(), "the image is damaged: "),
        (b"<html>\r\n<p>gr\xc3\xbc\xc3\x9fe", "an HTML page"),
        (b"%PDF-1.7\r\n\xc3\xa2\xc3\xa3", "a PDF"),
    ],
)
def test_what_is_another_thing_is_no_picture_that_was_converted(data: bytes, told: str) -> None:
    (found,) = promised("readable", "{}", data)
    assert told in found.message
    assert ("damaged" in found.message) is (found.actual == "damaged") is told.endswith(": ")


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


def hashed(*pictures: tuple[str, int, int]) -> list[tuple[str, str]]:
    kept = [
        (Asset(name, name, Place("m", 1, 1)), DifferenceHash(bits, telling))
        for name, bits, telling in pictures
    ]
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


@pytest.mark.parametrize(("crowd", "found"), [(199, True), (200, False)])
def test_of_a_crowd_the_first_two_hundred_are_looked_at(crowd: int, found: bool) -> None:
    """Each shares four bands with the last picture, and so does its twin; the other twelve tell them apart."""
    far = sum(0xFF << 16 * band for band in range(12))
    plain = [(f"{number}.png", BITS ^ far ^ number << 8, 99) for number in range(crowd)]
    told = hashed(*plain, ("twin.png", BITS ^ EACH_BAND, 99), ("last.png", BITS, 99))
    assert ("last.png", "twin.png (244 of 256 bits)") in told or not found
    assert [name for name, _ in told].count("last.png") == found


@pytest.mark.parametrize(
    ("grey", "share"),
    [((), 0), ((19,), 0), ((18, 19), 0.1), ((17, 18, 19), 0.15), ((17, 18), 0), (range(1, 20), 0.95), (range(20), 0)],
)  # fmt: skip
@pytest.mark.parametrize(("level", "is_grey"), [(126, True), (131, True), (125, False), (132, False)])
def test_the_grey_end_is_counted_in_whole_rows(grey: Any, share: float, level: int, is_grey: bool) -> None:
    light = np.full((20, 6, 1), 60)
    light[list(grey)] = level
    seen: Any = SimpleNamespace(light=light)
    assert grey_end(seen) == (pytest.approx(share) if is_grey else 0)
    light[:, 3] = 60  # no row is grey from side to side
    assert grey_end(seen) == 0


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


@pytest.mark.parametrize(("thumbnail", "severity"), [(320, "warning"), (321, None), (64, "")])
def test_a_thumbnail_of_a_usual_size_may_be_larger_than_its_picture(
    thumbnail: int, severity: str | None
) -> None:
    found = promised("patched-metadata", "{}", thumbnailed((thumbnail, 24), (64, 36)), "a.jpg")
    assert [one.severity for one in found] == ([] if severity == "" else [severity])
    message = "Exif thumbnail claims another size than the pixels have"
    assert {(one.message, one.expected, one.actual) for one in found} <= {
        (message, "64x36", f"{thumbnail}x24")
    }


@pytest.mark.parametrize(
    ("claim", "maker", "severity"),
    [
        ((65, 36), "Canon", "warning"),  # cropped
        ((65, 35), "Canon", None),  # a camera's picture is no smaller on any edge
        ((64, 37), "Canon", "warning"),  # cropped to another shape
        ((64, 37), "", "warning"),
        ((66, 37), "", "warning"),  # reduced: of the same shape
        ((70, 35), "", None),  # the picture is higher than what it would have been cut from
        ((36, 65), "Canon", "warning"),
        ((65, 36), "", "warning"),
        ((63, 36), "", None),  # enlarged
        ((64, 36), "", ""),
        ((36, 64), "", ""),
    ],
)
def test_a_claim_that_a_reduction_leaves_behind_is_smaller_on_no_edge(
    claim: tuple[int, int], maker: str, severity: str | None
) -> None:
    tags = {0x010F: maker} if maker else {}
    data = save(gradient(64, 36), "a.jpg", exif=exif_with(tags, {0xA002: claim[0], 0xA003: claim[1]}))
    found = promised("patched-metadata", "{}", data, "a.jpg")
    assert [one.severity for one in found] == ([] if severity == "" else [severity])
    assert [one.actual for one in found] == ["x".join(map(str, claim))] * len(found)


@pytest.mark.parametrize(
    ("behind", "said", "severity"),
    [
        (b"", "", None),
        (b"\n", "1 byte follows the end of the image (a newline)", "warning"),
        (b"\0" * 9, "9 bytes follow the end of the image (NUL bytes)", "warning"),
        (b"\xff", "1 byte follows the end of the image (FF bytes)", "warning"),
        (b"\n\n ", "3 bytes follow the end of the image (white space)", "warning"),
        (b"PK\x03\x04" + b"x" * 40, "44 bytes follow the end of the image (a ZIP archive)", None),
        (b"PK\3\4words", "9 bytes follow the end of the image (a ZIP archive)", None),
        (b"#!/bin/sh", "9 bytes follow the end of the image (a script)", None),
        (b"GIF89a", "6 bytes follow the end of the image (a GIF)", None),
        (b"x", "1 byte follows the end of the image (other data)", None),
        (b"xy", "2 bytes follow the end of the image (other data)", None),
        (b"words", "5 bytes follow the end of the image (other data)", None),
    ],
)
def test_what_lies_behind_a_picture_is_counted(behind: bytes, said: str, severity: str | None) -> None:
    found = promised("no-trailing-data", "{}", save(gradient(9, 9), "a.png") + behind)
    told = [(one.message, one.expected, one.actual, one.severity) for one in found]
    assert told == (
        [(said, "nothing behind the image", f"{len(behind)} byte{'s' * (len(behind) != 1)}", severity)]
        if said
        else []
    )


def test_detail_is_told_above_the_threshold_and_not_at_it() -> None:
    data = drawn("soft", 640, 360)
    [low] = promised("detail", "{detail: 10}", data)
    assert low.evidence is not None
    whole, busiest = low.evidence["psnr"], low.evidence["psnr_busiest_quarter"]
    assert isinstance(whole, float)
    assert low.actual == f"{whole:.1f} dB ({busiest:.1f} dB in the most detailed quarter)"
    assert (low.expected, low.key) == ("at most 10 dB", "detail")
    assert len(promised("detail", f"{{detail: {int(whole)}}}", data)) == 1
    assert promised("detail", f"{{detail: {int(whole) + 1}}}", data) == []


@pytest.mark.parametrize(
    ("size", "holds"),
    [((96, 54), True), ((98, 54), True), ((94, 52), True), ((99, 54), False), ((96, 57), False), ((93, 54), False), ((101, 54), False), ((96, 60), False), ((48, 27), False)],
)  # fmt: skip
def test_a_scaled_picture_is_off_by_less_than_its_factor(
    size: tuple[int, int], holds: bool, tmp_path: Path
) -> None:
    (tmp_path / "a.png").write_bytes(header_of(32, 18))
    (tmp_path / "a@3x.png").write_bytes(header_of(*size))
    asset = Asset("a@3x.png", str(tmp_path / "a@3x.png"), Place("m", 1, 1))
    check = all_rules()["name-claim"].check
    assert check is not None
    found = list(check(Artifact(asset, FileSource(str(tmp_path / "a@3x.png")), "header")))
    wanted = ("the name says @3x, 3 times a.png (32x18)", "96x54", "x".join(map(str, size)))
    assert [(one.message, one.expected, one.actual) for one in found] == ([] if holds else [wanted])


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


def test_a_plain_picture_that_is_meant_is_told_how_to_say_so() -> None:
    canvas = np.zeros((300, 300, 4), np.uint8)
    canvas[5:9, 5:9] = 255
    (found,) = promised("not-blank", "{}", save(Image.fromarray(canvas), "a.png"))
    assert (found.message, found.actual) == ("the picture is nearly blank", "nothing on 99.98% of it")
    assert found.fix.endswith("where it is meant to be plain, say blank: allowed")
    (found,) = promised("not-blank", "{}", save(Image.new("RGB", (300, 300), "navy"), "a.png"))
    assert found.message == "the picture is blank"
    assert "say blank: allowed" in found.fix


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "a.png"])
@pytest.mark.parametrize(
    ("last", "said"), [("picture", []), ("gray", []), ("black", ["the picture is blank"])]
)
def test_an_animation_that_fades_in_or_changes_its_colour_is_not_blank(
    name: str, last: str, said: list[str]
) -> None:
    black = Image.new("RGB", (300, 300), "black")
    picture = gradient(300, 300) if last == "picture" else Image.new("RGB", (300, 300), last)
    speck = black.copy()
    speck.putpixel((3, 3), (9, 9, 9))  # equal frames would be saved as one
    data = save(black, name, save_all=True, append_images=[speck, picture], duration=50)
    found = promised("not-blank", "{animation: allowed}", data, name)
    assert [one.message for one in found] == said

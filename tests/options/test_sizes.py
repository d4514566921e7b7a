"""Sizes: what fits at the border, and what one pixel further does not."""

from __future__ import annotations

from typing import Any

import pytest

from verify4k.documents.yaml import read_yaml
from verify4k.errors import ManifestError
from verify4k.formats.facts import Size
from verify4k.options.kinds import Context, Kind, NamedSize
from verify4k.options.sizes import Wanted, one_size, sizes, split_size

OWN = Context({"hero": NamedSize(Size(64, 36), "size hero in m.yaml:3")})


def read(kind: Kind[Any], written: str) -> Any:
    return kind.parse(read_yaml(written, "m.yaml"), OWN)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("64x36", Size(64, 36)),
        ("64X36", Size(64, 36)),
        ("64\u00d736", Size(64, 36)),
        ("1x1", Size(1, 1)),
        ("0x5", Size(0, 5)),
        ("999999999x1", Size(999_999_999, 1)),
        ("1000000000x1", None),
        ("1x1000000000", None),
        ("64", None),
        ("x36", None),
        ("64x", None),
        ("64x36x2", None),
        ("-64x36", None),
        ("64 x 36", Size(64, 36)),
        ("64*36", Size(64, 36)),
        ("\u06616x36", None),
        ("64x\u0661", None),
        ("", None),
    ],
)
def test_a_size_is_two_plain_numbers(text: str, size: Size | None) -> None:
    assert split_size(text) == size


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("64x36", Wanted(Size(64, 36), Size(64, 36))),
        ("1x1", Wanted(Size(1, 1), Size(1, 1))),
        ("1000000x1000000", Wanted(Size(1_000_000, 1_000_000), Size(1_000_000, 1_000_000))),
        ("48x48..48x48", Wanted(Size(48, 48), Size(48, 48))),
        ("32x18..64x36", Wanted(Size(32, 18), Size(64, 36))),
        ("32x18 .. 64x36", Wanted(Size(32, 18), Size(64, 36))),
        ("32x36..64x36", Wanted(Size(32, 36), Size(64, 36))),
        ("hero", Wanted(Size(64, 36), Size(64, 36), "size hero in m.yaml:3")),
        ("4k-portrait", Wanted(Size(2160, 3840), Size(2160, 3840), "preset 4k-portrait (2026-11-22)")),
        ("32x18..hero", Wanted(Size(32, 18), Size(64, 36))),
    ],
)
def test_a_promised_size_is_read_with_its_origin(written: str, wanted: Wanted) -> None:
    assert read(one_size, written) == wanted
    assert read(sizes, f"[{written}]") == (wanted,)


@pytest.mark.parametrize(
    ("written", "message", "hint"),
    [
        ("0x1", "'0x1' is no size of a picture", "expected a size like 3840x2160"),
        ("1x0", "'1x0' is no size of a picture", "expected a size like 3840x2160"),
        ("1000001x1", "'1000001x1' is no size of a picture", ""),
        ("1x1000001", "'1x1000001' is no size of a picture", ""),
        ("64x36..63x36", "the range '64x36..63x36' is empty", "write the smaller size first"),
        ("64x36..64x35", "the range '64x36..64x35' is empty", "write the smaller size first"),
        ("heor", "'heor' is neither a size nor a named size", "did you mean hero?"),
        ("4k-landscpe", "'4k-landscpe' is neither a size nor a named size", "did you mean 4k-landscape?"),
        *(
            (text, f"'{text}' is no size", "write it like 640x480")
            for text in (
                "640, 480",
                "640 by 480",
                "640px x 480px",
                "640x480px",
                "640 480",
                "(640,480)",
                "640:480",
            )
        ),
        ("16:9", "'16:9' is a shape, not a size", 'write ratio: "16:9"'),
        ("99:64", "'99:64' is a shape, not a size", 'write ratio: "99:64"'),
        ("100:64", "'100:64' is no size", "write it like 100x64"),
        (
            "4K",
            "'4K' is neither a size nor a named size",
            "did you mean 4k-landscape (3840x2160) or 4k-portrait?",
        ),
        (
            "uhd",
            "'uhd' is neither a size nor a named size",
            "did you mean 4k-landscape (3840x2160) or 4k-portrait?",
        ),
        ("1080p", "'1080p' is neither a size nor a named size", "did you mean 1920x1080?"),
        ("qqqqqq", "'qqqqqq' is neither a size nor a named size", "verify4k size --list shows the names"),
        ("64x36..", "'64x36..' has one end", "write width: 64.., height: 36.."),
    ],
)
def test_what_is_no_size_is_refused_with_the_next_step(written: str, message: str, hint: str) -> None:
    with pytest.raises(ManifestError) as caught:
        read(one_size, written)
    [mistake] = caught.value.mistakes
    assert mistake.message == message
    assert hint in mistake.hint


@pytest.mark.parametrize(
    ("wanted", "slack", "inside", "outside"),
    [
        ("64x36", "0", ["64x36"], ["63x36", "65x36", "64x35", "64x37", "36x64"]),
        ("64x36", "1", ["63x35", "65x37", "64x36"], ["62x36", "66x36", "64x34", "64x38"]),
        ("32x18..64x36", "0", ["32x18", "64x36", "32x36", "64x18"], ["31x18", "65x36", "32x17", "64x37"]),
        ("32x18..64x36", "2", ["30x16", "66x38"], ["29x18", "67x36", "32x15", "64x39"]),
    ],
)
def test_a_size_fits_up_to_the_tolerance_and_not_a_pixel_further(
    wanted: str, slack: str, inside: list[str], outside: list[str]
) -> None:
    promised, give = read(one_size, wanted), Size(int(slack), int(slack))
    assert [text for text in inside if not promised.allows(split_size(text), give)] == []
    assert [text for text in outside if promised.allows(split_size(text), give)] == []
    assert str(promised) == wanted


def test_width_and_height_have_a_slack_each() -> None:
    assert Wanted(Size(64, 36), Size(64, 36)).allows(Size(66, 36), Size(2, 0))
    assert Wanted(Size(63, 35), Size(63, 35)).allows(Size(64, 36), Size(1, 1))
    assert Wanted(Size(63, 35), Size(63, 35)).allows(Size(62, 34), Size(1, 1))
    assert not Wanted(Size(64, 36), Size(64, 36)).allows(Size(64, 38), Size(2, 0))
    assert not Wanted(Size(64, 36), Size(64, 36)).allows(Size(65, 36))


@pytest.mark.parametrize(
    ("written", "inside", "outside"),
    [
        ("64x*", ["64x1", "64x1000000"], ["63x36", "65x36"]),
        ("*x36", ["1x36", "1000000x36"], ["64x35", "64x37"]),
    ],
)
def test_an_edge_that_is_free_may_have_any_length(
    written: str, inside: list[str], outside: list[str]
) -> None:
    promised = read(one_size, f'"{written}"')
    assert [text for text in inside if not promised.allows(split_size(text))] == []
    assert [text for text in outside if promised.allows(split_size(text))] == []
    assert str(promised) == written

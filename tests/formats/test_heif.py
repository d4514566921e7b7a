"""AVIF and HEIC containers: the primary item counts, and everything it needs has to be there."""

from __future__ import annotations

import struct

import pytest
from heif_files import (
    ALPHA,
    CONFIG,
    DATA,
    EXIF_6,
    GRAY_CONFIG,
    GRAY_DATA,
    OPAQUE,
    PIXI,
    Heif,
    Item,
    box,
    clap,
    exif_item,
    full,
    grid,
    imir,
    irot,
    ispe,
    rotated,
    tile,
    tiles,
)
from judging import header_of, judge, verdict, walk_of
from one_rule import promised

from verify4k.errors import CannotRead, Damaged
from verify4k.formats.facts import Size

GOOD = [
    Heif(),
    Heif(wide=True),
    Heif(in_idat=True),
    Heif(meta_last=True),
    Heif(before=box(b"free", bytes(5000))),
    Heif({1: Item(), 9: Item(b"av01", DATA, [ispe(), CONFIG])}, [(b"thmb", 9, [1])]),
    # a gain map and a tone-mapped alternative that claim to be larger
    Heif(
        {
            1: Item(),
            2: Item(b"tmap", b"x", [ispe(640, 480)]),
            3: Item(b"av01", GRAY_DATA, [ispe(), GRAY_CONFIG]),
        },
        [(b"dimg", 2, [1, 3])],
    ),
    Heif({1: Item(), 2: ALPHA}, [(b"auxl", 2, [1])]),
    tiles(),
]


@pytest.mark.parametrize("made", GOOD)
def test_good_files_are_intact(made: Heif) -> None:
    data = made.build()
    judged = judge(data)
    assert judged.damage == ()
    assert (judged.walk.end, judged.walk.trailing, judged.walk.trailing_kind) == (len(data), 0, "")
    assert judged.header.disagreements == ()


@pytest.mark.parametrize("made", GOOD)
def test_truncation_at_any_length_is_found(made: Heif) -> None:
    data = made.build()
    lengths = [*range(40, len(data), 7), len(data) - 1]
    assert {verdict(data[:length]) for length in lengths} <= {"damaged"}


@pytest.mark.parametrize(
    ("properties", "displayed"),
    [
        ((), (64, 48)),
        ((irot(1),), (48, 64)),
        ((irot(2),), (64, 48)),
        ((irot(3), imir(1)), (48, 64)),
        ((imir(0),), (64, 48)),
        ((irot(1), imir(0)), (48, 64)),
    ],
)
def test_irot_turns_what_is_displayed(properties: tuple[bytes, ...], displayed: tuple[int, int]) -> None:
    judged = judge(rotated(*properties).build())
    assert (judged.header.stored, judged.header.displayed) == (Size(64, 48), Size(*displayed))
    assert judged.header.orientation == 1
    assert judged.damage == ()


@pytest.mark.parametrize(
    ("turn", "disagrees"), [((), True), ((irot(3),), False), ((irot(1),), True), ((irot(3), imir(0)), True)]
)
def test_exif_is_told_and_compared_but_not_applied(turn: tuple[bytes, ...], disagrees: bool) -> None:
    made = Heif({1: Item(properties=[ispe(), CONFIG, *turn]), 2: exif_item()}, [(b"cdsc", 2, [1])])
    found = header_of(made.build())
    assert found.orientation == 6
    assert found.displayed == (Size(48, 64) if turn else Size(64, 48))
    assert bool(found.disagreements) is disagrees
    assert judge(made.build()).damage == ()


@pytest.mark.parametrize("brand", [b"ftypavif", b"ftypheic"])
@pytest.mark.parametrize(
    ("turn", "severities"), [((), [None, None]), ((irot(3),), ["warning"]), ((irot(1),), [None, None])]
)
def test_exif_beside_the_same_turn_is_a_warning_that_names_the_cause_and_the_fix(
    turn: tuple[bytes, ...], severities: list[str | None], brand: bytes
) -> None:
    made = Heif({1: Item(properties=[ispe(), CONFIG, *turn]), 2: exif_item()}, [(b"cdsc", 2, [1])])
    found = promised("upright", "{}", made.build().replace(b"ftypavif", brand), "a.avif", "header")
    assert [one.severity for one in found] == severities
    if severities == ["warning"]:
        assert "Exif asks for the turn that the container makes" in found[0].message
        assert "exiftool -n -Orientation=1" in found[0].fix


def test_exif_of_another_item_or_cut_off_does_not_count() -> None:
    other = Heif({1: Item(), 2: exif_item(), 3: Item()}, [(b"cdsc", 2, [3])]).build()
    assert header_of(other).orientation == 1
    far = Heif({1: Item(), 2: Item(b"Exif", b"\0\0\xff\xff" + EXIF_6, [])}, [(b"cdsc", 2, [1])]).build()
    assert header_of(far).blocks == ()
    unreferred = Heif({1: Item(), 2: exif_item()}).build()
    assert header_of(unreferred).orientation == 6
    missing = Heif({1: Item()}, [(b"cdsc", 7, [1])]).build()
    assert header_of(missing).blocks == ()


def test_metadata_blocks_point_at_their_bytes() -> None:
    profile = box(b"colr", b"prof", b"PROFILE")
    made = Heif(
        {
            1: Item(properties=[ispe(), CONFIG, box(b"colr", b"nclx", bytes(7)), profile]),
            2: exif_item(),
            3: Item(b"mime", b"<x/>", [], b"application/rdf+xml"),
            4: Item(b"mime", b"{}", [], b"application/json"),
        },
        [(b"cdsc", 2, [1]), (b"cdsc", 3, [1]), (b"cdsc", 4, [1])],
        before=box(b"uuid", bytes.fromhex("d8fec3d61b0e483c92975828877ec481"), b"jumb")
        + box(b"uuid", bytes(16)),
    )
    data = made.build()
    told = {block.kind: data[block.offset : block.offset + block.length] for block in header_of(data).blocks}
    assert told == {"icc": b"PROFILE", "exif": EXIF_6, "xmp": b"<x/>", "c2pa": b"jumb"}
    assert walk_of(data).blocks == ()
    late = Heif().build() + box(b"uuid", bytes.fromhex("d8fec3d61b0e483c92975828877ec481"), b"jumb")
    assert header_of(late).blocks == ()
    assert [block.kind for block in walk_of(late).blocks] == ["c2pa"]


@pytest.mark.parametrize(
    ("crop", "words"),
    [
        (clap(40, 30), "crops 64x48 to 40x30"),
        (clap(64, 48), ""),
        (clap(1, 1, under=0), "makes no sense"),
        (box(b"clap", b"x"), "makes no sense"),
    ],
)
def test_a_clap_that_crops_is_a_disagreement(crop: bytes, words: str) -> None:
    found = header_of(rotated(crop).build())
    assert found.displayed == Size(64, 48)
    assert words in " ".join(found.disagreements)
    assert bool(found.disagreements) is bool(words)


@pytest.mark.parametrize(
    ("made", "alpha"),
    [
        (Heif({1: Item(), 2: ALPHA}, [(b"auxl", 2, [1])]), "used"),
        (Heif({1: Item(), 2: OPAQUE}, [(b"auxl", 2, [1])]), "opaque"),
        (Heif({1: Item(), 2: ALPHA}), "none"),
        (
            Heif(
                {
                    1: Item(),
                    2: Item(b"av01", GRAY_DATA, [ispe(), GRAY_CONFIG, full(b"auxC", 0, b"urn:depth\0")]),
                },
                [(b"auxl", 2, [1])],
            ),
            "none",
        ),
    ],
)
def test_alpha_is_an_auxiliary_item_of_the_primary(made: Heif, alpha: str) -> None:
    assert judge(made.build()).alpha == alpha


def test_alpha_of_tiles_counts_for_the_grid() -> None:
    made = tiles()
    made.items |= {4: ALPHA, 5: ALPHA}
    made.references += [(b"auxl", 4, [2]), (b"auxl", 5, [3])]
    assert header_of(made.build()).alpha


@pytest.mark.parametrize(
    ("config", "depth", "mode"),
    [
        (box(b"av1C", b"\x81\0\x0c\0"), 8, "rgb"),
        (box(b"av1C", b"\x81\0\x4c\0"), 10, "rgb"),
        (box(b"av1C", b"\x81\0\x6c\0"), 12, "rgb"),
        (box(b"av1C", b"\x81\0\x1c\0"), 8, "gray"),
        (box(b"hvcC", bytes(16) + b"\xfd\xfa\0"), 10, "rgb"),
        (box(b"hvcC", bytes(16) + b"\xfc\xf8\0"), 8, "gray"),
        (box(b"hvcC", b"short") + full(b"pixi", 0, b"\1\x0c"), 12, "gray"),
        (PIXI, 8, "rgb"),
    ],
)
def test_depth_and_mode_come_from_the_codec_configuration(config: bytes, depth: int, mode: str) -> None:
    properties = [config] if config[:4] != box(b"hvcC", b"short")[:4] else [config[:13], config[13:]]
    found = header_of(Heif({1: Item(properties=[ispe(), *properties])}).build())
    assert (found.bit_depth, found.mode) == (depth, mode)


def test_a_codec_nobody_knows_is_undecided() -> None:
    with pytest.raises(CannotRead, match="'vvc1'"):
        header_of(Heif({1: Item(b"vvc1", DATA, [ispe()])}).build())


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (tiles(size=(200, 64)), "1 x 2 tiles of 64x64 do not cover 200x64"),
        (tiles(references=[(b"dimg", 1, [2])]), "a grid of 1 x 2 refers to 1 tiles"),
        (tiles(references=[(b"dimg", 1, [2, 7])]), "does not exist"),
        (
            Heif(
                {1: Item(b"grid", grid(1, 1, 64, 48), [ispe(99, 48), PIXI]), 2: Item()}, [(b"dimg", 1, [2])]
            ),
            "ispe",
        ),
        (Heif({1: Item(b"grid", b"\0", [ispe(), PIXI]), 2: Item()}, [(b"dimg", 1, [2])]), "cut off"),
        (
            tiles(
                items={
                    1: Item(b"grid", grid(1, 2, 128, 64), [ispe(128, 64)]),
                    2: tile(),
                    3: Item(properties=[ispe(32, 32), CONFIG]),
                }
            ),
            "differ in size",
        ),
        (
            Heif({1: Item(properties=[ispe(3840, 2160), CONFIG])}),
            "ispe promises 3840x2160, the AV1 data hold 64x48",
        ),
        (
            Heif({1: Item(data=b"\x0a\x01", properties=[ispe(), CONFIG])}),
            "do not start with a sequence header",
        ),
        (Heif({1: Item(data=b"")}), "no data"),
    ],
)
def test_damage_is_found_by_walking(made: Heif, words: str) -> None:
    data = made.build()
    assert words in " ".join(walk_of(data).damage)
    assert verdict(data) == "damaged"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (Heif(primary=7).build(), "primary item does not exist"),
        (Heif({1: Item(properties=[CONFIG])}).build(), "no ispe"),
        (rotated().build().replace(ispe(), ispe(0, 5)), "has no size"),
        (box(b"ftyp", b"avif", bytes(4)), "no complete meta box"),
        (Heif().build().replace(b"infe", b"xxxx"), "something else than infe"),
        (Heif().build().replace(b"\0\0\0\x0eiloc"[4:], b"iloc").replace(b"\x44\0", b"\0\0"), "iloc box"),
        (Heif(extra=struct.pack(">I", 999) + b"abcd").build(), "longer than the meta box"),
    ],
)
def test_a_file_that_tells_no_size_is_damaged(data: bytes, words: str) -> None:
    with pytest.raises(Damaged, match=words):
        header_of(data)
    assert words in " ".join(walk_of(data).damage)


@pytest.mark.parametrize("name", [b"ipco", b"iprp"])
def test_boxes_longer_than_their_parent_are_damage(name: bytes) -> None:
    data = bytearray(Heif().build())
    inner = data.index(name) + 4  # the first box inside
    data[inner : inner + 4] = struct.pack(">I", 9999)
    with pytest.raises(Damaged, match="longer than"):
        header_of(bytes(data))


@pytest.mark.parametrize(
    ("tail", "trailing", "kind"),
    [
        (b"PK\3\4" + bytes(90), 94, "zip"),
        (bytes(33), 33, "nul"),
        (b"\n", 1, "newline"),
        (b"hello world, how are you?", 25, "data"),
        (Heif().build(), len(Heif().build()), "video"),
        (box(b"free", b"abc"), 0, ""),
        (box(b"abcd", b"declared"), 0, ""),
        (b"\0\0\0\1abcd\0\0\0\0\0\0\0\x14data", 0, ""),
    ],
)
def test_trailing_bytes_are_what_no_box_holds(tail: bytes, trailing: int, kind: str) -> None:
    found = walk_of(Heif().build() + tail)
    assert (found.trailing, found.trailing_kind, found.damage) == (trailing, kind, ())


def test_an_mdat_of_size_zero_reaches_to_the_end() -> None:
    data = Heif().build()
    at = data.index(b"mdat") - 4
    assert judge(data[:at] + bytes(4) + data[at + 4 :]).damage == ()


def test_a_whole_mdat_cut_off_is_found_by_its_items() -> None:
    data = Heif().build()
    cut = data[: data.index(b"mdat") - 4]
    assert "an item's data end" in " ".join(walk_of(cut).damage)


def test_an_image_made_of_another_is_followed() -> None:
    made = Heif({1: Item(b"iden", b"", [ispe(), irot(1)]), 2: Item()}, [(b"dimg", 1, [2])])
    found = header_of(made.build())
    assert (found.displayed, found.bit_depth) == (Size(48, 64), 8)
    assert walk_of(made.build()).damage == ()

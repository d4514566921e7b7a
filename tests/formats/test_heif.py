"""AVIF and HEIC containers: the primary item counts, and everything it needs has to be there."""

from __future__ import annotations

import io
import struct

import pytest
from heif_files import (
    ALPHA_TYPE,
    CONFIG,
    DATA,
    GRAY_CONFIG,
    GRAY_DATA,
    PIXI,
    Heif,
    Item,
    av1,
    box,
    encode,
    full,
    grid,
    image,
    ispe,
)
from judging import decode, header_of, judge, verdict, walk_of
from one_rule import promised
from PIL import Image

from verify4k.errors import CannotRead, Damaged, LimitHit
from verify4k.formats.facts import BytesReader, Size
from verify4k.formats.heif import container
from verify4k.formats.heif.av1 import Sequence, read_sequence
from verify4k.formats.heif.header import read_parts
from verify4k.formats.reading.isobmff import Cursor, boxes

ALPHA = Item(b"av01", GRAY_DATA, [ispe(), GRAY_CONFIG, ALPHA_TYPE])
OPAQUE_DATA, OPAQUE_CONFIG = av1(Image.new("L", (64, 48), 255))
OPAQUE = Item(b"av01", OPAQUE_DATA, [ispe(), OPAQUE_CONFIG, ALPHA_TYPE])
EXIF_6 = b"MM\0*\0\0\0\x08" + struct.pack(">HHHIHHI", 1, 0x112, 3, 1, 6, 0, 0)


def exif_item(data: bytes = EXIF_6) -> Item:
    return Item(b"Exif", bytes(4) + data, [])


def rotated(*properties: bytes) -> Heif:
    return Heif({1: Item(properties=[ispe(), CONFIG, *properties])})


def irot(angle: int) -> bytes:
    return box(b"irot", bytes([angle]))


def imir(axis: int) -> bytes:
    return box(b"imir", bytes([axis]))


def clap(width: int, height: int, under: int = 1) -> bytes:
    return box(b"clap", struct.pack(">8I", width, under, height, under, 0, 1, 0, 1))


TILE_DATA, TILE_CONFIG = av1(image(64, 64))  # MIAF: no tile is smaller


def tile() -> Item:
    return Item(b"av01", TILE_DATA, [ispe(64, 64), TILE_CONFIG])


def tiles(kind: bytes = b"grid", size: tuple[int, int] = (128, 64), **changes: object) -> Heif:
    whole = Item(kind, grid(1, 2, *size), [ispe(*size), PIXI])
    made = Heif({1: whole, 2: tile(), 3: tile()}, [(b"dimg", 1, [2, 3])])
    for name, value in changes.items():
        setattr(made, name, value)
    return made


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


# -- sequences --------------------------------------------------------------------------------


def frames(count: int = 3, mode: str = "RGB") -> bytes:
    pictures = [Image.new(mode, (64, 48), (index * 60, 0, 0, 9)[: len(mode)]) for index in range(count)]
    return encode(pictures[0], save_all=True, append_images=pictures[1:])


@pytest.mark.parametrize(("mode", "alpha"), [("RGB", "none"), ("RGBA", "used")])
def test_a_sequence_counts_its_samples(mode: str, alpha: str) -> None:
    judged = judge(frames(3, mode))
    assert (judged.frames, judged.animated, judged.alpha, judged.damage) == (3, True, alpha, ())
    assert judged.header.stored == Size(64, 48)


def test_a_still_brand_does_not_play_its_track() -> None:
    data = frames().replace(b"ftypavis", b"ftypavif")
    assert (header_of(data).frames, header_of(data).animated) == (1, False)


def test_a_sequence_cut_off_is_damaged() -> None:
    data = frames()
    assert {verdict(data[:length]) for length in range(60, len(data), 31)} == {"damaged"}


def test_a_sequence_may_differ_from_its_still_picture() -> None:
    data = frames()
    data = data.replace(ispe(), ispe(62, 48))
    assert "the sequence 64x48" in header_of(data).disagreements[0]


def track(
    handler: bytes = b"pict",
    *,
    size: int = 64,
    sizes: bytes = full(b"stsz", 0, struct.pack(">III", 10, 2, 0)[:8]),
    chunks: bytes = full(b"stco", 0, struct.pack(">II", 1, 40)),
    entry: bytes | None = None,
    reference: bytes = b"",
) -> bytes:
    if entry is None:
        entry = box(b"av01", bytes(24), struct.pack(">HH", 64, 48), bytes(50), CONFIG)
    tkhd = full(
        b"tkhd", 0, bytes(8), struct.pack(">I", 1), bytes(60), struct.pack(">II", size << 16, 48 << 16)
    )
    stbl = box(b"stbl", full(b"stsd", 0, b"\0\0\0\1", entry), sizes, chunks)
    hdlr = full(b"hdlr", 0, bytes(4), handler, bytes(13))
    return box(b"trak", tkhd, box(b"mdia", hdlr, box(b"minf", stbl)), reference)


def sequence(*tracks: bytes) -> bytes:
    return box(b"ftyp", b"avis", bytes(4), b"msf1") + box(b"moov", *tracks) + box(b"mdat", bytes(2000))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (sequence(track()), (64, 48, 2, False)),
        (sequence(track(size=0)), (64, 48, 2, False)),  # the sample entry's size
        (sequence(track(b"auxv"), track()), (64, 48, 2, True)),
        (sequence(track(), track(reference=box(b"tref", box(b"auxl", b"\0\0\0\1")))), (64, 48, 2, True)),
        (sequence(track(b"soun"), track()), (64, 48, 2, False)),
        (sequence(track(sizes=full(b"stz2", 0, bytes(4), struct.pack(">I", 5)))), (64, 48, 5, False)),
        (sequence(track(sizes=full(b"stsz", 0, struct.pack(">IIII", 0, 2, 5, 6)))), (64, 48, 2, False)),
        (sequence(track(sizes=b"")), (64, 48, 1, False)),
        (sequence(track(chunks=full(b"co64", 0, struct.pack(">IQ", 1, 40)))), (64, 48, 2, False)),
        (sequence(track(chunks=full(b"stco", 0, struct.pack(">III", 2, 40, 60)))), (64, 48, 2, False)),
        (sequence(track(chunks=full(b"stco", 0, bytes(4)))), (64, 48, 2, False)),
        (sequence(track(chunks=b"")), (64, 48, 2, False)),
    ],
)
def test_a_sequence_without_a_still_picture_is_told_by_its_track(
    data: bytes, expected: tuple[int, int, int, bool]
) -> None:
    found = header_of(data)
    assert (*found.stored, found.frames, found.alpha) == expected
    assert walk_of(data).damage == ()


def test_the_track_says_how_colours_are_sampled() -> None:
    assert container.sampling(BytesReader(sequence(track()))) == "4:2:0"
    with pytest.raises(CannotRead, match="how the picture samples colours is not told"):
        container.sampling(BytesReader(sequence(track(entry=box(b"mp4v", bytes(78))))))
    start = sequence().index(b"moov") - 4
    stillless = sequence()[:start] + full(b"meta", 0) + sequence(track())[start:]
    assert container.sampling(BytesReader(stillless)) == "4:2:0"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (sequence(track(entry=b"")), "no sample entry"),
        (sequence(track(entry=box(b"av01", bytes(78)))), "no size or no codec configuration"),
        (sequence(track(entry=box(b"av01", bytes(24), b"\0\1\0\1", bytes(50)))), "no codec configuration"),
        (sequence(track(sizes=full(b"stsz", 0, struct.pack(">II", 0, 99)))), "promises 99 samples"),
        (sequence(box(b"trak", box(b"mdia", full(b"hdlr", 0, bytes(4), b"pict")))), "no tkhd or no stsd"),
        (sequence(struct.pack(">I", 9999) + b"trak"), "longer than the moov box"),
    ],
)
def test_a_broken_track_is_damage(data: bytes, words: str) -> None:
    with pytest.raises(Damaged, match=words):
        header_of(data)


def test_samples_behind_the_end_are_damage() -> None:
    data = sequence(track(chunks=full(b"stco", 0, struct.pack(">II", 1, 9999))))
    assert "the samples of a track end" in walk_of(data).damage[0]


def test_a_sequence_alone_is_not_decoded_as_heic() -> None:
    data = sequence(track()).replace(b"avis", b"hevc")
    with pytest.raises(CannotRead, match="without a still picture"):
        decode(data)


# -- decoding ---------------------------------------------------------------------------------


def test_a_false_ispe_is_a_bomb_or_damage_but_never_decoded_first() -> None:
    data = Heif({1: Item(properties=[ispe(60_000, 60_000), CONFIG])}).build()
    with pytest.raises(LimitHit):
        decode(data)


def test_data_that_do_not_decode_are_damage() -> None:
    broken = Heif({1: Item(data=DATA[:14] + b"\xff" * (len(DATA) - 14))}).build()
    with pytest.raises(Damaged, match="do not decode"):
        decode(broken)


def test_deep_alpha_that_looks_opaque_is_undecided() -> None:
    deep = Heif({1: Item(), 2: OPAQUE}, [(b"auxl", 2, [1])]).build()
    header = header_of(deep)
    from verify4k.formats import avif

    pixels = avif.decode(deep, header._replace(bit_depth=10), colour=True)
    with pytest.raises(CannotRead, match="10 bits deep"):
        pixels.alpha_used()
    assert pixels.array().shape == (48, 64, 4)
    used = Heif({1: Item(), 2: ALPHA}, [(b"auxl", 2, [1])]).build()
    assert avif.decode(used, header._replace(bit_depth=10), colour=True).alpha_used()


def test_a_mif1_file_with_av1_is_decoded_as_such() -> None:
    data = Heif().build().replace(b"ftypavif\0\0\0\0mif1avif", b"ftypmif1\0\0\0\0mif1miaf")
    assert judge(data).damage == ()
    other = Heif({1: Item(b"jpeg", DATA, [ispe(), PIXI])}, brand=b"heic").build()
    with pytest.raises(CannotRead, match="'jpeg'"):
        decode(other)
    lost = Heif({1: Item(b"iden", b"", [ispe(), PIXI])}, [(b"dimg", 1, [9])], brand=b"heic").build()
    with pytest.raises(Damaged, match="does not exist"):
        decode(lost)


def heic(mode: str = "RGB", size: tuple[int, int] = (64, 64), depth: int = 8) -> bytes:
    pillow_heif = pytest.importorskip("pillow_heif", reason="the heic extra is not installed")
    picture = Image.linear_gradient("L").resize(size).convert(mode)
    buffer = io.BytesIO()
    if depth == 8:
        pillow_heif.from_pillow(picture).save(buffer, quality=60)
    else:
        raw = b"".join(struct.pack("<H", value * 257) for value in picture.tobytes())
        pillow_heif.from_bytes(f"{mode};16", size, raw).save(buffer, quality=60)
    return buffer.getvalue()


@pytest.mark.parametrize(("mode", "alpha"), [("RGB", "none"), ("RGBA", "opaque"), ("L", "none")])
@pytest.mark.parametrize("depth", [8, 10])
def test_heic_is_decoded(mode: str, alpha: str, depth: int) -> None:
    if depth == 10 and mode == "L":
        pytest.skip("not written by the encoder")
    judged = judge(heic(mode, depth=depth))
    assert (judged.damage, judged.alpha, judged.header.bit_depth) == ((), alpha, depth)


@pytest.mark.parametrize("properties", [(irot(1),), (irot(2),), (irot(3),), (imir(0),), (imir(1), irot(1))])
def test_heic_pixels_come_in_stored_orientation(properties: tuple[bytes, ...]) -> None:
    import numpy as np

    plain = heic(size=(128, 64))
    at, config = plain.index(b"mdat") + 4, plain.index(b"hvcC") - 4
    hvcc = plain[config : config + int.from_bytes(plain[config : config + 4], "big")]
    item = Item(b"hvc1", plain[at:], [ispe(128, 64), hvcc, *properties])
    straight = decode(Heif({1: Item(b"hvc1", plain[at:], [ispe(128, 64), hvcc])}, brand=b"heic").build())
    turned = decode(Heif({1: item}, brand=b"heic").build())
    assert (turned.width, turned.height) == (128, 64)
    assert np.array_equal(straight.array(), turned.array())


def test_broken_heic_is_damage() -> None:
    data = heic()
    at = data.index(b"mdat") + 8
    with pytest.raises(CannotRead, match="refuses it"):  # one decoder's word is no proof
        decode(data[:at] + bytes(len(data) - at))
    config = data.index(b"hvcC") - 4
    hvcc = data[config : config + int.from_bytes(data[config : config + 4], "big")]
    false = Heif({1: Item(b"hvc1", data[at - 4 :], [ispe(128, 64), hvcc])}, brand=b"heic").build()
    assert verdict(false) == "damaged"


def test_a_clap_may_make_heic_smaller() -> None:
    odd = judge(heic(size=(61, 43)))
    assert (odd.damage, odd.header.stored, odd.header.displayed) == ((), Size(64, 64), Size(61, 43))
    assert odd.header.disagreements == ()  # every decoder of HEIC crops


def test_heic_without_its_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from verify4k.errors import MissingTool

    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    data = Heif({1: Item(b"hvc1", DATA, [ispe(), PIXI])}, brand=b"heic").build()
    with pytest.raises(MissingTool) as caught:
        decode(data)
    assert caught.value.hint == 'pip install "verify4k[heic]"'


# -- small parts ------------------------------------------------------------------------------


def test_boxes_stop_where_none_can_be() -> None:
    assert list(boxes(BytesReader(b"\0\0\0\4free"), 0, 8)) == []
    assert list(boxes(BytesReader(b"\0\0\0\x08fr"), 0, 6)) == []
    with pytest.raises(LimitHit):
        list(boxes(BytesReader(box(b"free") * 5000), 0, 40_000))


def test_large_tables_end_in_a_limit() -> None:
    with pytest.raises(LimitHit, match="iinf"):
        header_of(Heif(extra=box(b"iinf", bytes(1_000_001))).build())


def test_a_cursor_does_not_read_behind_its_end() -> None:
    with pytest.raises(Damaged, match="the abcd box ends too early"):
        Cursor(b"\0", "abcd").number(2)
    assert Cursor(b"abc", "x").text() == b"abc"


def test_items_without_a_type_are_no_images() -> None:
    old = full(b"iinf", 0, b"\0\1", full(b"infe", 0, b"\0\1\0\0\0"))
    with pytest.raises(Damaged, match="primary item does not exist"):
        header_of(box(b"ftyp", b"avif", bytes(4)) + full(b"meta", 0, full(b"pitm", 0, b"\0\1"), old))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (DATA, Sequence(Size(64, 48), exact=False)),
        (b"", None),
        (b"\x12\0", None),
        (b"\x12\0" * 20, None),
        (b"\x0a\x01\0", None),  # ends inside
        (b"\x0a" + b"\xff" * 7, None),  # a length without an end
    ],
)
def test_sequence_headers_are_found_or_not(data: bytes, expected: Sequence | None) -> None:
    found = read_sequence(data)
    assert (found and found.size) == (expected and expected.size)


def bits(*fields: tuple[int, int]) -> bytes:
    """Pack (value, width) pairs."""
    text = "".join(f"{value:0{width}b}" for value, width in fields)
    text += "0" * (-len(text) % 8)
    return bytes(int(text[at : at + 8], 2) for at in range(0, len(text), 8))


SIZE = ((5, 4), (5, 4), (63, 6), (47, 6))


@pytest.mark.parametrize(
    ("fields", "exact"),
    [
        (((0, 3), (1, 1), (1, 1), (0, 5), *SIZE), True),
        (((0, 3), (0, 1), (0, 1), (0, 1), (0, 1), (0, 5), (0, 12), (9, 5), (1, 1), *SIZE), False),
        (
            (
                (0, 3),
                (0, 2),
                (1, 1),
                (1, 32),
                (1, 32),
                (1, 1),
                (0, 1),
                (1, 1),
                (0, 1),
                (1, 1),
                (4, 5),
                (0, 42),
                (1, 1),
                (0, 5),
                (0, 12),
                (0, 5),
                (1, 1),
                (0, 11),
                (1, 1),
                (0, 4),
                *SIZE,
            ),
            False,
        ),
        (
            (
                (0, 3),
                (0, 2),
                (1, 1),
                (1, 32),
                (1, 32),
                (0, 1),
                (0, 1),
                (1, 1),
                (0, 5),
                (0, 12),
                (0, 5),
                (0, 1),
                *SIZE,
            ),
            False,
        ),
        (
            (
                (0, 3),
                (0, 2),
                (1, 1),
                (1, 32),
                (1, 32),
                (1, 1),
                (0, 32),
                (1, 1),
                (0, 1),
                (0, 1),
                (0, 5),
                (0, 12),
                (0, 5),
                *SIZE,
            ),
            False,
        ),
    ],
)
def test_every_kind_of_sequence_header_is_read(fields: tuple[tuple[int, int], ...], exact: bool) -> None:
    body = bits(*fields) + bytes(4)
    assert read_sequence(b"\x0a" + bytes([len(body)]) + body) == Sequence(Size(64, 48), exact)
    assert read_sequence(b"\x08" + body) == Sequence(Size(64, 48), exact)


@pytest.mark.parametrize(
    ("data", "whole"),
    [
        (b"\x12\0", True),  # a temporal delimiter
        (b"\x12\0\x0a\x01\0", True),
        (b"\x12\0\x0a\x02\0", False),  # a size beyond the end
        (b"\x12\0\x08\1\2\3", True),  # the last without its size
        (b"\x92\0", False),  # the forbidden bit
        (b"\x4a\0", False),  # a reserved type
        (b"\x0a\xff", False),
        (bytes(40), False),
    ],
)
def test_units_of_av1_are_whole_or_the_proof_of_damage(data: bytes, whole: bool) -> None:
    from verify4k.formats.heif.av1 import whole_units

    assert whole_units(data) is whole


@pytest.mark.parametrize("size", [(64, 64), (128, 80)])
def test_the_coded_size_of_hevc_stands_in_its_parameter_set(size: tuple[int, int]) -> None:
    from verify4k.formats.heif.hevc import coded_size

    data = heic(size=size)
    config = data[data.index(b"hvcC") + 4 :]
    found = coded_size(config)
    assert found is not None
    assert found.width >= size[0]
    assert found.height >= size[1]
    assert coded_size(config[:10]) is None
    assert coded_size(b"") is None


def test_boxes_are_read_once_for_all_facts() -> None:
    data = encode(Image.new("RGB", (16, 16)))
    reader = BytesReader(data)
    assert read_parts(reader) is read_parts(reader)
    assert read_parts(BytesReader(data)) is not read_parts(reader)

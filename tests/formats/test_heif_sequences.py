"""Image sequences of AVIF and HEIF: tracks, samples, what plays and what is broken."""

from __future__ import annotations

import struct

import pytest
from heif_files import (
    CONFIG,
    box,
    frames,
    full,
    ispe,
)
from judging import decode, header_of, judge, verdict, walk_of

from verify4k.errors import CannotRead, Damaged
from verify4k.formats.facts import BytesReader, Size
from verify4k.formats.heif import container


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

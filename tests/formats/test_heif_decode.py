"""Pixels of AVIF and HEIC: false sizes, deep alpha, crops, and what is missing here."""

from __future__ import annotations

import pytest
from heif_files import (
    ALPHA,
    CONFIG,
    DATA,
    OPAQUE,
    PIXI,
    Heif,
    Item,
    heic,
    imir,
    irot,
    ispe,
)
from judging import decode, header_of, judge, verdict

from verify4k.errors import CannotRead, Damaged, LimitHit
from verify4k.formats.facts import Size


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

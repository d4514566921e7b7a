"""XMP: properties by namespace, in either form, and nothing that an XML parser can be made to do."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from metadata_files import xmp
from steps import steps

from verify4k.formats.facts import Block, BytesReader, Size
from verify4k.formats.metadata.xmp import Xmp, disagreement, load_xmp, read_xmp

SIZE = Xmp(size=Size(3840, 2160))

FORMS = [
    xmp('exif:PixelXDimension="3840" exif:PixelYDimension="2160"'),
    xmp("exif:PixelXDimension='3840' exif:PixelYDimension = '2160'"),
    xmp(
        elements="<exif:PixelXDimension>3840</exif:PixelXDimension>"
        "<exif:PixelYDimension> 2160\n</exif:PixelYDimension>"
    ),
    xmp(
        elements="<exif:PixelXDimension>38<![CDATA[40]]></exif:PixelXDimension><exif:PixelYDimension>&#50;160</exif:PixelYDimension>"
    ),
    xmp('exif:PixelXDimension="3840" exif:PixelYDimension="2160"')
    .replace(b"exif:", b"e:")
    .replace(b":exif=", b":e="),
    xmp('exif:PixelXDimension="3840" exif:PixelYDimension="2160"').decode().encode("utf-16"),
    b"\0\n " + xmp('exif:PixelXDimension="3840" exif:PixelYDimension="2160"') + bytes(9),
    xmp('exif:PixelXDimension="3840" exif:PixelYDimension="2160"')[:-45],  # cut
]


@pytest.mark.parametrize("packet", FORMS)
def test_every_form_of_a_property_is_read(packet: bytes) -> None:
    assert read_xmp(packet) == SIZE


def test_properties_have_their_fields() -> None:
    source = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    packet = xmp(
        'tiff:Orientation="6" tiff:ImageWidth="5" tiff:ImageLength="4"'
        f' Iptc4xmpExt:DigitalSourceType="{source}"'
        ' GCamera:MicroVideoOffset="77"'
    )
    assert read_xmp(packet) == Xmp(6, None, Size(5, 4), source, 0, 77)


def test_a_property_may_be_a_resource() -> None:
    packet = xmp(elements='<Iptc4xmpExt:DigitalSourceType rdf:resource="urn:x"/>')
    assert read_xmp(packet).source_type == "urn:x"


def test_a_packet_and_its_extension_are_both_read() -> None:
    assert read_xmp(xmp('tiff:Orientation="3"') + FORMS[0]) == Xmp(3, Size(3840, 2160))


def test_lengths_of_appended_items_add_up() -> None:
    items = '<a><b Item:Length="10" Item:Padding="3"/><b Item:Length="20"/></a>'
    assert read_xmp(xmp(elements=items)).appended == 33


NOTHING = [
    b"",
    b"not xml",
    b"<a/>",
    xmp('tiff:Orientation="0"'),
    xmp('tiff:Orientation="9"'),
    xmp('tiff:Orientation="six"'),
    xmp('tiff:Orientation="\u0666"'),
    xmp('exif:PixelXDimension="3840"'),
    xmp('exif:PixelXDimension="-1" exif:PixelYDimension="2160"'),
    xmp('exif:PixelXDimension="99999999999999999999" exif:PixelYDimension="2160"'),
    xmp(elements='<a><rdf:Description tiff:Orientation="6"/></a>'),  # of something inside the picture
    xmp(elements="<a><tiff:Orientation>6</tiff:Orientation></a>"),
    xmp(elements="<tiff:Orientation><a>6</a></tiff:Orientation>"),
    b'<?xml version="1.0" encoding="klingon"?>' + xmp('tiff:Orientation="6"'),
    b"<!-- tiff:Orientation='6' -->",
]


@pytest.mark.parametrize("packet", NOTHING)
def test_what_is_no_property_of_the_picture_says_nothing(packet: bytes) -> None:
    assert read_xmp(packet) == Xmp()


def test_a_dtd_is_refused() -> None:
    laughs = b'<!DOCTYPE a [<!ENTITY b "6"><!ENTITY c "&b;&b;&b;&b;">]>' + xmp('tiff:Orientation="6"')
    assert read_xmp(laughs) == Xmp()


@pytest.mark.parametrize(
    ("before", "unit", "behind"), [(b"", b"<a>", b""), (b"", b"<a/>", b""), (b"<b>", b"<a/>", b"</b>")]
)
def test_twice_as_deep_or_long_a_packet_takes_at_most_twice_the_steps(
    before: bytes, unit: bytes, behind: bytes
) -> None:
    def read(number: int) -> None:
        assert read_xmp(before + unit * number + behind) == Xmp()

    read(10)
    assert steps(lambda: read(100_000)) <= 2.1 * steps(lambda: read(50_000)) + 100


def test_blocks_are_joined_inflated_and_bounded() -> None:
    packed = zlib.compress(b"b" * (5 << 20))
    reader = BytesReader(b"a" * 9 + packed + b"junk")
    blocks = [
        Block("xmp", 0, 9),
        Block("xmp", 9, len(packed), deflated=True),
        Block("xmp", 9, 3, deflated=True),
    ]
    assert load_xmp(reader, blocks) == b"a" * 9 + b"b" * (1 << 20)
    assert load_xmp(reader, [Block("xmp", 9 + len(packed), 4, deflated=True)]) == b""


@pytest.mark.parametrize(
    ("packet", "orientation", "count"),
    [
        (xmp('tiff:Orientation="6"'), 1, 1),
        (xmp('tiff:Orientation="6"').decode().encode("utf-16"), 1, 1),
        (xmp('tiff:Orientation="6"'), 6, 0),
        (xmp(elements="<tiff:Orientation/>"), 6, 0),
        (xmp(), 6, 0),
    ],
)
def test_only_another_orientation_disagrees(packet: bytes, orientation: int, count: int) -> None:
    found = disagreement(BytesReader(packet), Block("xmp", 0, len(packet)), orientation)
    assert len(found) == count


@given(st.binary(max_size=300), st.integers(0, 900))
def test_no_bytes_raise(junk: bytes, at: int) -> None:
    packet = xmp('tiff:Orientation="6"', "<exif:PixelXDimension>1</exif:PixelXDimension>")
    read_xmp(packet[:at] + junk + packet[at:])
    read_xmp(junk)

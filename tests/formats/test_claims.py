"""Claims: every size that metadata names, with its source, and no verdict."""

from __future__ import annotations

from jpeg_files import app1_exif, app1_xmp, insert, jpeg
from metadata_files import LONG, exif, sized, xmp, zoomed
from png_files import DATA, END, GOOD, HEAD, chunk, itxt_xmp

from verify4k import inspect
from verify4k.formats.facts import Block, BytesReader, Size
from verify4k.formats.jpeg.header import header as jpeg_header
from verify4k.formats.metadata.claims import THUMBNAIL, ZOOM, Claim, claims
from verify4k.formats.png.header import header as png_header

SIZE = "Exif PixelXDimension x PixelYDimension"


def of_jpeg(*segments: bytes) -> tuple[Claim, ...]:
    reader = BytesReader(insert(jpeg(), *segments))
    header = jpeg_header(reader)
    return claims(reader, header, header.blocks)


def test_a_picture_without_metadata_claims_nothing() -> None:
    assert of_jpeg() == ()


def test_exif_claims_a_size() -> None:
    assert of_jpeg(app1_exif(sized(3840, 2160))) == (
        Claim("Exif PixelXDimension x PixelYDimension", Size(3840, 2160)),
    )


def test_a_thumbnail_claims_its_own_size() -> None:
    assert of_jpeg(app1_exif(exif(thumbnail=jpeg(320, 200)))) == (Claim(THUMBNAIL, Size(320, 200)),)


def test_a_digital_zoom_claims_the_part_that_the_camera_enlarged() -> None:
    stored = jpeg_header(BytesReader(jpeg())).stored
    part = Claim(ZOOM, Size(round(stored.width / 2.5), round(stored.height / 2.5)))
    assert part in of_jpeg(app1_exif(zoomed(5, 2, size=stored)))
    assert part in of_jpeg(app1_exif(zoomed(5, 2, size=stored.turned)))
    assert part not in of_jpeg(app1_exif(zoomed(5, 2, size=(4032, 3024))))  # resized since
    assert [one.source for one in of_jpeg(app1_exif(zoomed(10**6, 1, size=stored)))] == [SIZE]


def test_xmp_claims_sizes_under_two_names() -> None:
    packet = xmp('exif:PixelXDimension="9" exif:PixelYDimension="8" tiff:ImageWidth="7" tiff:ImageLength="6"')
    assert [claim.size for claim in of_jpeg(app1_xmp(packet))] == [Size(9, 8), Size(7, 6)]


def test_png_claims_from_chunks_deflated_or_not() -> None:
    data = (
        HEAD
        + chunk(b"eXIf", sized(9, 8))
        + itxt_xmp(xmp('tiff:ImageWidth="7" tiff:ImageLength="6"'), deflated=True)
    )
    reader = BytesReader(data + DATA + END)
    header = png_header(reader)
    assert [claim.size for claim in claims(reader, header, header.blocks)] == [Size(9, 8), Size(7, 6)]


def test_physical_resolution_claims_no_size() -> None:
    reader = BytesReader(HEAD + chunk(b"pHYs", b"\0\0\x0f\0\0\0\x08\x70\1") + DATA + END)
    header = png_header(reader)
    assert claims(reader, header, header.blocks) == ()


def test_a_tiff_s_own_directory_claims_nothing_but_another_file_s_does() -> None:
    block = exif((0x0100, LONG, 1, 9), (0x0101, LONG, 1, 8))
    header = png_header(BytesReader(GOOD))
    where = [Block("exif", 0, len(block))]
    assert claims(BytesReader(block), header._replace(format="tiff"), where) == ()
    assert claims(BytesReader(block), header, where)[0].size == Size(9, 8)


def test_the_same_claim_twice_is_one() -> None:
    block = sized(9, 8)
    where = [Block("exif", 0, len(block))] * 2
    assert len(claims(BytesReader(block), png_header(BytesReader(GOOD)), where)) == 1


def test_png_claims_from_exif_in_text() -> None:
    text = b"Raw profile type exif\0\nexif\n 0\n" + sized(9, 8).hex().encode()
    reader = BytesReader(HEAD + chunk(b"tEXt", text) + DATA + END)
    header = png_header(reader)
    assert [claim.size for claim in claims(reader, header, header.blocks)] == [Size(9, 8)]


def test_a_thumbnail_and_the_true_size_have_no_vote() -> None:
    block = exif(details=((0xA002, LONG, 1, 480), (0xA003, LONG, 1, 360)), thumbnail=jpeg(160, 120))
    for segments, voting in (((app1_exif(block),), []), ((app1_exif(sized(160, 120)),), [[160, 120]])):
        found = inspect(insert(jpeg(480, 360), *segments), native=True)["native"]
        assert [vote["size"] for vote in found["votes"]] == voting
        assert found["coding"] == {"quality": 75, "exact": True, "subsampling": "4:2:0"}

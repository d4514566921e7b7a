"""Which format bytes are: by magic and brands, never by a name."""

from __future__ import annotations

import subprocess
import sys

import pytest
from heif_files import box

from verify4k.errors import CannotRead
from verify4k.formats import registry
from verify4k.formats.table import HOMES

FTYP_ONLY_COMPATIBLE = box(b"ftyp", b"mp42", bytes(4), b"isom", b"avif")


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"\xff\xd8\xff\xe0", "jpeg"),
        (b"GIF87a", "gif"),
        (b"GIF89a", "gif"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "webp"),
        (b"II*\0\x08\0\0\0", "tiff"),
        (b"MM\0*\0\0\0\x08", "tiff"),
        (b"II+\0\x08\0\0\0", "tiff"),
        (b"MM\0+\0\x08\0\0", "tiff"),
        (b"\xff\x0a\x00", "jxl"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "jxl"),
        (b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0", "bmp"),
        (b"BM\x46\0\0\0\1\0\0\0\x36\0\0\0\x28\0\0\0", "bmp"),  # reserved bytes set
        (b"\0\0\1\0\1\0", "ico"),
        (b"\0\0\2\0\1\0", "cur"),
        (box(b"ftyp", b"avif", bytes(4), b"mif1"), "avif"),
        (box(b"ftyp", b"avis", bytes(4), b"msf1"), "avif"),
        (box(b"ftyp", b"heic", bytes(4), b"mif1"), "heic"),
        (box(b"ftyp", b"heic", bytes(4), b"avif"), "heic"),
        (box(b"ftyp", b"mif1", bytes(4), b"mif1", b"avif"), "avif"),
        (box(b"ftyp", b"mif1", bytes(4), b"mif1", b"heic"), "heic"),
        (box(b"ftyp", b"msf1", bytes(4), b"msf1"), "heic"),
        (FTYP_ONLY_COMPATIBLE, "avif"),
        (box(b"ftyp", b"mp42", bytes(4), b"isom"), None),
        (box(b"ftyp", b"mp42", bytes(4), b"isom") + b"avif", None),  # behind the box
        (box(b"ftyp", b"crx ", bytes(4), b"heic"), "raw"),
        (b"8BPS\0\1", "psd"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", "jp2"),
        (b"P6\n2 2\n255\n", "pnm"),
        (b"qoif", "qoi"),
        (b"", None),
        (b"\x89PNG\n\x1a\n", None),
        (b"BMW drivers", None),
        (b"\0\0\2\0\0\0\0\0\0\0\0\0\4\0\3\0\x18\0", "tga"),
        (b"\0\0\2\0\0\0\0\0", None),  # too little of a TGA
        (b"\0\0\2\0\0\0\0\0\0\0\0\0\4\0\3\0\x19\0", None),  # 25 bits a pixel
        (b"P8\n", None),
        (b"<svg/>", "svg"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "svg"),
        (b"<?xml version='1.0'?>\n<!-- x -->\n<!DOCTYPE svg PUBLIC 'a' 'b'>\n<svg>", "svg"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">\n]>\n<svg>', "svg"),
        (b"<!DOCTYPE svg [<!ENTITY a '" + b"b" * 9000, "svg"),
        (b"<svg:svg xmlns:svg='x'>", "svg"),
        ("\ufeff<svg/>".encode("utf-16-le"), "svg"),
        (b"<!-- no end <svg>", None),
        (b"<svgfoo>", None),
        (b"<html><svg>", None),
        (b"<!doctype html><svg>", None),
        (b"hello", None),
        (b"SDPX\0\0\x20\0V2.0", "dpx"),
        (b"XPDS\0\x20\0\0V1.0", "dpx"),
        (b"\x01\xda\x01\x01\0\3", "sgi"),
        (b"PF\n53 37\n-1.0\n", "pfm"),
        (b"/* XPM */\nstatic char", "xpm"),
        (b"\x13\xab\xa1\x5c\4\4", "astc"),
    ],
)
def test_bytes_are_named_by_their_magic(head: bytes, name: str | None) -> None:
    assert registry.sniff(head) == name


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"\x89PN", "png"),
        (b"\xff\xd8", "jpeg"),
        (b"GIF8", "gif"),
        (b"\x89P", None),
        (b"GI", None),
        (b"hel", None),
    ],
)
def test_a_file_cut_inside_its_signature_keeps_its_name(head: bytes, name: str | None) -> None:
    assert registry.sniff(head) == name


@pytest.mark.parametrize("name", registry.readable())
def test_every_supported_format_has_the_three_functions(name: str) -> None:
    module = registry.load(name)
    assert all(callable(getattr(module, function)) for function in ("header", "walk", "decode"))


def test_an_unsupported_format_is_undecided_and_says_what_to_do() -> None:
    with pytest.raises(CannotRead, match="xcf") as caught:
        registry.load("xcf")
    assert "export" in caught.value.hint


def test_suffixes_and_media_types_name_known_formats() -> None:
    known = registry.all_formats()
    assert {*registry.suffixes().values(), *registry.media_types().values()} <= known.keys()
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in registry.suffixes())
    assert registry.suffixes()[".jpe"] == registry.suffixes()[".jfif"] == "jpeg"


def test_the_table_of_formats_says_what_their_files_declare() -> None:
    """Written by: sh scripts/regenerate.sh."""
    for name, (each, home) in registry.declared().items():
        said = registry.all_formats()[name]
        assert said._replace(recognize=each.recognize) == each
        assert (said.recognize is None, HOMES[name]) == (each.recognize is None, home)
    assert list(registry.all_formats()) == list(HOMES) == list(registry.declared())


def test_naming_a_png_imports_no_other_parser() -> None:
    code = "import sys; from verify4k.formats import registry; registry.sniff(b'\\x89PNG\\r\\n\\x1a\\n'); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {f"verify4k.formats.{name}" for name in HOMES.values()} & set(done.stdout.split())


def test_no_suffix_no_media_type_and_no_magic_is_claimed_twice() -> None:
    every = registry.all_formats().values()
    for claims in (
        [suffix for each in every for suffix in each.suffixes],
        [kind for each in every for kind in each.media_types],
        [magic for each in every for magic in each.magic],
    ):
        assert len(set(claims)) == len(claims)


def test_a_format_that_gets_a_reader_is_no_longer_known_by_name_only() -> None:
    known, read = registry.Format("fits", readable=False), registry.Format("fits", (".fits",))
    for order in ([known, read], [read, known]):
        assert registry._by_name((each, "fits") for each in order) == {"fits": (read, "fits")}
    for twice in (known, read):
        with pytest.raises(TypeError, match="two formats are called fits"):
            registry._by_name((twice, "fits") for _ in range(2))


def test_parsers_import_neither_pillow_nor_numpy() -> None:
    code = (
        "import sys; from verify4k.formats import registry; [registry.load(n) for n in registry.readable()];"
        "print(sorted({m.partition('.')[0] for m in sys.modules} & {'PIL', 'numpy', 'pillow_heif'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

"""Pictures that something took for text: the cause is named in every format, and no sound picture is accused."""

from __future__ import annotations

import io
import json
import random
from typing import TYPE_CHECKING, Any

import pytest
from pictures import gradient
from PIL import Image

from verify4k.formats.reading.conversion import text_conversion

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FORMATS = {
    "png": "PNG",
    "jpg": "JPEG",
    "webp": "WEBP",
    "gif": "GIF",
    "tiff": "TIFF",
    "bmp": "BMP",
    "avif": "AVIF",
}


def picture(kind: str) -> bytes:
    """A picture with enough colours that no encoder makes it small."""
    grain = Image.frombytes("RGB", (160, 120), random.Random(7).randbytes(160 * 120 * 3))
    image = Image.blend(gradient(160, 120), grain, 0.3)
    buffer = io.BytesIO()
    image.save(buffer, FORMATS[kind])
    return buffer.getvalue()


def lost(data: bytes) -> bytes:
    return data.decode("utf-8", "replace").encode("utf-8")


def from_latin(data: bytes) -> bytes:
    return data.decode("latin-1").encode("utf-8")


def more(data: bytes) -> bytes:
    return data.replace(b"\n", b"\r\n")


CONVERSIONS: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "decoded as UTF-8": (lost, "decoded as UTF-8, with U+FFFD in the place of what is lost"),
    "from Latin-1": (from_latin, "encoded as UTF-8 from a single-byte encoding"),
    "LF to CRLF": (more, "every LF became CRLF"),
}


@pytest.mark.parametrize("conversion", CONVERSIONS)
@pytest.mark.parametrize("kind", FORMATS)
def test_the_conversion_is_the_cause_that_is_told(kind: str, conversion: str) -> None:
    convert, words = CONVERSIONS[conversion]
    found = text_conversion(convert(picture(kind)), kind)
    assert found == f"its bytes were taken for text: {words}"
    assert f"`*.{kind} binary`" in found.fix


@pytest.mark.parametrize("kind", FORMATS)
def test_a_picture_cut_off_was_not_taken_for_text(kind: str) -> None:
    data = picture(kind)
    assert text_conversion(data, kind) is None
    assert text_conversion(data[: len(data) // 2], kind) is None


def test_the_other_way_round_is_told_where_the_file_is_large_enough() -> None:
    noise = random.Random(3).randbytes(800_000)
    assert text_conversion(noise, "tiff") is None
    found = text_conversion(noise.replace(b"\r\n", b"\n"), "tiff")
    assert found == "its bytes were taken for text: every CRLF became LF"


@pytest.mark.parametrize("kind", ["webp", "gif", "bmp", "jpg", "tiff"])
def test_the_gate_names_the_cause_and_what_keeps_the_bytes(kind: str, tmp_path: Path, run: Any) -> None:
    (tmp_path / f"a.{kind}").write_bytes(lost(picture(kind)))
    (tmp_path / "verify4k.yaml").write_text(f"version: 1\nfiles: [a.{kind}]\n")
    outcome = run("check", "--format", "concise", "--select", "readable")
    assert outcome.code == 1
    assert "UTF-8" in outcome.out


def test_a_link_that_became_text_is_named(tmp_path: Path, run: Any) -> None:
    (tmp_path / "a.png").write_bytes(b"../art/hero.png")
    (tmp_path / "b.png").write_bytes(b"no such picture.")
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles:\n  - a.png\n  - b.png\n")
    out = run("check", "--select", "readable").out
    assert out.count("a symbolic link that git checked out as text, not the image") == 1
    assert "core.symlinks" in out


@pytest.mark.parametrize("select", [["--select", "readable"], []], ids=["one rule", "all rules"])
@pytest.mark.parametrize("workers", ["fork", "spawn"])
def test_apples_variant_has_a_fix_of_its_own(
    workers: str, select: list[str], tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    png = picture("png")
    (tmp_path / "a.png").write_bytes(png[:8] + b"\0\0\0\4CgBI\x50\0\x20\x02\x2b\xd5\xb3\x7f" + png[8:])
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: [a.png]\n")
    monkeypatch.setenv("VERIFY4K_WORKERS", workers)
    out = " ".join(run("check", *select).out.split())
    assert "CgBI variant of PNG: only iOS shows it" in out
    assert "xcrun pngcrush -revert-iphone-optimizations" in out
    assert "fetch, export or transfer" not in out


def test_what_was_shifted_behind_the_end_of_a_webp_is_no_appended_data(tmp_path: Path, run: Any) -> None:
    data = picture("webp")
    (tmp_path / "a.webp").write_bytes(more(data))
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {a.webp: {}}\n")
    findings = json.loads(run("check", "--format", "json").out)["findings"]
    assert all("every LF became CRLF" in found["message"] for found in findings), findings
    assert all("`*.webp binary`" in found["fix"] for found in findings)
    (tmp_path / "a.webp").write_bytes(data + b"x")
    [found] = json.loads(run("check", "--format", "json").out)["findings"]
    assert found["message"] == "1 byte follows the end of the image (other data)"

"""What stands beside the trace: votes of metadata and a JPEG's quality, told and never judged."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from pictures import exif_with, jumbf, png_chunk, save, texture
from PIL import Image

from verify4k import inspect
from verify4k.analysis.native.coding import JpegTables
from verify4k.analysis.native.metadata_claims import MetadataClaim
from verify4k.analysis.native.verdict import Native
from verify4k.artifacts.native_facts import native_facts, native_notes

if TYPE_CHECKING:
    from pathlib import Path

NONE = Native("no-trace", None, None, (0.0, 0.0), "none", "no sign of enlargement")
SUSPECT = Native("suspect", (3072, 1728), 0.8, (9.0, 9.0), "aligned lattice", "looks enlarged")
EXIF = MetadataClaim("Exif PixelXDimension x PixelYDimension", (3072, 1728))
EXIF_TOO = MetadataClaim("Exif ImageWidth x ImageLength", (3072, 1728))
XMP = MetadataClaim("XMP tiff:ImageWidth x tiff:ImageLength", (3072, 1728))
OTHER = MetadataClaim("C2PA tiff:ImageWidth x tiff:ImageLength", (1920, 1080))
STRONG = JpegTables((16, 11) + (99,) * 62, "4:2:0")


def facts(native: Native, *votes: MetadataClaim, coding: JpegTables | None = None) -> dict[str, Any]:
    known: Any = SimpleNamespace(native=native, native_votes=votes, coding=coding)
    return native_facts(known)


@pytest.mark.parametrize(
    ("native", "votes", "sentence"),
    [
        (NONE, (), "no sign of enlargement"),
        (NONE, (EXIF,), "no sign of enlargement; but Exif names 3072x1728, a smaller picture of this shape"),
        (
            NONE,
            (EXIF, XMP, OTHER),
            (
                "no sign of enlargement; but Exif and XMP name 3072x1728, a smaller picture of this shape; "
                "but C2PA names 1920x1080, a smaller picture of this shape"
            ),
        ),
        (SUSPECT, (), "looks enlarged"),
        (SUSPECT, (OTHER,), "looks enlarged"),
        (SUSPECT, (EXIF, EXIF_TOO), "looks enlarged; Exif names the same size, 3072x1728"),
        (SUSPECT, (EXIF, OTHER), "looks enlarged; Exif names the same size, 3072x1728"),
        (SUSPECT, (EXIF, XMP), "looks enlarged; Exif and XMP name the same size, 3072x1728"),
    ],
)
def test_a_vote_is_said_where_it_agrees_or_stands_alone(
    native: Native, votes: tuple[MetadataClaim, ...], sentence: str
) -> None:
    found = facts(native, *votes)
    assert found["sentence"] == sentence
    assert found["verdict"] == native.verdict  # whatever metadata says
    assert [(vote["source"], tuple(vote["size"])) for vote in found["votes"]] == list(votes)
    assert [vote["agrees"] for vote in found["votes"]] == [
        native is SUSPECT and vote is not OTHER for vote in votes
    ]


def test_only_the_absence_of_a_trace_is_weaker_in_a_strongly_compressed_file() -> None:
    quality = STRONG.quality.number
    assert quality < 70
    assert facts(NONE, coding=STRONG)["sentence"] == (
        f"no sign of enlargement; strongly compressed (JPEG quality about {quality}): a trace may not have survived"
    )
    assert facts(SUSPECT, coding=STRONG)["sentence"] == "looks enlarged"
    assert facts(SUSPECT, coding=STRONG)["coding"] == {
        "quality": quality,
        "exact": False,
        "subsampling": "4:2:0",
    }
    assert facts(NONE)["coding"] is None


def test_the_numbers_of_a_trace_follow_its_sentence() -> None:
    found = Native("upscaled", (1922, 1080), 0.50049, (64.6402, 45.04), "free lattice", "looks enlarged")
    assert facts(found)["strength"] == [64.6, 45.0]
    assert facts(found)["ratio"] == 0.5005
    assert list(native_notes(facts(found))) == [
        "looks enlarged",
        "upscaled: native / stored 0.500, strength 64.6 across and 45 down (deviations), free lattice",
        "reduced to 1922x1080 it keeps what it had before",
    ]
    assert facts(found)["target"] == [1922, 1080]
    assert facts(SUSPECT)["target"] is None
    assert list(native_notes(facts(NONE))) == ["no sign of enlargement"]


def test_the_notes_list_every_vote_and_the_quality() -> None:
    about = f"JPEG quality about {STRONG.quality.number}"
    assert list(native_notes(facts(SUSPECT, EXIF, OTHER, coding=STRONG)))[2:] == [
        "Exif PixelXDimension x PixelYDimension names 3072x1728, as the pixels do",
        "C2PA tiff:ImageWidth x tiff:ImageLength names 1920x1080",
        f"{about}, 4:2:0",
    ]
    assert list(native_notes(facts(NONE, coding=JpegTables(STRONG.luma, ""))))[1:] == [about]


# -- of real files ---------------------------------------------------------------------------


def enlarged(name: str, **options: Any) -> bytes:
    return save(texture(512, 384).resize((1024, 768), Image.Resampling.BICUBIC), name, **options)


def test_exif_and_c2pa_vote_together() -> None:
    exif = exif_with({0x0112: 1}, {0xA002: 512, 0xA003: 384})
    data = enlarged("a.png", exif=exif)
    box = jumbf({"stds.exif": {"tiff:ImageWidth": "512", "tiff:ImageLength": "384"}})
    found = inspect(data[:33] + png_chunk(b"caBX", box) + data[33:], native=True)["native"]
    assert [(vote["source"][:4], vote["size"], vote["agrees"]) for vote in found["votes"]] == [
        ("Exif", [512, 384], True),
        ("C2PA", [512, 384], True),
    ]
    assert "Exif and C2PA name the same size, 512x384" in found["sentence"]
    assert found["coding"] is None


@pytest.mark.parametrize(
    ("picture", "verdict"),
    [(texture(1024, 768), "no-trace"), (Image.new("RGB", (1024, 768), (90, 90, 90)), "cannot-tell")],
)
def test_metadata_alone_never_makes_native_resolution_fail(
    picture: Image.Image, verdict: str, run: Any, tmp_path: Path
) -> None:
    data = save(picture, "a.jpg", quality=90, exif=exif_with({}, {0xA002: 512, 0xA003: 384}))
    (tmp_path / "a.jpg").write_bytes(data)
    (tmp_path / "verify4k.json").write_text('{"version": 1, "files": {"a.jpg": {"native": "on"}}}')
    outcome = run("check", "--format", "json", "--select", "native-resolution")
    assert outcome.code == 0
    severities = [finding["severity"] for finding in json.loads(outcome.out)["findings"]]
    assert severities == ([] if verdict == "no-trace" else ["note"])
    text = run("inspect", "--native", "a.jpg").out
    assert "but Exif names 512x384, a smaller picture of this shape" in text
    assert "  Exif PixelXDimension x PixelYDimension names 512x384\n" in text
    assert "  JPEG quality 90, 4:2:0\n" in text


def test_the_finding_s_evidence_has_votes_and_coding(run: Any, tmp_path: Path) -> None:
    data = enlarged("a.jpg", quality=90, exif=exif_with({}, {0xA002: 512, 0xA003: 384}))
    (tmp_path / "a.jpg").write_bytes(data)
    (tmp_path / "verify4k.json").write_text('{"version": 1, "files": {"a.jpg": {"native": "warn"}}}')
    outcome = run("check", "--format", "json", "--select", "native-resolution", "--report", "html=a.html")
    [finding] = json.loads(outcome.out)["findings"]
    assert finding["evidence"]["votes"] == [
        {"source": "Exif PixelXDimension x PixelYDimension", "size": [512, 384], "agrees": True}
    ]
    assert finding["evidence"]["coding"]["quality"] == 90
    assert finding["message"].endswith("; Exif names the same size, 512x384")
    page = (tmp_path / "a.html").read_text()
    assert (
        "<li>Exif PixelXDimension x PixelYDimension names 512x384: the size that the pixels tell</li>" in page
    )
    assert "scale, 4:2:0</li>" in page

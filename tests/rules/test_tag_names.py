"""A tag's name that nothing can have is a mistake: forbidden, it would never be asked about."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from one_rule import promised
from pictures import gradient, save

from verify4k.errors import ManifestError
from verify4k.options.tag_names import unmatchable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize(
    "name",
    [
        "GPS*", "gps*", "GPSLatitude", "EXIF:*", "exif:gps*", "XMP:Creator", "XMP*:*", "Copyright", "Location",
        "IPTC:Keywords", "Comment", "File:Comment", "*", "*:*", "?MP:*", "MakerNotes:*", "JUMBF:*", "[GE]PS*",
        "Canon:Lens*", "PNG:Textual-Data", "APP14:*",
    ],
)  # fmt: skip
def test_a_name_that_a_tag_may_have_is_taken(name: str) -> None:
    assert unmatchable(name) == ("", "")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("GPS", "did you mean GPS*?"),
        ("gps", "did you mean GPS*?"),
        ("GPSPosition", "did you mean GPS*?"),
        ("EXIF", "did you mean EXIF:*?"),
        ("exif", "did you mean EXIF:*?"),
        ("xmp", "did you mean XMP:*?"),
        ("ICC", "did you mean ICC_Profile:*?"),
        ("ICC_Profile", "did you mean ICC_Profile:*?"),
        ("c2pa", "did you mean JUMBF:*?"),
        ("all", "did you mean *?"),
        ("EXIF:all", "did you mean EXIF:*?"),
        ("GPS:all", "did you mean GPS*?"),
        ("GPS:*", "write GPS*"),
        ("ExifIFD:*", "write EXIF:..."),
        ("IFD0:Artist", "write EXIF:..."),
        ("XMP-dc:Creator", "write XMP:..."),
        ("ICC-header:*", "write ICC_Profile:..."),
        ("EXFI:GPS*", "did you mean EXIF:...?"),
        ("Composite:GPS*", "name what is written in the file"),
        ("File:*", "name what is written in the file"),
        ("-GPS*", "write names like GPSLatitude, EXIF:Artist or GPS*"),
        ("GPSLatitude=1", "write names like GPSLatitude, EXIF:Artist or GPS*"),
        ("XMP:XMP-dc:Creator", "write names like GPSLatitude, EXIF:Artist or GPS*"),
    ],
)
def test_a_name_that_no_tag_can_have_is_told_how_it_is_written(name: str, hint: str) -> None:
    assert unmatchable(name)[1] == hint
    for entry in (f"{{metadata: {{forbid: ['{name}']}}}}", f"{{metadata: {{require: '{name}'}}}}"):
        with pytest.raises(ManifestError) as caught:
            promised("metadata", entry, b"")
        assert hint in str(caught.value)


def test_what_a_source_has_of_a_group_is_named_as_everywhere(tmp_path: Path, run: Callable[..., Any]) -> None:
    (tmp_path / "verify4k.yaml").write_text(
        "version: 1\nfiles:\n  a.jpg: {}\n  b.jpg: {from: a.jpg, nothing-lost: EXIF}\n"
    )
    outcome = run("check")
    assert (outcome.code, "did you mean EXIF:*?" in outcome.err) == (2, True)


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="ExifTool is not installed")
def test_a_comment_of_a_jpeg_is_metadata(tmp_path: Path, run: Callable[..., Any]) -> None:
    (tmp_path / "a.jpg").write_bytes(save(gradient(64, 36), "a.jpg", comment=b"made by me"))
    for name in ("Comment", "File:Comment", "Comm*"):
        text = f"version: 1\nfiles: {{a.jpg: {{metadata: {{forbid: ['{name}']}}}}}}\n"
        (tmp_path / "verify4k.yaml").write_text(text)
        outcome = run("check")
        assert (outcome.code, "File:Comment" in outcome.out) == (1, True), outcome

"""OpenEXR: files by the reference library and by OpenImageIO, headers without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from judging import header_of, judge, verdict, walk_of

from verify4k.errors import Damaged, MissingTool
from verify4k.formats.facts import Size
from verify4k.formats.limits import DEFAULT
from verify4k.formats.registry import load

if TYPE_CHECKING:
    from pathlib import Path

OpenEXR = pytest.importorskip("OpenEXR")
np = pytest.importorskip("numpy")
RAMP = np.linspace(0, 2, 16 * 12, dtype="float32").reshape(12, 16)


def written(path: Path, channels: dict[str, Any], compression: str = "ZIP", **header: Any) -> bytes:
    told = {"compression": getattr(OpenEXR, f"{compression}_COMPRESSION"), "type": OpenEXR.scanlineimage}
    OpenEXR.File({**told, **header}, channels).write(str(path / "a.exr"))
    return (path / "a.exr").read_bytes()


@pytest.mark.parametrize("compression", ["NO", "RLE", "ZIPS", "ZIP", "PIZ", "PXR24", "B44", "DWAA"])
def test_every_compression_is_read(compression: str, tmp_path: Path) -> None:
    found = judge(written(tmp_path, dict.fromkeys("RGB", RAMP), compression))
    assert found.damage == ()
    assert (found.header.stored, found.header.mode, found.header.bit_depth) == (Size(16, 12), "rgb", 32)
    assert found.pixels is not None
    assert found.pixels.array().shape == (12, 16, 3)


def test_light_above_white_is_white_and_half_floats_are_16_bits(tmp_path: Path) -> None:
    found = judge(written(tmp_path, {"Y": RAMP.astype("float16")}, "NO"))
    assert (found.header.mode, found.header.bit_depth, found.header.alpha) == ("gray", 16, False)
    assert found.pixels is not None
    assert found.pixels.array()[-1, -1] == 65535
    assert found.pixels.array()[0, 0] == 0


@pytest.mark.parametrize(("alpha", "word"), [(1.0, "opaque"), (0.5, "used")])
def test_alpha_is_looked_at(alpha: float, word: str, tmp_path: Path) -> None:
    channels = {"RGBA": np.full((12, 16, 4), alpha, "float16")}
    found = judge(written(tmp_path, channels))
    assert (found.header.alpha, found.alpha) == (True, word)


def test_the_display_window_is_what_is_displayed(tmp_path: Path) -> None:
    window = (np.array([0, 0], "int32"), np.array([31, 17], "int32"))
    header = header_of(written(tmp_path, dict.fromkeys("RGB", RAMP), displayWindow=window))
    assert (header.stored, header.displayed) == (Size(16, 12), Size(32, 18))


def test_the_first_layer_stands_for_the_picture(tmp_path: Path) -> None:
    found = judge(written(tmp_path, {f"diffuse.{each}": RAMP for each in "RGB"}))
    assert (found.damage, found.header.mode) == ((), "rgb")


def test_no_cut_passes(tmp_path: Path) -> None:
    data = written(tmp_path, dict.fromkeys("RGB", RAMP))
    for end in range(8, len(data)):
        assert verdict(data[:end]) != "ok", end


def test_rows_that_were_never_written_are_damage(tmp_path: Path) -> None:
    data = written(tmp_path, dict.fromkeys("RGB", RAMP), "ZIPS")
    table = next(at for at in range(len(data)) if int.from_bytes(data[at : at + 8], "little") == at + 8 * 12)
    empty = data[: table + 8] + bytes(8) + data[table + 16 :]
    assert "empty entries" in walk_of(empty).damage[0]


def test_a_file_by_openimageio_is_read(tmp_path: Path) -> None:
    oiio = pytest.importorskip("OpenImageIO")
    spec = oiio.ImageSpec(16, 12, 4, "half")
    spec.attribute("oiio:tile", 0)
    out = oiio.ImageOutput.create("a.exr")
    out.open(str(tmp_path / "a.exr"), spec)
    out.write_image(np.ones((12, 16, 4), "float32"))
    out.close()
    found = judge((tmp_path / "a.exr").read_bytes())
    assert (found.damage, found.header.stored, found.alpha) == ((), Size(16, 12), "opaque")


def test_a_header_of_zeros_is_damage() -> None:
    with pytest.raises(Damaged, match="empty"):
        header_of(b"\x76\x2f\x31\x01\2\0\0\0" + bytes(60))


def test_without_the_library_the_pixels_are_undecided(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = written(tmp_path, dict.fromkeys("RGB", RAMP))
    monkeypatch.setitem(__import__("sys").modules, "OpenEXR", None)
    with pytest.raises(MissingTool) as caught:
        load("exr").decode(data, header_of(data), colour=True, limits=DEFAULT)
    assert caught.value.hint == 'pip install "verify4k[exr]"'

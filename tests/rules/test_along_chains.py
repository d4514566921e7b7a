"""Rules along `from:`: what honest exports do to a picture is accepted, what pipelines do to it is named."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pictures import exif_with, gradient, p3, png_chunk, save, texture
from PIL import Image, ImageChops, ImageCms, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from verify4k import check
from verify4k.checking.plan import Settings
from verify4k.errors import ManifestError
from verify4k.manifest.load import load_manifest

if TYPE_CHECKING:
    from collections.abc import Callable

    from verify4k.report import Report

RULES = frozenset({"same-picture-as-source", "no-enlargement", "nothing-lost"})
SIZE = (640, 360)


def scene() -> Image.Image:
    """Texture with shapes that are nowhere symmetric."""
    image = texture(*SIZE)
    draw = ImageDraw.Draw(image)
    draw.rectangle((40, 30, 190, 130), fill=(200, 40, 30))
    draw.ellipse((380, 180, 600, 330), fill=(20, 60, 190))
    draw.polygon([(250, 300), (330, 60), (420, 130)], fill=(240, 220, 60))
    return image


def cutout() -> Image.Image:
    image = scene().convert("RGBA")
    mask = Image.new("L", SIZE)
    ImageDraw.Draw(mask).ellipse((60, 20, 560, 350), fill=255)
    image.putalpha(mask)
    return image


def on(colour: tuple[int, int, int]) -> Image.Image:
    ground = Image.new("RGBA", SIZE, (*colour, 255))
    ground.alpha_composite(cutout())
    return ground.convert("RGB")


def judged(folder: Path, source: bytes, made: bytes, depth: Any = "full", **promise: Any) -> Report:
    (folder / "source.bin").write_bytes(source)
    (folder / "made.bin").write_bytes(made)
    files = {"source.bin": {}, "made.bin": {"from": "source.bin", **promise}}
    (folder / "verify4k.json").write_text(json.dumps({"version": 1, "files": files}))
    return check(load_manifest(folder / "verify4k.json"), Settings(select=RULES, depth=depth))


def found(report: Report) -> list[str]:
    assert report.undecided == ()
    return [finding.message for finding in report.findings]


SOURCE = save(scene(), "a.png")
HONEST: dict[str, Callable[[], bytes]] = {
    **{f"JPEG {q}": lambda q=q: save(scene(), "a.jpg", quality=q) for q in (95, 75, 40, 15)},  # type: ignore[misc]
    "WebP": lambda: save(scene(), "a.webp", quality=40),
    "a third": lambda: save(scene().resize((213, 120), Image.Resampling.LANCZOS), "a.png"),
    "a thumbnail": lambda: save(scene().resize((64, 36), Image.Resampling.BOX), "a.png"),
    "an icon": lambda: save(scene().resize((28, 16), Image.Resampling.LANCZOS), "a.png"),
    "a row short": lambda: save(scene().resize((213, 119)), "a.png"),
    "grey": lambda: save(scene().convert("L"), "a.png"),
    "a palette": lambda: save(scene().quantize(32), "a.png"),
    "GIF": lambda: save(scene(), "a.gif"),
    "sharpened": lambda: save(scene().filter(ImageFilter.UnsharpMask(2, 80, 2)), "a.png"),
    "brighter": lambda: save(ImageEnhance.Brightness(scene()).enhance(1.1), "a.png"),
    "an opaque alpha channel": lambda: save(scene().convert("RGBA"), "a.png"),
    "CMYK": lambda: save(scene().convert("CMYK"), "a.jpg"),
    "stored turned, shown upright": lambda: save(
        scene().transpose(Image.Transpose.ROTATE_90), "a.jpg", exif=exif_with({0x0112: 6})
    ),
    "blocks of 16": lambda: save(scene().crop((0, 0, 640, 352)), "a.jpg"),
}


@pytest.mark.parametrize("name", HONEST)
def test_what_honest_exports_do_is_accepted(name: str, tmp_path: Path) -> None:
    assert found(judged(tmp_path, SOURCE, HONEST[name]())) == []


@pytest.mark.parametrize(
    "colour", [(255, 255, 255), (0, 0, 0), (20, 120, 200)], ids=["white", "black", "blue"]
)
def test_transparent_parts_may_stand_on_any_colour(colour: tuple[int, int, int], tmp_path: Path) -> None:
    source = save(cutout(), "a.png")
    assert found(judged(tmp_path, source, save(on(colour), "a.jpg"))) == []
    mirrored = save(ImageOps.mirror(on(colour)), "a.jpg")
    assert found(judged(tmp_path, source, mirrored)) == ["the picture is mirrored against its source"]


def test_soft_edges_may_become_a_mask_or_be_thrown_away(tmp_path: Path) -> None:
    soft = cutout()
    soft.putalpha(soft.getchannel("A").filter(ImageFilter.GaussianBlur(40)))
    source = save(soft, "a.png")
    mask = soft.copy()
    mask.putalpha(soft.getchannel("A").point([0] * 128 + [255] * 128))
    bare = soft.convert("RGB")
    bare.paste((0, 0, 0), mask=soft.getchannel("A").point([255] + [0] * 255))
    assert found(judged(tmp_path, source, save(mask, "a.png"))) == []
    assert found(judged(tmp_path, source, save(bare, "a.jpg"))) == []
    assert found(judged(tmp_path, source, save(ImageOps.mirror(bare), "a.jpg"))) == [MIRRORED]


def _grey_end(image: Image.Image) -> Image.Image:
    image.paste((128, 128, 128), (0, 290, 640, 360))
    return image


TURNED, MIRRORED = "the picture is turned against its source", "the picture is mirrored against its source"
FILLED = "the end of the source is missing, and was filled"
CROPPED, PADDED = "a part of the source is missing", "there is something around the source's picture"
BAD: dict[str, tuple[Callable[[], Image.Image], str]] = {
    "on its side at its size": (lambda: scene().transpose(Image.Transpose.ROTATE_90).resize(SIZE), TURNED),
    "on its side": (lambda: scene().transpose(Image.Transpose.ROTATE_270), TURNED),
    "head down": (lambda: scene().rotate(180), TURNED),
    "mirrored": (lambda: ImageOps.mirror(scene()), MIRRORED),
    "upside down": (lambda: ImageOps.flip(scene()), MIRRORED),
    "cut to a square": (lambda: scene().crop((0, 0, 360, 360)), CROPPED),
    "cut at the same shape": (lambda: scene().crop((100, 40, 484, 256)), CROPPED),
    "framed": (lambda: ImageOps.expand(scene().resize((512, 288)), (64, 36), (0, 0, 0)), PADDED),
    "on a larger canvas": (lambda: ImageOps.pad(scene().resize((320, 180)), (320, 320), color="white"), PADDED),
    "stretched": (lambda: scene().resize((360, 360)), "the picture is stretched against its source"),
    "another": (lambda: gradient(*SIZE), "this is another picture than its source"),
    "repaired with grey": (lambda: _grey_end(scene()), FILLED),
    "inverted": (lambda: ImageChops.invert(scene()), "the picture is inverted"),
    "BGR": (lambda: Image.merge("RGB", scene().split()[::-1]), "the colours are exchanged against the source"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("form", ["a.png", "a.jpg"])
def test_what_pipelines_do_is_named(name: str, form: str, tmp_path: Path) -> None:
    make, message = BAD[name]
    assert found(judged(tmp_path, SOURCE, save(make(), form))) == [message]


def test_an_orientation_that_was_dropped_without_turning_is_seen(tmp_path: Path) -> None:
    stored = scene().transpose(Image.Transpose.ROTATE_90)
    source = save(stored, "a.jpg", exif=exif_with({0x0112: 6}))
    assert found(judged(tmp_path, source, save(scene(), "a.jpg"))) == []
    assert TURNED in found(judged(tmp_path, source, save(stored, "a.jpg")))


@pytest.mark.parametrize(
    ("promise", "accepted"),
    [({"edits": "crop"}, True), ({"edits": ["mirror", "any"]}, True), ({"size": "360x360"}, True),
     ({"ratio": "1:1"}, True), ({"edits": "mirror"}, False), ({"size": "640x360..720x720"}, False)],
    ids=["said", "anything", "the promised size", "the promised shape", "something else", "a range"],
)  # fmt: skip
def test_a_crop_that_was_asked_for_is_none(promise: dict[str, Any], accepted: bool, tmp_path: Path) -> None:
    square = save(scene().crop((100, 0, 460, 360)), "a.png")
    assert found(judged(tmp_path, SOURCE, square, **promise)) == ([] if accepted else [CROPPED])


def faint(colour: tuple[int, int, int]) -> Image.Image:
    """A scene whose lower half has little to see: a lawn, a road, the sea."""
    image = scene()
    image.paste(Image.blend(texture(640, 180), Image.new("RGB", (640, 180), colour), 0.6), (0, 180))
    return image


@pytest.mark.parametrize("colour", [(70, 110, 40), (70, 60, 40), (150, 190, 220)])
@pytest.mark.parametrize("form", ["a.png", "a.jpg"])
def test_the_grey_of_a_decoder_is_told_where_there_was_little_to_see(
    colour: tuple[int, int, int], form: str, tmp_path: Path
) -> None:
    source = save(faint(colour), "a.png")
    assert found(judged(tmp_path, source, save(_grey_end(faint(colour)), form))) == [FILLED]


def test_grey_that_the_source_has_too_is_no_decoders(tmp_path: Path) -> None:
    source = _grey_end(faint((70, 110, 40)))
    brighter = ImageEnhance.Brightness(_grey_end(faint((70, 110, 40))).point(lambda v: v * 0.8)).enhance(1.25)
    for honest in (source, brighter, source.quantize(16), ImageOps.posterize(source, 3)):
        assert found(judged(tmp_path, save(source, "a.png"), save(honest, "a.png"))) == []


@pytest.mark.parametrize(
    ("fit", "expected"),
    [
        (ImageOps.pad, []),
        (ImageOps.fit, ["it is 1.39 times as large as what it was made from"]),
        (lambda image, size: image.resize((640, 640)).resize(size),
         ["the picture is stretched against its source", "it is 1.39 times as large as what it was made from"]),
    ],
    ids=["framed", "cut", "stretched"],
)  # fmt: skip
def test_a_frame_of_the_promised_shape_enlarges_nothing(
    fit: Any, expected: list[str], tmp_path: Path
) -> None:
    made = save(fit(scene(), (500, 500)), "a.png")
    assert sorted(found(judged(tmp_path, SOURCE, made, size="500x500"))) == sorted(expected)


def test_whether_it_was_framed_or_cut_is_undecided_at_header_depth(tmp_path: Path) -> None:
    made = save(ImageOps.pad(scene(), (500, 500)), "a.png")
    header = judged(tmp_path, SOURCE, made, depth="header", size="500x500")
    assert header.findings == ()
    assert [(each.rule, each.reason) for each in header.undecided] == [
        ("no-enlargement", "whether it was cut or framed shows in the pixels")
    ]


def test_a_broken_source_that_some_step_completed_is_told(tmp_path: Path) -> None:
    whole = save(scene(), "a.jpg", quality=90)
    report = judged(tmp_path, whole[: len(whole) * 2 // 3], save(_grey_end(scene()), "a.jpg"))
    assert [f.message for f in report.findings] == ["the end of a broken source was filled"]
    intact = judged(tmp_path, whole[: len(whole) * 2 // 3], whole)
    assert intact.findings == ()
    assert "source.bin, which it was made from, cannot be compared" in intact.undecided[0].reason
    assert intact.exit_code == 3


@pytest.mark.parametrize(
    ("source", "made", "times"),
    [((320, 180), (640, 360), "2"), ((320, 180), (322, 181), "1.01"), ((320, 180), (321, 181), ""), ((320, 180), (320, 180), "")],
)  # fmt: skip
def test_rounding_is_no_enlargement(
    source: tuple[int, int], made: tuple[int, int], times: str, tmp_path: Path
) -> None:
    report = judged(tmp_path, save(scene().resize(source), "a.png"), save(scene().resize(made), "a.png"))
    wanted = [f"it is {times} times as large as what it was made from"] if times else []
    assert found(report) == wanted


def test_what_lies_on_its_side_at_the_promised_size_is_told_once(tmp_path: Path) -> None:
    """Its orientation tag was dropped, and the size was promised as stored: nothing was enlarged."""
    stored = scene()
    source = save(stored, "a.jpg", quality=92, exif=exif_with({0x0112: 6}))
    made = save(stored, "a.jpg", quality=85)
    assert found(judged(tmp_path, source, made, size="640x360")) == [
        "the picture is turned against its source"
    ]
    cut = ImageOps.fit(ImageOps.exif_transpose(Image.open(io.BytesIO(source))), SIZE)
    enlarged = judged(tmp_path, source, save(cut, "a.jpg"), size="640x360")
    assert found(enlarged) == ["it is 1.78 times as large as what it was made from"]


@pytest.mark.parametrize("orientation", [3, 6, 7])
@pytest.mark.parametrize("kind", ["tif", "jxl"])
def test_an_orientation_tag_is_obeyed_where_programs_do(kind: str, orientation: int, tmp_path: Path) -> None:
    exif = exif_with({0x0112: orientation})
    if kind == "tif":
        source = save(scene(), "a.tif", exif=exif)
    else:
        pytest.importorskip("pillow_jxl")
        (tmp_path / "a.jpg").write_bytes(save(scene(), "a.jpg", quality=92, exif=exif))
        with Image.open(tmp_path / "a.jpg") as image:  # a JPEG inside JPEG XL, whose header has the tag
            source = save(image, "a.jxl", lossless_jpeg=True)
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(save(scene(), "a.jpg", quality=92, exif=exif))))
    assert found(judged(tmp_path, source, save(upright, "a.png"))) == []
    dropped = found(judged(tmp_path, source, save(scene(), "a.png")))
    assert [said.split(" against")[0] for said in dropped] == [
        "the picture is mirrored" if orientation == 7 else "the picture is turned"
    ]


# -- nothing-lost ------------------------------------------------------------------------


def converted() -> Image.Image:
    wide = ImageCms.ImageCmsProfile(io.BytesIO(p3()))
    made = ImageCms.profileToProfile(scene(), wide, ImageCms.createProfile("sRGB"))
    assert made is not None
    return made


def moving(frames: int, milliseconds: int) -> bytes:
    first, *others = [gradient(64, 36, 9 * index) for index in range(frames)]
    return save(first, "a.webp", save_all=True, append_images=others, duration=milliseconds, lossless=True)


KEPT: dict[str, tuple[str, Callable[[], bytes], Callable[[], bytes], str]] = {
    "a profile, kept": ("icc", lambda: save(scene(), "a.png", icc_profile=p3()), lambda: save(scene(), "a.jpg", icc_profile=p3()), ""),
    "a profile, converted": ("icc", lambda: save(scene(), "a.png", icc_profile=p3()), lambda: save(converted(), "a.jpg"), ""),
    "a profile, dropped": ("icc", lambda: save(scene(), "a.png", icc_profile=p3()), lambda: save(scene(), "a.jpg"), "the colours of source.bin lost their profile"),
    "a profile of grey, dropped": ("icc", lambda: save(scene().convert("L").convert("RGB"), "a.png", icc_profile=p3()), lambda: save(scene().convert("L"), "a.jpg"), ""),
    "chroma": ("chroma", lambda: SOURCE, lambda: save(scene(), "a.jpg"), "colours are coarser than those of source.bin"),
    "chroma, kept": ("chroma", lambda: SOURCE, lambda: save(scene(), "a.jpg", subsampling=0), ""),
    "a palette": ("full-colour", lambda: SOURCE, lambda: save(scene().quantize(256), "a.png"), "the colours of source.bin became a palette"),
    "a palette of few colours": ("full-colour", lambda: save(scene().quantize(32).convert("RGB"), "a.png"), lambda: save(scene().quantize(32), "a.png"), ""),
    "grey": ("full-colour", lambda: SOURCE, lambda: save(scene().convert("L"), "a.png"), "the colours of source.bin became grey"),
    "grey in three channels": ("full-colour", lambda: SOURCE, lambda: save(scene().convert("L").convert("RGB"), "a.jpg"), "the colours of source.bin became grey"),
    "a faint tint": ("full-colour", lambda: SOURCE, lambda: save(ImageEnhance.Color(scene()).enhance(0.2), "a.jpg"), ""),
    "chroma of WebP": ("chroma", lambda: SOURCE, lambda: save(scene(), "a.webp"), "colours are coarser than those of source.bin"),
    "chroma of lossless WebP": ("chroma", lambda: SOURCE, lambda: save(scene(), "a.webp", lossless=True), ""),
    "alpha": ("alpha", lambda: save(cutout(), "a.png"), lambda: save(on((0, 0, 0)), "a.png"), "the transparency of source.bin is lost"),
    "an animation": ("animation", lambda: moving(4, 100), lambda: save(gradient(64, 36), "a.png"), "the animation of source.bin is lost"),
    "its frames": ("animation", lambda: moving(4, 100), lambda: moving(2, 100), "frames of source.bin are lost"),
    "its timing": ("animation", lambda: moving(4, 100), lambda: moving(4, 200), "the timing of source.bin is lost"),
    "an animation, kept": ("animation", lambda: moving(4, 100), lambda: moving(4, 100), ""),
}  # fmt: skip


@pytest.mark.parametrize("name", KEPT)
def test_nothing_is_lost_or_it_is_named(name: str, tmp_path: Path) -> None:
    what, source, made, message = KEPT[name]
    report = judged(tmp_path, source(), made(), **{"nothing-lost": what, "edits": "any"})
    assert found(report) == ([message] if message else [])


@pytest.mark.parametrize("depth", ["header", "full"])
@pytest.mark.parametrize("kind", ["tif", "jpg"])
def test_what_programs_turn_was_not_enlarged(kind: str, depth: str, tmp_path: Path) -> None:
    source = save(scene(), f"a.{kind}", exif=exif_with({0x0112: 6}))
    made = save(scene().transpose(Image.Transpose.ROTATE_270), "a.jpg")
    report = judged(tmp_path, source, made, depth, size="360x640")
    assert report.findings == ()
    larger = save(scene().transpose(Image.Transpose.ROTATE_270).resize((720, 1280)), "a.jpg")
    report = judged(tmp_path, source, larger, depth, size="720x1280")
    assert "it is 2 times as large as what it was made from" in [each.message for each in report.findings]


@pytest.mark.skipif(not shutil.which("exiftool"), reason="needs exiftool")
def test_tags_that_were_there_are_there(tmp_path: Path) -> None:
    source = save(scene(), "a.jpg", exif=exif_with({0x8298: "somebody", 0x0131: "a tool"}))
    made = save(scene(), "a.jpg", exif=exif_with({0x0131: "a tool"}))
    report = judged(tmp_path, source, made, **{"nothing-lost": ["Software", "Copyright"]})
    assert [(f.message, f.expected, f.actual) for f in report.findings] == [
        ("metadata of source.bin are lost", "Copyright", "no EXIF:Copyright")
    ]


def test_the_hop_that_lost_it_is_named_though_it_promised_nothing(tmp_path: Path) -> None:
    for name, data in (
        ("a.png", save(cutout(), "a.png")),
        ("b.jpg", save(on((0, 0, 0)), "a.jpg")),
        ("c.png", save(on((0, 0, 0)), "a.png")),
    ):
        (tmp_path / name).write_bytes(data)
    files = {"a.png": {}, "b.jpg": {"from": "a.png"}, "c.png": {"from": "b.jpg", "nothing-lost": "alpha"}}
    (tmp_path / "verify4k.json").write_text(json.dumps({"version": 1, "files": files}))
    (finding,) = check(load_manifest(tmp_path / "verify4k.json"), Settings(select=RULES)).findings
    assert (finding.target, [link.state for link in finding.chain]) == ("c.png", ["", "lost", "same"])
    assert str(finding.hop).endswith("b.jpg")


def test_a_misspelt_word_is_no_tag_that_nobody_has(tmp_path: Path) -> None:
    with pytest.raises(
        ManifestError, match=r"'bitdepth' is no word of nothing-lost \(did you mean bit-depth\?\)"
    ):
        judged(tmp_path, SOURCE, SOURCE, **{"nothing-lost": "bitdepth"})


# -- real exporters ----------------------------------------------------------------------

TOOLS = {
    "convert {source} -resize 50% -unsharp 0x1 -quality 70 {made}.jpg": [],
    "convert {source} -strip -colorspace Gray {made}.webp": [],
    "convert {source} -colors 64 {made}.png": [],
    "convert {source} -auto-orient -sampling-factor 4:2:0 -interlace JPEG {made}.jpg": [],
    "convert {source} -flop {made}.jpg": [MIRRORED],
    "convert {source} -rotate 90 -resize 640x360! {made}.jpg": [TURNED],
    "convert {source} -resize 640x640! {made}.jpg": ["it is 1.78 times as large as what it was made from", "the picture is stretched against its source"],
    "vipsthumbnail {source} -s 200 -o {made}.jpg[Q=60]": [],
    "vips copy {source} {made}.webp[Q=50]": [],
    "vips rot {source} {made}.png d180": [TURNED],
    "vips thumbnail {source} {made}.png 1280": ["it is 2 times as large as what it was made from"],
}  # fmt: skip


def usable(program: str) -> bool:
    """Whether a program is there, and is the one that is meant: several are called convert."""
    if program != "convert" or shutil.which(program) is None:
        return shutil.which(program) is not None
    return b"ImageMagick" in subprocess.run([program, "-version"], capture_output=True, check=False).stdout


@pytest.mark.parametrize("line", TOOLS)
def test_real_exporters_are_judged_by_what_they_did(line: str, tmp_path: Path) -> None:
    program = line.partition(" ")[0]
    if not usable(program):
        pytest.skip(f"needs {program}: install imagemagick and libvips-tools")
    (tmp_path / "in.png").write_bytes(SOURCE)
    argv = [word.format(source=tmp_path / "in.png", made=tmp_path / "out") for word in line.split()]
    subprocess.run(argv, check=True, capture_output=True)
    made = next(path for path in tmp_path.iterdir() if path.stem == "out")
    assert sorted(found(judged(tmp_path, SOURCE, made.read_bytes()))) == TOOLS[line]


SIGNED = (Path(__file__).parents[1] / "data" / "c2pa" / "expired.png").read_bytes()
EDITED = SIGNED[:-12] + png_chunk(b"tEXt", b"Comment\0edited") + SIGNED[-12:]


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (SIGNED, []),
        (EDITED, ["the C2PA manifest does not vouch for these bytes"]),
        (save(Image.open(io.BytesIO(SIGNED)), "a.png"), ["the C2PA manifest of source.bin is lost"]),
    ],
)
def test_a_c2pa_manifest_is_kept_where_it_is_still_bound_to_the_bytes(
    made: bytes, said: list[str], tmp_path: Path
) -> None:
    pytest.importorskip("c2pa")
    assert found(judged(tmp_path, SIGNED, made, **{"nothing-lost": ["c2pa"]})) == said

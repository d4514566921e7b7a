"""What honest files look like that rules used to accuse, each beside the lie that the rule is for."""

from __future__ import annotations

import json
import os
import struct
from typing import TYPE_CHECKING, Any

import pytest
from pictures import exif_with, gradient, png_chunk, save, thumbnailed
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    Check = Callable[..., list[tuple[str, str]]]


@pytest.fixture
def check(run: Callable[..., Any], tmp_path: Path) -> Check:
    """Check files against promises with one rule; returns (severity, target) of each finding."""

    def call(rule: str, files: Mapping[str, bytes], promise: Mapping[str, Any], **top: Any) -> Any:
        for name, data in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        (tmp_path / "verify4k.json").write_text(json.dumps({"version": 1, "files": promise, **top}))
        report = json.loads(run("check", "--select", rule, "--format", "json").out)
        assert not report["undecided"]
        return [(each["severity"], each["target"]) for each in report["findings"]]

    return call


NAMES = [
    # no word at all
    ("banner-800x600@2x.png", (1600, 1200), ""),
    ("library_600x900_2x.png", (1200, 1800), ""),
    ("icon-100x100@1.5x.png", (150, 150), ""),
    ("hero-1920x1080-150x150.png", (150, 150), ""),
    ("hero-1920x1080-thumb.png", (150, 84), ""),
    ("hero-4k-thumbnail.png", (384, 216), ""),
    ("backgrounds/4k/thumbs/slaze.png", (256, 144), ""),
    ("backgrounds/4k/slaze-1280x720.png", (1280, 720), ""),  # the name is nearer than the folder
    ("nba2k/cover.png", (600, 900), ""),
    ("mstile-310x150.png", (558, 270), ""),  # what favicon generators make for Windows
    ("mstile-150x150.png", (150, 150), ""),
    ("banner@2x-800x600.png", (1600, 1200), ""),
    ("banner@2x-1600x1200.png", (1600, 1200), ""),
    ("photo-6000x4000-scaled.png", (2560, 1707), ""),  # what WordPress calls what it has reduced
    ("hero-1920x1080-e1612345678.png", (800, 600), ""),  # and what somebody has cropped in it
    ("hero-1920x1080-rotated-1.png", (1080, 1920), ""),
    # perhaps the name of what a thumbnail was made from: at most a note
    ("thumbs/hero-3840x2160.png", (320, 180), "note"),
    ("thumbs/hero-4k.png", (320, 180), "note"),
    ("thumb-4k.png", (320, 180), "note"),
    ("icon-4k.png", (64, 64), "note"),
    # a subject's word: at most a note
    ("couch-to-5k.png", (1200, 630), "note"),
    ("charity-5k-run.png", (2560, 1440), "note"),
    ("nba2k-cover.png", (600, 900), "note"),
    ("security-camera-1080p.png", (800, 800), "note"),
    ("4k-tv.png", (1200, 800), "note"),
    ("wallpaper4k-blue.png", (1920, 1080), "note"),  # glued to a word that goes on
    (
        "128x128/apps/wilber-outline.png",
        (128, 104),
        "",
    ),  # a theme's folder names the square that icons fit into
    ("96x96/apps/GameConqueror_128x128.png", (96, 96), "note"),  # an application's name
    ("48x48@2x/apps/GameConqueror_128x128.png", (96, 96), "note"),
    # the lies that the rule is for
    ("64x64/apps/GameConqueror_128x128.png", (96, 96), "error"),
    ("128x128/apps/wilber-outline.png", (96, 78), "error"),
    ("128x104/wilber-outline.png", (128, 128), "error"),
    ("wilber-128x128.png", (128, 104), "error"),
    ("banner-800x600@2x.png", (800, 600), "error"),
    ("mstile-310x150.png", (310, 310), "error"),
    ("tile-310x150.png", (558, 270), "error"),
    ("hero-1920x1080-150x150.png", (1920, 1080), "error"),
    ("hero-4k.png", (2560, 1440), "error"),
    ("wallpaper4k.png", (1920, 1080), "error"),
    ("4k_mountains.png", (640, 360), "error"),
    ("city-5k.png", (2560, 1440), "error"),
    ("clip-1080p.png", (1280, 720), "error"),
    ("backgrounds/4k/slaze.png", (2560, 1440), "error"),
    ("wallpapers-4k/slaze.png", (2560, 1440), "error"),
    ("1920x1080/slaze.png", (1280, 720), "error"),
    ("wallpapers/4K UHD/slaze.png", (1920, 1080), "error"),
    ("thumb-300x200.png", (320, 180), "error"),
    ("thumbs/hero-1920x1080.png", (1280, 720), "error"),
    ("banner@2x-800x600.png", (1200, 900), "error"),
    ("hero-3840x2160-scaled-up.png", (1920, 1080), "error"),
]


@pytest.mark.parametrize(("name", "size", "severity"), NAMES, ids=str)
def test_a_name_claims_what_it_says_of_the_picture_not_of_its_subject(
    check: Check, name: str, size: tuple[int, int], severity: str
) -> None:
    found = check("name-claim", {name: save(Image.new("L", size), name)}, {name: {}})
    assert found == ([(severity, name)] if severity else [])


PICTURE = save(gradient(64, 64), "a.png")
AGAIN = save(gradient(64, 64), "a.png", compress_level=1)


@pytest.mark.parametrize(
    ("promise", "accused"),
    [
        ({"i/20x20@2x.png": "64x64", "i/40x40@1x.png": "64x64"}, []),
        ({"light.png": {"alpha": "any"}, "dark.png": {"alpha": "any"}}, []),
        ({"a.png": "app-icon", "b.png": "1024x1024"}, []),  # a name for a size, and the size
        ({"a.png": "64x64", "b.png": {"width": "64.."}}, ["b.png"]),
        ({"2k.png": {}, "4k.png": {}}, ["4k.png"]),
        ({"background.png": {}, "3840x2160.png": {}}, []),  # a name that says nothing may be any
        ({"3840x2160.png": {}, "background.png": {}}, []),
        ({"background.png": {}, "4k.png": {}, "2k.png": {}}, ["2k.png"]),
        ({"4k.png": {}, "background.png": {}, "2k.png": {}, "other.png": "64x64"}, ["2k.png", "other.png"]),
        ({"a-1920x1080.png": {}, "a-1280x720.png": {}}, ["a-1280x720.png"]),
        ({"a.png": {"same-as-others": "forbidden"}, "b.png": {"same-as-others": "forbidden"}}, ["b.png"]),
        ({"a.png": "64x64", "b.png": "64x64", "c.png": "32x32"}, ["c.png"]),
        ({"a.png": "64x64", "b.png": "32x32", "c.png": "64x64"}, ["b.png", "c.png"]),
    ],
)
@pytest.mark.parametrize("second", [PICTURE, AGAIN], ids=["bytes", "pixels"])
def test_one_picture_may_meet_equal_promises_and_no_different_ones(
    check: Check, promise: dict[str, Any], accused: list[str], second: bytes
) -> None:
    files = {name: second if number else PICTURE for number, name in enumerate(promise)}
    sizes = {"app-icon": "1024x1024"}
    assert [target for _, target in check("same-picture", files, promise, sizes=sizes)] == accused


PNG, TIFF = {"format": "png"}, {"format": "tiff"}


@pytest.mark.parametrize(
    ("names", "promises", "accused"),
    [
        (("logo.png", "logo.tif"), (PNG, TIFF), []),
        (("logo.png", "logo.tif"), ({**PNG, "size": "64x64"}, {"size": "64x64"}), []),
        (("logo.png", "team.tif"), (PNG, TIFF), ["team.tif"]),
        (("a/logo.png", "b/logo.tif"), (PNG, TIFF), ["b/logo.tif"]),
        (("logo.png", "logo.tif"), ({"size": "64x64"}, {"size": "32x32"}), ["logo.tif"]),
        (("logo.png", "logo.tif"), (PNG, {"same-as-others": "forbidden"}), ["logo.tif"]),
        (("logo.png", "logo.tif"), ({"generate": "a cat"}, {"generate": "a dog"}), ["logo.tif"]),
    ],
)
def test_one_name_in_two_formats_is_one_picture(
    check: Check, names: tuple[str, str], promises: tuple[dict[str, Any], dict[str, Any]], accused: list[str]
) -> None:
    files = {name: save(gradient(64, 64), name) for name in names}
    top = {"generate": {"route": "placeholder"}}
    found = check("same-picture", files, dict(zip(names, promises, strict=True)), **top)
    assert [target for _, target in found] == accused


def test_two_prompts_that_gave_one_picture_are_different_promises(check: Check) -> None:
    promise = {
        name: {"size": "64x64", "generate": {"prompt": prompt}}
        for name, prompt in (("a.png", "a cat"), ("b.png", "a dog"))
    }
    top = {"generate": {"route": "placeholder"}}
    found = check("same-picture", {"a.png": PICTURE, "b.png": PICTURE}, promise, **top)
    assert found == [("error", "b.png")]


def test_a_link_and_its_target_are_one_file_under_two_names(check: Check, tmp_path: Path) -> None:
    os.symlink("forest.png", tmp_path / "default.png")
    promise = {"forest.png": "64x64", "default.png": {"width": "64.."}}
    assert check("same-picture", {"forest.png": PICTURE}, promise) == []


def with_exif(*orientations: int) -> bytes:
    png = save(gradient(64, 36), "a.png")
    blocks = (png_chunk(b"eXIf", exif_with({0x0112: value}).tobytes()[6:]) for value in orientations)
    return png[:33] + b"".join(blocks) + png[33:]


@pytest.mark.parametrize(("orientations", "accused"), [((1, 1), 0), ((1, 6), 1), ((1, 1, 8), 1)])
def test_an_exif_chunk_written_twice_shows_one_picture(
    check: Check, orientations: tuple[int, ...], accused: int
) -> None:
    assert len(check("upright", {"a.png": with_exif(*orientations)}, {"a.png": {}})) == accused


def photograph(claim: tuple[int, int], *, maker: bool, size: tuple[int, int] = (64, 36)) -> bytes:
    tags = {0x010F: "Canon"} if maker else {}
    return save(gradient(*size), "a.jpg", exif=exif_with(tags, {0xA002: claim[0], 0xA003: claim[1]}))


@pytest.mark.parametrize(
    ("claim", "maker", "promise", "severity"),
    [
        ((6000, 3375), True, "64x36", "warning"),  # reduced by a content system
        ((6000, 4000), True, "64x36", "warning"),  # reduced and cropped
        ((6000, 3375), False, "64x36", "warning"),  # an editor or a server reduced it and kept what it said
        ((6000, 4000), False, "64x36", "warning"),  # cropped to another shape than it names
        ((3840, 2160), False, "3840x2160", "error"),
        ((32, 18), True, "64x36", "error"),  # enlarged after the camera
        ((32, 18), False, "64x36", "error"),
        ((6000, 30), False, "64x36", "error"),  # neither larger nor smaller
        ((3840, 2160), True, "3840x2160", "error"),  # what was promised, and only the metadata have it
        ((2160, 3840), True, "3840x2160", "error"),
    ],
)
def test_a_reduced_photograph_is_no_forgery_and_the_promise_in_metadata_alone_is(
    check: Check, claim: tuple[int, int], maker: bool, promise: str, severity: str
) -> None:
    files = {"a.jpg": photograph(claim, maker=maker)}
    assert check("patched-metadata", files, {"a.jpg": promise}) == [(severity, "a.jpg")]


@pytest.mark.parametrize(
    ("size", "severity"), [((32, 24), ""), ((160, 120), "warning"), ((640, 480), "error")]
)
def test_a_camera_s_thumbnail_may_be_larger_than_an_icon(
    check: Check, size: tuple[int, int], severity: str
) -> None:
    found = check("patched-metadata", {"a.jpg": thumbnailed(size, (32, 32))}, {"a.jpg": "32x32"})
    assert found == ([(severity, "a.jpg")] if severity else [])


@pytest.mark.parametrize(
    ("thumbnail", "picture", "promise", "severity"),
    [
        ((256, 192), (40, 30), "40x30", ""),
        ((256, 170), (96, 64), "96x64", ""),  # 170.67, cut
        ((171, 256), (64, 96), "64x96", ""),
        ((256, 190), (40, 30), "40x30", "warning"),  # of another picture
        ((256, 256), (40, 30), "40x30", "warning"),
        ((255, 255), (32, 32), "32x32", "warning"),
        ((512, 384), (40, 30), "40x30", "error"),
        ((256, 256), (32, 32), "256x256", "error"),  # what was promised, and only the thumbnail has it
    ],
)
def test_gimp_s_thumbnail_of_an_icon_is_larger_than_the_icon(
    check: Check, thumbnail: tuple[int, int], picture: tuple[int, int], promise: str, severity: str
) -> None:
    found = check("patched-metadata", {"a.jpg": thumbnailed(thumbnail, picture)}, {"a.jpg": promise})
    assert found == ([(severity, "a.jpg")] if severity else [])


def test_the_stranger_is_accused_and_its_neighbour_is_not(run: Callable[..., Any], tmp_path: Path) -> None:
    for name in ("good.png", "stranger.png"):
        (tmp_path / name).write_bytes(PICTURE)
    (tmp_path / "verify4k.yaml").write_text(
        "version: 1\nrules: {unlisted: error}\nfiles: {good.png: 64x64}\n"
    )
    outcome = run("check", "--format", "json")
    report = json.loads(outcome.out)
    assert outcome.code == 1
    assert {each["target"]: each["verdict"] for each in report["assets"]} == {
        "good.png": "passed",
        "stranger.png": "failed",
    }
    assert [(each["target"], each["line"]) for each in report["findings"]] == [("stranger.png", 3)]


@pytest.mark.parametrize(
    ("size", "colour", "blank"),
    [
        ((255, 256), (0, 0, 0, 0), False),
        ((256, 256), (0, 0, 0, 0), True),
        ((512, 512), (0, 0, 0, 0), True),
        ((1024, 1024), (0, 0, 0, 255), True),
    ],
)
def test_empty_pictures_as_generators_make_them_are_blank(
    check: Check, size: tuple[int, int], colour: tuple[int, ...], blank: bool
) -> None:
    found = check("not-blank", {"a.png": save(Image.new("RGBA", size, colour), "a.png")}, {"a.png": {}})
    assert found == ([("error", "a.png")] if blank else [])


def test_copies_are_compared_in_linear_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand equal pictures are a thousand steps, not half a million comparisons."""
    from verify4k.documents.nodes import Place
    from verify4k.model import Asset
    from verify4k.rules import same_picture as module

    asked: list[str] = []

    def counted(target: str) -> tuple[()]:
        asked.append(target)
        return ()

    monkeypatch.setattr(module, "claims", counted)
    twins = module._Twins()
    for number in range(1000):
        assert twins.add("digest", Asset(f"{number}.png", f"/{number}.png", Place("", 1, 1))) is None
    assert len(asked) == 1000


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ({"format": "png"}, {"format": "webp"}, []),
        ({"size": "64x36", "edits": ["crop"]}, {"nothing-lost": ["full-colour"]}, []),
        ({"size": "64x36"}, {"size": "128x72"}, ["b.webp"]),
        ({"from": "other.png", "format": "png"}, {"format": "webp"}, ["b.webp"]),
    ],
)
def test_exports_of_one_source_show_one_picture(
    check: Check, first: dict[str, Any], second: dict[str, Any], told: list[str]
) -> None:
    image = gradient(64, 36)
    lossless = save(image, "b.webp", lossless=True)
    files = {"art.jpg": save(image, "a.jpg"), "a.png": save(image, "a.png"), "b.webp": lossless}
    files["other.png"] = save(gradient(60, 36), "a.png")
    promise: dict[str, Any] = {"art.jpg": {}, "other.png": {}}
    promise |= {"a.png": {"from": "art.jpg", **first}, "b.webp": {"from": "art.jpg", **second}}
    assert check("same-picture", files, promise) == [("error", name) for name in told]


@pytest.mark.parametrize("suffix", ["png", "webp"])
def test_exports_of_two_copies_show_one_picture_and_those_of_two_pictures_do_not(
    check: Check, suffix: str
) -> None:
    art, image = save(gradient(64, 36), "a.png"), gradient(32, 18)
    files = {"post/art.png": art, "album/art.png": art}
    files |= {"out/a.png": save(image, "a.png"), f"out/b.{suffix}": save(image, f"a.{suffix}", lossless=True)}
    promise: dict[str, Any] = {"post/art.png": {}, "album/art.png": {}}
    promise |= {"out/a.png": {"from": "post/art.png", "ratio": "16:9"}}
    promise |= {f"out/b.{suffix}": {"from": "album/art.png"}}
    assert check("same-picture", files, promise) == []
    files["album/art.png"] = save(gradient(64, 48), "a.png")
    assert check("same-picture", files, promise) == [("error", f"out/b.{suffix}")]


def test_names_that_say_another_size_are_met_by_no_export_of_the_same_picture(check: Check) -> None:
    data = save(gradient(64, 36), "a.png")
    promise: dict[str, Any] = {"art.png": {}} | {f"hero-{k}.png": {"from": "art.png"} for k in ("2k", "4k")}
    assert check("same-picture", dict.fromkeys(promise, data), promise) == [("error", "hero-4k.png")]


def metric(x: int, y: int) -> bytes:
    """A JPEG whose JFIF header counts whole pixels a centimetre."""
    data = save(gradient(64, 36), "a.jpg")
    assert data[6:11] == b"JFIF\0"
    return data[:13] + b"\x02" + struct.pack(">2H", x, y) + data[18:]


@pytest.mark.parametrize(
    ("told", "dpi", "fine"),
    [
        (118, "300", True),  # 299.7: a field of whole centimetres comes no nearer
        (28, "72", True),
        (38, "96..", True),
        (117, "300", False),
        (119, "300", False),
        (118, "305", False),
    ],
)
def test_a_density_in_centimetres_is_rounded_by_its_field(
    told: int, dpi: str, fine: bool, check: Check
) -> None:
    found = check("right-density", {"a.jpg": metric(told, told)}, {"a.jpg": {"dpi": dpi}})
    assert found == ([] if fine else [("error", "a.jpg")])


def test_a_density_of_whole_inches_is_taken_by_its_word(check: Check) -> None:
    data = save(gradient(64, 36), "a.jpg", dpi=(299, 299))
    assert check("right-density", {"a.jpg": data}, {"a.jpg": {"dpi": "299.6"}}) == [("error", "a.jpg")]


@pytest.mark.parametrize("kind", ["tif", "webp"])
@pytest.mark.parametrize(("across", "fine"), [(118.0, True), (118.11, True), (117.5, False)])
def test_a_fraction_is_no_rounded_number(kind: str, across: float, fine: bool, check: Check) -> None:
    tags = {0x011A: across, 0x011B: across, 0x0128: 3}
    given = {"tiffinfo": tags} if kind == "tif" else {"exif": exif_with(tags)}
    data = save(gradient(64, 36), f"a.{kind}", **given)
    found = check("right-density", {f"a.{kind}": data}, {f"a.{kind}": {"dpi": 300}})
    assert found == ([] if fine else [("error", f"a.{kind}")])


@pytest.mark.parametrize(
    ("size", "more", "told"),
    [
        ((120, 80), {"turned": "allowed"}, None),
        ((80, 120), {"turned": "allowed"}, None),
        ((120, 80), {}, "exchange the paper's edges, or say turned: allowed"),
        ((120, 90), {"turned": "allowed"}, "crop or compose it in the paper's shape; stretching is no way"),
        ((90, 60), {"turned": "allowed"}, "produce it with more pixels"),
    ],
)
def test_paper_may_be_turned_where_that_is_allowed(
    size: tuple[int, int], more: dict[str, str], told: str | None, run: Any, tmp_path: Path
) -> None:
    (tmp_path / "a.png").write_bytes(save(gradient(*size), "a.png"))
    entry = {"print": "0.2667x0.4in", "rules": {"not-padded": "off"}, **more}
    (tmp_path / "verify4k.json").write_text(json.dumps({"version": 1, "files": {"a.png": entry}}))
    report = json.loads(run("check", "--select", "right-density", "--format", "json").out)
    assert [each["fix"] for each in report["findings"]] == ([] if told is None else [told])


SPIN = [gradient(16, 9, 9 * step) for step in range(4)]


@pytest.mark.parametrize(
    ("promise", "fine"),
    [
        ({"frames": 4}, True),
        ({"frames": "2.."}, True),
        ({"loop": "forever"}, True),
        ({"frame-time": "20ms.."}, True),
        ({"duration": "..1s"}, True),
        ({}, False),
        ({"frames": 1}, False),
        ({"frames": 4, "animation": "forbidden"}, False),
    ],
)
def test_who_says_how_it_plays_has_not_meant_a_still(
    promise: dict[str, Any], fine: bool, check: Check
) -> None:
    data = save(SPIN[0], "a.gif", save_all=True, append_images=SPIN[1:], duration=50, loop=0)
    assert check("still", {"a.gif": data}, {"a.gif": promise}) == ([] if fine else [("error", "a.gif")])

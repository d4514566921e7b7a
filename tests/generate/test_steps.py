"""Sizes that cannot be asked for, made of larger ones by recorded steps; the original is kept."""

from __future__ import annotations

import hashlib
import io
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from apiserver.drawing import encoded, picture
from pictures import png_chunk
from PIL import Image, ImageCms

from verify4k.contract.nearest import covering
from verify4k.contract.validate import find_model
from verify4k.formats.facts import Size

if TYPE_CHECKING:
    from pathlib import Path

    from bench import Bench


def pixels(path: Path | bytes) -> Any:
    with Image.open(io.BytesIO(path) if isinstance(path, bytes) else path) as image:
        return np.asarray(image)


@pytest.mark.parametrize(
    ("promised", "asked"),
    [
        ("1200x630", "1200x640"),
        ("1920x1080", "1920x1088"),
        ("1080x1920", "1088x1920"),
        ("1280x800", "1280x800"),
        ("3840x2160", "3840x2160"),
        ("3000x1000", "3008x1008"),
        ("64x64", "816x816"),
        ("3840x2161", None),
    ],
)
def test_the_nearest_legal_size_that_covers_is_asked_for(promised: str, asked: str | None) -> None:
    width, height = map(int, promised.split("x"))
    found = covering(Size(width, height), find_model("gpt-image-2"))
    assert (str(found) if found else None) == asked


def test_of_a_fixed_list_the_nearest_that_covers_is_asked_for() -> None:
    only = (Size(512, 512), Size(5504, 3072), Size(2752, 1536))
    assert covering(Size(1920, 1080), find_model("gpt-image-2"), only) == Size(2752, 1536)
    assert covering(Size(6000, 10), find_model("gpt-image-2"), only) is None


def test_a_crop_keeps_the_pixels_and_the_original(bench: Bench) -> None:
    bench.one("x", size="1200x630", generate={"then": "crop"})
    done = bench.generate()
    assert done.code == 0, done.all
    assert "made from hero.original.png by crop" in done.out
    assert bench.server.seen[0].values["size"] == "1200x640"
    original = bench.path("hero.original.png").read_bytes()
    assert original == picture(1200, 640, shade=sum(b"x") % 256)
    assert (pixels(bench.path("hero.png")) == pixels(original)[5:635]).all()
    request, outcome = bench.ledger
    assert request["size"] == "1200x640"
    assert outcome["sha256"] == hashlib.sha256(bench.path("hero.png").read_bytes()).hexdigest()
    assert outcome["size"] == "1200x630"
    assert outcome["original"] == {
        "name": "hero.original.png",
        "sha256": hashlib.sha256(original).hexdigest(),
        "bytes": len(original),
        "asked": "1200x640",
    }
    assert outcome["steps"] == [{"step": "crop", "crop": "center", "size": "1200x630"}]
    assert bench.run("check").code == 0


def test_a_crop_may_keep_an_edge(bench: Bench) -> None:
    bench.one("x", size="1200x630", generate={"then": {"crop": "top"}})
    assert bench.generate().code == 0
    assert (pixels(bench.path("hero.png")) == pixels(bench.path("hero.original.png"))[:630]).all()


def test_a_reduction_uses_the_named_filter(bench: Bench) -> None:
    bench.one("x", size="1920x1080", generate={"request": "3840x2160", "then": {"reduce": "box"}})
    done = bench.generate()
    assert done.code == 0, done.all
    assert bench.server.seen[0].values["size"] == "3840x2160"
    large = pixels(bench.path("hero.original.png")).astype(float)
    mean = large.reshape(1080, 2, 1920, 2, 3).mean((1, 3))
    assert np.abs(pixels(bench.path("hero.png")) - mean).max() <= 1
    assert bench.ledger[1]["steps"] == [{"step": "reduce", "reduce": "box", "size": "1920x1080"}]


def test_a_size_that_can_be_asked_for_is_not_touched(bench: Bench) -> None:
    bench.manifest(
        {"hero.png": {"size": "1024x640", "generate": {"prompt": "x"}}},
        generate={"quality": "low", "then": "crop"},
    )
    assert bench.generate().code == 0
    assert bench.path("hero.png").read_bytes() == picture(1024, 640, shade=sum(b"x") % 256)
    assert not bench.path("hero.original.png").exists()


@pytest.mark.parametrize("then", ["crop", "reduce"])
def test_what_comes_too_small_is_never_enlarged(bench: Bench, then: str) -> None:
    bench.one("x", size="1920x1080", generate={"then": then})
    bench.server.script["x"] = [lambda handler: handler.deliver(picture(1024, 640))]
    done = bench.generate()
    assert done.code == 1
    assert "steps: 1024x640" in done.out
    assert not bench.path("hero.png").exists()
    assert bench.path("hero.original.png").read_bytes() == picture(1024, 640)
    assert bench.ledger[1]["verdict"] == "rejected"


def test_a_crop_is_not_taken_out_of_another_size_than_was_asked_for(bench: Bench) -> None:
    bench.one("x", size="1200x630", generate={"then": "crop"})
    bench.server.script["x"] = [lambda handler: handler.deliver(picture(2048, 1152))]
    done = bench.generate()
    assert done.code == 1
    assert "2048x1152 came where 1200x640 was asked for" in done.out


def test_an_enlargement_is_found_in_what_was_cut_out_of_it(bench: Bench) -> None:
    noise = np.random.default_rng(3).integers(0, 256, (544, 960, 3), dtype=np.uint8)
    fake = Image.fromarray(noise).resize((1920, 1088), Image.Resampling.BICUBIC)
    bench.one("x", size="1920x1080", generate={"then": "crop"})
    bench.server.script["x"] = [lambda handler: handler.deliver(encoded(fake, "png"))]
    done = bench.generate()
    assert done.code == 1
    assert "native-resolution" in done.out
    assert bench.path("hero.original.png").exists()


def test_a_damaged_answer_is_no_step_s_business(bench: Bench) -> None:
    bench.one("x", size="1200x630", generate={"then": "crop"})
    bench.server.script["x"] = [lambda handler: handler.deliver(picture(1200, 640)[:-4000])]
    done = bench.generate()
    assert done.code == 1
    assert "steps: " in done.out
    assert bench.path("hero.original.png").exists()
    assert not bench.path("hero.png").exists()


def _with_chunk(kind: bytes, body: bytes) -> bytes:
    plain = picture(1200, 640)
    return plain[:33] + png_chunk(kind, body) + plain[33:]


SCENE = Image.open(io.BytesIO(picture(1200, 640))).convert("RGB")
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
LAB = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
GRAY = SRGB[:16] + b"GRAY" + SRGB[20:]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (encoded(SCENE.convert("CMYK"), "jpeg"), "it is CMYK, whose colours a step would have to guess"),
        (encoded(SCENE, "png", save_all=True, append_images=[SCENE.rotate(180)]), "it is animated"),
        (encoded(SCENE, "webp", save_all=True, append_images=[SCENE.rotate(180)]), "it is animated"),
        (_with_chunk(b"cICP", bytes([9, 16, 0, 1])), "its colours are declared as BT.2020, PQ"),
        (_with_chunk(b"gAMA", (100_000).to_bytes(4)), "its colours are declared as gamma 1"),
    ],
)
def test_no_step_hides_what_the_rules_would_refuse(bench: Bench, data: bytes, why: str) -> None:
    bench.one("x", size="1200x630", generate={"then": "crop"})
    bench.server.script["x"] = [lambda handler: handler.deliver(data)]
    done = bench.generate()
    assert done.code == 1
    assert why in done.out
    assert not bench.path("hero.png").exists()
    assert bench.path("hero.rejected.png").read_bytes() == data


@pytest.mark.parametrize(
    ("data", "mode", "profile"),
    [
        (encoded(SCENE, "png", icc_profile=SRGB), "RGB", SRGB),
        (encoded(SCENE, "jpeg", icc_profile=SRGB), "RGB", SRGB),
        (encoded(SCENE, "png", icc_profile=LAB), "RGB", None),
        (encoded(SCENE, "png", icc_profile=b"x" * 200), "RGB", None),
        (encoded(SCENE.convert("L"), "jpeg", icc_profile=GRAY), "L", GRAY),
        (_with_chunk(b"sRGB", b"\0"), "RGB", None),
        (_with_chunk(b"gAMA", (45_455).to_bytes(4)), "RGB", None),
    ],
)
def test_a_step_keeps_the_profile_that_viewers_follow_and_no_other(
    bench: Bench, data: bytes, mode: str, profile: bytes | None
) -> None:
    bench.one("x", size="1200x630", generate={"then": "crop"})
    bench.server.script["x"] = [lambda handler: handler.deliver(data)]
    done = bench.generate()
    assert done.code == 0, done.all
    with Image.open(bench.path("hero.png")) as made:
        assert made.mode == mode
        assert made.info.get("icc_profile") == profile


def test_a_mask_owns_the_transparency(bench: Bench) -> None:
    mask = Image.new("L", (1024, 640), 255)
    mask.paste(0, (0, 0, 100, 640))
    mask.save(bench.path("mask.png"))
    bench.one("x", alpha="used", generate={"then": {"alpha": "from-mask mask.png"}})
    done = bench.generate()
    assert done.code == 0, done.all
    assert bench.server.seen[0].values["background"] == "opaque"
    made = pixels(bench.path("hero.png"))
    assert made.shape == (640, 1024, 4)
    assert (made[:, :100, 3] == 0).all()
    assert (made[:, 100:, 3] == 255).all()
    digest = hashlib.sha256(bench.path("mask.png").read_bytes()).hexdigest()
    assert bench.ledger[1]["steps"][0]["files"] == {"mask.png": digest}


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "CMYK"])
def test_a_mask_in_black_and_white_counts_by_its_brightness_however_it_is_saved(
    bench: Bench, mode: str
) -> None:
    mask = Image.new("L", (1024, 640), 255)
    mask.paste(0, (0, 0, 100, 640))
    name = "mask.jpg" if mode == "CMYK" else "mask.png"
    mask.convert("RGB").convert(mode).save(bench.path(name))
    bench.one("x", alpha="used", generate={"then": {"alpha": f"from-mask {name}"}})
    done = bench.generate()
    assert done.code == 0, done.all
    alpha = pixels(bench.path("hero.png"))[:, :, -1]
    assert alpha[:, :90].max() < 10
    assert alpha[:, 110:].min() > 245


def test_several_steps_are_done_in_their_order_and_written_once(bench: Bench) -> None:
    then = [{"reduce": "lanczos"}, {"convert": "webp", "quality": 90}]
    bench.one("x", target="hero.webp", size="1200x630", generate={"request": "2400x1264", "then": then})
    done = bench.generate()
    assert done.code == 0, done.all
    assert bench.server.seen[0].values["output_format"] == "png"
    with Image.open(bench.path("hero.webp")) as image:
        assert (image.format, image.size) == ("WEBP", (1200, 630))
    assert [step["step"] for step in bench.ledger[1]["steps"]] == ["reduce", "convert"]
    assert bench.path("hero.original.png").exists()


def test_other_steps_need_no_new_request(bench: Bench) -> None:
    bench.one("x", size="1200x630", generate={"then": "crop"})
    assert bench.generate().code == 0
    first = bench.path("hero.png").read_bytes()
    bench.path("hero.png").unlink()
    bench.one("x", size="1200x630", generate={"then": {"crop": "top"}})
    done = bench.generate()
    assert done.code == 0, done.all
    assert "was paid for earlier" in done.out
    assert done.out.rstrip().endswith("1 made")  # and nothing is said to be spent
    assert len(bench.server.seen) == 1
    assert bench.path("hero.png").read_bytes() != first
    assert bench.ledger[-1]["dollars"] == bench.ledger[1]["dollars"] > 0
    assert bench.run("check").code == 0


@pytest.mark.parametrize(
    "said",
    [
        {"steps": ["crop"]},
        {"steps": [None]},
        {"steps": [{}]},
        {"steps": 5},
        {"original": None},
        {"original": {}},
        {"original": {"name": ["hero.original.png"]}},
    ],
)
@pytest.mark.parametrize("verdict", ["accepted", "rejected"])
def test_a_ledger_that_makes_no_sense_about_steps_ends_no_run(
    bench: Bench, said: dict[str, Any], verdict: str
) -> None:
    bench.one("x", size="1200x630", generate={"then": "crop"})
    assert bench.generate().code == 0
    request, outcome = bench.ledger
    lines = [request, {**outcome, "verdict": verdict, **said}]
    ledger = "".join(json.dumps(line) + "\n" for line in lines)
    new = bench.path(".hero.png.verify4k-new")
    for killed in (False, True):  # before the picture had its name
        bench.path("verify4k.ledger.jsonl").write_text(ledger, encoding="utf-8")
        if killed:
            bench.path("hero.png").rename(new)
            spool = bench.path(".hero.png.verify4k-answer")
            spool.write_text(json.dumps({"request": outcome["id"]}) + "\n", encoding="utf-8")
        else:
            bench.path("hero.png").unlink()
        done = bench.generate()
        assert done.code == 0, done.all
    assert bench.run("check").code == 0


def test_what_failed_by_the_same_steps_is_asked_for_again(bench: Bench) -> None:
    bench.one("x", size="1200x630", generate={"then": "crop"})
    bench.server.script["x"] = [lambda handler: handler.deliver(picture(2048, 1152))]
    assert bench.generate().code == 1
    bench.server.script.clear()
    assert bench.generate().code == 0
    assert len(bench.server.seen) == 2
    assert bench.path("hero.original-2.png").exists()


@pytest.mark.parametrize(
    ("target", "size", "generate", "says"),
    [
        ("a.png", "1920x1080", {}, "or then: crop, which asks for 1920x1088"),
        ("a.png", "1200x630", {"size": "1200x640"}, "or: request: 1200x640, then: crop"),
        ("a.png", "1200x630", {"request": "1200x640"}, "nothing makes 1200x630 of 1200x640"),
        ("a.png", "1200x630", {"request": "1024x640", "then": "crop"}, "does not cover 1200x630"),
        (
            "a.png",
            "1200x630",
            {"request": "1201x640", "then": "crop"},
            "the width 1201 is not divisible by 16",
        ),
        ("a.png", "3840x2400", {"then": "reduce"}, "covers 3840x2400: nothing is ever enlarged"),
        ("a.png", "1200x630", {"then": ["crop", "reduce"]}, "two steps make the size"),
        ("a.png", "1200x630", {"then": "shrink"}, "is none of alpha, convert, crop, reduce"),
        ("a.png", "1200x630", {"then": "convert"}, "convert needs to know more"),
        ("a.png", "1200x630", {"then": {"crop": "middle"}}, "is none of center, top"),
        ("a.png", "1200x630", {"then": {"crop": "top", "quality": 3}}, "unknown option of crop 'quality'"),
        ("a.png", "1200x630", {"then": {"crop": "top", "reduce": "box"}}, "several are a list"),
        (
            "a.png",
            "1200x630",
            {"then": ["crop", {"convert": "webp"}]},
            "the step makes webp, 'a.png' says png",
        ),
        ("a.jpg", "1200x630", {"then": "crop"}, "add {convert: jpeg, quality: 90}"),
        (
            "a.png",
            "1024x640",
            {"then": {"alpha": "from-mask no.png"}},
            "the mask, 'no.png': the file does not exist",
        ),
        (
            "a.png",
            "1024x640",
            {"then": {"alpha": "from-mask 64.png"}},
            "the mask '64.png' is 64x36 (it must be 1024x640",
        ),
        (
            "a.png",
            "1200x630",
            {"then": [{"alpha": "from-mask 64.png"}, "crop"]},
            "it must be 1200x640 at this step",
        ),
        (
            "a.png",
            "1200x630",
            {"then": ["crop", {"alpha": "from-mask 64.png"}]},
            "it must be 1200x630 at this step",
        ),
        ("a.png", "1024x640", {"then": {"alpha": "from-mask cut.png"}}, "the mask 'cut.png'"),
        (
            "a.png",
            "1024x640",
            {"then": {"alpha": "from-mask white.png"}},
            "'white.png' makes nothing transparent",
        ),
        ("a.png", "1024x640", {"then": {"alpha": "mask.png"}}, "alpha: from-mask FILE"),
        (
            "a.png",
            "1200x630",
            {"then": "crop", "critical": False, "fallback": "1024x640"},
            "no other one will do",
        ),
    ],
)
def test_what_stands_against_steps_is_told_before_anything_is_asked(
    bench: Bench, target: str, size: str, generate: dict[str, Any], says: str
) -> None:
    bench.path("64.png").write_bytes(picture(64, 36))
    bench.path("cut.png").write_bytes(picture(1024, 640)[:-4000])
    Image.new("RGBA", (1024, 640), "white").save(bench.path("white.png"))
    bench.manifest({target: {"size": size, "generate": {"prompt": "x", **generate}}})
    done = bench.generate()
    assert done.code == 2, done.all
    assert says in done.err
    assert "verify4k.yaml:1:" in done.err
    assert not bench.server.seen


def test_the_plan_says_what_is_asked_for_and_what_is_made_of_it(bench: Bench) -> None:
    bench.one("x", size="1920x1080", generate={"then": "crop"})
    done = bench.run("generate", "--dry-run")
    assert "1920x1088, low, png" in done.out
    assert "then crop center: 1920x1080" in done.out


def test_a_placeholder_is_drawn_in_the_promised_size_and_stays_marked(bench: Bench) -> None:
    bench.one("x", size="1920x1080", generate={"then": "crop"})
    assert bench.generate("--route", "placeholder").code == 0
    assert not bench.path("hero.original.png").exists()
    assert "no-placeholder" in bench.run("check").out

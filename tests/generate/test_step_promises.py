"""What is promised beside steps: refused before it is paid where no step keeps it, written where one can."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from apiserver.drawing import encoded
from PIL import Image

if TYPE_CHECKING:
    from bench import Bench

SCENE = Image.linear_gradient("L").convert("RGB")


@pytest.mark.parametrize(("mode", "made"), [("RGBA", "RGB"), ("LA", "L")])
def test_an_opaque_alpha_channel_keeps_no_jpeg_from_being_made(bench: Bench, mode: str, made: str) -> None:
    bench.one("x", target="hero.jpg", generate={"then": {"convert": "jpeg"}})
    opaque, used = SCENE.resize((1024, 640)).convert(mode), SCENE.resize((1024, 640)).convert(mode)
    used.putalpha(254)
    first, second = encoded(used, "png"), encoded(opaque, "png")
    bench.server.script["x"] = [
        lambda handler: handler.deliver(first),
        lambda handler: handler.deliver(second),
    ]
    assert "JPEG holds no transparency" in bench.generate().out
    assert bench.generate().code == 0
    with Image.open(bench.path("hero.jpg")) as image:
        assert image.mode == made


@pytest.mark.parametrize(
    ("promise", "says"),
    [
        ({"provenance": "c2pa-present"}, "no step keeps what provenance: c2pa-present asks for"),
        ({"provenance": ["ledger", "iptc-ai"]}, "no step keeps what provenance: iptc-ai asks for"),
        ({"bit-depth": 16}, "steps make 8 bits a channel"),
    ],
)
def test_a_promise_that_no_step_can_keep_costs_nothing(
    bench: Bench, promise: dict[str, Any], says: str
) -> None:
    bench.one("x", size="1200x630", generate={"then": "crop"}, **promise)
    done = bench.generate()
    assert done.code == 2
    assert says in done.err
    assert not bench.server.seen
    bench.one("x", size="1200x630", generate={"then": "crop"}, provenance="ledger", **{"bit-depth": "8..16"})
    assert bench.generate().code == 0


@pytest.mark.parametrize(
    ("promise", "says"),
    [
        ({"quality": "95.."}, "quality: 95.. is promised, and convert writes quality: 90"),
        ({"quality": "..85"}, "and convert writes quality: 90"),
        ({"subsampling": "4:2:0"}, "subsampling: 4:2:0 is promised, and convert writes subsampling: 4:4:4"),
        (
            {"progressive": "required"},
            "progressive: required is promised, and convert writes progressive: false",
        ),
    ],
)
def test_an_encoding_that_the_step_does_not_write_costs_nothing(
    bench: Bench, promise: dict[str, Any], says: str
) -> None:
    bench.one("x", target="hero.jpg", generate={"then": [{"convert": "jpeg"}]}, **promise)
    done = bench.generate()
    assert done.code == 2
    assert says in done.err
    assert not bench.server.seen


@pytest.mark.parametrize(
    ("step", "promise"),
    [
        ({}, {"quality": "90", "subsampling": "4:4:4", "progressive": "forbidden"}),
        ({"quality": 80}, {"quality": "75..80", "subsampling": ["4:2:0", "4:1:1"], "progressive": "allowed"}),
        (
            {"quality": 96, "subsampling": "4:2:2", "progressive": True},
            {"quality": "95..", "subsampling": "4:2:2", "progressive": "required"},
        ),
        ({"quality": 70, "subsampling": "4:4:4"}, {"subsampling": "4:4:4"}),
    ],
)
def test_a_jpeg_is_written_as_the_step_says(
    bench: Bench, step: dict[str, Any], promise: dict[str, Any]
) -> None:
    bench.one("x", target="hero.jpg", generate={"then": [{"convert": "jpeg", **step}]}, **promise)
    done = bench.generate()
    assert done.code == 0, done.all
    assert bench.run("check", "--select", "right-encoding", "--fail-on", "note").code == 0


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ({"convert": "webp", "quality": 80}, "convert webp quality 80"),
        (
            {"convert": "jpeg", "subsampling": "4:2:2", "progressive": True},
            "convert jpeg quality 90 subsampling 4:2:2 progressive",
        ),
    ],
)
def test_the_plan_names_what_a_step_is_told_and_nothing_else(
    bench: Bench, step: dict[str, Any], said: str
) -> None:
    bench.one("x", target=f"hero.{step['convert'].replace('jpeg', 'jpg')}", generate={"then": [step]})
    plan = bench.run("generate", "--dry-run").out
    assert f"  then {said}: 1024x640\n" in plan

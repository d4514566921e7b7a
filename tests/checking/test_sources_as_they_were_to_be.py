"""A source that is as it was to be has lost nothing: the step after it was to change it, and has not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pictures import gradient, p3, save, texture
from PIL import Image, ImageDraw, PngImagePlugin

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Outcome

    Run = Callable[..., Outcome]

SIZE = (192, 108)
NAMES = ("art.png", "hero.jpg", "out.jpg")
CLEAR = Image.new("RGBA", SIZE, (9, 90, 200, 128))


@pytest.fixture
def told(tmp_path: Path, run: Run) -> Callable[..., list[tuple[str, str, list[str]]]]:
    """Write files and a chain of them; returns target, hop and states of what does not hold."""

    def call(
        files: dict[str, tuple[bytes, dict[str, Any]]], *rules: str, only: tuple[str, ...] = ()
    ) -> list[tuple[str, str, list[str]]]:
        entries: dict[str, dict[str, Any]] = {}
        for name, (data, promise) in files.items():
            (tmp_path / name).write_bytes(data)
            entries[name] = {**promise, "from": list(entries)[-1]} if entries else promise
        (tmp_path / "verify4k.json").write_text(json.dumps({"version": 1, "files": entries}))
        asked = ",".join(("readable", *rules))
        report = json.loads(run("check", "--format", "json", "--select", asked, *only).out)
        return [
            (one["target"], one["hop"], [link["state"] for link in one["chain"]])
            for one in report["findings"]
        ]

    return call


PROMISES: dict[str, tuple[dict[str, Any], dict[str, Any], list[str]]] = {
    "larger, and nobody reduced it": ({}, {"size": "96x54"}, ["", "", "lost"]),
    "larger, with a free height": ({}, {"size": "96x*"}, ["", "", "lost"]),
    "too small": ({}, {"size": "384x216"}, ["lost", "same", "same"]),
    "larger in one direction only": ({}, {"size": "96x216"}, ["lost", "same", "same"]),
    "larger in the other direction only": ({}, {"size": "384x54"}, ["lost", "same", "same"]),
    "with a size of its own": ({"size": "192x108"}, {"size": "384x216"}, ["ok", "ok", "lost"]),
    "with a promise about something else": ({"ratio": "16:9"}, {"size": "384x216"}, ["lost", "same", "same"]),
    "of another format": ({}, {"format": "webp"}, ["", "", "lost"]),
}


@pytest.mark.parametrize("name", PROMISES)
def test_the_step_that_was_to_change_it_is_named(name: str, told: Callable[..., Any]) -> None:
    own, promise, states = PROMISES[name]
    chained = {each: (save(gradient(*SIZE), each), own) for each in NAMES[:2]}
    chained[NAMES[2]] = (chained[NAMES[1]][0], promise)
    hop = NAMES[states.index("lost")]
    assert told(chained, "exact-size", "right-format") == [(NAMES[2], hop, states)]
    # and the same where the run judges the last one alone
    assert told(chained, "exact-size", "right-format", only=NAMES[2:]) == [(NAMES[2], hop, states)]


def test_what_a_rule_cannot_tell_was_lost_nowhere(told: Callable[..., Any]) -> None:
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 4"><path d="M0 0h4v4z"/></svg>'
    sign = Image.new("RGB", (2400, 1200), "white")
    ImageDraw.Draw(sign).rectangle((0, 0, 1199, 1199), fill="navy")
    chained = {"art.svg": (drawing, {}), "out.png": (save(sign, "a.png"), {"size": "2400x1200"})}
    assert told(chained, "native-resolution") == [("out.png", None, [])]


def test_a_source_that_breaks_its_own_promise_is_named(told: Callable[..., Any]) -> None:
    picture = save(gradient(*SIZE), "a.png")
    chained = {"art.png": (picture, {"size": "500x300"}), "out.png": (picture, {"size": "384x216"})}
    assert told(chained, "exact-size")[1] == ("out.png", "art.png", ["lost", "same"])
    assert told(chained, "exact-size", only=("out.png",)) == [("out.png", "art.png", ["lost", "same"])]


def test_a_format_that_is_kept_until_the_last_step_is_drawn_so(told: Callable[..., Any]) -> None:
    webp, jpeg = (save(gradient(*SIZE), name) for name in ("a.webp", "a.jpg"))
    chained = {"a.webp": (webp, {}), "out.jpg": (jpeg, {"format": "webp"})}
    assert told(chained, "right-format") == [("out.jpg", "out.jpg", ["ok", "lost"])]


def test_another_list_of_what_is_kept_hides_no_hop(told: Callable[..., Any]) -> None:
    flat = save(CLEAR.convert("RGB"), "a.jpg")
    kept, lost = ({"nothing-lost": [word], "edits": "any"} for word in ("bit-depth", "alpha"))
    chained = {NAMES[0]: (save(CLEAR, "a.png"), {}), NAMES[1]: (flat, kept), NAMES[2]: (flat, lost)}
    assert told(chained, "nothing-lost") == [(NAMES[2], NAMES[1], ["", "lost", "same"])]


def test_colours_are_lost_where_the_profile_went_and_not_where_srgb_was_written_down(
    told: Callable[..., Any],
) -> None:
    srgb = PngImagePlugin.PngInfo()
    srgb.add(b"sRGB", b"\0")
    ramp = Image.linear_gradient("L").resize(SIZE)
    picture, kept = Image.merge("RGB", (ramp, ramp.rotate(180), ramp)), {"nothing-lost": ["icc"]}
    chained: dict[str, Any] = {
        "art.png": (save(picture, "a.png", icc_profile=p3()), {}),
        "mid.png": (save(picture, "a.png"), {}),
        "out.png": (save(picture, "a.png", pnginfo=srgb), kept),
    }
    assert told(chained, "nothing-lost") == [("out.png", "mid.png", ["", "lost", "same"])]


def test_an_enlargement_is_told_where_it_was_made_and_once(told: Callable[..., Any]) -> None:
    large, native = texture(640, 400).resize((1280, 800), Image.Resampling.BILINEAR), {"native": "on"}
    chained: dict[str, Any] = {
        "mid.png": (save(large, "a.png"), native),
        "out.jpg": (save(large, "a.jpg", quality=90), native),
    }
    assert told(chained, "native-resolution") == [("mid.png", "mid.png", ["lost"])]


@pytest.mark.parametrize(
    ("promise", "rule"),
    [({"alpha": "forbidden"}, "no-stray-alpha"), ({"size": "384x216"}, "exact-size")],
)
def test_a_drawing_has_no_pixels_that_could_be_wrong(
    promise: dict[str, Any], rule: str, told: Callable[..., Any]
) -> None:
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" width="192" height="108"><path d="M0 0h9v9z"/></svg>'
    chained = {"art.svg": (drawing, {}), "out.png": (save(CLEAR, "a.png"), promise)}
    assert told(chained, rule) == [("out.png", "out.png", ["", "lost"])]

"""Placeholders: exact, labelled, the same every time, and stopped at the gate."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from verify4k.errors import UsageError
from verify4k.formats.facts import Size
from verify4k.formats.metadata.placeholder import MARK
from verify4k.routes import Order, find_route

if TYPE_CHECKING:
    from bench import Bench


def _order(size: Size, form: str, target: str = "a.png", background: str = "") -> Order:
    return Order(target, "", size, "", "", form, background)


def _make(order: Order) -> bytes:
    make = find_route("placeholder").make
    assert make is not None
    return make(order)


@pytest.mark.parametrize("form", ["png", "jpeg", "webp"])
@pytest.mark.parametrize("size", [Size(1, 1), Size(3, 200), Size(64, 64), Size(1920, 1080), Size(3840, 2160)])
def test_a_placeholder_has_exactly_the_size(form: str, size: Size) -> None:
    data = _make(_order(size, form))
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        assert image.size == size
        assert image.format == form.upper()
        assert image.mode == "RGB"
    assert MARK.encode() in data


@pytest.mark.parametrize("form", ["png", "jpeg", "webp"])
def test_the_same_order_gives_the_same_bytes(form: str) -> None:
    order = _order(Size(640, 360), form)
    assert _make(order) == _make(order)
    assert _make(order) != _make(order._replace(target="b.png"))


def test_a_png_says_so_in_plain_text() -> None:
    assert b"tEXtverify4k\0placeholder: not for release" in _make(_order(Size(64, 64), "png"))


@pytest.mark.parametrize("form", ["png", "webp"])
def test_a_transparent_placeholder_uses_its_alpha(form: str) -> None:
    with Image.open(io.BytesIO(_make(_order(Size(64, 64), form, background="transparent")))) as image:
        assert image.mode == "RGBA"
        assert image.getchannel("A").getextrema() == (0, 255)


@pytest.mark.parametrize(
    ("size", "form"), [(Size(16_384, 16), "webp"), (Size(65_536, 16), "jpeg"), (Size(20_000, 20_000), "png")]
)
def test_a_size_the_format_cannot_hold_is_refused(size: Size, form: str) -> None:
    with pytest.raises(UsageError, match="too large"):
        _make(_order(size, form))


def test_hostile_names_are_drawn_harmlessly() -> None:
    assert _make(_order(Size(640, 360), "png", target="a\x1b[2J\n\udcff\u202e.png"))


def test_placeholders_need_no_prompt_no_key_and_no_yes(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    bench.manifest(
        {
            "a-4k.png": {"size": "3840x2160", "alpha": "forbidden"},
            "b.jpg": "1920x1080",
            "c/d.webp": {"size": "1200x640", "alpha": "used"},
        },
        generate={"route": "placeholder"},
    )
    done = bench.run("generate")
    assert done.code == 0, done.all
    assert bench.server.seen == []
    assert {line["kind"] for line in bench.ledger if line["event"] == "request"} == {"placeholder"}
    check = bench.run("check", "--ignore", "no-placeholder")
    assert check.code == 0, check.all
    gate = bench.run("check")
    assert gate.code == 1
    assert gate.out.count("this is a placeholder") == 3


def test_a_second_run_finds_them_verified(bench: Bench) -> None:
    bench.manifest({"a.png": "64x64"}, generate={"route": "placeholder"})
    bench.run("generate")
    again = bench.run("generate")
    assert again.code == 0
    assert "1 verified" in again.out


def test_any_manifest_can_be_filled_with_placeholders(bench: Bench) -> None:
    bench.one("a hill", size="1920x1088")
    assert bench.run("generate", "--route", "placeholder").code == 0
    assert bench.server.seen == []


def test_a_stripped_placeholder_is_known_by_the_ledger(bench: Bench) -> None:
    bench.manifest({"a.png": "640x360"}, generate={"route": "placeholder"})
    bench.run("generate")
    data = bench.path("a.png").read_bytes().replace(MARK.encode(), b"x" * len(MARK))
    bench.path("a.png").write_bytes(data)
    from hashlib import sha256

    lines = (
        bench.path("verify4k.ledger.jsonl")
        .read_text()
        .replace(bench.ledger[1]["sha256"], sha256(data).hexdigest())
    )
    bench.path("verify4k.ledger.jsonl").write_text(lines)
    done = bench.run("check", "--select", "no-placeholder")
    assert done.code == 1
    assert "by the ledger" in done.out


def test_real_pictures_replace_placeholders_on_request(bench: Bench) -> None:
    bench.one("a hill")
    bench.run("generate", "--route", "placeholder")
    done = bench.generate("--failed")
    assert done.code == 0, done.all
    assert bench.run("check").code == 0


def test_a_too_large_placeholder_is_a_failure_not_a_crash(bench: Bench) -> None:
    bench.manifest({"a.webp": "20000x20"}, generate={"route": "placeholder"})
    done = bench.run("generate")
    assert done.code == 1
    assert "too large" in done.out
    assert bench.ledger[-1]["verdict"] == "failed"
    assert not list(bench.folder.glob(".a*"))


@pytest.mark.parametrize(
    ("promise", "rule"),
    [
        ({"mode": "gray"}, "color"),
        ({"bytes": 10}, "byte-budget"),
        ({"provenance": "c2pa-present"}, "provenance"),
    ],
)
def test_a_placeholder_that_breaks_a_promise_is_not_made_and_never_verified(
    promise: dict[str, object], rule: str, bench: Bench
) -> None:
    entry = {"size": "640x360", **promise}
    bench.manifest({"a.png": entry}, generate={"route": "placeholder"}, rules={"no-placeholder": "off"})
    done = bench.run("generate")
    assert (done.code, "1 rejected" in done.out, rule in done.out) == (1, True, True), done.all
    assert not bench.path("a.png").exists()


def test_what_a_routes_pictures_are_not_judged_by_is_said(bench: Bench) -> None:
    bench.manifest({"a.png": "64x64", "b.png": "64x32"}, generate={"route": "placeholder"})
    for summary in ("2 made", "2 verified"):
        done = bench.run("generate")
        assert (done.code, summary in done.out) == (0, True), done.all
        assert "not judged by rule no-placeholder: a.png and 1 more" in done.out


def test_a_promise_whose_rule_the_manifest_turns_off_is_not_judged_and_that_is_said(bench: Bench) -> None:
    entry = {"size": "64x64", "mode": "gray", "rules": {"color": "off"}}
    bench.manifest({"a.png": entry}, generate={"route": "placeholder"})
    done = bench.run("generate")
    assert (done.code, "not judged by rule color: a.png" in done.out) == (0, True), done.all


def test_a_picture_that_is_there_without_its_record_is_not_verified(bench: Bench) -> None:
    entry = {"size": "64x64", "provenance": "ledger"}
    bench.manifest({"a.png": entry}, generate={"route": "placeholder"})
    assert bench.run("generate").code == 0
    assert "1 verified" in bench.run("generate").out
    bench.path("verify4k.ledger.jsonl").write_text("")
    done = bench.run("generate")
    assert (done.code, "no recorded request brought these bytes" in done.out) == (1, True), done.all

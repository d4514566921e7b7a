"""Pictures that come out right: what is sent, what is saved, what is recorded."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import socket
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from apiserver.drawing import encoded, picture
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable

    from apiserver.server import Handler
    from bench import Bench


def _delivering(data: bytes) -> Callable[[Handler], None]:
    return lambda handler: handler.deliver(data)


@pytest.mark.skipif(os.name == "nt", reason="POSIX limits what a process writes")
@pytest.mark.parametrize("count", [1, 2])
def test_every_picture_of_an_answer_that_finds_no_room_is_kept_elsewhere(
    bench: Bench, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    import resource

    elsewhere = tmp_path_factory.mktemp("elsewhere")
    monkeypatch.setattr("tempfile.tempdir", str(elsewhere))
    pictures = [picture(1024, 640), picture(1024, 640, shade=9)][:count]
    bench.one("x", generate={"route": "mine"}, routes={"mine": {"kind": "openai-images", "outputs": count}})

    def fill(handler: Handler) -> None:
        bench.path(".hero.png.verify4k-new").mkdir()  # nothing can be written there
        handler.json(200, {"data": [{"b64_json": base64.b64encode(data).decode()} for data in pictures]})

    bench.server.script["x"] = [fill]
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    most = max(map(len, pictures)) + 1000  # the answer is a third longer
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        done = bench.generate()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert done.code == 1
    kept = sorted(elsewhere.iterdir())
    assert {path.read_bytes() for path in kept} == set(pictures)
    assert all(str(path) in done.out for path in kept)
    assert "what was received is kept as" in done.out
    assert "verify4k import" in done.out


def test_a_full_disk_is_told_before_anything_is_asked(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _path: (10**9, 10**9 - 10**6, 10**6))
    bench.one("x")
    done = bench.generate()
    assert done.code == 1
    assert "1.0 MB are free, a picture of 1024x640 may need 2.6" in done.out
    assert not bench.server.seen
    monkeypatch.setattr("shutil.disk_usage", lambda _path: (0, 0, 0))  # a file system that tells nothing
    assert bench.generate().code == 0


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_behind_stdout_is_no_usage_mistake_once_something_was_sent(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.one("x")
    with open("/dev/full", "w") as full:
        monkeypatch.setattr("sys.stdout", full)
        done = bench.generate()
    assert done.code == 1
    assert "the output cannot be written" in done.err
    assert bench.path("hero.png").exists()


def test_a_bug_while_a_picture_is_made_ends_with_70_and_sends_nothing_more(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("verify4k.generate.variants.make", broken)
    bench.one("x")
    done = bench.generate("--format", "json")
    assert done.code == 70
    assert json.loads(done.out)["exit_code"] == 70
    assert "verify4k crashed: ZeroDivisionError: a bug" in done.err


def test_a_missing_picture_is_asked_for_once_and_saved_as_it_came(bench: Bench) -> None:
    bench.one("a hill at dawn")
    done = bench.generate()
    assert done.code == 0, done.all
    (seen,) = bench.server.seen
    assert seen.path == "/v1/images/generations"
    assert seen.values == {
        "model": "gpt-image-2",
        "prompt": "a hill at dawn",
        "n": 1,
        "size": "1024x640",
        "quality": "low",
        "output_format": "png",
        "background": "opaque",
    }
    with Image.open(bench.path("hero.png")) as image:
        assert image.size == (1024, 640)
    request, outcome = bench.ledger
    assert request["event"] == "request"
    assert outcome["sha256"] == hashlib.sha256(bench.path("hero.png").read_bytes()).hexdigest()
    assert outcome["verdict"] == "accepted"
    assert outcome["request_id"] == "req_4242"
    assert outcome["usage"]["output_tokens"] == 1000
    assert "a hill at dawn" not in json.dumps(bench.ledger)


def test_a_refused_connection_is_tried_again_and_costs_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{port}/v1")
    bench.one("x")
    done = bench.generate("--deadline", "2")
    assert done.code == 1
    assert "nothing was sent" in done.out
    assert "billed" not in done.out
    assert bench.ledger[-1]["billed"] == "no"


@pytest.mark.parametrize(
    ("target", "alpha", "extra", "sent"),
    [
        (
            "a.jpg",
            None,
            {"compression": 80},
            {"output_format": "jpeg", "output_compression": 80, "background": "opaque"},
        ),
        ("a.jpeg", None, {}, {"output_format": "jpeg"}),
        ("a.webp", None, {}, {"output_format": "webp"}),
        ("a.PNG", None, {}, {"output_format": "png"}),
        (
            "a.png",
            "used",
            {"model": "gpt-image-2.6-flare", "quality": "max"},
            {"background": "transparent", "quality": "max"},
        ),
        (
            "a.png",
            None,
            {"background": "auto", "extra": {"moderation": "low"}},
            {"background": "auto", "moderation": "low"},
        ),
    ],
)
def test_parameters_follow_from_the_promise(
    bench: Bench, target: str, alpha: str | None, extra: dict[str, Any], sent: dict[str, Any]
) -> None:
    entry = {"size": "1024x640", "generate": {"prompt": "x", **extra}, **({"alpha": alpha} if alpha else {})}
    bench.manifest({target: entry})
    done = bench.generate()
    assert done.code == 0, done.all
    values = bench.server.seen[0].values
    assert {name: values.get(name) for name in sent} == sent
    assert "response_format" not in values
    assert "style" not in values


def test_the_request_id_is_told_where_money_may_be_gone(bench: Bench) -> None:
    bench.one("x")
    bench.server.script["x"] = [lambda handler: handler.error(500, None)]
    assert "it may have been billed (request id req_4242)" in bench.generate().out
    assert bench.ledger[-1]["request_id"] == "req_4242"


def test_a_picture_is_not_compressed_again_or_given_metadata(bench: Bench) -> None:
    bench.one("x")
    bench.server.script["x"] = [lambda handler: handler.deliver(picture(1024, 640, shade=77))]
    bench.generate()
    assert bench.path("hero.png").read_bytes() == picture(1024, 640, shade=77)


@pytest.mark.parametrize("name", ["a b'c.png", "naïve-\u540d.png", "::error::x.png", "a\u202egnp.png"])
def test_odd_names_are_made_and_shown_harmlessly(bench: Bench, name: str) -> None:
    bench.path("day.png").write_bytes(picture(1024, 640))
    bench.path(name.replace("a", "x", 1)).write_bytes(picture(1024, 640))
    bench.one("x", target=name, generate={"edit": ["day.png", name.replace("a", "x", 1)]})
    done = bench.generate()
    assert done.code == 0, done.all
    assert bench.path(name).exists()
    assert "\n::error" not in f"\n{done.all}"
    assert "\u202e" not in done.all


def test_a_name_that_is_no_text_is_made_anew_too(bench: Bench) -> None:
    name = os.fsdecode(b"a\xff.png")
    bench.path(name).write_bytes(picture(32, 32))
    bench.manifest({"*.png": {"size": "64x64"}}, generate={"route": "placeholder"})
    done = bench.run("generate", "--failed")
    assert done.code == 0, done.all
    assert "a\\xff.png" in done.out
    with Image.open(bench.path(name)) as image:
        assert image.size == (64, 64)


def test_an_enlarged_picture_is_rejected_although_its_size_is_right(bench: Bench) -> None:
    noise = np.random.default_rng(4).integers(0, 256, (1152, 2048, 3), dtype=np.uint8)
    native = Image.fromarray(noise)
    half = Image.fromarray(noise[:576, :1024]).resize((2048, 1152), Image.Resampling.LANCZOS)
    for prompt, image, code in (("native", native, 0), ("enlarged", half, 1)):
        bench.one(prompt, target=f"{prompt}.png", size="2048x1152", native=True)
        bench.server.script[prompt] = [_delivering(encoded(image, "png"))]
        done = bench.generate()
        assert done.code == code, done.all
        assert bench.path(f"{prompt}.png").exists() is (code == 0)
    assert "native-resolution" in done.out


def test_a_folder_that_does_not_exist_yet_is_made(bench: Bench) -> None:
    bench.one("x", target="dist/art/deep/hero.png")
    assert bench.generate().code == 0
    assert bench.path("dist/art/deep/hero.png").exists()


def test_there_is_no_progress_without_a_terminal(bench: Bench) -> None:
    bench.one("x")
    assert bench.generate().err == ""


def test_only_the_target_and_the_ledger_are_left(bench: Bench) -> None:
    bench.one()
    bench.generate()
    names = {path.name for path in bench.folder.iterdir()}
    assert names == {"verify4k.yaml", "verify4k.ledger.jsonl", "hero.png"}


@pytest.mark.parametrize("size", ["1024x640", "816x816"])
def test_an_empty_answer_is_no_picture_at_any_size(bench: Bench, size: str) -> None:
    def empty(handler: Handler) -> None:
        handler.deliver(encoded(Image.new("RGB", handler.size, (90, 90, 90)), "png"))

    bench.one("a hill", size=size)
    bench.server.script["a hill"] = [empty]
    done = bench.generate()
    assert done.code == 1
    assert "not-blank" in done.out


def test_an_answer_inside_borders_is_rejected_below_two_megapixels(bench: Bench) -> None:
    def padded(handler: Handler) -> None:
        width, height = handler.size
        canvas = Image.new("RGB", (width, height))
        noise = Image.effect_noise((width // 2, height // 2), 80).convert("RGB")
        canvas.paste(noise, (width // 4, height // 4))
        handler.deliver(encoded(canvas, "png"))

    bench.one("a hill")
    bench.server.script["a hill"] = [padded]
    done = bench.generate()
    assert done.code == 1
    assert "not-padded" in done.out

"""Sizes that fail, pictures that are there already, runs that are stopped by the account."""

from __future__ import annotations

import base64
import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
from apiserver.drawing import picture
from apiserver.faults import FAULTS, all_faults
from apiserver.server import KEY
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable

    from apiserver.server import Handler
    from bench import Bench

FALLING = {"fallback": ["1024x640", "1024x672"], "critical": False}
all_faults()


def _refuse_size(handler: Handler) -> None:
    handler.error(400, "invalid_value", "not this size", param="size")


def _deliver_small(handler: Handler) -> None:
    handler.deliver(picture(1024, 640))


def test_a_refused_size_falls_back_and_says_so(bench: Bench) -> None:
    bench.one("x", size="1536x1024", generate=FALLING)
    bench.server.script["x"] = [_refuse_size, lambda handler: handler.answer()]
    done = bench.generate()
    assert done.code == 0, done.all
    assert "fell back to 1024x640" in done.out
    assert [seen.values["size"] for seen in bench.server.seen] == ["1536x1024", "1024x640"]
    with Image.open(bench.path("hero.png")) as image:
        assert image.size == (1024, 640)


def test_a_fallback_that_is_there_is_not_made_again(bench: Bench) -> None:
    bench.one("x", size="1536x1024", generate=FALLING)
    bench.path("hero.png").write_bytes(picture(1024, 640))
    assert bench.generate("--failed").code == 0
    assert bench.server.seen == []


def test_what_comes_after_a_refused_size_is_on_the_disk_as_it_arrives(bench: Bench) -> None:
    """A kill then loses nothing, and no second process can begin the same picture."""
    bench.one("x", size="1536x1024", generate=FALLING)
    spool = bench.path(".hero.png.verify4k-answer")
    asked: list[str] = []

    def looking(handler: Handler) -> None:
        asked.append(json.loads(spool.read_text("utf-8"))["request"])
        handler.answer()

    bench.server.script["x"] = [_refuse_size, looking]
    assert bench.generate().code == 0
    assert asked == [bench.ledger[-1]["id"]]
    assert not spool.exists()


def test_every_fallback_refused_is_a_failure(bench: Bench) -> None:
    bench.one("x", size="1536x1024", generate=FALLING)
    bench.server.script["x"] = [_refuse_size]
    done = bench.generate()
    assert done.code == 1
    assert len(bench.server.seen) == 3
    assert not bench.path("hero.png").exists()


def test_a_fallback_size_that_came_unasked_is_taken_not_bought_again(bench: Bench) -> None:
    bench.one("x", size="1536x1024", generate=FALLING)
    bench.server.script["x"] = [_deliver_small]
    done = bench.generate()
    assert done.code == 0, done.all
    assert "fell back to 1024x640: that size came" in done.out
    assert len(bench.server.seen) == 1


@pytest.mark.parametrize("act", [_refuse_size, _deliver_small])
def test_a_critical_picture_never_falls_back(bench: Bench, act: Any) -> None:
    bench.one("x", size="1536x1024")
    bench.server.script["x"] = [act]
    done = bench.generate()
    assert done.code == 1
    assert len(bench.server.seen) == 1
    assert not bench.path("hero.png").exists()


@pytest.mark.parametrize(
    "name", ["500", "moderated input", "invalid quality", "dropped before the answer", "data empty"]
)
def test_only_a_refused_size_falls_back(bench: Bench, name: str) -> None:
    bench.one("x", size="1536x1024", generate=FALLING)
    bench.server.script["x"] = list(FAULTS[name].acts)
    assert bench.generate().code == 1
    assert len(bench.server.seen) == 1


def test_a_wrong_picture_is_not_excused_by_a_fallback(bench: Bench) -> None:
    bench.one("x", size="1536x1024", generate=FALLING)
    bench.server.script["x"] = [lambda handler: handler.deliver(picture(1024, 640, "png", "RGBA"))]
    assert bench.generate().code == 1
    assert not bench.path("hero.png").exists()


def test_a_verified_file_is_never_replaced(bench: Bench) -> None:
    bench.one("x")
    bench.path("hero.png").write_bytes(picture(1024, 640, shade=99))
    for options in ([], ["--failed"], ["--failed", "hero.png"]):
        assert bench.generate(*options).code == 0
    assert bench.path("hero.png").read_bytes() == picture(1024, 640, shade=99)
    assert bench.server.seen == []


def test_a_failing_file_is_replaced_only_on_request(bench: Bench) -> None:
    bench.one("x")
    bench.path("hero.png").write_bytes(picture(512, 512))
    done = bench.generate()
    assert done.code == 1
    assert "--failed makes it anew" in done.out
    assert bench.server.seen == []
    assert bench.generate("--failed").code == 0
    with Image.open(bench.path("hero.png")) as image:
        assert image.size == (1024, 640)


def test_a_failing_file_stays_when_its_replacement_fails(bench: Bench) -> None:
    bench.one("x")
    bench.path("hero.png").write_bytes(picture(512, 512))
    bench.server.script["x"] = [lambda handler: handler.deliver(picture(256, 256))]
    assert bench.generate("--failed").code == 1
    assert bench.path("hero.png").read_bytes() == picture(512, 512)
    assert bench.path("hero.rejected.png").read_bytes() == picture(256, 256)


def test_a_file_that_appears_meanwhile_stays(bench: Bench) -> None:
    bench.one("x")

    def appear(handler: Handler) -> None:
        bench.path("hero.png").write_bytes(b"mine")
        handler.answer()

    bench.server.script["x"] = [appear]
    done = bench.generate()
    assert done.code == 1
    assert bench.path("hero.png").read_bytes() == b"mine"
    assert bench.path("hero.rejected.png").exists()
    assert "another file took the name" in done.out


def test_a_failing_file_that_was_mended_meanwhile_stays(bench: Bench) -> None:
    mended = picture(1024, 640, shade=50)

    def mend(handler: Handler) -> None:
        bench.path("hero.png").write_bytes(mended)
        handler.answer()

    bench.one("x")
    bench.path("hero.png").write_bytes(picture(512, 512))
    bench.server.script["x"] = [mend]
    assert bench.generate("--failed").code == 1
    assert bench.path("hero.png").read_bytes() == mended
    assert bench.path("hero.rejected.png").exists()


def test_a_failing_file_that_is_gone_meanwhile_is_no_obstacle(bench: Bench) -> None:
    def remove(handler: Handler) -> None:
        bench.path("hero.png").unlink()
        handler.answer()

    bench.one("x")
    bench.path("hero.png").write_bytes(picture(512, 512))
    bench.server.script["x"] = [remove]
    assert bench.generate("--failed").code == 0


def _delivering(edge: int) -> Callable[[Handler], None]:
    return lambda handler: handler.deliver(picture(edge, edge))


def test_rejected_pictures_are_numbered_not_overwritten(bench: Bench) -> None:
    bench.one("x")
    for edge in (256, 272):
        bench.server.script["x"] = [_delivering(edge)]
        bench.generate()
    assert bench.path("hero.rejected.png").read_bytes() == picture(256, 256)
    assert bench.path("hero.rejected-2.png").read_bytes() == picture(272, 272)


@pytest.mark.parametrize(
    "name", ["quota: insufficient_quota", "wrong key", "organization not verified", "billing limit"]
)
def test_an_account_error_stops_the_run(bench: Bench, name: str) -> None:
    files = {f"{n}.png": {"size": "1024x640", "generate": {"prompt": str(n)}} for n in range(4)}
    bench.manifest(files)
    bench.server.script["0"] = list(FAULTS[name].acts)
    done = bench.generate("-j", "1")
    assert done.code == 1
    assert len(bench.server.seen) == 1
    assert done.out.count("not asked for") == 3


def test_one_refused_prompt_does_not_stop_the_others(bench: Bench) -> None:
    files = {f"{n}.png": {"size": "1024x640", "generate": {"prompt": str(n)}} for n in range(3)}
    bench.manifest(files)
    bench.server.script["0"] = list(FAULTS["moderated input"].acts)
    done = bench.generate("-j", "1")
    assert done.code == 1
    assert "a hill is bad" not in done.all
    assert [bench.path(f"{n}.png").exists() for n in range(3)] == [False, True, True]


def test_results_as_json_are_whole(bench: Bench) -> None:
    bench.one("x")
    body = json.loads(bench.generate("--format", "json").out)
    assert body["exit_code"] == 0
    (result,) = body["results"]
    assert result["status"] == "made"
    assert result["size"] == "1024x640"
    assert result["request_id"] == "req_4242"
    assert result["dollars"] == pytest.approx(0.03006)


def test_a_route_counts_its_own_limit(bench: Bench) -> None:
    at_once: list[int] = []
    active = [0]
    both = threading.Event()

    def watch(handler: Handler) -> None:
        with bench.server.lock:
            active[0] += 1
            at_once.append(active[0])
        if active[0] >= 2:
            both.set()
        both.wait()
        with bench.server.lock:
            active[0] -= 1
        handler.answer()

    entry = {"size": "1024x640", "generate": {"prompt": "same"}}
    files = {f"{n}.png": entry for n in range(5)}
    bench.manifest(files, routes={"openai-images": {"kind": "openai-images", "concurrency": 2}})
    bench.server.script["same"] = [watch]
    assert bench.generate("-j", "5").code == 0
    assert max(at_once) == 2


def test_a_providers_second_picture_is_allowed_where_its_profile_says_so(bench: Bench) -> None:
    def twice(handler: Handler) -> None:
        good = base64.b64encode(picture(1024, 640)).decode()
        handler.json(200, {"data": [{"b64_json": good}, {"b64_json": good}]})

    bench.one("x")
    text = bench.path("verify4k.yaml").read_text()
    routes = '"routes": {"openai-images": {"kind": "openai-images", "outputs": 2, "price": 0.03}},'
    bench.path("verify4k.yaml").write_text(text.replace('"files"', f'{routes} "files"'))
    bench.server.script["x"] = [twice]
    assert bench.generate().code == 0
    assert bench.ledger[-1]["dollars"] == 0.06


def test_the_very_bytes_of_another_promise_are_named(bench: Bench) -> None:
    prompts = enumerate(("same", "mesa"))  # the server draws the same picture for both
    bench.manifest({f"{n}.png": {"size": "1024x640", "generate": {"prompt": p}} for n, p in prompts})
    done = bench.generate("-j", "1")
    assert done.code == 0
    assert done.out.count("these are the very bytes of 0.png") == 1
    assert bench.run("check").code == 1


def test_an_echoed_key_reaches_no_request_id(bench: Bench) -> None:
    def echo(handler: Handler) -> None:
        body = json.dumps(handler.envelope(base64.b64encode(picture(1024, 640)).decode())).encode()
        handler.send_response(200)
        handler.send_header("x-request-id", f"req-{KEY}")
        handler.send_header("content-type", "application/json")
        handler.send_header("content-length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    bench.one("x")
    bench.server.script["x"] = [echo]
    assert bench.generate().code == 0
    assert bench.ledger[-1]["request_id"] == "req-<key from OPENAI_API_KEY>"

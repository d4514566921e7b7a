"""Answers that come as streams: partial pictures are shown and never taken, nothing paid for is lost."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING, Any

import pytest
from apiserver.drawing import picture
from apiserver.streaming import partial_pictures

from verify4k.cli._generation_progress import GenerationProgress
from verify4k.cli._thumbnail import thumbnail
from verify4k.routes.protocol.streams import Partial

if TYPE_CHECKING:
    from apiserver.server import Handler
    from bench import Bench

GOOD = picture(1024, 640, shade=sum(b"a hill") % 256)


def _streamed(bench: Bench, kind: str = "openai-images", **profile: Any) -> None:
    route = {"kind": kind, "stream": 2, **profile}
    bench.one("a hill", generate={"route": kind}, routes={kind: route})


@pytest.mark.parametrize("kind", ["openai-images", "openai-responses"])
def test_the_picture_is_the_completed_one(bench: Bench, kind: str) -> None:
    _streamed(bench, kind)
    done = bench.generate()
    assert done.code == 0, done.all
    assert bench.path("hero.png").read_bytes() == GOOD
    (seen,) = bench.server.seen
    assert seen.values["stream"] is True
    assert (seen.values.get("tools") or [seen.values])[0]["partial_images"] == 2
    if kind == "openai-images":
        assert bench.ledger[1]["usage"]["output_tokens"] == 1000


def test_an_edit_is_streamed_as_well(bench: Bench) -> None:
    bench.path("day.png").write_bytes(picture(64, 64))
    bench.one("a hill", generate={"edit": "day.png"})
    done = bench.generate("--partials", "0")
    assert done.code == 0, done.all
    (seen,) = bench.server.seen
    assert seen.path == "/v1/images/edits"
    assert (seen.values["stream"], seen.values["partial_images"]) == (True, 0)


def test_the_last_partial_picture_of_a_cut_stream_stays_beside_what_arrived(bench: Bench) -> None:
    sent: list[bytes] = []

    def cut(handler: Handler) -> None:
        from apiserver import streaming

        sent.extend(partial_pictures(handler))
        streaming.begin(handler)
        for event in streaming.events(handler)[:-1]:
            streaming.write(handler, event)
        handler.close_connection = True

    _streamed(bench)
    bench.server.script["a hill"] = [cut]
    done = bench.generate()
    assert done.code == 1
    assert "kept as hero.rejected.png, hero.unread.answer" in done.out
    assert bench.path("hero.rejected.png").read_bytes() == sent[-1]
    assert not bench.path("hero.png").exists()


def test_each_partial_picture_is_in_the_estimate(bench: Bench) -> None:
    bench.one("a hill")
    plain = bench.run("generate", "--dry-run").out
    _streamed(bench)
    streamed = bench.run("generate", "--dry-run").out
    assert "107 tokens" in plain
    assert "307 tokens" in streamed
    assert "streamed, with 2 partial pictures" in streamed
    assert "1 request, about" in streamed
    assert "407 tokens" in bench.run("generate", "--dry-run", "--partials", "3").out


@pytest.mark.parametrize(
    ("profile", "says"),
    [
        ({"kind": "openai-images", "stream": 4}, "from 0 to 3"),
        ({"kind": "gemini", "stream": 1}, "the kind gemini sends no stream"),
        ({"kind": "openai-responses", "stream": 1, "background": True}, "as a stream or is asked for later"),
        ({"kind": "openai-compatible", "base_url": "https://a.example/v1", "stream": 0,
          "poll": {"path": "/t/{id}"}}, "as a stream or is asked for later"),
    ],
)  # fmt: skip
def test_a_stream_that_cannot_be_is_told(bench: Bench, profile: dict[str, Any], says: str) -> None:
    bench.one("a hill", generate={"route": "own"}, routes={"own": profile})
    refused = bench.generate()
    assert refused.code == 2
    assert says in refused.err


def test_a_batch_is_no_stream(bench: Bench) -> None:
    _streamed(bench)
    refused = bench.generate("--batch", "--partials", "1")
    assert refused.code == 2
    assert "a batch answers later" in refused.err
    assert bench.generate("--batch").code == 1
    assert "stream" not in bench.server.seen[-1].values


def test_a_route_that_works_in_background_is_left_at_it(bench: Bench) -> None:
    route = {"kind": "openai-responses", "background": True}
    bench.one("a hill", generate={"route": "openai-responses"}, routes={"openai-responses": route})
    assert "streamed" not in bench.run("generate", "--dry-run", "--partials", "2").out


def _progress(*, colour: bool, terminal: bool = True) -> tuple[GenerationProgress, io.StringIO]:
    text = io.StringIO()
    return GenerationProgress(text, 1, lambda: 0.0, terminal=terminal, quiet=False, colour=colour), text


def test_partial_pictures_are_drawn_on_a_terminal() -> None:
    progress, text = _progress(colour=True)
    watch = progress.watch()
    assert watch is not None
    watch("hero\x1b.png", Partial(1, base64.b64encode(picture(64, 32)).decode()))
    watch("hero.png", Partial(2, "nonsense"))
    progress.watcher().tick(1)
    said = text.getvalue()
    assert "hero\\x1b.png: partial picture 1 after 0.0 s" in said
    assert "hero.png: partial picture 2 after" in said
    assert said.count("\u2580") == 40 * 10


def test_without_colour_they_are_told_and_elsewhere_nobody_is() -> None:
    progress, text = _progress(colour=False)
    watch = progress.watch()
    assert watch is not None
    watch("hero.png", Partial(1, base64.b64encode(picture(64, 32)).decode()))
    progress.watcher().tick(1)
    assert "partial picture 1" in text.getvalue()
    assert "\u2580" not in text.getvalue()
    assert _progress(colour=False, terminal=False)[0].watch() is None


@pytest.mark.parametrize(("size", "cells"), [((640, 64), 40 * 2), ((10, 1000), 12), ((1, 1), 24 * 12)])
def test_a_thumbnail_keeps_its_shape_and_its_bounds(size: tuple[int, int], cells: int) -> None:
    assert thumbnail(picture(*size)).count("\u2580") == cells
    assert thumbnail(b"\x89PNG\r\n\x1a\nnone") == ""

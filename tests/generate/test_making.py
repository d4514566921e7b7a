"""Pictures that come out right: what is sent, what is saved, what is recorded."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from conftest import Bench


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


def test_only_the_target_and_the_ledger_are_left(bench: Bench) -> None:
    bench.one()
    bench.generate()
    names = {path.name for path in bench.folder.iterdir()}
    assert names == {"verify4k.yaml", "verify4k.ledger.jsonl", "hero.png"}

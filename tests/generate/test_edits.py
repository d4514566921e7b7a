"""Edits: what may go out, in which order, and what is never uploaded."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from apiserver.drawing import encoded, picture
from PIL import Image

if TYPE_CHECKING:
    from bench import Bench

HOLE = encoded(Image.new("RGBA", (1024, 640)), "png")


def _edit(bench: Bench, **generate: Any) -> None:
    bench.one("at night", target="night.png", generate=generate)


def test_a_picture_made_in_the_same_run_is_edited_after_it(bench: Bench) -> None:
    bench.manifest(
        {
            "night.png": {"size": "1024x640", "generate": {"prompt": "at night", "edit": "day.png"}},
            "day.png": {"size": "1024x640", "generate": {"prompt": "by day"}},
        }
    )
    done = bench.generate()
    assert done.code == 0, done.all
    first, second = bench.server.seen
    assert (first.values["prompt"], second.values["prompt"]) == ("by day", "at night")
    assert second.files[0][3] == bench.path("day.png").read_bytes()


def test_nothing_is_edited_when_its_source_was_not_made(bench: Bench) -> None:
    bench.manifest(
        {
            "day.png": {"size": "1024x640", "generate": {"prompt": "by day"}},
            "night.png": {"size": "1024x640", "generate": {"prompt": "at night", "edit": "day.png"}},
        }
    )
    bench.server.script["by day"] = [lambda handler: handler.error(500, None)]
    done = bench.generate()
    assert done.code == 1
    assert len(bench.server.seen) == 1
    assert "day.png was not made" in done.out


def test_a_mask_goes_with_its_picture(bench: Bench) -> None:
    bench.path("day.png").write_bytes(picture(1024, 640))
    bench.path("mask.png").write_bytes(HOLE)
    _edit(bench, edit="day.png", mask="mask.png")
    assert bench.generate().code == 0
    assert [(field, kind) for field, _, kind, _ in bench.server.seen[0].files] == [
        ("image", "image/png"),
        ("mask", "image/png"),
    ]
    request = bench.ledger[0]
    assert [one["name"] for one in request["sources"]] == ["day.png"]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("day.png", None, "does not exist"),
        ("day.png", b"-----BEGIN OPENSSH PRIVATE KEY-----\n", "no PNG, JPEG or WebP"),
        ("day.png", picture(64, 64)[:20], "damaged"),
        ("day.png", picture(640, 640)[:-100], "damaged"),
        (
            "day.png",
            encoded(Image.open(io.BytesIO(picture(640, 640))).convert("RGB"), "jpeg")[:-100],
            "damaged",
        ),
        ("day.gif", encoded(Image.new("P", (8, 8)), "gif"), "no PNG, JPEG or WebP"),
    ],
)
def test_only_pictures_are_uploaded(bench: Bench, name: str, data: bytes | None, said: str) -> None:
    if data is not None:
        bench.path(name).write_bytes(data)
    _is_refused(bench, name, said)


def test_no_picture_above_the_limit_is_uploaded(bench: Bench) -> None:
    bench.path("day.png").write_bytes(picture(64, 64) + bytes(50_000_000))
    _is_refused(bench, "day.png", "below 50 MB")


def _is_refused(bench: Bench, name: str, said: str) -> None:
    _edit(bench, edit=name)
    done = bench.generate()
    assert done.code == 2
    assert said in done.err
    assert "verify4k.yaml:1:" in done.err
    assert bench.server.seen == []
    assert bench.ledger == []


@pytest.mark.parametrize("path", ["../secret.png", "/etc/passwd", "link.png"])
def test_a_source_outside_the_folder_is_not_uploaded(bench: Bench, path: str) -> None:
    (bench.folder.parent / "secret.png").write_bytes(picture(64, 64))
    bench.path("link.png").symlink_to(bench.folder.parent / "secret.png")
    _edit(bench, edit=path)
    done = bench.generate()
    assert done.code == 2
    assert "an edit starts from a picture in the manifest's folder" in done.err
    assert not list(bench.folder.glob(".night*"))
    assert bench.server.seen == []


@pytest.mark.parametrize(
    ("mask", "said"),
    [
        (picture(1024, 640), "cannot be a mask"),
        (encoded(Image.new("RGBA", (64, 64)), "png"), "it must be 1024x640"),
        (encoded(Image.new("RGBA", (1024, 640)), "webp"), "cannot be a mask"),
        (
            encoded(Image.new("RGBA", (1024, 640), (0, 0, 0, 255)), "png"),
            "nothing of the mask 'mask.png' is transparent",
        ),
        (HOLE[:-40], "damaged"),
    ],
)
def test_a_mask_the_api_would_refuse_is_not_sent(bench: Bench, mask: bytes, said: str) -> None:
    _is_no_mask(bench, mask, said)


def test_a_mask_above_the_limit_is_not_sent(bench: Bench) -> None:
    _is_no_mask(bench, HOLE + bytes(4_000_000), "cannot be a mask")


def _is_no_mask(bench: Bench, mask: bytes, said: str) -> None:
    bench.path("day.png").write_bytes(picture(1024, 640))
    bench.path("mask.png").write_bytes(mask)
    _edit(bench, edit="day.png", mask="mask.png")
    done = bench.generate()
    assert done.code == 2
    assert said in done.err
    assert "verify4k.yaml:1:" in done.err
    assert bench.server.seen == []
    assert bench.ledger == []


def test_no_other_picture_is_paid_for_when_a_source_is_missing(bench: Bench) -> None:
    bench.manifest(
        {
            "day.png": {"size": "1024x640", "generate": {"prompt": "by day"}},
            "night.png": {"size": "1024x640", "generate": {"prompt": "at night", "edit": "gone.png"}},
            "dawn.png": {
                "size": "1024x640",
                "generate": {"prompt": "dawn", "edit": "day.png", "mask": "m.png"},
            },
        }
    )
    done = bench.generate()
    assert done.code == 2
    assert "gone.png" in done.err
    assert "'m.png'" in done.err
    assert "'day.png'" not in done.err, "it is made in this run"
    assert bench.server.seen == []


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("SSL_CERT_FILE", "gone.pem", "certificates"),
        ("REQUESTS_CA_BUNDLE", "verify4k.yaml", "certificates"),
        ("SSL_CERT_DIR", "gone", "certificates"),
        ("HTTPS_PROXY", "socks5://127.0.0.1:1", "neither http nor https"),
        ("ALL_PROXY", "http://", "no web address"),
    ],
)
def test_a_mistake_in_the_environment_leaves_no_record(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, said: str
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "https://api.invalid/v1")
    monkeypatch.setenv(variable, value)
    bench.one("a hill")
    done = bench.generate()
    assert done.code == 2, done.all
    assert said in done.err
    assert bench.ledger == []
    monkeypatch.delenv(variable)
    monkeypatch.setenv("OPENAI_BASE_URL", bench.server.url)
    after = bench.generate()
    assert after.code == 0
    assert "billed" not in after.out


def test_certificates_for_fetching_are_looked_at_before_too(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.manifest(
        {"a.png": {"size": "1024x640", "generate": {"prompt": "a hill"}}},
        routes={"mine": {"kind": "openai-images", "answers": "url"}},
        generate={"route": "mine", "quality": "low"},
    )
    monkeypatch.setenv("SSL_CERT_FILE", "gone.pem")
    assert bench.generate().code == 2
    assert bench.server.seen == []

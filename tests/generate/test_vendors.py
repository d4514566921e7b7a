"""Gemini and Seedream: what is sent, what is read, what it costs, and where the keys go."""

from __future__ import annotations

import base64
import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from apiserver import gemini, seedream
from apiserver.drawing import picture
from apiserver.vendor_faults import GEMINI, SEEDREAM
from PIL import Image

from verify4k.contract.validate import validate_size

if TYPE_CHECKING:
    from apiserver.faults import Fault
    from bench import Bench, Done

PRO = {"route": "gemini", "model": "gemini-3-pro-image"}


@pytest.fixture
def google(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setenv("GEMINI_API_KEY", gemini.KEY)
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", bench.server.url.removesuffix("/v1"))
    return bench


@pytest.fixture
def ark(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setenv("ARK_API_KEY", seedream.KEY)
    bench.manifest(
        {"hero.jpg": {"size": "2560x1440", "generate": {"prompt": "x"}}},
        generate={"route": "ark", "model": "seedream-4-5-251128"},
        routes={"ark": {"kind": "seedream", "base_url": bench.server.url.replace("/v1", "/api/v3")}},
    )
    return bench


def trusting(bench: Bench) -> tuple[str, str]:
    host = bench.server.url.removeprefix("http://").removesuffix("/v1")
    return ("--trust-route", f"ark={host}/api/v3,ARK_API_KEY")


def one(bench: Bench, size: str, prompt: str = "x", target: str = "hero.png", **more: Any) -> None:
    generate = {"prompt": prompt, **more.pop("generate", {})}
    bench.manifest({target: {"size": size, "generate": generate, **more}}, generate=PRO)


def test_gemini_is_asked_for_shape_and_tier(google: Bench) -> None:
    one(google, "1376x768", "a hill")
    done = google.generate()
    assert done.code == 0, done.all
    (seen,) = google.server.seen
    assert seen.path == "/v1beta/models/gemini-3-pro-image:generateContent"
    assert seen.headers["x-goog-api-key"] == gemini.KEY
    assert "authorization" not in seen.headers
    assert json.loads(seen.body) == {
        "contents": [{"role": "user", "parts": [{"text": "a hill"}]}],
        "generationConfig": {
            "responseModalities": ["IMAGE"],
            "imageConfig": {"aspectRatio": "16:9", "imageSize": "1K"},
        },
    }
    outcome = google.ledger[1]
    assert outcome["size"] == "1376x768"
    # 8 tokens of text in, 1120 of picture and 100 of thoughts out
    assert outcome["dollars"] == pytest.approx((8 * 2 + 1120 * 120 + 100 * 12) / 1e6)
    assert gemini.KEY not in done.all


def test_a_query_of_the_address_is_not_dropped(google: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", f"{google.server.url.removesuffix('/v1')}?tenant=acme")
    one(google, "1024x1024")
    done = google.generate()
    assert done.code == 2
    assert "GOOGLE_GEMINI_BASE_URL has a query" in done.err
    assert "acme" not in done.all
    assert not google.server.seen
    assert not google.ledger


def test_4k_is_made_of_geminis_own_4k(google: Bench) -> None:
    one(google, "3840x2160", generate={"then": "reduce"})
    plan = google.run("generate", "--dry-run")
    assert "5504x3072, png, gemini-3-pro-image by gemini: 2,000 tokens, $0.240" in plan.out
    assert "PNG or JPEG comes" in plan.out
    refused = google.generate("--max-cost", "0.2")
    assert refused.code == 2
    one(google, "3840x2160")
    alone = google.generate()
    assert alone.code == 2
    assert "then: crop, which asks for 5504x3072" in alone.err
    assert not google.server.seen


def test_what_gemini_made_is_reduced_and_kept(google: Bench) -> None:
    one(google, "1200x630", generate={"then": "reduce"})
    done = google.generate()
    assert done.code == 0, done.all
    with Image.open(google.path("hero.original.png")) as original:
        assert original.size == (1376, 768)


def test_a_jpeg_under_a_png_s_name_is_refused_unless_it_is_converted(google: Bench) -> None:
    one(google, "1024x1024", "as jpeg")
    done = google.generate()
    assert done.code == 1
    assert "extension-matches" in done.out
    one(google, "1024x1024", "as jpeg", generate={"then": {"convert": "png"}})
    done = google.generate()
    assert done.code == 0, done.all
    assert google.path("hero.original.jpeg").exists()
    with Image.open(google.path("hero.png")) as image:
        assert image.format == "PNG"


def test_gemini_edits_by_sending_the_picture_along(google: Bench) -> None:
    google.path("day.png").write_bytes(picture(64, 64))
    one(google, "1024x1024", generate={"edit": "day.png"})
    assert google.generate().code == 0
    sent = json.loads(google.server.seen[0].body)["contents"][0]["parts"][1]["inlineData"]
    assert sent["mimeType"] == "image/png"
    assert base64.b64decode(sent["data"]) == picture(64, 64)


def test_an_honest_1_to_4_passes_by_its_ratio(google: Bench) -> None:
    google.manifest(
        {"tall.png": {"ratio": "1:4", "tolerance": "1%", "generate": {"prompt": "x", "size": "512x2048"}}},
        generate={"route": "gemini", "model": "gemini-3.1-flash-image"},
    )
    done = google.generate()
    assert done.code == 0, done.all
    assert google.ledger[1]["size"] == "512x2064"


@pytest.mark.parametrize("fault", GEMINI, ids=lambda fault: fault.name)
def test_a_fault_of_gemini_is_met(google: Bench, fault: Fault) -> None:
    one(google, "1024x1024")
    google.server.script["x"] = list(fault.acts)
    _met(fault, google, google.generate(), "hero.png")


@pytest.mark.parametrize("fault", SEEDREAM, ids=lambda fault: fault.name)
def test_a_fault_of_seedream_is_met(ark: Bench, fault: Fault) -> None:
    ark.server.script["x"] = list(fault.acts)
    _met(fault, ark, ark.generate(*trusting(ark)), "hero.jpg")


def _met(fault: Fault, bench: Bench, done: Done, target: str) -> None:
    """Hold what is held of every fault: what is said of money, what is asked again, what is kept."""
    assert done.code == (0 if fault.made else 1), done.all
    assert fault.says in done.out, done.all
    assert len(bench.server.seen) == fault.requests, done.all
    assert ("may have been billed" in done.out) is fault.billed, done.out
    assert bench.path(target).exists() is fault.made
    assert bench.path(target.replace("hero.", "hero.rejected.")).exists() is fault.kept
    assert bench.path("hero.unread.answer").exists() is fault.unread, done.out
    assert not list(bench.folder.glob(".hero*"))
    for key in (gemini.KEY, seedream.KEY):
        assert key not in done.all + bench.path("verify4k.ledger.jsonl").read_text("utf-8")


def test_there_are_many_faults_of_each() -> None:
    assert (len(GEMINI), len(SEEDREAM)) == (41, 26)


def test_a_wrong_key_is_named_by_its_variable(google: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "wrong")
    one(google, "1024x1024")
    done = google.generate()
    assert done.code == 1
    assert "the key in GEMINI_API_KEY was refused" in done.all


def test_a_vendors_key_goes_to_the_vendor_alone(google: Bench) -> None:
    google.manifest(
        {"hero.png": {"size": "1024x1024", "generate": {"prompt": "x"}}},
        generate={"route": "mine", "model": "gemini-3-pro-image"},
        routes={"mine": {"kind": "gemini", "base_url": "https://evil.example/v1beta"}},
    )
    done = google.generate()
    assert done.code == 2
    assert "would send GEMINI_API_KEY to evil.example/v1beta" in done.err
    google.manifest(
        {"hero.png": {"size": "1024x1024", "generate": {"prompt": "x"}}},
        generate={"route": "mine", "model": "gemini-3-pro-image"},
        routes={"mine": {"kind": "gemini", "key": "OPENAI_API_KEY"}},
    )
    assert "would send OPENAI_API_KEY to" in google.generate().err


@pytest.mark.parametrize(
    ("generate", "says"),
    [
        ({"model": "gpt-image-2"}, "the route gemini makes no gpt-image-2"),
        ({"edit": "day.png", "mask": "day.png"}, "the route gemini knows no masks"),
        ({"background": "transparent"}, "makes no transparent background"),
    ],
)
def test_what_gemini_does_not_know_is_told_before(google: Bench, generate: dict[str, Any], says: str) -> None:
    Image.new("RGBA", (64, 64)).save(google.path("day.png"))
    one(google, "1024x1024", generate=generate)
    done = google.generate()
    assert done.code == 2
    assert says in done.err
    assert not google.server.seen


def test_sizes_of_gemini_are_data() -> None:
    assert validate_size("5504x3072", "gemini-3-pro-image").legal
    verdict = validate_size("3840x2160", "gemini-3-pro-image")
    assert not verdict.legal
    assert "and 20 more" in verdict.objections[0].message
    assert str(verdict.nearest[0].size) == "3584x4800" or verdict.nearest


def test_seedream_is_asked_for_one_picture_without_a_mark(ark: Bench) -> None:
    done = ark.generate(*trusting(ark))
    assert done.code == 0, done.all
    (seen,) = ark.server.seen
    assert seen.values == {
        "model": "seedream-4-5-251128",
        "prompt": "x",
        "size": "2560x1440",
        "response_format": "b64_json",
        "watermark": False,
        "sequential_image_generation": "disabled",
    }
    assert ark.path("hero.jpg").read_bytes() == picture(2560, 1440, "jpeg")
    assert ark.ledger[1]["dollars"] == 0.04
    assert seedream.KEY not in done.all


def test_seedream_needs_consent_for_another_address(ark: Bench) -> None:
    done = ark.generate()
    assert done.code == 2
    assert "would send ARK_API_KEY to 127.0.0.1" in done.err
    assert not ark.server.seen


def test_seedream_edits_with_data_urls(ark: Bench) -> None:
    ark.path("day.png").write_bytes(picture(64, 64))
    ark.manifest(
        {"hero.jpg": {"size": "2560x1440", "generate": {"prompt": "x", "edit": "day.png"}}},
        generate={"route": "ark", "model": "seedream-4-5-251128"},
        routes={"ark": {"kind": "seedream", "base_url": ark.server.url.replace("/v1", "/api/v3")}},
    )
    assert ark.generate(*trusting(ark)).code == 0
    (sent,) = ark.server.seen[0].values["image"]
    assert sent.startswith("data:image/png;base64,")
    with Image.open(io.BytesIO(base64.b64decode(sent.partition(",")[2]))) as image:
        assert image.size == (64, 64)


def test_the_official_sdk_finds_that_the_server_speaks_as_google_does(google: Bench) -> None:
    genai = pytest.importorskip("google.genai", reason="google-genai is not installed")
    client = genai.Client(
        api_key=gemini.KEY, http_options={"base_url": google.server.url.removesuffix("/v1")}
    )
    answer = client.models.generate_content(
        model="gemini-3-pro-image",
        contents="a hill",
        config={
            "response_modalities": ["IMAGE"],
            "image_config": {"aspect_ratio": "16:9", "image_size": "1K"},
        },
    )
    client.close()
    (part,) = answer.candidates[0].content.parts
    assert part.inline_data.data == picture(1376, 768)
    assert answer.usage_metadata.candidates_token_count == 1120
    sent = json.loads(google.server.seen[0].body)
    assert sent["generationConfig"]["imageConfig"] == {"aspectRatio": "16:9", "imageSize": "1K"}


@pytest.mark.parametrize(
    ("part", "more"),
    [
        ("inline_data", {}),
        ("inlineData", {"promptFeedback": {"blockReason": "BLOCK_REASON_UNSPECIFIED"}}),
    ],
    ids=["names-of-python", "blocked-all-the-same"],
)
def test_a_picture_of_gemini_is_taken_however_a_gateway_tells_of_it(
    google: Bench, part: str, more: dict[str, Any]
) -> None:
    data = picture(1376, 768)
    content = {"parts": [{part: {"data": base64.b64encode(data).decode()}}]}
    answer = {"candidates": [{"content": content, "finishReason": "STOP"}], **more}
    one(google, "1376x768", "a hill")
    google.server.script["a hill"] = [lambda handler: handler.json(200, answer)]
    done = google.generate()
    assert done.code == 0, done.all
    assert google.path("hero.png").read_bytes() == data

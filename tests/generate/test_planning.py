"""What is refused before anything is sent, and what a plan shows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from apiserver.drawing import picture

from verify4k.contract.validate import find_model
from verify4k.formats.facts import Size
from verify4k.generate.cost import estimate, output_tokens
from verify4k.routes import find_route

if TYPE_CHECKING:
    from bench import Bench

ASKED: dict[str, Any] = {"prompt": "x", "quality": "low"}


@pytest.mark.parametrize(
    ("target", "entry", "said"),
    [
        ("a.png", {"size": "3840x2170", "generate": ASKED}, "2170 is not divisible by 16"),
        ("a.png", {"size": "3840x2170", "generate": ASKED}, "at most 8,294,400 are allowed"),
        ("a.png", {"size": "3840x2170", "generate": ASKED}, "legal instead: 3840x2160"),
        ("a.png", {"size": "1920x1080", "generate": ASKED}, "1072 and 1088"),
        ("a.png", {"width": "100..", "generate": ASKED}, "no exact size to ask for"),
        ("a.png", {"size": "64x64..1024x1024", "generate": ASKED}, "no exact size to ask for"),
        ("a.png", {"size": "1024x1024", "generate": {**ASKED, "size": "1536x1024"}}, "promise what you ask for"),
        ("a.png", {"size": "1024x1024", "generate": {"prompt": "x", "quality": "auto"}}, "auto became low"),
        ("a.png", {"size": "1024x1024", "generate": {"prompt": "x", "quality": "max"}}, "does not take it"),
        ("a.png", {"size": "1024x1024", "generate": {"prompt": "x"}}, "what is left out becomes low"),
        ("a.png", {"size": "1024x1024", "generate": {"quality": "low"}}, "has no prompt"),
        ("a.png", {"size": "1024x1024", "generate": {**ASKED, "compression": 50}}, "PNG takes no compression"),
        ("a.gif", {"size": "1024x1024", "generate": ASKED}, "no route makes '.gif'"),
        ("a.png", {"size": "1024x1024", "generate": True}, 'put it in quotes: "true"'),
        ("a.png", {"size": "1024x1024", "generate": None}, "null is no prompt"),
        ("a.png", {"size": "1024x1024", "generate": {"prompt": False}}, "false is no prompt"),
        ("a.png", {"size": "1024x1024", "format": "webp", "generate": ASKED}, "let suffix and format agree"),
        ("a.jpg", {"size": "1024x1024", "alpha": "used", "generate": ASKED}, "JPEG cannot be transparent"),
        ("a.png", {"size": "1024x1024", "alpha": "forbidden", "generate": {**ASKED, "background": "transparent"}},
         "contradicts alpha: forbidden"),
        ("a.png", {"size": "1024x1024", "alpha": "used", "generate": {**ASKED, "background": "opaque"}},
         "cannot keep alpha: used"),
        ("a.png", {"size": "1024x1024", "generate": {**ASKED, "model": "gpt-image-1"}}, "shut down on 2026-10-23"),
        ("a.png", {"size": "1024x1024", "generate": {**ASKED, "model": "dall-e-3"}}, "shut down on 2026-05-12"),
        ("a.png", {"size": "1024x1024", "generate": {**ASKED, "model": "gpt-imge-2"}}, "did you mean gpt-image-2"),
        ("a.png", {"size": "1024x1024", "generate": {**ASKED, "model": "mine", "rules": "dall-e-9"}}, "is not known"),
        ("a.png", {"size": "1024x1024", "generate": {**ASKED, "fallback": "1920x1080", "critical": False}}, "1072"),
        ("a.png", {"size": "1024x1024", "generate": {**ASKED, "edit": "a.png"}}, "is made from itself"),
        ("a.png", {"size": "1024x1024", "generate": {**ASKED, "edit": "b.png", "route": "openai-responses"}},
         "the picture to edit, 'b.png'"),
        ("a.png", {"size": "1024x1024", "generate": {**ASKED, "route": "vague"}}, "ignores sizes"),
        ("a.png", {"size": "1536x1024", "generate": {**ASKED, "route": "narrow"}}, "does not make 1536x1024"),
    ],
)  # fmt: skip
def test_a_request_that_would_fail_is_refused_with_its_line(
    bench: Bench, target: str, entry: dict[str, Any], said: str
) -> None:
    provider = {"kind": "openai-compatible", "base_url": "https://api.example.com/v1"}
    bench.manifest(
        {target: entry},
        generate={"route": "openai-images"},
        routes={"vague": {**provider, "size": "ignored"}, "narrow": {**provider, "size": ["1024x1024"]}},
    )
    done = bench.generate()
    assert done.code == 2, done.all
    assert said in done.err
    assert done.err.startswith("verify4k.yaml:1:")
    assert bench.server.seen == []
    assert bench.ledger == []


def test_every_objection_comes_at_once(bench: Bench) -> None:
    bench.manifest(
        {
            "a.png": {
                "size": "3840x2170",
                "generate": {"prompt": "x", "quality": "auto", "model": "gpt-image-1"},
            },
            "b.png": {"size": "1024x1024", "generate": {"quality": "low"}},
        }
    )
    assert len(bench.generate().err.splitlines()) == 4


@pytest.mark.parametrize(
    ("top", "said"),
    [
        ({"generate": {"qualty": "low"}}, "did you mean quality?"),
        ({"generate": {"route": "opena-images"}}, "did you mean openai-images?"),
        ({"generate": {"route": "openai-compatible"}}, "there is no route"),
        ({"generate": {"prompt": "x"}}, "unknown key"),
        ({"generate": ["x"]}, "expected a mapping"),
        ({"routes": []}, "expected a mapping"),
        ({"routes": {"g": {"kind": "openai-compatible"}}}, "needs a base_url"),
        ({"routes": {"g": {"base_url": "https://x.example"}}}, "needs a kind"),
        ({"routes": {"g": {"kind": "midjourney"}}}, "is none of"),
        ({"routes": {"browser": {"kind": "openai-images"}}}, "name of another kind"),
        ({"routes": {"g": {"kind": "openai-images", "base_url": "http://x.example"}}}, "https only"),
        ({"routes": {"g": {"kind": "openai-images", "base_url": "https://u:p@x.example"}}}, "no user name"),
        ({"routes": {"g": {"kind": "openai-images", "base_url": "https://x.example/?a=b"}}}, "no query"),
        ({"routes": {"g": {"kind": "openai-images", "base_url": "x.example"}}}, "no web address"),
        (
            {"routes": {"g": {"kind": "openai-images", "key": "sk-abc.def"}}},
            "cannot name an environment variable",
        ),
        ({"routes": {"g": {"kind": "openai-images", "price": "cheap"}}}, "a price in US dollars"),
        ({"routes": {"g": {"kind": "openai-images", "verified": "yesterday"}}}, "is no date"),
        (
            {"routes": {"g": {"kind": "openai-images", "verified": {"prise": "2026-11-01"}}}},
            "did you mean price?",
        ),
        (
            {"routes": {"g": {"kind": "openai-images", "size": "fixed-list"}}},
            "a fixed list of sizes is missing",
        ),
        ({"routes": {"g": {"kind": "openai-images", "models": ["x"]}}}, "text to text"),
        (
            {"routes": {"g": {"kind": "openai-images", "query": {"api-key": "x"}}}},
            "'api-key' looks like a secret",
        ),
        ({"routes": {"g": {"kind": "openai-images", "query": {"key": "x"}}}}, "'key' looks like a secret"),
        (
            {"routes": {"g": {"kind": "openai-images", "query": {"v": "sk-abcdefghij"}}}},
            "'v' looks like a secret",
        ),
        ({"routes": {"g": {"kind": "openai-images", "background": True}}}, "does not work in background"),
        ({"routes": {"g": {"kind": "gemini", "main_model": "gpt-5.5"}}}, "the kind gemini has no main_model"),
    ],
)
def test_a_wrong_top_level_is_refused(bench: Bench, top: dict[str, Any], said: str) -> None:
    bench.manifest({"a.png": {"size": "1024x1024", "generate": ASKED}}, **top)
    done = bench.generate()
    assert done.code == 2
    assert said in done.err


@pytest.mark.parametrize(
    "key", ["sk-abc.def-0123456789", "AIzaSyA0123456789abcdefghijklmnopqrstuv", "hf_ABCDEFGHIJKLMNOPQRSTUV"]
)
def test_a_key_where_its_variable_belongs_is_not_told(bench: Bench, key: str) -> None:
    bench.manifest(
        {"a.png": {"size": "1024x1024", "generate": ASKED}},
        routes={"g": {"kind": "openai-images", "key": key}},
    )
    done = bench.generate()
    assert done.code == 2
    assert "never write the key itself here" in done.err
    assert key[:6] not in done.all


@pytest.mark.parametrize(
    ("generate", "said"),
    [
        ({"prompt": "  "}, "the prompt is empty"),
        ({"prompt": ["x"]}, "expected a prompt"),
        ({"prompt": "half \ud83d"}, "names no character"),
        ({"prompt": "x" * 32_001}, "32,001 characters"),
        ({"prompt": "x", "prompt_version": "a b"}, "a prompt version"),
        ({"prompt": "x", "size": ["1x1"]}, "one size is needed"),
        ({"prompt": "x", "fallback": "64x64..128x128"}, "one exact size"),
        ({"prompt": "x", "fallback": "1024x1024"}, "a critical picture has no fallback"),
        ({"prompt": "x", "mask": "m.png"}, "a mask needs a picture"),
        ({"prompt": "x", "edit": [f"{n}.png" for n in range(17)]}, "1 to 16 pictures"),
        ({"prompt": "x", "extra": {"style": "vivid"}}, "unknown parameter"),
        ({"prompt": "x", "compression": "101"}, "from 0 to 100"),
    ],
)
def test_a_wrong_entry_is_refused(bench: Bench, generate: dict[str, Any], said: str) -> None:
    bench.manifest({"a.png": {"size": "1024x1024", "generate": generate}})
    done = bench.generate()
    assert done.code == 2
    assert said in done.err


def test_pictures_that_edit_each_other_are_refused(bench: Bench) -> None:
    bench.manifest(
        {
            "a.png": {"size": "1024x1024", "generate": {**ASKED, "edit": "b.png"}},
            "b.png": {"size": "1024x1024", "generate": {**ASKED, "edit": "a.png"}},
        }
    )
    done = bench.generate()
    assert done.code == 2
    assert "is made from itself" in done.err


def test_a_dry_run_lists_requests_and_costs_and_sends_nothing(bench: Bench) -> None:
    bench.manifest(
        {
            "a.png": {"size": "4k-landscape", "generate": {"prompt": "x", "quality": "high"}},
            "b.png": {"size": "1024x1024", "generate": {"prompt": "y", "model": "gpt-image-2.6-flare"}},
            "c.png": {"size": "1024x1024", "generate": {"prompt": "z", "edit": "a.png", "fallback": "1024x640",
                                                       "critical": False}},
        }
    )  # fmt: skip
    done = bench.run("generate", "--dry-run")
    assert done.code == 0
    assert "3840x2160, high, png, gpt-image-2 by openai-images: 13,342 tokens, $0.400" in done.out
    assert "experimental" in done.out
    assert "gpt-image-2-2026-04-21 is pinned" in done.out
    assert "no estimate" in done.out
    assert "edits a.png" in done.out
    assert "falls back to 1024x640" in done.out
    assert "3 requests, at least $0.406, 1 without an estimate" in done.out
    assert "1 without an estimate" in done.out
    assert bench.server.seen == []
    assert bench.ledger == []


def test_a_dry_run_speaks_json(bench: Bench) -> None:
    bench.one("x")
    body = json.loads(bench.run("generate", "--dry-run", "--format", "json").out)
    (job,) = body["plan"]
    assert job["target"] == "hero.png"
    assert job["estimate"]["tokens"] == 107


def test_a_dry_run_of_nothing_says_so(bench: Bench) -> None:
    bench.one("x")
    bench.generate()
    assert "nothing to make" in bench.run("generate", "--dry-run").out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--max-images", "1"], "--max-images allows 1"),
        (["--max-cost", "0.001"], "--max-cost allows $0.001"),
        ([], "agree with --yes"),
        (["--max-cost", "9", "--route", "g"], "no estimate"),
    ],
)
def test_the_budget_is_kept_before_anything_is_sent(bench: Bench, options: list[str], said: str) -> None:
    entry = {"size": "1024x1024", "generate": ASKED}
    provider = {"kind": "openai-compatible", "base_url": bench.server.url}
    bench.manifest({"a.png": entry, "b.png": entry}, routes={"g": provider})
    done = bench.run("generate", *options)
    assert done.code == 2
    assert said in done.err
    assert bench.server.seen == []


@pytest.mark.parametrize("generate", [{"edit": "day.png"}, {"route": "openai-responses"}])
def test_a_budget_is_not_kept_by_what_a_picture_costs_at_least(
    bench: Bench, generate: dict[str, str]
) -> None:
    bench.path("day.png").write_bytes(picture(64, 64))
    bench.one("x", generate=generate)
    done = bench.generate("--max-cost", "9")
    assert done.code == 2
    assert "'hero.png' costs 107 tokens, at least $0.003, so --max-cost cannot be kept" in done.err
    assert "--max-cost allows $0.001" in bench.generate("--max-cost", "0.001").err
    assert not bench.server.seen
    kind = generate.get("route", "openai-images")
    bench.one("x", generate=generate, routes={kind: {"kind": kind, "price": 0.05}})
    assert bench.run("generate", "--dry-run", "--max-cost", "9").code == 0
    assert "--max-cost allows $0.040" in bench.generate("--max-cost", "0.04").err


@pytest.mark.parametrize(("pictures", "price", "limit"), [(3, 0.1, 0.3), (7, 0.07, 0.49), (6, 0.1, 0.6)])
def test_a_plan_that_costs_just_the_budget_is_within_it(
    bench: Bench, pictures: int, price: float, limit: float
) -> None:
    entry = {"size": "1024x640", "generate": {"prompt": "x"}}
    route = {"kind": "openai-images", "price": price}
    bench.manifest({f"{n}.png": entry for n in range(pictures)}, routes={"openai-images": route})
    assert bench.run("generate", "--dry-run", "--max-cost", f"{limit}").code == 0
    assert bench.run("generate", "--dry-run", "--max-cost", f"{limit - 0.000001:.6f}").code == 2


def test_a_plan_within_the_budget_runs(bench: Bench) -> None:
    bench.one("x")
    assert bench.generate("--max-cost", "0.01", "--max-images", "1").code == 0


def test_a_folder_that_cannot_be_written_stops_the_run_before_it_spends(bench: Bench) -> None:
    bench.one("x")
    bench.path("verify4k.ledger.jsonl").mkdir()
    done = bench.generate()
    assert done.code == 2
    assert "the ledger" in done.err
    assert bench.server.seen == []


def test_a_manifest_without_promises_is_a_mistake(bench: Bench) -> None:
    bench.manifest({})
    done = bench.generate()
    assert done.code == 2
    assert "nothing to make" in done.err


def test_an_unknown_target_is_refused(bench: Bench) -> None:
    bench.one("x")
    assert bench.generate("nope.png").code == 2


def test_what_nobody_says_how_to_make_is_named(bench: Bench) -> None:
    bench.manifest({"a.png": {"size": "1024x1024"}})
    (bench.folder / "verify4k.yaml").write_text('{"version": 1, "files": {"a.png": {"size": "64x64"}}}')
    done = bench.generate()
    assert done.code == 1
    assert "does not say how to make it" in done.out


def test_a_model_nobody_knows_follows_the_rules_it_names(bench: Bench) -> None:
    bench.manifest(
        {
            "a.png": {
                "size": "1024x640",
                "generate": {**ASKED, "model": "gpt-image-2-vip", "rules": "gpt-image-2"},
            }
        }
    )
    done = bench.generate()
    assert done.code == 0, done.all
    assert bench.server.seen[0].values["model"] == "gpt-image-2-vip"


@pytest.mark.parametrize(
    ("size", "low", "medium", "high"),
    [
        ((1024, 1024), 196, 1756, 7024),
        ((1536, 864), 120, 1078, 4312),
        ((2560, 1440), 205, 1843, 7370),
        ((3840, 2160), 371, 3336, 13342),
        ((2160, 3840), 371, 3336, 13342),
        ((2880, 2880), 659, 5930, 23719),
    ],
)
def test_the_token_formula_gives_the_published_figures(
    size: tuple[int, int], low: int, medium: int, high: int
) -> None:
    assert [output_tokens(Size(*size), quality) for quality in ("low", "medium", "high")] == [
        low,
        medium,
        high,
    ]


def test_a_price_in_the_profile_wins_and_unknown_stays_unknown() -> None:
    official = find_route("openai-images").official
    model = find_model("gpt-image-2")
    flat = official.replaced(price=0.03, outputs=2)
    assert str(estimate(flat, model, Size(1024, 1024), "high", prompt="", edit=False)) == "$0.060"
    assert estimate(official, model, Size(1024, 1024), "xhigh", prompt="", edit=False).dollars is None


def test_no_second_file_is_made_beside_one_that_differs_in_case_only(bench: Bench) -> None:
    bench.one("a logo", target="logo.png")
    bench.path("logo.PNG").write_bytes(b"x")
    if bench.path("logo.png").exists():
        pytest.skip("one file on this system")
    done = bench.generate()
    assert (done.code, "logo.PNG is there; names must agree to the letter" in done.all) == (1, True), done.all
    assert bench.server.seen == []


def test_an_entry_that_says_nothing_of_generating_keeps_no_other_from_being_made(bench: Bench) -> None:
    bench.manifest(
        {
            "a.png": {"size": "1024x640", "generate": "a hill"},
            "small.png": {"size": "512x320", "from": "a.png"},
            "logo.svg": {},
        }
    )
    done = bench.generate()
    assert done.code == 1, "they are missing"
    assert "made      a.png" in done.out
    assert done.out.count("its entry does not say how to make it") == 2
    assert bench.generate("--route", "openai-images").code == 1
    assert len(bench.server.seen) == 1
    bench.manifest({"b.png": {"size": "1024x640"}}, generate={"route": "placeholder"})
    assert bench.generate().code == 0

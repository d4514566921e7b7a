"""One picture without a manifest: asked for, judged, recorded, and written down on request."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest
from apiserver.drawing import picture
from PIL import Image

from verify4k.manifest.adding import with_entry
from verify4k.manifest.load import load_manifest

if TYPE_CHECKING:
    from bench import Bench

ONE = ("--prompt", "a hill at dawn", "--size", "1024x640", "-o", "art/hero.png")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--prompt", "x", "--size", "1024x640"), "one picture needs -o"),
        (("--prompt", "x", "-o", "a.png"), "one picture needs --size"),
        (("--size", "1024x640", "-o", "a.png"), "one picture needs --prompt"),
        (("--save-manifest",), "one picture needs --prompt"),
        ((*ONE, "hero.png"), "TARGET names a manifest's entry"),
        ((*ONE, "--edit", "../other.png"), "lies outside"),
        ((*ONE, "--edit", "none.png"), "the picture to edit, 'none.png'"),
        ((*ONE, "--mask", "m.png"), "a mask needs a picture to edit"),
        (("--prompt", "-", *ONE[2:]), "is not read from stdin"),
        ((*ONE, "--route", "nowhere"), "there is no route 'nowhere'"),
        ((*ONE, "--quality", "auto"), "auto became low"),
        (("--prompt", "x", "--size", "1024x641", "-o", "a.png"), "not divisible by 16"),
        (("--prompt", "x", "--size", "huge", "-o", "a.png"), "huge"),
        (("--prompt", "x", "--size", "1024x640", "-o", "a.tiff"), "png, jpg and webp can be made"),
        (("--prompt", "x", "--size", "1024x640", "-o", "art/a"), "no suffix says what to make: 'art/a'"),
        (("--prompt", "x\udcff", "--size", "1024x640", "-o", "a.png"), "--prompt is not UTF-8 text"),
        ((*ONE, "--max-cost", "nan"), "'--max-cost': 'nan' is not a number"),
        ((*ONE, "--deadline", "nan"), "'--deadline': 'nan' is not a number"),
    ],
)
def test_a_mistake_on_the_command_line_is_told_without_a_line_and_costs_nothing(
    bench: Bench, options: tuple[str, ...], says: str
) -> None:
    done = bench.generate(*options)
    assert done.code == 2, done.all
    assert says in done.err
    assert ":1:1" not in done.err
    assert not bench.server.seen
    assert not bench.ledger


def test_it_is_asked_for_judged_named_and_recorded(bench: Bench) -> None:
    done = bench.generate(*ONE)
    assert done.code == 0, done.all
    (seen,) = bench.server.seen
    assert (seen.values["prompt"], seen.values["size"], seen.values["quality"]) == (
        "a hill at dawn",
        "1024x640",
        "high",
    )
    with Image.open(bench.path("art/hero.png")) as image:
        assert image.size == (1024, 640)
    _, outcome = bench.ledger
    assert outcome["target"] == "art/hero.png"
    assert outcome["sha256"] == hashlib.sha256(bench.path("art/hero.png").read_bytes()).hexdigest()
    assert not bench.path("verify4k.yaml").exists()


def test_a_size_that_cannot_be_asked_for_is_made_by_a_step(bench: Bench) -> None:
    asked = ("--prompt", "a hill", "--size", "1920x1080", "-o", "hero.png")
    assert "or --then crop, which asks for 1920x1088" in bench.generate(*asked).err
    done = bench.generate(*asked, "--then", "crop", "--save-manifest")
    assert done.code == 0, done.all
    assert bench.server.seen[0].values["size"] == "1920x1088"
    assert "then: [crop]" in bench.path("verify4k.yaml").read_text("utf-8")
    assert bench.run("check").code == 0


def test_steps_on_the_command_line_are_written_as_in_a_manifest(bench: Bench) -> None:
    bench.path("below").mkdir()
    asked = ("--prompt", "x", "--size", "1200x630", "-o", "og/card.jpg", "--then", "crop: top")
    refused = bench.generate(*asked)
    assert 'add --then "convert: jpeg, quality: 90"' in refused.err
    done = bench.generate(*asked, "--then", "convert: jpeg, quality: 80", "--save-manifest")
    assert done.code == 0, done.all
    entry = bench.path("verify4k.yaml").read_text("utf-8")
    assert "then: [{crop: top}, {convert: jpeg, quality: 80}]" in entry
    assert bench.run("check").code == 0
    only = bench.generate("--prompt", "x", "--size", "1200x630", "-o", "b.jpg", "--then", "{convert: jpeg}")
    assert "or --then crop, which asks for 1200x640" in only.err


def test_the_mask_of_a_step_is_named_from_where_one_stands(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.manifest({})
    bench.path("art").mkdir()
    Image.new("L", (1024, 640), 200).save(bench.path("art/mask.png"))
    monkeypatch.chdir(bench.path("art"))
    asked = ("--prompt", "x", "--size", "1024x640", "-o", "a.png", "--then", "alpha: from-mask mask.png")
    done = bench.generate(*asked, "--save-manifest")
    assert done.code == 0, done.all
    assert "then: [{alpha: from-mask art/mask.png}]" in bench.path("verify4k.yaml").read_text("utf-8")


@pytest.mark.parametrize("prompt", ["@prompt.txt", "prompt.txt", "@my prompt.txt"])
def test_a_file_is_not_drawn_by_its_name(bench: Bench, prompt: str) -> None:
    bench.path(prompt.removeprefix("@")).write_text("a hill")
    bench.path("hill").write_text("no file is meant")
    done = bench.generate("--prompt", prompt, *ONE[2:])
    assert done.code == 2
    assert "--prompt is the text itself" in done.err
    assert not bench.server.seen
    assert bench.generate("--prompt", "hill", *ONE[2:]).code == 0


def test_a_model_without_qualities_is_given_none(bench: Bench) -> None:
    asked = ("--prompt", "a hill", "--size", "1024x1024", "-o", "hero.png", "--model", "gemini-3-pro-image")
    plan = bench.run("generate", "--dry-run", *asked)
    assert "1024x1024, png, gemini-3-pro-image by openai-images" in plan.out
    assert "is made by the route gemini, and asked of openai-images here" in plan.out
    assert "made by the route" not in bench.run("generate", "--dry-run", *asked, "--route", "gemini").out
    refused = bench.run("generate", "--dry-run", *asked, "--quality", "high")
    assert "gemini-3-pro-image knows none\n  leave quality: out" in refused.err
    bench.generate(*asked)
    assert "quality" not in json.loads(bench.server.seen[0].body)


@pytest.mark.parametrize(
    ("model", "size", "route"),
    [("gemini-3-pro-image", "1024x1024", "gemini"), ("seedream-4-5-251128", "2560x1440", "seedream")],
)
def test_a_model_that_the_asked_vendor_does_not_make_is_told_before(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, model: str, size: str, route: str
) -> None:
    monkeypatch.delenv("OPENAI_BASE_URL")
    asked = ("--prompt", "a hill", "--size", size, "-o", "hero.jpg", "--model", model, "--dry-run")
    done = bench.generate(*asked)
    assert done.code == 2
    assert f"OpenAI, which the route openai-images asks, makes no {model}\n  route: {route}, or" in done.err
    assert f"--route {route}" in done.err
    mapped = {"openai-images": {"kind": "openai-images", "models": {model: "theirs"}}}
    bench.manifest({}, routes=mapped)
    assert "makes no" not in bench.generate(*asked).err
    assert not bench.ledger


def test_what_fails_does_not_get_the_name(bench: Bench) -> None:
    bench.server.script["a hill at dawn"] = [lambda handler: handler.deliver(picture(512, 320))]
    done = bench.generate(*ONE, "--save-manifest")
    assert done.code == 1
    assert not bench.path("art/hero.png").exists()
    assert bench.path("art/hero.rejected.png").exists()
    assert not bench.path("verify4k.yaml").exists()


def test_it_is_not_made_twice(bench: Bench) -> None:
    assert bench.generate(*ONE).code == 0
    assert bench.generate(*ONE).code == 0
    assert len(bench.server.seen) == 1


def test_the_entry_that_is_saved_is_the_promise_that_was_kept(bench: Bench) -> None:
    done = bench.generate(*ONE, "--quality", "low", "--save-manifest")
    assert done.code == 0, done.all
    assert "promised from now on in" in done.err
    assert "{size: 1024x640, generate: {prompt: a hill at dawn, quality: low}}" in bench.path(
        "verify4k.yaml"
    ).read_text("utf-8")
    assert bench.run("check").code == 0
    again = bench.generate(*ONE)
    assert again.code == 2
    assert "promises 'art/hero.png' already" in again.err


def test_a_manifest_that_is_there_lends_its_defaults_and_gets_the_entry(bench: Bench) -> None:
    text = (
        "# ours\nversion: 1\ngenerate: {quality: low}\nfiles:\n  # the old one\n  old.png: 64x64  # stays\n"
    )
    bench.path("verify4k.yaml").write_text(text, encoding="utf-8")
    done = bench.generate(*ONE, "--save-manifest")
    assert done.code == 0, done.all
    assert bench.server.seen[0].values["quality"] == "low"
    changed = bench.path("verify4k.yaml").read_text("utf-8")
    assert changed == text.replace(
        "  old.png", "  art/hero.png: {size: 1024x640, generate: {prompt: a hill at dawn}}\n  old.png"
    )
    targets = {asset.target for asset in load_manifest(bench.path("verify4k.yaml")).assets}
    assert targets == {"art/hero.png", "old.png"}


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("a.yaml", "version: 1\nfiles: {b.png: 1x1}\n", "version: 1\nfiles: {a.png: {size: 2x2}, b.png: 1x1}\n"),
        ("a.yaml", "version: 1\n", "version: 1\nfiles:\n  a.png: {size: 2x2}\n"),
        ("a.yaml", "version: 1\nfiles: {}\n", "version: 1\nfiles: {a.png: {size: 2x2}}\n"),
        ("a.yaml", "version: 1\r\nfiles:\r\n  b.png: 1x1\r\n", "version: 1\r\nfiles:\r\n  a.png: {size: 2x2}\r\n  b.png: 1x1\r\n"),
        ("a.yaml", "version: 1\nfiles:\n", "version: 1\nfiles:\n  a.png: {size: 2x2}\n"),
        ("a.yaml", "files:  # none yet\r\nversion: 1", "files:  # none yet\r\n  a.png: {size: 2x2}\r\nversion: 1"),
        ("a.yaml", "version: 1\r\n", "version: 1\r\nfiles:\r\n  a.png: {size: 2x2}\r\n"),
        ("a.json", '{"version": 1, "files": {}}', '{"version": 1, "files": {"a.png": {"size": "2x2"}}}'),
        ("a.json", '{"version": 1, "files": {"b.png": "1x1"}}', '{"version": 1, "files": {"a.png": {"size": "2x2"}, "b.png": "1x1"}}'),
    ],
)  # fmt: skip
def test_an_entry_is_added_as_the_manifest_is_written(name: str, before: str, after: str) -> None:
    assert with_entry(before.encode(), name, "a.png", {"size": "2x2"}).decode() == after


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_an_entry_is_added_in_the_encoding_of_the_manifest(encoding: str) -> None:
    before, after = "version: 1\n# ä\n", "version: 1\n# ä\nfiles:\n  a.png: {size: 2x2}\n"
    assert with_entry(before.encode(encoding), "a.yaml", "a.png", {"size": "2x2"}) == after.encode(encoding)


@pytest.mark.parametrize("prompt", ["true", "No", "null", "~", "1.5"])
def test_a_prompt_that_reads_like_something_else_is_saved_as_text(bench: Bench, prompt: str) -> None:
    done = bench.generate("--prompt", prompt, "--size", "1024x640", "-o", "a.png", "--save-manifest")
    assert done.code == 0, done.all
    assert f'prompt: "{prompt}"' in bench.path("verify4k.yaml").read_text("utf-8")
    assert bench.generate().code == 0
    assert len(bench.server.seen) == 1


def test_a_prompt_is_read_as_utf8_in_any_locale(bench: Bench) -> None:
    typed = "Hügel".encode().decode("ascii", "surrogateescape")
    assert bench.generate("--prompt", typed, *ONE[2:]).code == 0
    assert bench.server.seen[0].values["prompt"] == "Hügel"


def test_where_no_place_is_found_the_line_is_told(bench: Bench) -> None:
    bench.path("pyproject.toml").write_text(
        '[tool.verify4k]\nversion = 1\n[tool.verify4k.files]\n"b.png" = "1x1"\n'
    )
    done = bench.generate(*ONE, "--save-manifest")
    assert done.code == 1
    assert "add to files: art/hero.png: {size: 1024x640" in done.err
    assert bench.path("art/hero.png").exists()


def test_the_ledger_of_pictures_without_a_manifest_is_shown(bench: Bench) -> None:
    assert bench.run("ledger").code == 2
    assert bench.generate(*ONE).code == 0
    shown = bench.run("ledger")
    assert shown.code == 0, shown.all
    assert "all: 1 request, 1 accepted, $0.030" in shown.out


def test_what_is_not_known_is_not_said_to_cost_nothing(bench: Bench) -> None:
    asked = [*ONE, "--route", "openai-responses", "--model", "gpt-image-2.6-flare", "--quality", "low"]
    plan = bench.run("generate", "--dry-run", *asked)
    assert "1 request, 1 without an estimate (prices of" in plan.out
    done = bench.generate(*asked)
    assert done.code == 0, done.all
    assert "1 made; 1 at an unknown price" in done.out
    more = bench.run("generate", "--dry-run", *ONE[:-1], "art/other.png", "--route", "openai-responses")
    assert "1 request, at least $0.0" in more.out or "1 request, at least $0.1" in more.out

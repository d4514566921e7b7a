"""``verify4k size`` and ``verify4k models`` as a user runs them."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from verify4k.__main__ import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["3840x2170"], 1),
        (["3840x2160", "1920x1080"], 1),
        (["1024x1024", "--model", "gpt-image-1"], 1),
        ([], 2),
        (["auto"], 2),
        (["3840x2160", "--model", "gpt-image-9"], 2),
        (["3840x2160"], 0),
        (["4k-portrait", "2k-preview"], 0),
        (["--list"], 0),
    ],
)
def test_the_exit_code_tells_legal_from_not_and_from_nonsense(args: list[str], code: int) -> None:
    assert main(["size", *args]) == code


def test_a_reader_sees_every_broken_rule_and_what_to_ask_for(capsys: pytest.CaptureFixture[str]) -> None:
    main(["size", "3840x2170"])
    text = capsys.readouterr().out
    assert "not legal for gpt-image-2" in text
    assert "grid        the height 2170 is not divisible by 16" in text
    assert "max-pixels  8,332,800" in text
    assert "3840x2160 (nearest, fits inside)" in text


def test_a_legal_size_shows_its_name_and_that_it_is_experimental(capsys: pytest.CaptureFixture[str]) -> None:
    main(["size", "3840x2160"])
    text = capsys.readouterr().out
    assert "4k-landscape" in text
    assert "experimental" in text


def test_a_coming_shutdown_is_noted(capsys: pytest.CaptureFixture[str]) -> None:
    main(["size", "1024x1024", "--model", "chatgpt-image-latest"])
    assert "2026-12-01" in capsys.readouterr().out


def test_json_has_every_fact_as_data(capsys: pytest.CaptureFixture[str]) -> None:
    main(["size", "3840x2170", "4k-square", "--format", "json"])
    body = json.loads(capsys.readouterr().out)
    assert (body["schema"], body["checked"], body["model"]) == (1, "2026-11-22", "gpt-image-2")
    bad, good = body["sizes"]
    assert bad["legal"] is False
    assert bad["objections"][0] == {
        "rule": "grid",
        "limit": "multiples of 16",
        "actual": "height 2170",
        "message": "the height 2170 is not divisible by 16 (2160 and 2176 are)",
    }
    assert bad["nearest"] == [{"size": "3840x2160", "kinds": ["nearest", "not-larger"]}]
    assert good["input"] == "4k-square"
    assert (good["size"], good["width"], good["pixels"], good["legal"]) == (
        "2880x2880",
        2880,
        8_294_400,
        True,
    )
    assert good["presets"] == ["4k-square"]
    assert set(bad) == set(good)


def test_the_list_of_names_is_dated_in_text_and_json(capsys: pytest.CaptureFixture[str]) -> None:
    main(["size", "--list"])
    text = capsys.readouterr().out
    assert "4k-landscape            3840x2160  UHD 4K" in text
    assert "gpt-image: what image models can be asked for (2026-11-22, size rules of gpt-image-2" in text
    main(["size", "--list", "--format", "json"])
    first = json.loads(capsys.readouterr().out)["presets"][0]
    assert first["size"] == "3840x2160"
    assert first["date"] == "2026-11-22"
    assert first["source"]


def test_the_list_is_cut_to_what_it_is_wanted_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["size", "--list", "--for", "play-store"]) == 0
    first, *rows = capsys.readouterr().out.splitlines()
    assert first.startswith("play-store: Google Play store listing (2026-11-26, Google, support.google.com/")
    assert "  play-feature-graphic  1024x500   feature graphic, no alpha" in rows
    assert all(row.startswith("  play-") for row in rows)
    main(["size", "--list", "--for", "play-store", "--format", "json"])
    assert {one["topic"] for one in json.loads(capsys.readouterr().out)["presets"]} == {"play-store"}


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["size", "--list", "--for", "playstore"], "did you mean play-store?"),
        (["size", "--list", "--for", "xyz"], "known: gpt-image, app-store,"),
        (["size", "1x1", "--for", "play-store"], "use it with --list"),
    ],
)
def test_a_list_for_nothing_known_is_a_mistake(
    args: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(args) == 2
    assert words in capsys.readouterr().err


def test_the_models_are_shown_with_status_and_limits(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models"]) == 0
    text = capsys.readouterr().out
    assert "gpt-image-1  retired 2026-10-23" in text
    assert "gpt-image-2  current" in text
    assert "alias, now gpt-image-2-2026-04-21" in text
    assert "655,360 to 8,294,400 pixels" in text


def test_each_model_says_when_its_sources_were_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "gpt-image-2", "gemini-3-pro-image"]) == 0
    ours, geminis = capsys.readouterr().out.split("\n\n")[:2]
    assert "as read on   2026-11-22" in ours
    assert "as read on   2026-11-26" in geminis
    main(["models", "gemini-3-pro-image", "--format", "json"])
    assert json.loads(capsys.readouterr().out)["models"][0]["checked"] == "2026-11-26"
    main(["size", "3840x2160", "--model", "gemini-3-pro-image", "--format", "json"])
    assert json.loads(capsys.readouterr().out)["checked"] == "2026-11-26"


def test_the_models_as_json_say_where_each_fact_comes_from(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "gpt-image-2", "gpt-image-1-mini", "--format", "json"]) == 0
    body = json.loads(capsys.readouterr().out)
    free, fixed = body["models"]
    assert body["default"] == "gpt-image-2"
    assert free["sizes"] == {
        "kind": "grid",
        "multiple": 16,
        "max_edge": 3840,
        "max_ratio": 3,
        "min_pixels": 655360,
        "max_pixels": 8294400,
        "experimental_above": 3686400,
    }
    assert fixed["sizes"] == {"kind": "fixed", "sizes": ["1024x1024", "1536x1024", "1024x1536"]}
    assert all(model["sources"] for model in body["models"])


def test_an_unknown_model_is_a_usage_mistake() -> None:
    assert main(["models", "gpt-image-7"]) == 2


def test_asking_about_a_size_loads_no_picture_and_no_network_code() -> None:
    code = "import sys; from verify4k.__main__ import main; main(['size', '3840x2170']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {"PIL", "numpy", "yaml", "json", "urllib3", "socket", "ssl", "http.client"}


def test_a_reader_that_leaves_changes_nothing(tmp_path: Path) -> None:
    script = f"{sys.executable} -m verify4k size --list --format json 2>{tmp_path / 'err'}"
    done = subprocess.run(
        ["bash", "-c", f"{script} | head -c1 >/dev/null; echo ${{PIPESTATUS[0]}}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "0"
    assert (tmp_path / "err").read_text() == ""

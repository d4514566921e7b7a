"""The small commands: rules, explain, schema, init, completion, inspect, and the program's edges."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from pictures import gradient, save, texture

import verify4k
from verify4k.__main__ import main
from verify4k.cli._progress import Progress
from verify4k.importers import folder
from verify4k.manifest.schema import manifest_schema
from verify4k.rules import all_rules

DATA = Path(__file__).parents[1] / "data" / "images"


# -- rules and explain -----------------------------------------------------------------------


def test_rules_lists_every_rule_with_its_claim(run: Any) -> None:
    lines = run("rules").out.splitlines()
    assert [line.split()[0] for line in lines] == list(all_rules())
    rows = json.loads(run("rules", "--format", "json").out)
    assert {row["id"]: row["title"] for row in rows} == {r.id: r.title for r in all_rules().values()}


@pytest.mark.parametrize("name", list(all_rules()))
def test_explain_shows_claim_options_and_examples(name: str, run: Any) -> None:
    rule = all_rules()[name]
    page = run("explain", name).out
    assert page.startswith(f"# {name}\n\n**{rule.title}**")
    assert all(example.title in page for example in rule.examples)
    assert all(f": {p.message}; expected {p.expected}" in page for e in rule.examples for p in e.problems)
    assert "\nFix" in page
    if rule.options is not None:
        assert "## Options" in page


def test_explain_suggests_a_near_rule(run: Any) -> None:
    outcome = run("explain", "exact-sise")
    assert outcome.code == 2
    assert "did you mean exact-size?" in outcome.err
    assert "verify4k rules" in run("explain", "zzzzzz").err
    for word, rule in (("size", "exact-size"), ("Alpha", "no-stray-alpha"), ("dpi", "right-density")):
        assert f"is an option of {rule}: verify4k explain {rule}" in run("explain", word).err


def test_inspect_says_where_stdin_is_read(run: Any) -> None:
    outcome = run("inspect", "-")
    assert outcome.code == 2
    assert "check --size 3840x2160 - < FILE" in outcome.err


def test_a_rule_without_a_page_or_examples_cannot_be_registered() -> None:
    from verify4k.model import Problem
    from verify4k.options.kinds import Options, boolean, option
    from verify4k.rule import Example, Picture, rule

    class New(Options):
        sharp: bool | None = option(boolean, "whether it must be sharp")

    good, bad = Example("a", Picture(), {}), Example("b", Picture(), {}, Problem("wrong"))

    def check(_artifact: Any) -> Any:
        yield from ()

    with pytest.raises(TypeError, match="one that fails"):
        rule("new", examples=[good])(check)
    with pytest.raises(TypeError, match="option sharp of rule new has no example that fails"):
        rule("new", options=New, examples=[good._replace(promise={"sharp": True}), bad])(check)
    with pytest.raises(TypeError, match="two rules"):
        rule("still", examples=[good, bad])(check)
    check.__module__ = "builtins_without_doc"
    sys.modules["builtins_without_doc"] = type(sys)("builtins_without_doc")
    with pytest.raises(TypeError, match="no page"):
        rule("new", examples=[good, bad])(check)


# -- schema -----------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["rules", "generate", "doctor", "verify-attestation"])
def test_every_command_takes_the_option_that_a_crash_asks_for(command: str) -> None:
    from verify4k import cli

    context = click.Context(cli.app)
    options = cli.app.get_command(context, command)
    assert options is not None
    assert any("-v" in each.opts for each in options.get_params(context))


def test_the_published_manifest_schema_is_the_one_the_rules_make(run: Any) -> None:
    published = Path(verify4k.__file__).parent / "data" / "manifest.schema.json"
    assert json.loads(published.read_text()) == manifest_schema()
    assert json.loads(run("schema", "manifest").out) == manifest_schema()


def test_the_report_schema_accepts_a_report(run: Any, tmp_path: Path) -> None:
    import jsonschema

    (tmp_path / "a.png").write_bytes(save(gradient(64, 36), "x.png"))
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {a.png: 65x36, b.png: 1x1}\n")
    schema = json.loads(run("schema", "report").out)
    jsonschema.validate(json.loads(run("check", "--format", "json").out), schema)


@pytest.mark.parametrize(
    "entry",
    ["64x36", ["64x36", "4k-landscape"], {"width": "48..512", "ratio": "1:1"}, {"alpha": "used", "bytes": {"max": "2MB"}}, None],
)  # fmt: skip
def test_the_manifest_schema_accepts_what_the_reader_accepts(entry: Any, tmp_path: Path) -> None:
    import jsonschema

    document = {"version": 1, "files": {"a.png": entry}}
    jsonschema.validate(document, manifest_schema())
    (tmp_path / "m.json").write_text(json.dumps(document))
    verify4k.load_manifest(tmp_path / "m.json")


# -- init -------------------------------------------------------------------------------------


def test_init_promises_what_is_there_and_check_agrees(run: Any, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "node_modules").mkdir()
    for name in ("a.png", "sub/b c: #1.png", "sub/图.png", "node_modules/c.png"):
        (tmp_path / name).write_bytes(save(gradient(64, 36 + len(name)), "x.png"))
    (tmp_path / "broken.png").write_bytes(b"not a picture")
    outcome = run("init")
    assert outcome.code == 0
    assert "3 images" in outcome.out
    text = (tmp_path / "verify4k.yaml").read_text()
    assert text.startswith("# verify4k manifest: ")  # no schema line while there is no address to name
    assert "# broken.png: cannot be read" in text
    assert "node_modules" not in text
    assert run("check").code == 0


def test_init_counts_in_words_that_fit_one_image(run: Any, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(save(gradient(64, 36), "a.png"))
    assert "wrote verify4k.yaml: 1 image promised as it is now; correct" in run("init").out


def test_init_never_replaces_a_manifest_unasked(run: Any, tmp_path: Path) -> None:
    (tmp_path / "verify4k.yaml").write_text("mine")
    outcome = run("init")
    assert outcome.code == 2
    assert "--force" in outcome.err
    assert (tmp_path / "verify4k.yaml").read_text() == "mine"
    assert run("init", "--force").code == 0
    assert (tmp_path / "verify4k.yaml").read_text() != "mine"


@pytest.mark.parametrize(
    ("name", "text"),
    [("verify4k.yml", "version: 1\n"), (".verify4k.yaml", ""), ("pyproject.toml", "[tool.verify4k]\n")],
)
def test_init_writes_no_manifest_that_is_taken_instead_of_another(
    name: str, text: str, tmp_path: Path, run: Any
) -> None:
    (tmp_path / name).write_text(text)
    outcome = run("init")
    assert outcome.code == 2
    assert f"{name} promises pictures already" in outcome.err
    assert not (tmp_path / "verify4k.yaml").exists()
    assert run("init", "-o", "other.yaml").code == 0
    assert run("init", "--force").code == 0


@pytest.mark.parametrize(("argv", "code"), [(("inspect", "a" * 300), 1), (("init", "-o", "a" * 300), 2)])
def test_a_name_that_is_too_long_for_a_file_is_no_crash(argv: tuple[str, ...], code: int, run: Any) -> None:
    outcome = run(*argv)
    assert outcome.code == code, outcome.err
    assert "File name too long" in outcome.out + outcome.err


def test_init_can_print_and_writes_a_manifest_even_where_there_are_no_images(run: Any) -> None:
    outcome = run("init", "-o", "-")
    assert "files: {}" in outcome.out
    assert run("init").code == 0
    assert run("check").code == 2
    assert run("check", "--allow-empty").code == 0


def test_init_leaves_names_that_yaml_cannot_say_as_comments(run: Any, tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.png")).write_bytes(save(gradient(64, 36), "x.png"))
    run("init")
    assert "the name is not UTF-8" in (tmp_path / "verify4k.yaml").read_text()


def test_init_stops_listing_after_a_thousand(run: Any, tmp_path: Path) -> None:
    data = save(gradient(8, 8), "x.gif")
    for number in range(1002):
        (tmp_path / f"{number}.gif").write_bytes(data)
    (tmp_path / "0.gif").write_bytes(b"GIF89a")
    told = run("init").out
    assert "more than 1000 images" in (tmp_path / "verify4k.yaml").read_text()
    assert "999 images promised" in told
    assert "note: not promised: more than 1000 images: write patterns, like dist/**/*.png" in told
    assert "note: not promised: 0.gif: cannot be read" in told


def test_init_with_a_published_schema_is_a_manifest_also_where_there_are_no_images(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "schema_comment", lambda: ["# yaml-language-server: $schema=x"])
    assert run("init", "-o", "-").out.splitlines()[0] == "# yaml-language-server: $schema=x"
    assert "\nfiles: {}\n" in run("init", "-o", "-").out


# -- completion ---------------------------------------------------------------------------------


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_that_asks_us(shell: str, run: Any) -> None:
    assert "_VERIFY4K_COMPLETE" in run("completion", shell).out


def _asked(words: str, count: int) -> str:
    environ = os.environ | {
        "COMP_WORDS": words,
        "COMP_CWORD": str(count),
        "_VERIFY4K_COMPLETE": "bash_complete",
    }
    script = "import sys; from verify4k.__main__ import main; sys.exit(main([]))"
    return subprocess.run(
        [sys.executable, "-c", script], env=environ, capture_output=True, text=True, check=False
    ).stdout


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("check dist/he", ["file,dist/he"]),
        ("check -c ver", ["file,ver"]),
        ("explain exact", ["plain,exact-size"]),
        ("check --select exact", ["plain,exact-size"]),
        ("check --format js", ["plain,json", "plain,jsonl"]),
        ("size 64x64 --model gpt-image-1-", ["plain,gpt-image-1-mini"]),
        ("demo sam", ["dir,sam"]),
    ],
)
def test_completion_knows_files_formats_rules_and_models(words: str, offered: list[str]) -> None:
    assert _asked(f"verify4k {words}", len(words.split())).splitlines() == offered


def test_completion_knows_commands_and_options() -> None:
    assert "plain,check" in _asked("verify4k ch", 1)
    assert "--fail-on" in _asked("verify4k check --fa", 2)


# -- inspect -------------------------------------------------------------------------------------


def test_inspect_prints_one_object_a_line_in_the_order_given(run: Any) -> None:
    names = [str(DATA / name) for name in ("good.webp", "gone.png", "trunc50.png", "good.jpg")]
    outcome = run("inspect", "--format", "json", *names)
    rows = [json.loads(line) for line in outcome.out.splitlines()]
    assert [row["target"] for row in rows] == names
    assert [row["integrity"] for row in rows] == ["ok", "unreadable", "damaged", "ok"]
    assert outcome.code == 1
    keys = ["target", "format", "stored", "displayed", "orientation", "alpha", "frames", "animated", "bit_depth", "mode", "icc", "integrity", "trailing_bytes", "bytes", "sha256", "error", "progressive", "density", "timing", "pictures", "gain_map", "hdr", "coding"]  # fmt: skip
    assert all(list(row) == keys for row in rows)


@pytest.mark.parametrize(
    ("name", "argv", "code"),
    [
        ("good.png", [], 0),
        ("trunc50.png", [], 1),
        ("trunc50.png", ["--depth", "header"], 0),
        ("html-error.png", [], 1),
        ("bomb-vp8l-16383.webp", [], 3),
        ("good.png", ["--native", "--depth", "header"], 2),
    ],
)
def test_inspect_ends_by_what_it_could_read(name: str, argv: list[str], code: int, run: Any) -> None:
    assert run("inspect", *argv, str(DATA / name)).code == code


def test_at_header_depth_pixel_facts_stay_null_without_an_error(run: Any) -> None:
    row = json.loads(
        run("inspect", "--format", "json", "--depth", "header", str(DATA / "alpha-opaque.png")).out
    )
    assert (row["integrity"], row["alpha"], row["sha256"], row["error"]) == (None, None, None, None)
    assert row["displayed"] == [160, 90]


def test_the_table_tells_orientation_damage_and_trailing_bytes(run: Any, tmp_path: Path) -> None:
    for name in ("exif-orient-6.jpg", "trail-zip.png", "trunc50.png"):
        (tmp_path / name).write_bytes((DATA / name).read_bytes())
    out = run("inspect", ".").out
    assert "orientation 6, stored 640x360" in out
    assert "240 bytes behind the image" in out
    assert "damaged" in out


def test_a_folder_without_images_is_a_usage_mistake(run: Any, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert run("inspect", "empty").code == 2


def test_native_is_told_in_words_and_numbers(run: Any, tmp_path: Path) -> None:
    image = texture(512, 384).resize((1024, 768))
    (tmp_path / "big.png").write_bytes(save(image, "x.png"))
    assert "looks enlarged" in run("inspect", "--native", "big.png").out
    row = json.loads(run("inspect", "--native", "--format", "json", "big.png").out)
    assert row["native"]["verdict"] == "upscaled"
    assert row["native"]["ratio"] == pytest.approx(0.5, abs=0.02)


def test_the_python_api_reads_paths_and_bytes() -> None:
    data = (DATA / "good.png").read_bytes()
    by_path, by_bytes = verify4k.inspect(DATA / "good.png"), verify4k.inspect(data, name="good.png")
    assert by_path | {"target": ""} == by_bytes | {"target": ""}
    assert verify4k.inspect(data)["target"] == "bytes"
    assert "inspect" in dir(verify4k)
    with pytest.raises(AttributeError):
        verify4k.nonsense  # noqa: B018


# -- the program's edges -----------------------------------------------------------------------


def test_help_and_version_answer(run: Any) -> None:
    assert run("-h").out == run("--help").out
    assert run("--version").out.strip() == f"verify4k {verify4k.__version__}"
    listed = " ".join(run("--help").out.split())
    for words in ("check Check the files", "size Say whether", "import Take in", "verify-attestation Hash"):
        assert words in listed


def test_help_lists_every_command_in_its_group(run: Any) -> None:
    import re

    from verify4k import cli

    lines = run("--help").out.splitlines()
    found: dict[str, str] = {}
    group = ""
    for line in lines:
        heading = re.fullmatch(r"([A-Z][a-z ]+):", line)
        group = heading[1] if heading else group
        command = re.match(r"  ([a-z][a-z-]+)  +\S", line)
        if command and group != "Options":
            found[command[1]] = group
    commands = cli.app.list_commands(click.Context(cli.app))
    assert sorted(found) == commands
    assert found["check"] == "Check"
    assert found["generate"] == "Make"
    assert found["init"] == "Set up"


def test_help_of_check_names_every_format(run: Any) -> None:
    from verify4k.reporters import names

    shown = "".join(run("check", "--help").out.split())  # help breaks lines at hyphens, too
    assert ",".join(names()) in shown


def test_an_unknown_command_is_a_usage_mistake(run: Any) -> None:
    outcome = run("chekc")
    assert outcome.code == 2
    assert "there is no command 'chekc'" in outcome.err


def test_ctrl_c_inside_the_program_is_130(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    from verify4k import cli

    def interrupted(*_a: Any, **_k: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli.app, "main", interrupted)
    assert main([]) == 130
    assert "interrupted" in capsys.readouterr().err


def test_progress_shows_itself_only_when_a_run_takes_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    stream = io.StringIO()
    progress = Progress(stream)
    progress.show(1, 10)
    assert stream.getvalue() == ""
    now = 0.6
    progress.show(5, 10)
    assert "5 of 10" in stream.getvalue()
    progress.show(6, 10)
    assert "6 of 10" not in stream.getvalue()
    progress.show(10, 10)
    assert stream.getvalue().endswith("\r\033[K")


def test_the_rules_in_the_docs_are_the_rules_in_the_code(run: Any) -> None:
    """Written by: sh scripts/regenerate.sh."""
    folder = Path(__file__).parents[2] / "docs" / "rules"
    published = {path.stem: path.read_text("utf-8") for path in folder.glob("*.md") if path.stem != "index"}
    words = {name: re.sub(r"\n!\[.*\n", "", text, count=1) for name, text in published.items()}
    assert run("explain", "--all").out == "\n\n".join(words[name] for name in sorted(words)).replace(
        "\n\n\n", "\n\n"
    )
    assert run("explain").code == 2


def test_the_published_reference_of_generate_is_current(run: Any) -> None:
    """Written by: sh scripts/regenerate.sh."""
    published = Path(__file__).parents[2] / "docs" / "generate-reference.md"
    assert run("explain", "generate").out == published.read_text("utf-8")


def test_the_demo_judges_its_sample_project_as_it_says(run: Any, tmp_path: Path) -> None:
    outcome = run("demo")
    assert outcome.code == 0
    for words in (
        "rejected  art/teaser-4k.png",
        "error[exact-size] art/hero-4k.png",
        "5 made, 1 rejected\n",
        "1 passed, 6 failed",
    ):
        assert words in outcome.out
    told = re.sub(r"\s+", " ", outcome.out)
    lost = r"art/poster\.jpg 2160x3840 ok -> http://127\.0\.0\.1:\d+/poster\.jpg 1440x2560 \(lost here: size; served by sample-cdn\)"
    assert re.search(lost, told)
    again = run("demo")
    assert again.code == 2
    assert "name another folder" in again.err
    (tmp_path / "verify4k-demo" / "art" / "card.png").unlink()
    assert run("check", "-c", "verify4k-demo/verify4k.yaml").code == 1

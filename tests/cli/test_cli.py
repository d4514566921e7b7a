"""The small commands: rules, explain, schema, and the program's edges."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from pictures import gradient, save

import verify4k
from verify4k.__main__ import main
from verify4k.cli._progress import Progress
from verify4k.manifest.schema import manifest_schema
from verify4k.rules import all_rules

# -- rules and explain -----------------------------------------------------------------------


def test_rules_lists_every_rule_with_its_claim(run: Any) -> None:
    lines = run("rules").out.splitlines()
    assert [line.split()[0] for line in lines] == list(all_rules())
    rows = json.loads(run("rules", "--format", "json").out)
    assert {row["id"]: row["title"] for row in rows} == {r.id: r.title for r in all_rules().values()}


@pytest.mark.parametrize("argv", [("rules",), ("check",), ("explain", "exact-size"), ("schema", "manifest")])
def test_a_python_without_docstrings_is_told_and_no_crash(argv: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {a.png: 64x36}\n")
    command = [sys.executable, "-OO", "-m", "verify4k", *argv]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "drops docstrings" in done.stderr
    assert "set it to 1" in done.stderr
    command[1] = "-O"
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == (1 if argv == ("check",) else 0)


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

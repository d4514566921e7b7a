"""How an answer is told: where it goes, how much of it, and what people type who know other linters."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pictures import gradient, save

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST = """\
version: 1
files:
  a.png: {size: 64x36, alpha: forbidden}
  b.png: 32x32
  missing.png: 64x36
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "a.png").write_bytes(save(gradient(64, 36), "x.png"))
    (tmp_path / "b.png").write_bytes(save(gradient(65, 36), "x.png"))
    (tmp_path / "verify4k.yaml").write_text(MANIFEST)
    return tmp_path


@pytest.mark.usefixtures("project")
def test_explain_walks_through_every_rule_with_the_facts(run: Any) -> None:
    from verify4k.rules import all_rules

    outcome = run("check", "--explain", "b.png")
    assert outcome.code == 1
    assert "a.png" not in outcome.out
    for said in (
        "promised   size: 32x32",
        "displayed 65x36",
        "problem    exact-size: The picture has",
        "got 65x36",
    ):
        assert said in outcome.out
    told = " ".join(outcome.out.split())
    assert [each for each in all_rules() if each not in told] == []
    assert "metadata (its options: metadata)" in told
    assert "unlisted (off by default)" in told


@pytest.mark.usefixtures("project")
def test_explain_is_an_answer_of_its_own(tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = run("check", "--explain", "b.png", "--format", "json")
    assert (refused.code, refused.out) == (2, "")
    assert "--report json=PATH" in refused.err
    path = tmp_path / "report.json"
    both = run("check", "--explain", "b.png", "--report", f"json={path}")
    assert (both.code, json.loads(path.read_text())["exit_code"]) == (1, 1)
    assert run("check", "--explain", "b.png", "--format", "text").out == both.out
    monkeypatch.setenv("VERIFY4K_FORMAT", "json")
    assert run("check", "--explain", "b.png").out == both.out


@pytest.mark.usefixtures("project")
def test_explain_tells_why_a_file_was_not_judged(run: Any) -> None:
    outcome = run("check", "--explain", "missing.png")
    assert outcome.code == 1
    assert "seen       integrity unreadable" in outcome.out
    assert "the file does not exist" in outcome.out
    assert run("check", "--explain").code == 2


def test_an_answer_goes_to_a_file_as_a_whole(run: Any, project: Path) -> None:
    outcome = run("check", "--format", "json", "--output-file", "out.json")
    assert outcome.code == 1
    assert outcome.out == ""
    assert json.loads((project / "out.json").read_text())["exit_code"] == 1
    assert run("check", "--output-file", "no/such/folder").code == 2
    before = sorted(project.iterdir())
    assert run("check", "--output-file", "-").out == run("check").out
    outcome = run("check", "--report", "json=-")
    assert (outcome.code, outcome.out) == (2, "")
    assert "ask for it with --format json" in outcome.err
    assert sorted(project.iterdir()) == before


@pytest.mark.usefixtures("project")
def test_statistics_count_by_rule_beside_the_answer(run: Any) -> None:
    outcome = run("check", "--statistics", "--format", "json")
    json.loads(outcome.out)
    assert outcome.err.splitlines() == [
        "  count  rule",
        "      1  exact-size (error)",
        "      1  readable (error)",
    ]
    assert run("check", "a.png", "--statistics").err == "no findings\n"


def test_exit_zero_lets_findings_pass_and_nothing_else(
    project: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("check", "--exit-zero").code == 0
    assert run("check", "--exit-zero", "--format", "json").out.count('"exit_code": 1') == 1
    assert run("check", "--exit-zero", "-c", "none.yaml").code == 2
    assert run("check", "--exit-zero", "--no-ignores").code == 2
    (project / "empty.yaml").write_text("version: 1\nfiles: {}\n")
    assert run("check", "--exit-zero", "-c", "empty.yaml").code == 2
    monkeypatch.setenv("VERIFY4K_EXIT_ZERO", "1")
    assert run("check").code == 1


@pytest.mark.usefixtures("project")
def test_colour_is_what_the_command_line_says(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\033[" in run("check", "--color", "always").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\033[" in run("check").out
    assert "\033[" not in run("check", "--color", "never").out


def test_many_findings_of_one_rule_are_counted_and_all_shown_on_request(run: Any, tmp_path: Path) -> None:
    entries = "".join(f"  {number}.png: 1x1\n" for number in range(45))
    (tmp_path / "verify4k.yaml").write_text(f"version: 1\nfiles:\n{entries}")
    outcome = run("check")
    assert outcome.out.count("error[readable]") == 20
    assert "25 more of readable are not shown; -v shows all" in outcome.out
    assert "45 assets: 0 passed, 45 failed (45 errors)" in outcome.out
    assert run("check", "-v").out.count("error[readable]") == 45
    assert run("check", "-q").out.count("error[readable]") == 45


def test_failed_assets_stand_first_in_the_page(run: Any, project: Path) -> None:
    run("check", "--report", "html=r.html")
    page = (project / "r.html").read_text()
    order = [page.index(f'<span class="name">{name}</span>') for name in ("b.png", "missing.png", "a.png")]
    assert order == sorted(order)


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["lint"], "try: verify4k check"),
        (["help"], "try: verify4k --help"),
        (["chekc"], "did you mean: verify4k check?"),
        (["inspct"], "did you mean: verify4k inspect?"),
        (["fix"], "never edits an artifact"),
        (["check", "--fix"], "never edits an artifact"),
        (["--fix"], "never edits an artifact"),
        (["inspect", "--fix", "a.png"], "never edits an artifact"),
        (["help", "check"], "try: verify4k check --help"),
        (["help", "nonsense"], "try: verify4k --help"),
        (["b.png"], "verify4k check b.png"),
        (["xyzzy"], "verify4k --help lists all of them"),
    ],
)
@pytest.mark.usefixtures("project")
def test_a_habit_of_another_linter_gets_a_hint(argv: list[str], said: str, run: Any) -> None:
    outcome = run(*argv)
    assert outcome.code == 2
    assert said in outcome.err
    assert outcome.out == ""

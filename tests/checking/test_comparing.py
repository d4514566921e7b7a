"""Rules that compare, in a run of a part: what was not compared is not said to hold."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pictures import gradient, save
from repositories import Repo, clean_environment

from verify4k.checking import results
from verify4k.checking.accepting import Acceptance
from verify4k.checking.comparing import compare
from verify4k.checking.engine import check
from verify4k.checking.judging import nothing_judged
from verify4k.checking.plan import Plan, Settings
from verify4k.checking.results import Known, Results
from verify4k.checking.scope import Scope
from verify4k.errors import CannotRead
from verify4k.manifest.load import load_manifest

if TYPE_CHECKING:
    from pathlib import Path

    from verify4k.artifacts.content import Depth
    from verify4k.model import Asset

MANIFEST = """version: 1
files:
  2k.png: {}
  3k.png: {}
  x.png: {same-as-others: allowed}
groups:
  pair: {files: "pair-{theme}.png", theme: [light, dark], same: size}
  lone: {files: "lone-{name}.png", count: 1..3}
"""
NAMES = ("2k.png", "3k.png", "x.png", "pair-light.png", "pair-dark.png", "lone-a.png", "lone-b.png")


@pytest.fixture(autouse=True, params=[1, 100], ids=["put aside", "in memory"])
def many(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """From how many artifacts on what came of each is put aside."""
    found: int = request.param
    monkeypatch.setattr(results, "MANY", found)
    return found


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Path:
    """2k.png and 3k.png are one picture; the pair differs in size."""
    (tmp_path / "verify4k.yaml").write_text(MANIFEST)
    for number, name in enumerate(NAMES):
        width = 64 if number < 2 else 64 + number
        (tmp_path / name).write_bytes(save(gradient(width, 36), name))
    return tmp_path


def told(run: Any, *argv: str) -> Any:
    return json.loads(run("check", "--no-cache", "--format", "json", *argv).out)


def states(report: Any, rule: str) -> dict[str, str]:
    return {asset["target"]: asset["rules"][rule] for asset in report["assets"]}


def test_a_copy_is_found_where_both_are_looked_at(run: Any) -> None:
    report = told(run, "2k.png", "3k.png")
    assert states(report, "same-picture")["3k.png"] == "problem"


@pytest.mark.parametrize("target", ["2k.png", "3k.png"])
def test_a_copy_that_is_checked_without_its_twin_does_not_hold(target: str, run: Any) -> None:
    report = told(run, target)
    assert states(report, "same-picture") == {target: "not-asked"}
    assert report["exit_code"] == 0
    [note] = report["notes"]  # nobody promised that it is none
    assert note.endswith("promises is named on the command line: the others were not checked")


@pytest.mark.parametrize(
    ("target", "state"),
    [("pair-light.png", "not-asked"), ("pair-dark.png", "not-asked"), ("lone-a.png", "holds")],
)
def test_of_a_group_what_is_compared_needs_all_of_it_and_a_count_does_not(
    target: str, state: str, run: Any
) -> None:
    assert states(told(run, target), "whole-group") == {target: state}


def test_a_group_that_is_looked_at_as_a_whole_is_compared(run: Any) -> None:
    report = told(run, "pair-light.png", "pair-dark.png")
    assert sorted(states(report, "whole-group").values()) == ["holds", "problem"]


def test_of_what_was_asked_nothing_else_nothing_is_told(run: Any) -> None:
    assert told(run, "--select", "same-picture", "3k.png")["assets"] == []
    report = told(run, "--select", "same-picture,readable", "3k.png")
    assert states(report, "same-picture") == {"3k.png": "not-asked"}
    assert states(report, "readable") == {"3k.png": "holds"}


def test_what_may_be_a_copy_leaves_nothing_open(tmp_path: Path, run: Any) -> None:
    report = told(run, "x.png")
    assert states(report, "same-picture") == {"x.png": "not-asked"}
    [note] = report["notes"]
    assert note.endswith("promises is named on the command line: the others were not checked")


@pytest.mark.parametrize(
    ("targets", "word"),
    [
        (("2k.png",), "WARNED"),
        (("lone-a.png",), "WARNED"),
        (("pair-dark.png", "x.png"), "FAILED"),
        ((), "FAILED"),
    ],
)
def test_no_statement_passes_over_what_was_not_compared(
    targets: tuple[str, ...], word: str, tmp_path: Path, run: Any
) -> None:
    path = tmp_path / "statement.json"
    run("check", "--no-cache", "-q", "--ignore", "name-claim", *targets, "--report", f"in-toto={path}")
    predicate = json.loads(path.read_text())["predicate"]
    assert predicate["result"] == word
    left_out = "1 not compared with promises that were left out"
    assert (left_out in predicate.get("reasons", ())) == ("pair-dark.png" in targets)
    assert ("2k.png: same-picture" in predicate["passedTests"]) is (targets == ())  # 3k.png is the copy


def test_no_report_says_that_every_promise_holds(run: Any) -> None:
    for form in ("text", "markdown", "html"):
        for target, compared in (("x.png", True), ("pair-dark.png", False)):
            said = run("check", "--format", form, "--ignore", "name-claim", target).out
            assert "very promise holds" not in said
            assert ("hat was checked holds" in said) is compared


def test_a_commit_of_one_is_green_and_says_so(folder: Path, run: Any) -> None:
    repo = Repo(folder, clean_environment(folder))
    repo.git("init", "-q")
    repo.git("add", "-A")
    repo.git("commit", "-qm", "first")
    repo.write("3k.png", save(gradient(64, 36), "3k.png") + b"\n")
    repo.git("add", "3k.png")
    report = told(run, "--staged", "--ignore", "name-claim,no-trailing-data")
    assert report["exit_code"] == 0
    assert states(report, "same-picture") == {"3k.png": "not-asked"}


@pytest.mark.parametrize("after", range(1, len(NAMES)))
@pytest.mark.parametrize("depth", ["header", "full"])
def test_what_was_done_before_an_interruption_is_not_said_to_differ_from_the_rest(
    after: int, depth: Depth, folder: Path
) -> None:
    def interrupted(done: int, _: int) -> None:
        if done == after:
            raise KeyboardInterrupt

    manifest = load_manifest(folder / "verify4k.yaml")
    report = check(Scope(manifest, manifest.assets), Settings(depth=depth, jobs=1), interrupted)
    assert report.exit_code == 130
    assert f"interrupted: {len(NAMES) - after} of {len(NAMES)} assets were not checked" in report.notes
    missed = {each.target for each in report.undecided if each.reason.startswith("not checked")}
    assert len(missed) == len(NAMES) - after
    by_target = {asset.target: asset.rules for asset in report.assets if asset.target not in missed}
    for target, rules in by_target.items():
        # of a group the two of a pair are compared, of the pictures all with all
        other = {"pair-light.png": "pair-dark.png", "pair-dark.png": "pair-light.png"}.get(target)
        whole = "not-asked" if other in missed else "problem" if target == "pair-light.png" else "holds"
        if other is not None:
            assert rules["whole-group"] == whole
        if target.startswith("lone"):  # a count is known without the others
            assert rules["whole-group"] == "holds"
        assert rules["same-picture"] in ("not-asked", "problem")
    twins = [by_target[name]["same-picture"] for name in ("2k.png", "3k.png") if name in by_target]
    assert depth == "header" or len(twins) < 2 or "problem" in twins  # what was found stays found


def test_shards_compare_nothing_and_their_merge_does(folder: Path, run: Any) -> None:
    parts = [str(folder / f"{number}.json") for number in (1, 2, 3)]
    for number, part in enumerate(parts, 1):
        run("check", "-q", "--shard", f"{number}/3", "--report", f"json={part}")
    merged = json.loads(run("merge", "--format", "json", *parts).out)
    assert states(merged, "same-picture")["3k.png"] == "problem"
    assert states(merged, "whole-group")["pair-dark.png"] != "not-asked"


def test_what_cannot_be_compared_leaves_every_one_of_them_undecided(folder: Path, many: int) -> None:
    def refuses(*_: object) -> Any:
        raise CannotRead("no more memory")

    def shown(asset: Asset) -> str:
        return asset.target

    manifest = load_manifest(folder / "verify4k.yaml")
    plan = Plan(manifest, Settings())
    plan.rules = {"same-picture": plan.rules["same-picture"]._replace(compare=refuses)}
    settings = Settings()
    outcomes = Results(
        Known(manifest.assets, plan, settings, Acceptance(manifest, settings, None, plan.lineage), shown)
    )
    for number, asset in enumerate(manifest.assets[:3]):
        each = nothing_judged(asset)
        if number < 2:
            each.states["same-picture"] = "holds"
            each.kept["same-picture"] = "what was kept"
        if not outcomes.settled(number, each):
            outcomes.here[number] = each
    assert outcomes.aside == (2 if many == 1 else 0)
    compare(outcomes, plan, None, None, shown)  # type: ignore[arg-type]
    assert [each.states for each in outcomes.judged()] == [*[{"same-picture": "undecided"}] * 2, {}]
    assert outcomes.aside == 0
    told = [(one.rule, one.reason, one.path) for each in outcomes.judged() for one in each.undecided]
    assert told == [("same-picture", "no more memory", name) for name in NAMES[:2]]


def test_rules_that_were_not_asked_are_counted_in_words(tmp_path: Path, run: Any) -> None:
    text = MANIFEST.replace("2k.png: {}", "2k.png: {same-as-others: forbidden}")
    (tmp_path / "verify4k.yaml").write_text(text)
    notes = told(run, "2k.png", "pair-dark.png")["notes"]
    rest = "not asked: this run leaves out promises to compare with"
    assert f"same-picture, whole-group were {rest}" in notes
    assert f"whole-group was {rest}" in told(run, "pair-dark.png")["notes"]

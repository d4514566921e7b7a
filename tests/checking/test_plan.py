"""Which rules an asset is asked: on or off, selected or left out, promised or not, alone or with others."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pictures import make

from verify4k import check, load_manifest
from verify4k.checking.plan import Plan, Settings, rank
from verify4k.rule import Picture
from verify4k.rules import all_rules

if TYPE_CHECKING:
    from pathlib import Path

BY_DEFAULT = {
    "color", "extension-matches", "name-claim", "native-resolution", "no-placeholder",
    "no-trailing-data", "not-blank", "not-padded", "patched-metadata", "readable",
    "still", "upright",
}  # fmt: skip


def states(folder: Path, run: Any, entry: str, *argv: str) -> dict[str, str]:
    (folder / "verify4k.yaml").write_text(f"version: 1\nfiles:\n  {entry}\n")
    make(Picture(name="a.png"), folder)
    make(Picture(name="b.png", kind="other"), folder)
    found: dict[str, str] = json.loads(run("check", "--format", "json", *argv).out)["assets"][0]["rules"]
    return found


def asked(found: dict[str, str]) -> set[str]:
    return {rule for rule, state in found.items() if state != "not-asked"}


def test_a_small_picture_that_promises_nothing_is_asked_what_every_file_is_asked(
    tmp_path: Path, run: Any
) -> None:
    found = asked(states(tmp_path, run, "a.png:"))
    assert found >= BY_DEFAULT - {"native-resolution", "not-blank", "not-padded"}  # those ask large ones only
    assert not found & {"exact-size", "right-format", "byte-budget", "detail", "metadata", "provenance"}
    assert not found & {"native-resolution", "not-blank", "not-padded", "same-picture", "unlisted"}


@pytest.mark.parametrize(
    ("promise", "rule"),
    [
        ("size: 64x36", "exact-size"),
        ("width: 64", "exact-size"),
        ("format: png", "right-format"),
        ("alpha: forbidden", "no-stray-alpha"),
        ("bytes: 1MB", "byte-budget"),
        ("padding: forbidden", "not-padded"),
        ("blank: forbidden", "not-blank"),
        ("native: on", "native-resolution"),
        ("provenance: none-required", "provenance"),
    ],
)
def test_a_promise_brings_its_rule_and_no_other(promise: str, rule: str, tmp_path: Path, run: Any) -> None:
    before = asked(states(tmp_path, run, "a.png:"))
    assert asked(states(tmp_path, run, f"a.png: {{{promise}}}")) == before | {rule}


@pytest.mark.parametrize(
    ("argv", "rules"),
    [
        (["--select", "exact-size"], {"exact-size"}),
        (["--select", "exact-size,color"], {"exact-size", "color"}),
        (["--select", "exact-size,color", "--ignore", "color"], {"exact-size"}),
        (["--select", "unlisted"], {"unlisted"}),  # off by default
    ],
)
def test_selection_asks_exactly_what_it_names(
    argv: list[str], rules: set[str], tmp_path: Path, run: Any
) -> None:
    assert asked(states(tmp_path, run, "a.png: 64x36", *argv)) == rules


def test_what_is_ignored_is_not_asked_and_the_rest_is(tmp_path: Path, run: Any) -> None:
    whole = asked(states(tmp_path, run, "a.png: 64x36"))
    assert asked(states(tmp_path, run, "a.png: 64x36", "--ignore", "color,still")) == whole - {
        "color",
        "still",
    }


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_an_unknown_rule_is_a_usage_mistake_with_a_suggestion(option: str, tmp_path: Path, run: Any) -> None:
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {a.png: 64x36}\n")
    outcome = run("check", option, "colour")
    assert (outcome.code, outcome.out) == (2, "")
    assert "there is no rule 'colour'" in outcome.err
    assert "did you mean color?" in outcome.err


def test_a_rule_that_compares_needs_two_promises(tmp_path: Path, run: Any) -> None:
    assert states(tmp_path, run, "a.png:")["same-picture"] == "not-asked"
    assert states(tmp_path, run, "a.png:\n  b.png:")["same-picture"] == "holds"
    assert states(tmp_path, run, "a.png:\n  b.png:", "a.png")["same-picture"] == "not-asked"
    assert states(tmp_path, run, "a.png: {same-as-others: allowed}\n  b.png:")["same-picture"] == "not-asked"


def test_files_of_one_entry_share_a_plan_and_files_of_two_do_not(tmp_path: Path, run: Any) -> None:
    states(tmp_path, run, '"[ab].png": {rules: {color: off}}')
    report = json.loads(run("check", "--format", "json").out)
    assert [asset["rules"]["color"] for asset in report["assets"]] == ["not-asked"] * 2
    states(tmp_path, run, "a.png: {rules: {color: off}}\n  b.png:")
    report = json.loads(run("check", "--format", "json").out)
    assert [asset["rules"]["color"] for asset in report["assets"]] == ["not-asked", "holds"]


def test_entries_that_promise_alike_share_a_plan(tmp_path: Path) -> None:
    entries = (
        "a.png: 64x36, b.png: 64x36, c.png: {size: 64x36, alpha: forbidden}, d.png: {rules: {color: off}}"
    )
    (tmp_path / "verify4k.yaml").write_text(f"version: 1\nfiles: {{{entries}}}\n")
    manifest = load_manifest(tmp_path / "verify4k.yaml")
    plan = Plan(manifest, Settings())
    one, alike, other, without = map(plan.of, manifest.assets)
    assert one is alike
    assert [planned.rule.id for planned in other if planned.explicit] == ["exact-size", "no-stray-alpha"]
    assert "color" not in {planned.rule.id for planned in without}


def test_a_file_beside_others_is_weighed_like_its_neighbour(tmp_path: Path) -> None:
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {a.png: , b.png: {rules: {color: off}}}\n")
    manifest = load_manifest(tmp_path / "verify4k.yaml")
    plan = Plan(manifest, Settings())
    beside = [asset.neighbour("x.png", "x.png") for asset in manifest.assets]
    rules = [{planned.rule.id for planned in plan.of(each)} for each in beside]
    assert ["color" in each for each in rules] == [True, False]


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_of_two_unknown_rules_the_first_by_name_is_told(option: str, tmp_path: Path, run: Any) -> None:
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {a.png: 64x36}\n")
    assert "there is no rule 'colour'" in run("check", option, "readible,colour").err


def test_a_pixel_promise_at_header_depth_is_undecided_and_a_habit_is_not_asked(
    tmp_path: Path, run: Any
) -> None:
    habit = states(tmp_path, run, "a.png:", "--depth", "header")
    assert (habit["no-trailing-data"], habit["not-padded"]) == ("not-asked", "not-asked")
    promised = states(tmp_path, run, "a.png: {padding: forbidden}", "--depth", "header")
    assert promised["not-padded"] == "undecided"
    assert run("check", "--depth", "header").code == 3


def test_gates_come_in_the_order_in_which_one_makes_the_next_pointless() -> None:
    gates = ["http-status", "redirects", "whole-body", "readable"]
    assert sorted(["color", *reversed(gates)], key=rank) == [*gates, "color"]
    assert rank("color") == rank("upright")


def test_a_report_describes_every_rule_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {a.png: }\n")
    told = check(load_manifest(tmp_path / "verify4k.yaml")).rules
    rules = all_rules().values()
    assert {(each.id, each.title, each.page, each.severity, each.keys, each.enabled) for each in told} == {
        (each.id, each.title, each.page, each.severity, each.keys, each.enabled) for each in rules
    }
    assert {each.enabled for each in told} == {True, False}

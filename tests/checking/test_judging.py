"""From problem to finding: what it says, where it points, what the gate silences, and each rule's state."""

from __future__ import annotations

import gc
import json
import weakref
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from pictures import make

from verify4k.artifacts.artifact import Artifact
from verify4k.checking.judging import finding, judge, nothing_judged, undecide
from verify4k.checking.plan import Planned, Settings
from verify4k.documents.nodes import Place
from verify4k.errors import CannotRead, NotAsked
from verify4k.files.source import FileSource
from verify4k.model import Asset, Problem
from verify4k.report import Finding
from verify4k.rule import Picture
from verify4k.rules import all_rules

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Said(NamedTuple):
    """One run's report, by what the tests ask of it."""

    code: int
    findings: list[tuple[str, str, str]]  # target, rule, message
    undecided: list[tuple[str, str]]  # target, rule
    states: dict[str, dict[str, str]]  # target -> rule -> state
    verdicts: dict[str, str]


def check(folder: Path, run: Any, text: str, *argv: str, pictures: tuple[Picture, ...]) -> Said:
    for picture in pictures:
        make(picture, folder)
    (folder / "verify4k.yaml").write_text(f"version: 1\n{text}\n")
    outcome = run("check", "--format", "json", *argv)
    report = json.loads(outcome.out)
    return Said(
        outcome.code,
        [(f["target"], f["rule"], f["message"]) for f in report["findings"]],
        [(u["target"], u["rule"]) for u in report["undecided"]],
        {asset["target"]: asset["rules"] for asset in report["assets"]},
        {asset["target"]: asset["verdict"] for asset in report["assets"]},
    )


@pytest.mark.parametrize("kind", ["missing", "html", "truncated"])
def test_what_fails_the_gate_is_told_once_and_no_rule_behind_it_holds(
    kind: str, tmp_path: Path, run: Any
) -> None:
    said = check(
        tmp_path,
        run,
        "files: {a.png: {size: 64x36, padding: forbidden}}",
        pictures=(Picture(name="a.png", kind=kind),),
    )
    assert [(target, rule) for target, rule, _ in said.findings] == [("a.png", "readable")]
    assert said.undecided == []
    assert said.verdicts == {"a.png": "failed"}
    assert said.code == 1
    assert said.states["a.png"]["readable"] == "problem"
    assert said.states["a.png"]["not-padded"] == "undecided"
    if kind != "truncated":  # of a cut file the header still tells the size
        assert said.states["a.png"]["exact-size"] == "undecided"


@pytest.mark.parametrize("promise", ["padding: forbidden", "blank: forbidden", "native: required"])
def test_what_a_header_cannot_tell_is_undecided_where_it_is_promised_and_else_not_asked(
    promise: str, tmp_path: Path, run: Any
) -> None:
    pictures = (Picture(name="a.png"), Picture(name="b.png"))
    text = f"files: {{a.png: {{size: 64x36, {promise}}}, b.png: {{size: 64x36}}}}"
    said = check(tmp_path, run, text, "--depth", "header", pictures=pictures)
    assert (said.code, said.verdicts) == (3, {"a.png": "undecided", "b.png": "passed"})
    assert [target for target, _ in said.undecided] == ["a.png"]


def test_of_what_is_no_picture_a_header_tells_no_rule_that_it_need_not_be_asked(
    tmp_path: Path, run: Any
) -> None:
    pictures = (Picture(name="a.png", kind="html"), Picture(name="b.png"))
    argv = ("--depth", "header", "--select", "not-padded,exact-size")
    said = check(tmp_path, run, "files: {a.png: {}, b.png: 64x36}", *argv, pictures=pictures)
    assert (said.code, said.undecided) == (3, [("a.png", "not-padded")])


@pytest.mark.parametrize("severity", ["warning", "note"])
def test_a_gate_that_was_made_milder_silences_nothing(severity: str, tmp_path: Path, run: Any) -> None:
    text = f"rules: {{readable: {severity}}}\nfiles: {{a.png: 64x36}}"
    said = check(tmp_path, run, text, pictures=(Picture(name="a.png", kind="html"),))
    assert [rule for _, rule, _ in said.findings] == ["readable"]
    assert len(said.undecided) == 1  # one cause is told once, by the first rule that met it
    assert said.verdicts == {"a.png": "undecided"}
    assert said.code == 3


def test_a_blemish_does_not_silence_what_could_not_be_decided(tmp_path: Path, run: Any) -> None:
    text = "files: {a.png: {size: 32x18}}"
    said = check(tmp_path, run, text, pictures=(Picture(name="a.png", kind="trailing-nul"),))
    assert [rule for _, rule, _ in said.findings] == ["exact-size", "no-trailing-data"]
    assert said.code == 1


def test_what_was_found_stays_found_where_the_rest_could_not_be_decided(tmp_path: Path, run: Any) -> None:
    said = check(
        tmp_path,
        run,
        "files: {a.webp: {dpi: 72.., subsampling: 4:4:4, progressive: required}}",
        pictures=(Picture(name="a.webp"),),
    )
    assert said.findings == [
        ("a.webp", "right-density", "no density is named"),
        ("a.webp", "right-encoding", "the picture is not progressive"),
    ]
    assert said.undecided == [("a.webp", "right-encoding")]
    assert said.states["a.webp"]["right-encoding"] == "problem"
    assert said.code == 1


def test_two_causes_are_two_undecided(tmp_path: Path, run: Any) -> None:
    text = "rules: {readable: off}\nfiles: {a.png: 64x36, b.png: 64x36}"
    pictures = (Picture(name="a.png", kind="html"), Picture(name="b.png", kind="lfs-pointer"))
    said = check(tmp_path, run, text, pictures=pictures)
    assert [target for target, _ in said.undecided] == ["a.png", "b.png"]
    assert said.verdicts == {"a.png": "undecided", "b.png": "undecided"}


def test_a_finding_points_at_its_option_and_else_at_its_entry(tmp_path: Path, run: Any) -> None:
    make(Picture(32, 18, "a.png", "trailing"), tmp_path)
    (tmp_path / "verify4k.yaml").write_text(
        "version: 1\nsizes: {hero: 64x36}\nfiles:\n  a.png:\n    format: png\n    size: hero\n"
    )
    report = json.loads(run("check", "--format", "json").out)
    places = {f["rule"]: (f["path"], f["line"], f["column"]) for f in report["findings"]}
    assert places == {"exact-size": ("verify4k.yaml", 6, 5), "no-trailing-data": ("verify4k.yaml", 4, 3)}
    text = run("check").out
    assert "size: hero (size hero in verify4k.yaml:2)" in text
    assert "rule no-trailing-data, which every file is asked" in text


def test_findings_come_gate_first_then_by_rule(tmp_path: Path, run: Any) -> None:
    text = "files: {a-4k.png: {size: 64x36, format: webp}}"
    said = check(tmp_path, run, text, pictures=(Picture(640, 360, "a-4k.png", "truncated"),))
    assert [rule for _, rule, _ in said.findings] == ["readable", "exact-size", "name-claim", "right-format"]


def test_a_finding_has_all_that_its_problem_says_and_where_that_was_promised() -> None:
    asset = Asset(
        "a.png",
        "dist/a.png",
        Place("m", 1, 1),
        written={"size": "hero"},
        places={"size": Place("m", 2, 3)},
        origins={"size": "size hero in m:1"},
        url="https://a.example/a.png",
    )
    planned = Planned(all_rules()["exact-size"], "error", explicit=True)
    problem = Problem("it differs", "64x36", "32x18", "ship it", "size", "note", {"edge": 1})
    assert finding(asset, planned, problem, "dist/a.png") == Finding(
        target="a.png",
        rule="exact-size",
        severity="note",
        message="it differs",
        expected="64x36",
        actual="32x18",
        fix="ship it",
        origin="size: hero (size hero in m:1)",
        place=Place("m", 2, 3),
        path="dist/a.png",
        evidence={"edge": 1},
        url="https://a.example/a.png",
        key="size",
    )
    unasked_for = finding(asset, planned, problem._replace(key="", severity=None), "dist/a.png")
    assert (unasked_for.place, unasked_for.severity) == (Place("m", 1, 1), "error")
    assert unasked_for.origin == "rule exact-size, which every URL is asked"


@pytest.mark.parametrize(
    ("ends", "undecided"), [(NotAsked("too small"), 0), (CannotRead("locked"), 1), (ValueError("a bug"), 1)]
)
def test_what_a_rule_has_found_stays_found_however_it_ends(
    ends: Exception, undecided: int, tmp_path: Path
) -> None:
    def check(_: object) -> Iterator[Problem]:
        yield Problem("too small", "2x2", "1x1")
        raise ends

    asset = Asset("a.png", str(make(Picture(name="a.png"), tmp_path)), Place("m.yaml", 3, 1))
    planned = Planned(all_rules()["exact-size"]._replace(check=check), "error", explicit=True)
    judged = judge(Artifact(asset, FileSource(asset.path)), [planned], Settings(), "a.png")
    assert judged.states == {"exact-size": "problem"}
    assert [each.message for each in judged.findings] == ["too small"]
    assert len(judged.undecided) == undecided


def test_one_cause_is_told_once_with_its_next_step_and_an_equal_one_again() -> None:
    judged, error = nothing_judged(Asset("a.png", "dist/a.png", Place("m", 1, 1))), CannotRead("no", "look")
    for rule, cause in (("color", error), ("still", error), ("upright", CannotRead("no", "look"))):
        undecide(judged, rule, cause, "dist/a.png")
    place = Place("m", 1, 1)
    assert judged.undecided == [
        ("a.png", "color", "no", "look", place, "dist/a.png"),
        ("a.png", "upright", "no", "look", place, "dist/a.png"),
    ]


# -- rules that compare ---------------------------------------------------------------------------

SAME = (Picture(name="a.png"), Picture(name="b.png"), Picture(name="c.png", kind="other"))


def test_of_two_equal_pictures_the_later_has_the_problem_and_each_says_its_own_state(
    tmp_path: Path, run: Any
) -> None:
    text = "defaults: {same-as-others: forbidden}\nfiles: {a.png: , b.png: , c.png: }"
    said = check(tmp_path, run, text, pictures=SAME)
    message = "two promises are met by the same picture (identical bytes)"
    assert said.findings == [("b.png", "same-picture", message)]
    states = {target: rules["same-picture"] for target, rules in said.states.items()}
    assert states == {"a.png": "holds", "b.png": "problem", "c.png": "holds"}
    assert said.verdicts == {"a.png": "passed", "b.png": "failed", "c.png": "passed"}
    assert said.code == 1


def test_what_cannot_be_compared_is_not_said_to_differ(tmp_path: Path, run: Any) -> None:
    pictures = (SAME[0], SAME[1]._replace(kind="truncated"), SAME[2])
    said = check(tmp_path, run, "files: {a.png: , b.png: , c.png: }", pictures=pictures)
    states = {target: rules["same-picture"] for target, rules in said.states.items()}
    assert states == {"a.png": "holds", "b.png": "undecided", "c.png": "holds"}
    assert [rule for _, rule, _ in said.findings] == ["readable"]


def test_a_comparing_rule_has_the_severity_of_the_entry_it_is_told_at_and_points_at_the_promise(
    tmp_path: Path, run: Any
) -> None:
    for picture in SAME:
        make(picture, tmp_path)
    (tmp_path / "verify4k.yaml").write_text(
        "version: 1\ndefaults: {same-as-others: forbidden}\nfiles:\n"
        "  a.png: {rules: {same-picture: note}}\n  b.png: {rules: {same-picture: warning}}\n"
    )
    [found] = json.loads(run("check", "--format", "json").out)["findings"]
    assert (found["target"], found["severity"], found["line"]) == ("b.png", "warning", 2)


def test_a_stranger_beside_promised_pictures_is_a_problem_of_its_own(tmp_path: Path, run: Any) -> None:
    text = "rules: {unlisted: error}\nfiles: {a.png: , b.png: }"
    pictures = (Picture(name="a.png"), SAME[2]._replace(name="b.png"), Picture(32, 18, "x.png"))
    said = check(tmp_path, run, text, pictures=pictures)
    assert [(target, rule) for target, rule, _ in said.findings] == [("x.png", "unlisted")]
    states = {target: rules["unlisted"] for target, rules in said.states.items()}
    assert (states["a.png"], states["b.png"], states.get("x.png", "problem")) == ("holds", "holds", "problem")
    assert said.code == 1


# -- what the report says about the run --------------------------------------------------------------


def test_the_hash_is_of_bytes_that_were_read_and_a_header_run_has_none(tmp_path: Path, run: Any) -> None:
    import hashlib

    path = make(Picture(name="a.png"), tmp_path)
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {a.png: 64x36}\n")
    [full] = json.loads(run("check", "--format", "json").out)["assets"]
    [header] = json.loads(run("check", "--format", "json", "--depth", "header").out)["assets"]
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert (full["sha256"], full["facts"]["sha256"], full["depth"]) == (digest, digest, "full")
    assert (header["sha256"], header["facts"]["sha256"], header["depth"]) == (None, None, "header")
    assert full["facts"]["bytes"] == header["facts"]["bytes"] == path.stat().st_size


@pytest.mark.parametrize(
    ("argv", "notes"),
    [
        ([], []),
        (
            ["--depth", "header"],
            ["only headers were read: pixels and the rest of the files were not checked"],
        ),
        (["--select", "byte-budget"], ["2 of 3 assets were not checked: no selected rule applies to them"]),
    ],
)
def test_what_was_left_out_is_said(argv: list[str], notes: list[str], tmp_path: Path, run: Any) -> None:
    for picture in (Picture(name="a.png"), Picture(name="b.png", kind="other"), Picture(32, 18, "c.png")):
        make(picture, tmp_path)
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {a.png: {bytes: 1MB}, b.png: , c.png: }\n")
    said = run("check", *argv)
    assert [note for note in notes if note not in said.out + said.err] == []
    if not notes:
        assert "not checked" not in said.out + said.err


@pytest.mark.parametrize("kind", ["texture", "truncated", "html", "missing", "crash"])
def test_what_was_judged_goes_at_once_and_does_not_wait_for_a_look_for_circles(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A picture that an error's traceback keeps in memory makes room for the next one dearer."""
    from verify4k import Settings, load_manifest
    from verify4k import check as checked
    from verify4k.checking import tasks
    from verify4k.checking.dispatch import Dispatch

    picture = "texture" if kind == "crash" else kind
    make(Picture(1280, 720, "a.png", picture), tmp_path)
    (tmp_path / "verify4k.yaml").write_text(
        "version: 1\nfiles: {a.png: {size: 1280x720, native: required}}\n"
    )
    opened: list[weakref.ref[Artifact]] = []

    def opens(*arguments: Any) -> Artifact:
        artifact = original(*arguments)
        opened.append(weakref.ref(artifact))
        return artifact

    def native(_: object) -> None:
        raise ZeroDivisionError

    original = tasks.opened
    monkeypatch.setattr(tasks, "opened", opens)
    if kind == "crash":
        monkeypatch.setattr(Artifact, "native", property(native))
    monkeypatch.setattr(Dispatch, "_is_small", lambda *_: True)  # so that it is judged here
    gc.collect()
    gc.disable()
    try:
        report = checked(load_manifest(tmp_path / "verify4k.yaml"), Settings())
        assert [each() for each in opened] == [None]
    finally:
        gc.enable()
    assert report.exit_code == {"texture": 0, "crash": 3}.get(kind, 1)

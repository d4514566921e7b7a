"""A run in parts: every asset in one of them, and the merge says what a single run says, byte for byte."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from pictures import gradient, make, p3, save

from verify4k.analysis.native.verdict import NO_TRACE
from verify4k.checking import results
from verify4k.checking.shard_reports import _in_lines, _seal, seal
from verify4k.checking.shards import divide, parse_shard
from verify4k.documents.nodes import Place
from verify4k.documents.plain import Reader, Writer
from verify4k.errors import CannotRead, LimitHit, NotAnImage, UsageError
from verify4k.formats.facts import Block, Header, Sentence, Size, Walk
from verify4k.manifest import expansion
from verify4k.model import Asset
from verify4k.rule import Picture
from verify4k.rules import all_rules

if TYPE_CHECKING:
    from pathlib import Path

    from verify4k.rule import Example, Rule

PLACE = Place("m.yaml", 1, 1)
FORMATS = ("json", "text", "sarif", "junit", "markdown", "in-toto", "sha256sums", "gitlab", "jsonl")


def assets(folder: Path, sizes: dict[str, int]) -> list[Asset]:
    for name, size in sizes.items():
        (folder / name).write_bytes(b"x" * size)
    return [Asset(name, str(folder / name), PLACE) for name in sizes]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for number in range(7):
        make(Picture(name=f"{number}.png", kind="plain" if number in (1, 5) else "other"), tmp_path)
    make(Picture(32, 18, name="small.png"), tmp_path)
    make(Picture(name="cut.jpg", kind="truncated"), tmp_path)
    make(Picture(name="page.png", kind="html"), tmp_path)
    (tmp_path / "verify4k.yaml").write_text(
        "version: 1\ndefaults: {same-as-others: forbidden}\nfiles:\n"
        '  "[0-9].png": {size: 64x36}\n  small.png: 64x36\n  cut.jpg: 64x36\n  page.png: 64x36\n  gone.png: 64x36\n'
        "rules: {unlisted: error}\n"
    )
    make(Picture(name="stranger.png"), tmp_path)
    return tmp_path


@pytest.mark.parametrize("argv", [(), ("--depth", "header", "--select", "readable,exact-size,unlisted")])
def test_the_merge_is_byte_for_byte_a_single_run(argv: tuple[str, ...], project: Path, run: Any) -> None:
    whole = [part for name in FORMATS for part in ("--report", f"{name}=whole.{name}")]
    merged = [part for name in FORMATS for part in ("--report", f"{name}=merged.{name}")]
    single = run("check", *argv, *whole)
    for index in (1, 2, 3):
        run("check", *argv, "--shard", f"{index}/3", "--report", f"json=part-{index}.json")
    parts = [f"part-{index}.json" for index in (3, 1, 2)]  # in any order
    outcome = run("merge", *parts, *merged)
    assert (outcome.code, outcome.out) == (single.code, single.out)
    for name in FORMATS:
        assert (project / f"merged.{name}").read_bytes() == (project / f"whole.{name}").read_bytes(), name
    counts = [len(json.loads((project / part).read_text())["shard"]["outcomes"]) for part in parts]
    assert sum(counts) == 11
    assert min(counts) > 0


KEEPING = [
    pytest.param(rule, example, id=f"{rule.id}: {example.title}")
    for rule in all_rules().values()
    for example in rule.examples
    if (rule.along or rule.collect) and not any(picture.served for picture in example.files)
]


def merged_like_single(run: Any, *argv: str) -> str:
    """What a single run says, once the merge of two shards has said the same."""
    single = run("check", "-c", "m.json", "--no-cache", *argv, "--format", "json")
    for index in (1, 2):
        part = run(
            *("check", "-c", "m.json", "--no-cache", *argv),
            *("--shard", f"{index}/2", "--report", f"json=part-{index}.json"),
        )
        assert part.code in (0, 1, 3), part.err
    merged = run("merge", "part-1.json", "part-2.json", "--format", "json")
    assert (merged.code, merged.out) == (single.code, single.out)
    return str(single.out)


@pytest.mark.parametrize(("rule", "example"), KEEPING)
def test_what_rules_keep_of_pictures_to_compare_survives_the_merge(
    rule: Rule, example: Example, tmp_path: Path, run: Any
) -> None:
    for picture in example.files:
        make(picture, tmp_path)
    names = [picture.name for picture in example.files if picture.kind != "unlisted"]
    entries: dict[str, Any] = dict.fromkeys(names, example.promise)
    if rule.along:
        entries |= {name: {**example.promise, "from": source} for source, name in pairwise(names)}
    groups = {"groups": example.groups} if example.groups else {}
    manifest = {"version": 1, "files": {} if groups else entries, **groups}
    (tmp_path / "m.json").write_text(json.dumps(manifest))
    said = merged_like_single(run, "--select", rule.id)
    assert bool(json.loads(said)["findings"]) is bool(example.problems)


@pytest.mark.parametrize("depth", ["full", "header"])
def test_a_chain_of_pictures_is_merged_as_a_single_run_says(depth: str, tmp_path: Path, run: Any) -> None:
    (tmp_path / "art.png").write_bytes(save(gradient(64, 36), "art.png", icc_profile=p3()))
    make(Picture(name="hero.png", kind="alpha-used"), tmp_path)
    make(Picture(32, 18, "small.png"), tmp_path)
    make(Picture(name="cut.jpg", kind="truncated"), tmp_path)
    kept = ["icc", "bit-depth", "chroma", "full-colour", "alpha", "c2pa", "animation", "gain-map", "XMP:*"]
    files = {
        "art.png": {},
        "hero.png": {"from": "art.png"},
        "small.png": {"from": "hero.png", "edits": "any"},
        "cut.jpg": {"from": "art.png"},
    }
    manifest = {"version": 1, "defaults": {"nothing-lost": kept}, "files": files}
    (tmp_path / "m.json").write_text(json.dumps(manifest))
    assert (
        "the colours of art.png lost their profile" in merged_like_single(run, "--depth", depth)
        or depth == "header"
    )


@pytest.mark.parametrize("kind", ["u1", "<f4", ">f4", "?", "<i8"])
def test_an_array_comes_back_as_it_was(kind: str) -> None:
    array = np.arange(24).astype(kind).reshape(2, 3, 4)
    back = Reader().value(json.loads(json.dumps(Writer().plain({"a": array[:, ::-1]}))))["a"]
    assert np.array_equal(back, array[:, ::-1])
    assert back.dtype == array.dtype.newbyteorder("=")


def parted(run: Any) -> None:
    for index in (1, 2):
        run("check", "--shard", f"{index}/2", "--report", f"json=part-{index}.json")


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["part-1.json"], "of 2 shards 2 is missing"),
        (["part-1.json", "part-1b.json"], "are the same shard"),
        (["part-1.json", "part-1.json", "part-2.json"], "'part-1.json' and 'part-1.json' are the same shard"),
        (["part-1.json", "part-2.json", "./part-1.json"], "are the same shard"),
        (["part-1.json", "whole.json"], "'whole.json' is no report of a shard"),
        (["part-1.json", "verify4k.yaml"], "'verify4k.yaml' is no JSON report"),
        (["part-1.json", "nothing.json"], "cannot read 'nothing.json'"),
        (["part-1.json", "other.json"], "'other.json' is of another run: its request differs"),
    ],
)
def test_what_is_no_whole_run_is_not_merged(argv: list[str], said: str, project: Path, run: Any) -> None:
    parted(run)
    run("check", "--report", "json=whole.json")
    run("check", "--shard", "2/2", "--fail-on", "note", "--report", "json=other.json")
    (project / "part-1b.json").write_bytes((project / "part-1.json").read_bytes())
    outcome = run("merge", *argv)
    assert outcome.code == 2
    assert said in outcome.err


@pytest.mark.parametrize(
    ("name", "said"),
    [("small.png", "the files are not those"), ("verify4k.yaml", "the manifest is not the one")],
)
def test_another_checkout_than_that_of_the_shards_is_not_merged(
    name: str, said: str, project: Path, run: Any
) -> None:
    parted(run)
    with (project / name).open("ab") as file:
        file.write(b"\n")
    outcome = run("merge", "part-1.json", "part-2.json")
    assert outcome.code == 2
    assert said in outcome.err


def test_a_part_in_which_an_outcome_is_missing_leaves_that_asset_undecided(project: Path, run: Any) -> None:
    parted(run)
    document = json.loads((project / "part-1.json").read_text())
    shard = document["shard"]
    target = shard["outcomes"].pop(0)[0]
    shard["sha256"] = seal(shard)
    (project / "part-1.json").write_text(json.dumps(document))
    outcome = run("merge", "part-1.json", "part-2.json", "--format", "json")
    undecided = json.loads(outcome.out)["undecided"]
    assert (target, "no shard has checked it") in [(one["target"], one["reason"]) for one in undecided]


@pytest.mark.parametrize("escaped", [True, False])
@pytest.mark.parametrize("indent", [None, 2, 4])
def test_a_part_that_another_program_has_written_anew_is_merged_too(
    indent: int | None, escaped: bool, project: Path, run: Any
) -> None:
    """As we write it, it is read a line at a time; in other lines, or with letters as they are, as a whole."""
    for number in range(8):
        make(Picture(name=f"\xe4{number}.png"), project)
    manifest = project / "verify4k.yaml"
    manifest.write_text(manifest.read_text().replace("[0-9].png", "*[0-9].png"))
    parted(run)
    single = run("check", "--format", "json")
    part = project / "part-2.json"
    read = _in_lines(str(part))
    assert read is not None
    document = json.loads(part.read_text())
    assert list(map(json.loads, read.outcomes())) == document["shard"]["outcomes"]
    part.write_text(json.dumps(document, indent=indent, ensure_ascii=escaped), encoding="utf-8")
    merged = run("merge", "part-1.json", "part-2.json", "--format", "json")
    assert (merged.code, merged.out) == (single.code, single.out)


@pytest.mark.parametrize("depth", ["full", "header"])
def test_very_many_are_divided_and_merged_as_few_are(
    depth: str, project: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Assets that are made as they are asked for, and results that are put aside."""
    single = run("check", "--depth", depth, "--format", "json")
    monkeypatch.setattr(expansion, "MANY", 2)
    monkeypatch.setattr(results, "MANY", 2)
    for index in (1, 2):
        run("check", "--depth", depth, "--shard", f"{index}/2", "--report", f"json=part-{index}.json")
    merged = run("merge", "part-1.json", "part-2.json", "--format", "json")
    assert (merged.code, merged.out) == (single.code, single.out)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda document: document.update(exit_code=130), "'part-1.json' was interrupted"),
        (lambda document: document["tool"].update(version="0.1"), "was written by verify4k '0.1', this is"),
        (lambda document: document.update(tool="verify4k"), "was written by verify4k None, this is"),
        (lambda document: document["shard"].pop("division"), "'part-1.json' is no report of a shard"),
    ],
)
def test_a_part_that_was_interrupted_or_is_of_another_program_is_not_merged(
    change: Any, said: str, project: Path, run: Any
) -> None:
    parted(run)
    part = project / "part-1.json"
    document = json.loads(part.read_text())
    change(document)
    part.write_text(json.dumps(document, indent=2))
    outcome = run("merge", "part-1.json", "part-2.json")
    assert (outcome.code, said in outcome.err) == (2, True), outcome.err


def annotated(project: Path) -> None:
    with (project / "verify4k.yaml").open("a") as file:
        file.write("# promises what it has promised\n")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda project: (project / "0.png").write_bytes(b"larger" * 99999), "its division differs"),
        (annotated, "its manifest differs"),
    ],
)
def test_shards_that_saw_something_else_are_not_merged(
    change: Any, said: str, project: Path, run: Any
) -> None:
    run("check", "--shard", "1/2", "--report", "json=part-1.json")
    change(project)
    run("check", "--shard", "2/2", "--report", "json=part-2.json")
    for parts in (("part-1.json", "part-2.json"), ("part-2.json", "part-1.json")):
        outcome = run("merge", *parts)
        assert (outcome.code, said in outcome.err) == (2, True), outcome.err


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["--staged"], "--staged"),
        (["--all"], "--all"),
        (["--write-baseline", "b.json"], "--write-baseline"),
        (["-c", "verify4k.yaml", "-c", "other.yaml"], "several manifests"),
    ],
)
def test_a_shard_is_a_part_of_one_manifest_and_of_all_of_it(
    argv: list[str], said: str, project: Path, run: Any
) -> None:
    (project / "other.yaml").write_text("version: 1\nfiles: {0.png: 64x36}\n")
    outcome = run("check", "--shard", "1/2", *argv)
    assert (outcome.code, f"--shard does not go with {said}" in outcome.err) == (2, True), outcome.err
    assert not (project / "b.json").exists()


def test_a_shard_needs_no_folder_for_temporary_files(
    project: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    single = run("check", "--format", "json")

    def nowhere(**_: Any) -> Any:
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.setattr(tempfile, "TemporaryFile", nowhere)
    parted(run)
    merged = run("merge", "part-1.json", "part-2.json", "--format", "json")
    assert (merged.code, merged.out) == (single.code, single.out)


@pytest.mark.parametrize("outcome", ["[", "{}", "[1]", "[" * 100_000])
def test_an_outcome_that_is_none_is_told_also_of_a_part_that_was_sealed_again(
    outcome: str, project: Path, run: Any
) -> None:
    parted(run)
    part = _in_lines(str(project / "part-1.json"))
    assert part is not None
    text = (project / "part-1.json").read_text().replace(next(part.outcomes()), outcome)
    lines = [outcome, *list(part.outcomes())[1:]]
    again = text.replace(part.said["sha256"], _seal(part.said, lines))
    (project / "part-1.json").write_text(again)
    said = run("merge", "part-1.json", "part-2.json")
    assert (said.code, said.out) == (2, "")
    assert "an outcome of a shard is not whole" in said.err


def test_a_shard_of_nothing_is_no_pass(project: Path, run: Any) -> None:
    (project / "verify4k.yaml").write_text("version: 1\nfiles: {}\n")
    assert run("check", "--shard", "1/2").code == 2
    assert run("check", "--shard", "1/2", "--allow-empty").code == 0
    (project / "verify4k.yaml").write_text("version: 1\nfiles: {0.png: 64x36}\n")
    assert [run("check", "--shard", f"{index}/2").code for index in (1, 2)] == [0, 0]


def test_a_part_that_was_changed_since_is_not_merged(project: Path, run: Any) -> None:
    parted(run)
    text = (project / "part-1.json").read_text()
    for changed in (
        text.replace('"problem"', '"holds"'),
        text.replace('"opaque"', "[]").replace("64", "65"),
        text.replace('"index": 1', '"index": 2'),
        text.replace('"of": 2', '"of": 1'),
    ):
        assert changed != text
        (project / "part-1.json").write_text(changed)
        outcome = run("merge", "part-1.json", "part-2.json")
        assert outcome.code == 2
        assert "'part-1.json' is not as its shard has written it" in outcome.err


def test_promises_of_an_included_manifest_that_changed_since_are_not_merged(
    project: Path, tmp_path: Path, run: Any
) -> None:
    (tmp_path / "in").mkdir()
    make(Picture(name="a.png"), tmp_path / "in")
    included = tmp_path / "in" / "verify4k.yaml"
    included.write_text("version: 1\nfiles: {a.png: 64x36}\n")
    with (project / "verify4k.yaml").open("a") as file:
        file.write("include: [in/verify4k.yaml]\n")
    parted(run)
    assert run("merge", "part-1.json", "part-2.json").code == 1
    included.write_text("version: 1\nfiles: {a.png: 65x36}\n")
    outcome = run("merge", "part-1.json", "part-2.json")
    assert outcome.code == 2
    assert "or a file that it goes by is not" in outcome.err


def test_what_a_page_takes_from_another_file_that_changed_since_is_not_merged(
    tmp_path: Path, run: Any
) -> None:
    make(Picture(64, 64, name="icon.png"), tmp_path)
    (tmp_path / "page.html").write_text("<!doctype html><link rel=manifest href=app.webmanifest>")
    icons = tmp_path / "app.webmanifest"
    icons.write_text('{"icons": [{"src": "icon.png", "sizes": "64x64"}]}')
    for index in (1, 2):
        run("check", "page.html", "--shard", f"{index}/2", "--report", f"json=part-{index}.json")
    assert run("merge", "part-1.json", "part-2.json").code == 0
    icons.write_text('{"icons": [{"src": "icon.png", "sizes": "96x96"}]}')
    outcome = run("merge", "part-1.json", "part-2.json")
    assert outcome.code == 2
    assert "or a file that it goes by is not" in outcome.err


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names of files are text")
def test_names_that_are_no_text_are_merged_as_a_single_run_says(tmp_path: Path, run: Any) -> None:
    for name in (b"a\xff.png", b"a\\xff.png"):  # both are written a\xff.png in a report
        make(Picture(32 if b"\xff" in name else 64, 36, name="a.png"), tmp_path)
        os.rename(tmp_path / "a.png", os.path.join(os.fsencode(tmp_path), name))
    (tmp_path / "m.json").write_text(json.dumps({"version": 1, "files": {"*.png": "64x36"}}))
    assert json.loads(merged_like_single(run))["summary"]["failed"] == 1


@pytest.mark.parametrize("text", ["0/2", "3/2", "2", "/2", "1/", "a/b", "-1/2", "1/1001", "²/3"])
def test_a_shard_is_a_part_of_a_whole(text: str) -> None:
    with pytest.raises(UsageError, match="--shard"):
        parse_shard(text)


def test_shards_are_balanced_by_bytes(tmp_path: Path) -> None:
    sizes = {f"{number}.png": 1_000_000 if number % 10 == 0 else 100_000 for number in range(200)}
    shards = divide(assets(tmp_path, sizes), 4).shards
    loads = [sum(s for s, own in zip(sizes.values(), shards, strict=True) if own == i) for i in (1, 2, 3, 4)]
    assert max(loads) <= 1.15 * sum(loads) / 4


def test_every_report_of_a_shard_is_whole(project: Path, run: Any) -> None:
    for part in ("1", "2"):
        written = ("--report", f"json={part}.json", "--report", f"json=again-{part}.json")
        answer = run("check", "--shard", f"{part}/2", "--format", "json", *written)
        assert (project / f"{part}.json").read_text() == (project / f"again-{part}.json").read_text()
        assert json.loads(answer.out) == json.loads((project / f"{part}.json").read_text())
    assert run("merge", "again-1.json", "again-2.json").out == run("check").out


def test_a_target_keeps_its_shard_when_others_come(tmp_path: Path) -> None:
    sizes = {f"{number}.png": 1000 for number in range(200)}
    before = divide(assets(tmp_path, sizes), 5)
    after = divide(assets(tmp_path, {**sizes, "new.png": 1000}), 5)
    moved = sum(one != other for one, other in zip(before.shards, after.shards, strict=False))
    assert moved <= 20
    assert before.digest != after.digest


def test_outcomes_are_plain_and_come_back_as_they_were() -> None:
    error = LimitHit("too large", "raise it")
    value: Any = {
        "a": (1, 2.5, float("inf"), None, True),
        "b": [PLACE, b"\0\xff", frozenset({"x"}), error, error],
        "kind": NotAnImage("html", "", "html"),
        "name": "a\udcff.png",
    }
    back = Reader().value(json.loads(json.dumps(Writer().plain(value))))
    assert (back["a"], back["name"]) == (value["a"], value["name"])
    assert back["b"][:3] == value["b"][:3]
    assert back["b"][3] is back["b"][4]
    assert (type(back["b"][3]), str(back["b"][3]), back["b"][3].hint) == (LimitHit, "too large", "raise it")
    assert back["kind"].kind == "html"


def test_what_making_one_gives_anyway_is_not_written() -> None:
    """Facts that are remembered are mostly defaults, and reading them is what a second run takes."""
    value = [
        Walk(end=7),
        Walk(),
        Walk((), (), 7, blocks=(Block("xmp", 0, 9),)),
        Header("png", Size(2, 1), Size(2, 1), 8, "rgb", alpha=None, frames=True),
        replace(NO_TRACE, cells=(2, 2)),
        NO_TRACE,
    ]
    plain = json.loads(json.dumps(Writer().plain(value)))
    assert plain[0] == {"of": "verify4k.formats.facts:Walk", "is": [], "has": {"end": 7}}
    assert plain[1] == {"of": "verify4k.formats.facts:Walk", "is": []}
    assert [sorted(each.get("has", ())) for each in plain[2:]] == [
        ["blocks", "end"],
        ["alpha", "frames"],
        ["cells"],
        [],
    ]
    back = Reader().value(plain)
    assert back == value
    assert back[3].frames is True  # which is equal to the default, 1


def test_a_sentence_keeps_its_fix() -> None:
    back = Reader().value(json.loads(json.dumps(Writer().plain((Sentence("broken", "mend it"),)))))
    assert (back, type(back[0]), back[0].fix) == (("broken",), Sentence, "mend it")


@pytest.mark.parametrize(
    "plain",
    [
        {"of": "verify4k.formats.facts:Sentence", "is": ["without a fix"]},
        {"of": "os:system", "is": ["true"]},
        {"of": "subprocess:Popen", "is": [["true"]]},
        {"of": "verify4k.checking.children:Popen", "is": []},
        {"of": "verify4k.checking.children:subprocess", "is": []},
        {"of": "verify4k.files.source:FileSource", "is": ["/etc/passwd"]},
        {"of": "verify4k.documents.nodes:Place", "is": []},
        {"error": 1, "of": "builtins:SystemExit", "held": {"map": []}},
        {"what": 1},
        {"array": "|O", "shape": [1], "bytes": "AAAAAAAAAAA="},
        {"array": "|u1", "shape": [2, 9], "bytes": "AAAA"},
        {"array": "<f4", "shape": [1], "bytes": "AAAA"},
        {"map": [1]},
    ],
)
def test_a_report_makes_nothing_but_our_own_plain_data(plain: Any) -> None:
    with pytest.raises(UsageError, match="no outcome that verify4k has written"):
        Reader().value(plain)


def test_what_is_not_plain_is_not_written() -> None:
    with pytest.raises(TypeError, match="object is not plain"):
        Writer().plain([object()])
    with pytest.raises(TypeError, match="an array of object is not plain"):
        Writer().plain(np.array([None, object()]))
    assert isinstance(CannotRead("x"), Exception)

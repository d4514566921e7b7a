"""`files_from:` what a list promises, a row at a time: the same as entries of the manifest would."""

from __future__ import annotations

import hashlib
import json
import tempfile
import tracemalloc
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from repositories import GOOD, OTHER, SMALL
from webserver import Reply, WebServer

from verify4k.checking.plan import Plan, Settings
from verify4k.documents.building import plain_value
from verify4k.documents.json import read_json
from verify4k.documents.nodes import Pairs
from verify4k.errors import ManifestError
from verify4k.importers import load_promises
from verify4k.manifest import declarations, expansion
from verify4k.manifest.load import parse_manifest
from verify4k.manifest.promised_files import PromisedFiles, TargetColumns
from verify4k.manifest.rows import rows
from verify4k.manifest.schema import manifest_schema

if TYPE_CHECKING:
    from pathlib import Path

    from verify4k.model import Asset, Manifest

TOP = "version: 1\ndefaults: {alpha: forbidden}\nfiles_from: lists/all.jsonl\nfiles: {'*.png': {native: 'off'}}\n"
ROWS = '{"file": "a.png", "size": "64x36"}\n\n{"file": "b.png", "size": "64x36"}\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Two pictures in a list of a folder of its own; the second one is too small."""
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "all.jsonl").write_text(ROWS)
    (tmp_path / "a.png").write_bytes(GOOD)
    (tmp_path / "b.png").write_bytes(SMALL)
    (tmp_path / "verify4k.yaml").write_text(TOP)
    return tmp_path


def mistakes(folder: Path, text: str) -> list[str]:
    with pytest.raises(ManifestError) as caught:
        parse_manifest(f"version: 1\n{text}\n".encode(), "m.yaml", str(folder))
    return [str(each) for each in caught.value.mistakes]


def test_a_finding_stands_at_the_line_of_the_list(project: Path, run: Any) -> None:
    Draft202012Validator(manifest_schema()).validate(yaml.safe_load(TOP))
    report = json.loads(run("check", "--format", "json").out)
    [finding] = report["findings"]
    assert (finding["target"], finding["path"], finding["line"]) == ("b.png", "lists/all.jsonl", 3)
    first, second = report["assets"]
    assert first["promised"] == {"alpha": "forbidden", "native": "off", "size": "64x36"}
    assert (first["verdict"], second["verdict"]) == ("passed", "failed")
    assert report["manifests"][1] == {
        "path": "lists/all.jsonl",
        "sha256": hashlib.sha256(ROWS.encode()).hexdigest(),
    }


def test_files_of_a_list_are_relative_to_the_root_and_lists_to_the_manifest(project: Path, run: Any) -> None:
    (project / "art").mkdir()
    (project / "a.png").rename(project / "art" / "a.png")
    (project / "verify4k.yaml").write_text("version: 1\nroot: art\nfiles_from: [one.csv, lists/two.tsv]\n")
    (project / "one.csv").write_text("file,size\na.png,64x36\n")
    (project / "lists" / "two.tsv").write_text("file\tsize\nb.png\t64x36\n")
    report = json.loads(run("check", "--format", "json").out)
    assert [(each["rule"], each["path"]) for each in report["findings"]] == [("readable", "lists/two.tsv")]


def test_what_a_list_and_an_entry_say_of_one_file_must_agree(project: Path) -> None:
    (project / "more.csv").write_text("file,size,format\na.png,32x18,png\nb.png,64x36,png\n")
    said = mistakes(project, "files_from: [lists/all.jsonl, more.csv]\nfiles: {'*.png': {format: jpeg}}")
    assert [each.partition(" (")[0] for each in said] == [
        "more.csv:2:1: format: png for 'a.png' contradicts m.yaml:3:19",
        "more.csv:2:1: size: 32x18 for 'a.png' contradicts lists/all.jsonl:1:1",
        "more.csv:3:1: format: png for 'b.png' contradicts m.yaml:3:19",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("files_from: no.jsonl", "m.yaml:2:13: cannot read the list 'no.jsonl': the file does not exist"),
        ("files_from: '*.jsonl'", "m.yaml:2:13: '*.jsonl' is no list of files (files_from takes no patterns"),
        ("files_from: a.png", "m.yaml:2:13: 'a.png' is no list of files (it has one file a row: .csv,"),
        ("files_from: ../x.csv", "m.yaml:2:13: '../x.csv' leaves the folder (paths of lists are relative"),
        ("files_from: {a: b}", "m.yaml:2:13: "),
        ("files_from: [bad.jsonl, bad.jsonl]", "bad.jsonl:1:1: unknown option 'siez' (did you mean size?)"),
        ("files_from: [lists/all.jsonl, lists/all.jsonl]", "m.yaml:2:31: 'lists/all.jsonl' is named twice"),
        ("files-from: a.jsonl", "m.yaml:2:1: unknown key 'files-from' (did you mean files_from?)"),
        ("files_from: away.csv", "away.csv:2:1: '../a.png' leaves the folder"),
        ("files_from: empty.jsonl", "empty.jsonl:1:1: the file name is empty"),
        ("files_from: nul.jsonl", "nul.jsonl:1:"),
        ("files_from: none.csv", "m.yaml:2:13: the list 'none.csv' names no file (what writes it may have"),
        ("files_from: none.jsonl", "m.yaml:2:13: the list 'none.jsonl' names no file (what writes it may"),
        ("files_from: []", "m.yaml:2:13: files_from names no list (what writes it may have failed; where"),
        ("files_from: twice.csv", "twice.csv:1:1: two columns are called size"),
        ("files_from: key.jsonl", 'key.jsonl:2:15: the key "file" is given twice, here and on line 2'),
    ],
)
def test_mistakes_are_told_at_their_places(text: str, said: str, project: Path) -> None:
    (project / "none.csv").write_text("file,size\n\n")
    (project / "none.jsonl").write_text("\n")
    (project / "bad.jsonl").write_text('{"file": "a.png", "siez": "64x36"}\n')
    (project / "away.csv").write_text("file\n../a.png\n")
    (project / "empty.jsonl").write_text('{"file": "", "size": "64x36"}\n')
    (project / "nul.jsonl").write_text('{"file": "a\\u0000.png"}\n')
    (project / "twice.csv").write_text("file,size,Size\na.png,64x36,32x18\n")
    (project / "key.jsonl").write_text('{"file": "a.png"}\n{"file": "a", "file": "b"}\n')
    assert mistakes(project, text)[0].startswith(said)


def test_a_list_of_mistakes_is_not_read_to_its_end(project: Path) -> None:
    (project / "bad.jsonl").write_text('{"file": "a.png", "siez": "64x36"}\n' * 5_000)
    found = mistakes(project, "files_from: bad.jsonl")
    assert len(found) == 101
    assert found[-1] == "bad.jsonl:101:1: more mistakes may follow from here on"


def test_rows_may_say_what_entries_can(project: Path) -> None:
    """URLs with variants, sources, and how a picture is made."""
    said = [
        {"file": "b.png", "from": "a.png"},
        {"url": "https://cdn.example.com/a.png", "variants": [{"accept": "image/png", "format": "png"}]},
        {"file": "c.png", "size": "64x36", "generate": {"prompt": "a fox"}},
    ]
    (project / "more.jsonl").write_text("".join(json.dumps(each) + "\n" for each in said))
    text = b"version: 1\nfiles_from: [lists/all.jsonl, more.jsonl]\n"
    manifest = parse_manifest(text, "m.yaml", str(project))
    found = {asset.target: asset for asset in manifest.assets}
    assert list(found) == ["a.png", "b.png", "https://cdn.example.com/a.png [accept: image/png]", "c.png"]
    assert found["b.png"].made_from == "a.png"
    assert found["c.png"].prompted
    assert manifest.generate is not None


def test_a_comment_of_the_manifest_is_about_no_row_of_its_line(project: Path) -> None:
    """Neither accepted there, nor told to stand beside two entries."""
    text = f"files:\n  c.png: 64x36  # verify4k: ignore[exact-size@{'0' * 32}] known\nfiles_from: lists/all.jsonl\n"
    (project / "lists" / "all.jsonl").write_text("\n\n" + ROWS)
    found = {asset.target: asset.ignores for asset in read(project, text).assets}
    assert [len(found[name]) for name in ("a.png", "b.png", "c.png")] == [0, 0, 1]


# -- many -----------------------------------------------------------------------------------


def fields(asset: Asset) -> dict[str, Any]:
    options = {kind: vars(each) for kind, each in asset.options.items()}
    return {**{name: getattr(asset, name) for name in asset.__slots__}, "options": options}


def read(folder: Path, text: str) -> Manifest:
    return parse_manifest(f"version: 1\n{text}".encode(), "m.yaml", str(folder))


@pytest.mark.parametrize("room", [True, False])
def test_many_files_are_promised_as_few_are(
    room: bool, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some named by two lists and a pattern, each row with a promise of its own."""
    for number in range(40):
        (project / f"{number}.png").touch()
    names = [f"{number}.png" for number in range(60)]
    (project / "own.jsonl").write_text(
        "".join(
            json.dumps({"file": n, "sha256": hashlib.sha256(n.encode()).hexdigest()}) + "\n" for n in names
        )
    )
    (project / "same.csv").write_text("file,size\n" + "".join(f"{n},64x36\n" for n in names[20:]))
    text = (
        "defaults: {native: 'off'}\nfiles_from: [own.jsonl, same.csv]\nfiles: {'[1-3]*.png': {alpha: any}}\n"
    )
    few = read(project, text)
    assert isinstance(few.assets, tuple)
    monkeypatch.setattr(expansion, "MANY", 10)
    monkeypatch.setattr(declarations, "KEPT", 5)
    if not room:
        monkeypatch.setattr(tempfile, "TemporaryFile", _no_room)
    many = read(project, text)
    assert isinstance(many.assets, PromisedFiles)
    assert list(map(fields, many.assets)) == list(map(fields, few.assets))
    assert list(map(fields, many.assets[3:9:2])) == list(map(fields, few.assets[3:9:2]))
    assert len(few.assets) == 60
    assert few.assets[-1].place == ("own.jsonl", 60, 1)


@pytest.mark.parametrize("kept", [1_000, 5])
def test_many_urls_promise_what_few_do(kept: int, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside files, with answers of their own, and named twice."""
    urls = [f"https://a.test/{number}.png" for number in range(30)]
    rows: list[dict[str, Any]] = [{"url": url, "bytes": f"{n % 9}.."} for n, url in enumerate(urls)]
    rows.append({"url": "s3://bucket/key.png", "size": "64x36"})
    rows.append(
        {"url": "https://a.test/any", "variants": [{"accept": "image/png"}, {"accept": "image/webp"}]}
    )
    rows.append({"url": "a.png", "size": "64x36"})
    (project / "all.jsonl").write_text("".join(json.dumps(each) + "\n" for each in rows))
    text = f"files_from: all.jsonl\nfiles: {{'{urls[3]}': {{size: 64x36}}}}\n"
    few = read(project, text)
    assert isinstance(few.assets, tuple)
    monkeypatch.setattr(expansion, "MANY", 10)
    monkeypatch.setattr(declarations, "KEPT", kept)
    many = read(project, text)
    assert isinstance(many.assets, PromisedFiles)
    assert list(map(fields, many.assets)) == list(map(fields, few.assets))
    delivered = {asset.target: asset.url for asset in many.assets}
    assert delivered == {
        **{url: url for url in urls},
        "s3://bucket/key.png": "s3://bucket/key.png",
        "https://a.test/any [accept: image/png]": "https://a.test/any",
        "https://a.test/any [accept: image/webp]": "https://a.test/any",
        "a.png": None,
    }
    assert all(("s3" in asset.target or asset.url is None) or asset.delivered for asset in many.assets)
    assert [str(asset.place) for asset in many.assets][:2] == ["all.jsonl:4:1", "all.jsonl:1:1"]


def test_a_url_that_is_none_is_a_mistake_in_its_line_of_those_that_promise_the_same(project: Path) -> None:
    rows = ["https://a.test/1.png", "https://", "ftp://a.test/1.png", "https://a.test/2.png"]
    (project / "all.jsonl").write_text("".join(json.dumps({"url": each}) + "\n" for each in rows))
    with pytest.raises(ManifestError) as raised:
        read(project, "files_from: all.jsonl\n")
    assert [str(each.place) for each in raised.value.mistakes] == ["all.jsonl:2:1", "all.jsonl:3:1"]


def test_all_of_many_urls_are_asked_of_the_preview(
    project: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [{"url": f"https://a.invalid/{number}.png", "size": "64x36"} for number in range(20)]
    (project / "all.jsonl").write_text("".join(json.dumps(each) + "\n" for each in rows))
    (project / "verify4k.yaml").write_text("version: 1\nfiles_from: all.jsonl\n")
    monkeypatch.setattr(expansion, "MANY", 10)
    for more in ((), (rows[3]["url"], rows[7]["url"])):
        with WebServer(lambda _asked: Reply(status=404)) as preview:
            argv = ("check", "--allow-private", "--interval", "0", "--base-url", preview.url)
            assert run(*argv, "--depth", "header", *more).code == 1
            promised = more or [each["url"] for each in rows]
            assert {each.partition("?")[0] for each in preview.paths} == {url[17:] for url in promised}


def _no_room(**_options: Any) -> None:
    raise OSError("no folder for temporary files")


def test_a_run_over_many_says_what_a_run_over_few_does(
    project: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from verify4k.checking import plan, results

    for number in range(30):
        (project / f"{number}.png").write_bytes(OTHER if number % 7 else SMALL)
    own = ({"size": "64x36"}, {"format": "png"}, {"width": "..9"}, {"bytes": "1.."}, {"ratio": "16:9"})
    lines = [{"file": f"{n}.png", "duplicates": "allowed", **own[n % 5]} for n in range(32)]
    (project / "lists" / "all.jsonl").write_text("".join(json.dumps(each) + "\n" for each in lines))
    (project / "verify4k.yaml").write_text(
        "version: 1\nrules: {same-picture: off}\nfiles_from: lists/all.jsonl\n"
    )
    few = run("check", "--format", "json", "--depth", "header")
    monkeypatch.setattr(expansion, "MANY", 10)
    monkeypatch.setattr(declarations, "KEPT", 1)
    monkeypatch.setattr(results, "MANY", 10)
    monkeypatch.setattr(plan, "_ENTRIES", 3)
    assert run("check", "--format", "json", "--depth", "header") == few
    assert few.code == 1
    assert len(json.loads(few.out)["findings"]) == 9


def test_each_of_many_files_is_asked_what_its_own_row_promises(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Options of such files are there only as long as somebody holds them."""
    own = (
        {"size": "64x36"},
        {"format": "png"},
        {"sha256": "0" * 64},
        {"alpha": "any"},
        {"native": "required"},
    )
    lines = [{"file": f"{n}.png", "bytes": f"{n}..", **own[n % 5]} for n in range(50)]
    (project / "lists" / "all.jsonl").write_text("".join(json.dumps(each) + "\n" for each in lines))

    def planned(manifest: Manifest) -> list[Any]:
        plan = Plan(manifest, Settings())
        return [[each.by_name for each in plan.of(asset)] for asset in manifest.assets]

    few = planned(read(project, "files_from: lists/all.jsonl\n"))
    monkeypatch.setattr(expansion, "MANY", 10)
    monkeypatch.setattr(declarations, "KEPT", 1)
    assert planned(read(project, "files_from: lists/all.jsonl\n")) == few
    assert len({str(each) for each in few}) == 5


def test_each_of_many_files_that_come_from_another_is_asked_what_its_own_row_promises(
    project: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also after the plans of others took the place of its plan."""
    from verify4k.checking import plan

    for number in range(20):
        (project / f"{number}.png").write_bytes(OTHER if number % 7 else SMALL)
    own = ({"size": "64x36"}, {"format": "webp"}, {"nothing-lost": "alpha"}, {"alpha": "required"})
    lines: list[dict[str, Any]] = [{"file": f"{n}.png", "from": "19.png", **own[n % 4]} for n in range(19)]
    lines.append({"file": "19.png"})
    (project / "lists" / "all.jsonl").write_text("".join(json.dumps(each) + "\n" for each in lines))
    (project / "verify4k.yaml").write_text("version: 1\nfiles_from: lists/all.jsonl\n")
    few = run("check", "--no-cache", "--format", "json")
    monkeypatch.setattr(plan, "_ENTRIES", 2)
    assert run("check", "--no-cache", "--format", "json") == few
    found = json.loads(few.out)["findings"]
    assert {each["target"] for each in found if each["rule"] == "right-format"} == {
        f"{n}.png" for n in range(19) if n % 4 == 1
    }


def test_a_long_list_takes_little_memory(tmp_path: Path) -> None:
    """Also where each row says something of its own; twice the rows are no more for the second half."""
    (tmp_path / "all.jsonl").write_text(
        "".join(f'{{"file": "d/{n}.png", "sha256": "{n:064x}"}}\n' for n in range(24_000))
    )
    load_promises(str(tmp_path / "all.jsonl"), "all.jsonl")  # what is imported is not counted
    tracemalloc.start()
    try:
        manifest = load_promises(str(tmp_path / "all.jsonl"), "all.jsonl")
        held, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(manifest.assets) == 24_000
    assert held < 24_000 * 250  # what the first thousand say stays in memory
    assert peak < 24_000 * 800


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=5), max_size=40))
def test_targets_that_are_mentioned_twice_are_found(names: list[str]) -> None:
    columns = TargetColumns()
    for number, name in enumerate(names):
        columns.add(name, number, 0)
    assert [columns.target(number) for number in range(len(columns))] == names
    found = {name: [n for n, other in enumerate(names) if other == name] for name in names}
    assert columns.repeated() == {name: at for name, at in found.items() if len(at) > 1}


WORDS = st.text(st.sampled_from('ab"\\é\U0001f5bc \u2028\x7f'), max_size=6) | st.sampled_from(
    ["true", "null"]
)
VALUES = st.recursive(
    WORDS | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(WORDS, VALUES, max_size=4), st.booleans())
def test_a_row_is_read_as_a_manifest_in_json_is(options: dict[str, Any], escaped: bool) -> None:
    text = json.dumps({"file": "a.png", **options}, ensure_ascii=escaped)

    def strictly() -> Any:
        document = read_json(text, "a.jsonl")
        assert isinstance(document, Pairs)
        return {key.text: plain_value(value) for key, value in document.pairs}

    try:
        expected = strictly()
    except ManifestError as error:
        with pytest.raises(ManifestError) as caught:
            list(rows([text.encode()], "a.jsonl"))
        assert caught.value.mistakes == error.mistakes
        return
    [row] = rows([text.encode()], "a.jsonl")
    assert {"file": row.target, **row.options} == expected


def test_contradictions_of_very_many_files_are_told_up_to_a_number(project: Path) -> None:
    for name in ("one", "two"):
        size = "64x36" if name == "one" else "32x18"
        (project / f"{name}.csv").write_text("file,size\n" + "".join(f"{n}.png,{size}\n" for n in range(500)))
    found = mistakes(project, "files_from: [one.csv, two.csv]")
    assert len(found) == 101
    assert sum("more mistakes may follow from here on" in each for each in found) == 1

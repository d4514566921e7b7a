"""The manifest is strict: every mistake at once, each with its place and a way out."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from verify4k.errors import ManifestError, UsageError
from verify4k.manifest.discovery import discover
from verify4k.manifest.load import load_manifest, parse_manifest
from verify4k.rules.exact_size import SizeOptions
from verify4k.rules.no_stray_alpha import AlphaOptions

if TYPE_CHECKING:
    from pathlib import Path

    from verify4k.model import Manifest


def load(folder: Path, text: str, name: str = "verify4k.yaml") -> Manifest:
    path = folder / name
    path.write_text(text)
    return load_manifest(path, shown_as=name)


def mistakes(folder: Path, text: str, name: str = "verify4k.yaml") -> list[str]:
    with pytest.raises(ManifestError) as caught:
        load(folder, text, name)
    return [str(mistake) for mistake in caught.value.mistakes]


# -- what is refused: text after "version: 1", where, and words of the message -----------

REFUSED = [
    ("files: {a.png: 0x0}", "2:16", "no size of a picture"),
    ("files: {a.png: 3840x}", "2:16", "neither a size nor a named size"),
    ("files: {a.png: 4k-landscpe}", "2:16", "did you mean 4k-landscape?"),
    ("files: {a.png: 9999999x1}", "2:16", "no size of a picture"),
    ("files: {a.png: 64x36..32x18}", "2:16", "the range '64x36..32x18' is empty"),
    ("files: {a.png: {sise: 64x36}}", "2:17", "did you mean size?"),
    ("files: {a.png: {alpha: forbiden}}", "2:24", "did you mean forbidden?"),
    ("files: {a.png: {alpha: [no]}}", "2:24", "found a list"),
    ("files: {a.png: {alpha: }}", "2:", "found nothing"),
    ("files: {a.png: {width: 1e3}}", "2:24", "'1e3'"),
    ("files: {a.png: {width: 0x40}}", "2:24", "'0x40'"),
    ("files: {a.png: {width: 0}}", "2:24", "nothing above 0"),
    ("files: {a.png: {width: 512..48}}", "2:24", "the range '512..48' is empty"),
    ("files: {a.png: {width: ..}}", "2:24", "'..'"),
    ("files: {a.png: {ratio: 16/9}}", "2:24", "a ratio like 16:9"),
    ("files: {a.png: {ratio: 0:9}}", "2:24", "a ratio like 16:9"),
    ("files: {a.png: {multiple-of: 0}}", "2:30", "from 1 to 4096"),
    ("files: {a.png: {size: 64x36, tolerance: 80%}}", "2:41", "at most 10%"),
    ("files: {a.png: {tolerance: 2px}}", "2:17", "a tolerance needs a size"),
    ("files: {a.png: {size: []}}", "2:23", "the list is empty"),
    ("files: {a.png: {bytes: 2 apples}}", "2:24", "a number of bytes"),
    ("files: {a.png: {bytes: {min: 2MB, max: 1MB}}}", "2:24", "min is larger than max"),
    ("files: {a.png: {bytes: {}}}", "2:24", "a min or a max"),
    ("files: {a.png: {format: pgn}}", "2:25", "did you mean png?"),
    ("files: {a.png: {icc: required}}", "2:22", "did you mean present?"),
    ("files: {a.png: {icc: No}}", "2:22", "did you mean forbidden?"),
    ("files: {a.png: {icc: Forbidden}}", "2:22", "did you mean forbidden?"),
    ("files: {a.png: {icc: PRESENT}}", "2:22", "did you mean present?"),
    ("files: {a.png: {icc: optional}}", "2:22", "did you mean any?"),
    ("files: {a.png: {metadata: {}}}", "2:27", "asks for nothing"),
    ("files: {a.png: {metadata: {requires: [x]}}}", "2:28", "did you mean require?"),
    ("files: {a.png: {size: 64x36, width: 100..}}", "2:30", "contradicts the size 64x36"),
    ("files: {a.png: {size: 64x36, ratio: 1:1}}", "2:30", "none of the promised ratios"),
    ("files: {a.png: {size: 65x36, multiple-of: 16}}", "2:30", "not divisible by 16"),
    ("files: {a.png: {rules: {exactsize: off}}}", "2:25", "did you mean exact-size?"),
    ("files: {a.png: {rules: {exact-size: fatal}}}", "2:37", "no severity"),
    ("files: {a.png: {ignore: {rule: upright}}}", "2:25", "needs a reason"),
    ("files: {a.png: {ignore: {rule: uprite, reason: x}}}", "2:32", "did you mean upright?"),
    ("files: {a.png: {ignore: {rule: upright, reason: x, sha256: zz}}}", "2:60", "no SHA-256"),
    ("files: {a.png: {exclude: b.png}}", "2:17", "exclude needs a pattern"),
    ('files: {"*.gif": 64x36}', "2:9", "matches no file"),
    ('files: {"": 64x36}', "2:9", "the file name is empty"),
    ("files: {../a.png: 64x36}", "2:9", "leaves the folder"),
    ("files: {b/../../a.png: 64x36}", "2:9", "leaves the folder"),
    ("files: {/etc/a.png: 64x36}", "2:9", "is an absolute path"),
    ("files: {/etc/*.png: 64x36}", "2:9", "'/etc/*.png' is an absolute path"),
    ("files: {../*.png: 64x36}", "2:9", "'../*.png' leaves the folder"),
    ("files: {a.png: 64x36, b/../../**/*.png: 64x36}", "2:23", "'b/../../**/*.png' leaves the folder"),
    ("files: {a/..: 64x36}", "2:9", "names a folder"),
    ("files: {a/b/: 64x36}", "2:9", "names a folder, not a file (name the pictures in it: a/b/*.png)"),
    ('files: {"a.*": {exclude: "*.png"}}', "2:9", "exclude takes out every file that 'a.*' matches (correct excl"),
    ('files: {"a\\0b.png": 64x36}', "2:9", "NUL"),
    ("files: {a.png: {generate: {promtp: x}}}", "2:28", "did you mean prompt?"),
    ("files: {a.png: {generate: {prompt: x, route: opnai-images}}}", "2:46", "did you mean openai-images?"),
    ("files: {a.png: 1x1}\nroutes: {x: {kind: nothing}}", "3:20", ""),
    ("files: [[a.png]]", "2:8", "a mapping from files"),
    ("files: {a.png: 64x36}\nflies: {}", "3:1", "did you mean files?"),
    ("files: {a.png: 64x36}\nroot: nowhere", "3:7", "is no folder"),
    ("files: {a.png: 64x36}\nsizes: {hero: big}", "3:15", "is no size"),
    ("files: {a.png: 64x36}\nsizes: {10x10: 20x20}", "3:9", "cannot name a size"),
    ("files: {a.png: 64x36}\nsizes: [a]", "3:8", "a mapping from names"),
    ("files: {a.png: 64x36}\ndefaults: 64x36", "3:11", "a mapping of options"),
    ("files: {a.png: 64x36}\ndefaults: {ignore: {rule: upright, reason: x}}", "3:12", "belongs to an entry"),
    ("files: {a.png: 64x36}\nrules: {still: never}", "3:16", "no severity"),
    ("files: {a.png: 64x36, a.png: 65x36}", "2:23", "a.png"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "place", "words"), REFUSED, ids=[text[:60] for text, _, _ in REFUSED])
def test_a_mistake_names_its_place_and_what_is_wrong(
    text: str, place: str, words: str, tmp_path: Path
) -> None:
    (tmp_path / "a.png").touch()
    [found] = mistakes(tmp_path, "version: 1\n" + text)
    assert found.startswith(f"verify4k.yaml:{place}")
    assert words in found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("files: {}", "the version is missing"),
        ("version: 2\nfiles: {}", "unknown manifest version '2'"),
        ("version: [1]\nfiles: {}", "unknown manifest version"),
        ("- a", "a manifest is a mapping"),
        ("", "empty"),
    ],
)
def test_a_manifest_says_its_version_first(text: str, words: str, tmp_path: Path) -> None:
    assert words in mistakes(tmp_path, text)[0]


def test_all_mistakes_come_at_once_in_file_order(tmp_path: Path) -> None:
    text = "version: 1\nfiles:\n  a.png: {alpha: maybe, width: x}\n  ../b.png: 64x36\n  c.png: {siize: 1x1}\nroute: {}\n"
    found = mistakes(tmp_path, text)
    assert [line.split(":")[1] for line in found] == ["3", "3", "4", "5", "6"]


def test_a_link_that_leaves_the_folder_is_refused(tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    outside.mkdir()
    inside.mkdir()
    (outside / "a.png").touch()
    (inside / "a.png").symlink_to(outside / "a.png")
    (inside / "folder").symlink_to(outside)
    found = mistakes(inside, "version: 1\nfiles: {a.png: 64x36, folder/a.png: 64x36}")
    assert ["symbolic link" in line for line in found] == [True, True]
    assert [a.target for a in load(inside, "version: 1\nroot: ..\nfiles: {outside/a.png: 64x36}").assets] == [
        "outside/a.png"
    ]


def test_two_entries_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.png").touch()
    text = 'version: 1\nfiles:\n  a.png: {alpha: required}\n  "*.png": {alpha: forbidden}\n'
    [found] = mistakes(tmp_path, text)
    assert found.startswith("verify4k.yaml:4:13: alpha: forbidden for 'a.png' contradicts line 3")


# -- what is accepted ---------------------------------------------------------------------


def test_entries_for_one_file_add_up(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        (tmp_path / name).touch()
    text = (
        "version: 1\ndefaults: {alpha: forbidden}\nfiles:\n"
        '  "*.png": {size: 64x36}\n  a.png: {alpha: used}\n  "b*.png": {size: 64x36}\n'
    )
    one, two = load(tmp_path, text).assets
    assert (one.target, two.target) == ("a.png", "b.png")
    assert one[AlphaOptions].alpha == "used"
    assert two[AlphaOptions].alpha == "forbidden"
    assert [str(wanted) for wanted in one[SizeOptions].size or ()] == ["64x36"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("3840x2160", "3840x2160"),
        ("3840X2160", "3840x2160"),
        ("3840×2160", "3840x2160"),
        ("4k-portrait", "2160x3840"),
        ("mine", "12x34"),
        ("64x36..128x72", "64x36..128x72"),
        ("[64x36, 4k-portrait]", "64x36 2160x3840"),
    ],
)
def test_a_size_may_be_written_in_many_ways(value: str, shown: str, tmp_path: Path) -> None:
    [asset] = load(tmp_path, f"version: 1\nsizes: {{mine: 12x34}}\nfiles: {{a.png: {value}}}").assets
    assert " ".join(map(str, asset[SizeOptions].size or ())) == shown


def test_scalars_are_taken_as_written(tmp_path: Path) -> None:
    """PyYAML alone reads 16:9 as 969, off as false and 010 as 8."""
    [asset] = load(
        tmp_path, "version: 1\nfiles: {a.png: {ratio: 16:9, width: 010, rules: {still: off}}}"
    ).assets
    assert str((asset[SizeOptions].ratio or ())[0]) == "16:9"
    assert asset[SizeOptions].width == (10, 10)
    assert asset.severities == {"still": None}


def test_a_name_with_wildcards_that_exists_is_that_file(tmp_path: Path) -> None:
    (tmp_path / "[1]*.png").touch()
    (tmp_path / "1x.png").touch()
    [asset] = load(tmp_path, 'version: 1\nfiles: {"[1]*.png": 64x36}').assets
    assert asset.target == "[1]*.png"


PATTERNS = [
    ("*.png", ["a.png", "b.png"]),
    ("?.png", ["a.png", "b.png"]),
    ("[ac].png", ["a.png"]),
    (".*.png", [".hidden.png"]),
    ("sub/*.png", ["sub/c.png"]),
    ("*/c.png", ["sub/c.png"]),
    ("**/*.png", ["a.png", "b.png", "sub/c.png", "sub/deep/d.png"]),
    ("sub/**", ["sub/c.png", "sub/deep/d.png"]),
    ("./*.png", ["a.png", "b.png"]),
    ("sub//./*.png", ["sub/c.png"]),
]


@pytest.mark.parametrize(("pattern", "targets"), PATTERNS)
def test_patterns_match_like_git_and_skip_hidden_files(
    pattern: str, targets: list[str], tmp_path: Path
) -> None:
    for name in ("a.png", "b.png", ".hidden.png", "sub/c.png", "sub/deep/d.png", ".git/e.png"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "sub" / "loop").symlink_to(tmp_path / "sub")
    manifest = load(tmp_path, f'version: 1\nfiles: {{"{pattern}": 64x36}}')
    assert [asset.target for asset in manifest.assets] == targets


def test_a_pattern_may_leave_files_out(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        (tmp_path / name).touch()
    manifest = load(tmp_path, 'version: 1\nfiles: {"*.png": {size: 64x36, exclude: b*}}')
    assert [asset.target for asset in manifest.assets] == ["a.png"]


def test_json_and_pyproject_say_the_same_as_yaml(tmp_path: Path) -> None:
    yaml = load(tmp_path, "version: 1\ndefaults: {alpha: forbidden}\nfiles: {a.png: 64x36}")
    as_json = load(
        tmp_path,
        json.dumps({"version": 1, "defaults": {"alpha": "forbidden"}, "files": {"a.png": "64x36"}}),
        "m.json",
    )
    toml = '[tool.verify4k]\nversion = 1\ndefaults = {alpha = "forbidden"}\n[tool.verify4k.files]\n"a.png" = "64x36"\n'
    as_toml = load(tmp_path, toml, "pyproject.toml")
    said = [[(a.target, dict(a.written)) for a in m.assets] for m in (yaml, as_json, as_toml)]
    assert said[0] == said[1] == said[2]


# -- where it is found ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["verify4k.yaml", "verify4k.yml", ".verify4k.yaml", ".github/verify4k.yaml", "verify4k.json"]
)
def test_the_manifest_is_found_upwards_to_the_git_root(name: str, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.touch()
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    assert discover(below) == str(path)


def test_it_is_not_looked_for_above_the_git_root(tmp_path: Path) -> None:
    (tmp_path / "verify4k.yaml").touch()
    inner = tmp_path / "repository"
    (inner / ".git").mkdir(parents=True)
    with pytest.raises(UsageError, match="no manifest found"):
        discover(inner)


def test_pyproject_counts_only_with_our_table(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    with pytest.raises(UsageError):
        discover(tmp_path)
    (tmp_path / "pyproject.toml").write_text("[tool.verify4k]\nversion = 1\n")
    assert discover(tmp_path) == str(tmp_path / "pyproject.toml")


# -- properties ------------------------------------------------------------------------------

SCALARS = st.one_of(st.text(max_size=12), st.sampled_from(["64x36", "4k-landscape", "1:1", "..", "forbidden", "off", "2MB"]))  # fmt: skip
KEYS = st.sampled_from(["size", "width", "ratio", "alpha", "bytes", "format", "rules", "ignore", "metadata", "icc", "exclude", "mode"])  # fmt: skip
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SCALARS, inner, max_size=3), max_leaves=6)  # fmt: skip


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.text(max_size=8), VALUES | st.dictionaries(KEYS, VALUES, max_size=4), max_size=4))
def test_any_entry_is_read_or_refused_with_places(tmp_path: Path, files: dict[str, Any]) -> None:
    data = json.dumps({"version": 1, "files": files}).encode()
    try:
        parse_manifest(data, "m.json", str(tmp_path))
    except ManifestError as error:
        assert all(mistake.place.line >= 1 and mistake.message for mistake in error.mistakes)


@settings(max_examples=100)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for name in ("m.yaml", "m.json", "pyproject.toml"):
        try:
            parse_manifest(data, name, "/")
        except UsageError as error:
            assert error.message


@pytest.mark.parametrize(
    ("kind", "words"),
    [("folder", "directory"), ("fifo", "FIFO"), ("gone", "does not exist"), ("huge", "the limit is 1 MiB")],
)
def test_a_manifest_that_is_no_small_regular_file_is_refused_at_once(
    kind: str, words: str, tmp_path: Path
) -> None:
    path = tmp_path / "verify4k.yaml"
    if kind == "folder":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "huge":
        with path.open("wb") as file:
            file.truncate(100_000_000)
    with pytest.raises(UsageError, match=words):
        load_manifest(path)


SPELLINGS = ["sub/c.png", "./sub/c.png", "././sub/c.png", "sub//c.png", "sub/./c.png", ".//sub///././c.png"]


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_file_has_one_name_however_it_is_written(name: str, tmp_path: Path) -> None:
    said = f'version: 1\nfiles: {{"{name}": 64x36, b.png: {{from: "{name}"}}}}\n'
    assert [asset.target for asset in load(tmp_path, said).assets] == ["sub/c.png", "b.png"]
    with pytest.raises(ManifestError, match="contradicts line 2"):
        load(tmp_path, f'version: 1\nfiles: {{sub///c.png: 32x18, "{name}": 64x36}}\n')


DETOURS = {
    'files: {"sub/../b.png": 64x36}': "2:9",
    'files: {"./sub/x/../../b.png": 64x36}': "2:9",
    'files: {"sub/../*.png": 64x36}': "2:9",
    'files: {b.png: {}, "sub/../b.png": 64x36}': "2:20",
    'groups: {g: {files: "sub/../*.png", count: 1..9}}': "2:10",
    "files_from: list.csv": "list.csv:2:1",
}


@pytest.mark.parametrize("said", DETOURS)
def test_a_name_that_goes_through_another_folder_and_back_is_a_mistake(said: str, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("file\nsub/../b.png\n")
    direct = "'*.png'" if "*" in said else "'b.png'"
    with pytest.raises(ManifestError, match=r'goes through "\.\.", and a file has one name') as caught:
        load(tmp_path, f"version: 1\n{said}\n")
    [mistake] = caught.value.mistakes
    assert (mistake.hint, str(mistake.place).endswith(DETOURS[said])) == (f"write it as {direct}", True)


def test_patterns_that_leave_names_out_are_read_as_names_are(tmp_path: Path) -> None:
    said = 'version: 1\nunlisted-ok: [".//sub/./*.png"]\nfiles: {"*.png": {size: 64x36, exclude: ./b.png}}\n'
    for name in ("a.png", "b.png"):
        (tmp_path / name).touch()
    manifest = load(tmp_path, said)
    assert manifest.files == ["a.png"]
    assert manifest.excluded == ("sub/*.png",)


def test_a_group_has_one_name_for_its_files_too(tmp_path: Path) -> None:
    said = 'version: 1\ngroups: {g: {files: "./{name}.png", name: [b, gone], count: 1..9}}\n'
    assert load(tmp_path, said).files == ["b.png", "gone.png"]


@pytest.mark.parametrize("name", ["//sub/c.png", "/./sub/c.png", "sub/c.png//", "sub/./", ".//../c.png"])
def test_what_is_no_file_of_the_folder_stays_so(name: str, tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match=r"absolute path|names a folder|leaves the folder"):
        load(tmp_path, f'version: 1\nfiles: {{"{name}": 64x36}}\n')

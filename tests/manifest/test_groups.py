"""One promise over several files: what is missing, unlike, too many or off its scale is told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from pictures import gradient, save
from steps import steps

from verify4k.manifest.load import parse_manifest
from verify4k.manifest.schema import manifest_schema

if TYPE_CHECKING:
    from pathlib import Path


def put(folder: Path, files: dict[str, tuple[int, int]]) -> None:
    for shift, (name, size) in enumerate(files.items()):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(save(gradient(*size, shift * 9), name))


def checked(folder: Path, run: Any, group: str) -> dict[str, Any]:
    text = f"version: 1\ngroups:\n  it: {group}\n"
    Draft202012Validator(manifest_schema()).validate(yaml.safe_load(text))
    (folder / "verify4k.yaml").write_text(text)
    outcome = run("check", "--format", "json")
    assert outcome.out, outcome.err
    report: dict[str, Any] = json.loads(outcome.out)
    return report


def told(report: dict[str, Any]) -> list[tuple[str, str]]:
    return [(f["target"], f["rule"]) for f in report["findings"]]


PAIR = "{files: 'art/{name}-{theme}.png', each: name, theme: [light, dark], same: [size, format]}"


def test_a_pair_is_whole_and_alike(tmp_path: Path, run: Any) -> None:
    put(
        tmp_path,
        {
            "art/a-light.png": (64, 36),
            "art/a-dark.png": (64, 36),
            "art/b-light.png": (9, 9),
            "art/b-dark.png": (9, 9),
        },
    )
    report = checked(tmp_path, run, PAIR)
    assert (report["exit_code"], report["summary"]["assets"]) == (0, 4)


def test_what_a_pair_lacks_is_a_file_that_is_missing(tmp_path: Path, run: Any) -> None:
    put(tmp_path, {"art/a-light.png": (64, 36), "art/a-dark.png": (64, 36), "art/b-light.png": (9, 9)})
    report = checked(tmp_path, run, PAIR)
    assert told(report) == [("art/b-dark.png", "readable")]
    assert report["findings"][0]["line"] == 3


def test_a_pair_of_two_sizes_is_told_once(tmp_path: Path, run: Any) -> None:
    put(tmp_path, {"art/a-light.png": (64, 36), "art/a-dark.png": (64, 37)})
    [finding] = checked(tmp_path, run, PAIR)["findings"]
    assert (finding["rule"], finding["expected"], finding["actual"]) == (
        "whole-group",
        "64x37 as a-dark.png",
        "64x36",
    )
    assert finding["message"] == "the size differs within the group it[a]"


SHOTS = "{files: 'shots/{locale}/*.png', each: locale, count: 2..3, same-set: true, size: 64x36}"


def test_every_language_has_the_same_set(tmp_path: Path, run: Any) -> None:
    put(tmp_path, {f"shots/{locale}/{n}.png": (64, 36) for locale in ("de", "en") for n in (1, 2)})
    assert checked(tmp_path, run, SHOTS)["exit_code"] == 0
    (tmp_path / "shots" / "de" / "2.png").unlink()
    report = checked(tmp_path, run, SHOTS)
    assert told(report) == [("shots/de/1.png", "whole-group"), ("shots/de/2.png", "readable")]
    assert (report["findings"][0]["expected"], report["findings"][0]["actual"]) == ("2..3 files", "1 file")


def test_the_options_of_a_group_hold_for_every_file(tmp_path: Path, run: Any) -> None:
    put(tmp_path, {"shots/de/1.png": (64, 36), "shots/de/2.png": (64, 35)})
    assert told(checked(tmp_path, run, SHOTS)) == [("shots/de/2.png", "exact-size")]


ICONS = "{files: 'res/mipmap-{density}/ic.png', by: density, scale: {mdpi: 1, hdpi: 1.5, xhdpi: 2}%s}"


def test_densities_of_a_base_are_exact(tmp_path: Path, run: Any) -> None:
    put(
        tmp_path,
        {
            "res/mipmap-mdpi/ic.png": (48, 48),
            "res/mipmap-hdpi/ic.png": (72, 72),
            "res/mipmap-xhdpi/ic.png": (90, 96),
        },
    )
    [finding] = checked(tmp_path, run, ICONS % ", base: 48x48")["findings"]
    assert (finding["target"], finding["rule"], finding["expected"]) == (
        "res/mipmap-xhdpi/ic.png",
        "exact-size",
        "96x96",
    )


def test_densities_without_a_base_follow_from_the_largest(tmp_path: Path, run: Any) -> None:
    put(
        tmp_path,
        {
            "res/mipmap-mdpi/ic.png": (50, 50),
            "res/mipmap-hdpi/ic.png": (72, 72),
            "res/mipmap-xhdpi/ic.png": (96, 96),
        },
    )
    [finding] = checked(tmp_path, run, ICONS % "")["findings"]
    assert (finding["target"], finding["expected"]) == ("res/mipmap-mdpi/ic.png", "48x48, as ic.png says")


def test_a_density_that_is_not_there_is_missing_even_if_none_is(tmp_path: Path, run: Any) -> None:
    report = checked(tmp_path, run, ICONS % "")
    assert {target for target, _ in told(report)} == {
        f"res/mipmap-{d}/ic.png" for d in ("mdpi", "hdpi", "xhdpi")
    }


def test_scaled_names_are_told_apart(tmp_path: Path, run: Any) -> None:
    put(tmp_path, {"a.png": (10, 10), "a@2x.png": (20, 20), "b.png": (10, 10)})
    report = checked(tmp_path, run, "{files: '{name}{scale}.png', by: scale, scale: {'': 1, '@2x': 2}}")
    assert told(report) == [("b@2x.png", "readable")]


def test_masks_are_as_large_as_their_pictures(tmp_path: Path, run: Any) -> None:
    put(tmp_path, {"x/1.png": (64, 36), "y/1.png": (64, 36), "x/2.png": (64, 36), "y/2.png": (32, 18)})
    report = checked(tmp_path, run, "{files: '{kind}/{name}.png', each: name, kind: [x, y], same: size}")
    assert told(report) == [("y/2.png", "whole-group")]


MASKS = "{files: ['Img/{name}.jpg', 'GT/{name}.png'], each: name, same: size}"


def test_several_patterns_of_a_group_belong_together(tmp_path: Path, run: Any) -> None:
    put(tmp_path, {"Img/1.jpg": (64, 36), "GT/1.png": (64, 36), "Img/2.jpg": (64, 36)})
    report = checked(tmp_path, run, MASKS)
    assert told(report) == [("GT/2.png", "readable")]
    put(tmp_path, {"GT/2.png": (64, 38)})
    assert told(checked(tmp_path, run, MASKS)) == [("Img/2.jpg", "whole-group")]


def test_a_capture_that_nobody_gave_may_be_anything(tmp_path: Path, run: Any) -> None:
    put(tmp_path, {"Img/1.jpg": (64, 36), "GT/1.png": (64, 36), "Img/2.jpg": (9, 9)})
    report = checked(tmp_path, run, "{files: '{kind}/{name}.{ext}', kind: [Img, GT], each: name, same: size}")
    assert told(report) == [("GT/2.jpg", "readable")]


def test_a_member_that_cannot_be_read_leaves_the_others_compared(tmp_path: Path, run: Any) -> None:
    put(tmp_path, {"art/a-dark.png": (64, 36)})
    (tmp_path / "art" / "a-light.png").write_bytes(b"no picture")
    report = checked(tmp_path, run, PAIR)
    assert [rule for _, rule in told(report)] == ["readable"]
    assert {a["target"]: a["rules"]["whole-group"] for a in report["assets"]} == {
        "art/a-dark.png": "holds",
        "art/a-light.png": "undecided",
    }


@pytest.mark.parametrize("argv", [["--ignore", "whole-group"], ["--select", "still"]])
def test_a_group_that_nobody_was_asked_about_is_told(argv: list[str], tmp_path: Path, run: Any) -> None:
    put(tmp_path, {"art/a-light.png": (64, 36), "art/a-dark.png": (64, 37)})
    checked(tmp_path, run, PAIR)
    report = json.loads(run("check", "--format", "json", *argv).out)
    assert "whole-group" in {each["rule"] for each in report["not_asked"]}


LISTED = "{files: 'shots/{locale}/%s.png', each: locale, locale: [de, en]%s}"


@pytest.mark.parametrize(
    ("name", "more", "absent"),
    [
        ("hero", "", "hero"),
        ("*", ", count: 1..8", "*"),
        ("*", ", same-set: true", "hero"),
        ("{n}", ", count: 1", "*"),
    ],
)
def test_a_group_that_a_list_names_has_to_be_there(
    name: str, more: str, absent: str, tmp_path: Path, run: Any
) -> None:
    put(tmp_path, {"shots/en/hero.png": (64, 36)})
    report = checked(tmp_path, run, LISTED % (name, more))
    assert told(report) == [(f"shots/de/{absent}.png", "readable")]
    assert report["findings"][0]["message"] == "the file does not exist"
    put(tmp_path, {"shots/de/hero.png": (64, 36)})
    assert checked(tmp_path, run, LISTED % (name, more + ", same-as-others: allowed"))["exit_code"] == 0


def test_a_group_that_may_be_empty_and_one_of_two_captures_are_no_more_than_they_say(
    tmp_path: Path, run: Any
) -> None:
    put(tmp_path, {"shots/en/hero.png": (64, 36), "art/a-en-dark.png": (9, 9), "art/a-en-light.png": (9, 9)})
    assert checked(tmp_path, run, LISTED % ("*", ", count: 0..8"))["exit_code"] == 0
    two = "{files: 'art/{name}-{locale}-{theme}.png', each: [name, locale], locale: [de, en], theme: [dark, light]}"
    assert told(checked(tmp_path, run, two)) == [
        ("art/a-de-dark.png", "readable"),
        ("art/a-de-light.png", "readable"),
    ]


def test_nobody_makes_a_picture_whose_name_is_not_known(tmp_path: Path, run: Any) -> None:
    put(tmp_path, {"shots/en/hero.png": (64, 36)})
    checked(tmp_path, run, LISTED % ("*", ", count: 1..8, size: 64x36, generate: {route: placeholder}"))
    outcome = run("generate")
    assert "*" not in "".join(path.name for path in tmp_path.rglob("*.png")), outcome.err


@pytest.mark.parametrize("wish", ["generate: a fox", "generate: {prompt: a fox, route: placeholder}"])
def test_a_group_whose_pictures_are_made_is_checked_and_the_missing_ones_are_made(
    wish: str, tmp_path: Path, run: Any
) -> None:
    put(tmp_path, {"art/a-dark.png": (64, 36)})
    group = "{files: 'art/{name}-{theme}.png', theme: [dark, light], size: 64x36, " + wish + "}"
    report = checked(tmp_path, run, group)
    assert report["undecided"] == []
    assert told(report) == [("art/a-light.png", "readable")]
    assert "art/a-light.png" in run("generate", "--dry-run", "--route", "placeholder").out


def test_what_a_group_wishes_is_read_where_it_is_written(tmp_path: Path, run: Any) -> None:
    put(tmp_path, {"art/a.png": (64, 36)})
    (tmp_path / "verify4k.yaml").write_text(
        "version: 1\ngroups:\n  it: {files: 'art/{n}.png', generate: {prompt: a fox, rout: x}}\n"
    )
    outcome = run("check")
    assert outcome.code == 2
    assert "verify4k.yaml:3:56" in outcome.err, outcome.err


def test_a_group_finds_what_the_same_pattern_of_files_finds(tmp_path: Path, run: Any) -> None:
    put(
        tmp_path,
        {"en/a.png": (64, 36), "en/b/c.png": (64, 36), "en/_d.png": (64, 36), "en/b/_e.png": (64, 36)},
    )
    for pattern in ("{locale}/**", "{locale}/[!_]*.png", "{locale}/**/[!_]*.png", "{locale}/?/**/*"):
        group = checked(tmp_path, run, f"{{files: '{pattern}'}}")
        (tmp_path / "verify4k.yaml").write_text(
            f"version: 1\nfiles: {{'{pattern.replace('{locale}', '*')}': {{}}}}\n"
        )
        plain = json.loads(run("check", "--format", "json").out)
        assert [a["target"] for a in group["assets"]] == [a["target"] for a in plain["assets"]], pattern


@pytest.mark.parametrize(
    ("sizes", "wrong"),
    [
        ({"big": (1024, 768), "small": (43, 32), "tiny": (3, 2)}, []),  # nearer than half a pixel is none
        ({"big": (100, 2000), "other": (108, 2000)}, ["a/big.png"]),  # both are 1:20, rounded enough
        ({"a": (3, 2), "b": (1024, 768), "c": (1024, 700)}, ["a/c.png"]),
    ],
)
def test_shapes_agree_as_near_as_whole_pixels_allow(
    sizes: dict[str, tuple[int, int]], wrong: list[str], tmp_path: Path, run: Any
) -> None:
    put(tmp_path, {f"a/{name}.png": size for name, size in sizes.items()})
    findings = checked(tmp_path, run, "{files: 'a/*.png', same: ratio}")["findings"]
    assert [each["target"] for each in findings] == wrong


def test_shapes_that_differ_are_told_with_their_sizes(tmp_path: Path, run: Any) -> None:
    put(tmp_path, {"a.png": (100, 2000), "b.png": (1080, 2000)})
    found = checked(tmp_path, run, "{files: '*.png', same: ratio}")["findings"]
    [finding] = [each for each in found if each["rule"] == "whole-group"]
    assert (finding["expected"], finding["actual"]) == ("1:1.852 (1080x2000) as b.png", "1:20 (100x2000)")


def listed(letter: str) -> str:
    return f"{letter}: [{', '.join(f'{letter}{n}' for n in range(60))}]"


@pytest.mark.parametrize("each", ["", "each: a, ", "each: [a, b, c], "])
def test_lists_that_multiply_are_a_mistake_before_anything_is_made_of_them(
    each: str, tmp_path: Path, run: Any
) -> None:
    put(tmp_path, {"a0-b0-c0.png": (9, 9)})
    lists = ", ".join(map(listed, "abc"))
    (tmp_path / "verify4k.yaml").write_text(
        f"version: 1\ngroups:\n  it: {{files: '{{a}}-{{b}}-{{c}}.png', {each}{lists}}}\n"
    )
    outcome = run("check")
    said = "the group 'it' stands for 216,000 files; the limit is 100,000 (write fewer or shorter lists)"
    assert (outcome.code, outcome.err) == (2, f"verify4k.yaml:3:3: {said}\n")


@pytest.mark.parametrize(
    ("names", "more"),
    [
        (("Img/{n}.png", "GT/{n}.jpg"), "files: '{kind}/{n}.{ext}', kind: [Img, GT, No], each: n"),
        (("s/{n}/a.png", "s/{n}/b.png"), "files: 's/{n}/*.png', each: n, same-set: true"),
    ],
)
def test_what_a_group_lacks_is_found_in_steps_that_grow_with_its_files(
    names: tuple[str, ...], more: str, tmp_path: Path
) -> None:
    def work(count: int) -> int:
        for each in range(count):
            for name in names:
                path = tmp_path / name.format(n=f"n{each}")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch()
        return steps(
            lambda: parse_manifest(
                f"version: 1\ngroups: {{it: {{{more}}}}}".encode(), "v.yaml", str(tmp_path)
            )
        )

    work(2)
    few = work(150)
    assert work(300) < 2.5 * few


MISTAKES = [
    ("[a]", "3:7: expected a mapping"),
    ("{each: name}", "a group needs files"),
    ("{files: 'x/{name}.png', eahc: name}", "unknown key of a group 'eahc' (did you mean each?)"),
    ("{files: 'x/{name}.png', each: theme}", "'theme' is no capture of 'x/{name}.png' (it has {name})"),
    (
        "{files: 'x/*.png', by: density, scale: {a: 1}}",
        "'density' is no capture of 'x/*.png' (write one as {name})",
    ),
    ("{files: '{d}.png', scale: {a: 1}}", "a scale needs to know by what"),
    ("{files: '{d}.png', by: d, scale: {a: big}}", "'big' is no factor"),
    ("{files: '{d}.png', by: d, scale: {a: 0}}", "'0' is no factor"),
    ("{files: '{d}.png', by: d, scale: {a: 1000.5}}", "'1000.5' is no factor"),
    ("{files: '{d}.png', by: d, scale: {a: 1000}, base: 1001x1}", "the base is no size"),
    ("{files: '{d}.png', by: d, scale: {a: 1}, base: 0x1}", "the base is no size"),
    ("{files: '{d}.png', by: d, scale: [1]}", "expected a mapping from captured text to factors"),
    ("{files: '{d}.png', base: 48x48}", "a base needs a scale"),
    ("{files: '{d}.png', by: d, scale: {a: 1}, base: big}", "the base is no size"),
    ("{files: '{d}.png', same: colour}", "'colour' is none of size, width"),
    ("{files: '{d}.png', same-set: maybe}", "expected true or false, found 'maybe'"),
    ("{files: '{d}.png', count: 3..2}", "the range '3..2' is empty"),
    ("{files: 'none/{d}.png'}", "the group 'it' matches no file"),
    ("{files: '../{d}.png'}", "leaves the folder"),
]


@pytest.mark.parametrize(("group", "words"), MISTAKES)
def test_a_wrong_group_is_a_mistake_at_its_place(group: str, words: str, tmp_path: Path, run: Any) -> None:
    (tmp_path / "verify4k.yaml").write_text(f"version: 1\ngroups:\n  it: {group}\n")
    outcome = run("check")
    assert (outcome.code, words in outcome.err) == (2, True), outcome.err


def test_no_entry_puts_itself_into_a_group(tmp_path: Path, run: Any) -> None:
    put(tmp_path, {"a.png": (9, 9)})
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {a.png: {in-group: x}}\n")
    outcome = run("check")
    assert (outcome.code, "in-group is written by groups:" in outcome.err) == (2, True)

"""How lines of ghosts, codecs and relatives describe a peak, and the company that it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from joints import WIDTH, joint, log, named, peak_at

from verify4k.analysis.native import description, lattices

if TYPE_CHECKING:
    from verify4k.analysis.native.peaks import Peak


def lines(
    ratio: float, strength: float, also: dict[float, float], container: str = "jpeg"
) -> dict[str, float]:
    both = joint({ratio: strength, **also})
    codec = lattices.codec_strengths(both, ratio, container)
    return named(
        description.LINE_FEATURES, description.line_features(both, peak_at(ratio, strength), container, codec)
    )


def test_a_lone_peak_has_no_company() -> None:
    found = lines(0.55, 40, {})
    assert {name for name, value in found.items() if value} == {"excess"}
    assert found["excess"] == pytest.approx(log(40))


def test_lines_of_a_ghost_haunt_a_peak_that_is_not_much_stronger() -> None:
    found = lines(0.6, 40, {0.3: 25.0})
    assert found["ghost"] == pytest.approx(log(20))
    assert found["haunted"] == pytest.approx(log(20) - log(40) + 1)
    assert lines(0.6, 400, {0.3: 25.0})["haunted"] == 0
    assert found["own lines"] == 0


def test_lines_of_its_own_speak_for_a_peak() -> None:
    found = lines(0.6, 40, {0.4: 25.0})
    assert found["own lines"] == pytest.approx(log(20))
    assert found["ghost"] == 0
    assert found["mirror"] == pytest.approx(log(25))


def test_lines_of_the_codec_above_after_and_before() -> None:
    found = lines(0.55, 40, {0.5: 12.0, 0.625: 15.0, 0.75: 30.0, 7 / 8: 4.0})
    assert found["codec above"] == pytest.approx(log(25))
    assert found["codec after"] == pytest.approx(log(10))
    assert found["codec before"] == pytest.approx(log(7))
    assert found["excess"] == pytest.approx(log(40 - 1.1 * 15))
    expected = [0, 0, log(12), log(15), log(30), log(4)]
    assert [found[f"line {m}/8"] for m in range(2, 8)] == pytest.approx(expected)
    assert found["lines of 16"] == 0
    assert lines(0.55, 10, {0.625: 15.0})["excess"] == 0


@pytest.mark.parametrize(("line", "seen"), [(5, True), (9, True), (15, True), (3, False), (8, False)])
def test_odd_sixteenths_are_larger_transforms(line: int, seen: bool) -> None:
    assert lines(0.55, 40, {line / 16: 30.0})["lines of 16"] == pytest.approx(log(30) * seen)


@pytest.mark.parametrize(("container", "beside"), [("jpeg", 0.0), ("webp", 25.0), ("avif", 25.0)])
def test_the_line_beside_is_of_the_codecs_pitch(container: str, beside: float) -> None:
    assert lines(0.57, 40, {9 / 16: 30.0}, container)["beside"] == pytest.approx(log(beside))


@pytest.mark.parametrize(
    ("container", "ratio", "fine"),
    [("avif", 35 / 64, 1), ("avif", 0.552, 0), ("webp", 35 / 64, 0), ("png", 35 / 64, 0)],
)
def test_only_avif_has_blocks_of_64(container: str, ratio: float, fine: int) -> None:
    assert lines(ratio, 40, {}, container)["fine grid"] == fine


@pytest.mark.parametrize(
    ("name", "ratio", "line"),
    [
        ("twice", 0.42, 0.84),
        ("half of it", 0.42, 0.21),
        ("mirror", 0.42, 0.58),
        ("twice, mirrored", 0.58, 0.84),
        ("8/7", 0.56, 0.64),
        ("7/8", 0.56, 0.49),
        ("6/8", 0.56, 0.42),
        ("5/8", 0.56, 0.35),
    ],
)
def test_relatives_stand_where_scale_and_mirror_put_them(name: str, ratio: float, line: float) -> None:
    found = lines(ratio, 40, {line: 20.0})
    assert found[name] == pytest.approx(log(20))
    assert [other for other, _, _ in description.RELATIVES if found[other]] == [name]


def test_a_relative_on_the_codecs_grid_says_nothing() -> None:
    found = lines(0.375, 40, {0.75: 20.0})
    assert found["twice"] == 0
    assert found["line 6/8"] == pytest.approx(log(20))


# -- others ----------------------------------------------------------------------------------


def others(peak: Peak, *more: Peak) -> dict[str, float]:
    return named(
        description.COMPETITOR_FEATURES, description.competitor_features(joint({}), [peak, *more], peak)
    )


def test_the_company_of_a_peak() -> None:
    peak = peak_at(0.4, 40)
    found = others(peak, peak_at(0.5, 90), peak_at(0.33, 25), peak_at(0.66, 60), peak_at(0.4 + 8 / WIDTH, 99))
    assert found == pytest.approx(
        {
            "crowd": log(2), "other": log(55), "outdone": log(55) - log(40) + 1,
            "rank": 2, "top": log(90) - log(40),
        }
    )  # fmt: skip


def test_a_peak_alone_is_first() -> None:
    expected = {"crowd": 0, "other": 0, "outdone": 0, "rank": 0, "top": -log(40)}
    assert others(peak_at(0.4, 40)) == pytest.approx(expected)
    assert others(peak_at(0.4, 40), peak_at(0.33, 6))["outdone"] == 0

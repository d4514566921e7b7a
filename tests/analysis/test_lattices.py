"""Where each explanation of a peak predicts lines, and which peaks are worth explaining."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joints import WIDTH, joint, peak_at

from verify4k.analysis.native import lattices, peaks

RATIOS = st.floats(0.12, 0.985)


@pytest.mark.parametrize("pitch", [8, 16, 64])
@pytest.mark.parametrize(("off", "on"), [(0, True), (1.6, True), (-1.6, True), (1.8, False), (-1.8, False)])
def test_a_line_of_a_codec_is_a_bin_or_two_wide(pitch: int, off: float, on: bool) -> None:
    assert lattices.on_grid(5 / pitch + off / WIDTH, WIDTH, pitch) is on


def test_the_grid_is_of_eight_pixels_unless_another_is_named() -> None:
    assert lattices.on_grid(5 / 8, WIDTH)
    assert not lattices.on_grid(5 / 16, WIDTH)


def test_strengths_are_compared_by_logarithm() -> None:
    assert lattices.log_strength(0) == lattices.log_strength(-3) == 0
    assert lattices.log_strength(9) == pytest.approx(2.302585)
    assert lattices.significant(5) == lattices.significant(2) == 0
    assert lattices.significant(14) == pytest.approx(2.302585)


@pytest.mark.parametrize(
    ("line", "pair"), [(0.3, (0.3, 0.7)), (1.2, (0.2, 0.8)), (-0.4, (0.6, 0.4)), (2, (0, 1))]
)
def test_a_frequency_shows_at_itself_and_its_mirror_image(line: float, pair: tuple[float, float]) -> None:
    assert lattices.folded_line(line) == pytest.approx(pair)


def test_harmonics_are_up_to_three_with_eighths_to_each_side() -> None:
    found = lattices.harmonics(0.4)
    assert len(found) == 3 * 2 * 7
    middles = (0.4, 0.6, 0.8, 0.2, 0.2, 0.8)
    expected = [line + shift / 8 for line in middles for shift in (-3, -2, -1, 0, 1, 2, 3)]
    assert found == pytest.approx(expected)


@given(ratio=RATIOS)
def test_ghosts_are_of_grids_that_were_somewhat_larger(ratio: float) -> None:
    lines = lattices.ghost_lines(ratio)
    larger = [8 * wrapped / m for m in range(2, 8) for wrapped in (ratio, 2 - ratio)]
    sizes = [s for s in larger if 1.012 <= s <= 2.6]
    assert len(lines) == 2 * 7 * len(sizes)
    for s in sizes:
        for m in range(2, 9):
            assert any(abs(line - s * m / 8 % 1) < 1e-9 for line in lines)
    assert all(0 <= line <= 1 for line in lines)


def test_the_strongest_line_is_neither_the_peak_nor_the_codecs_nor_excepted() -> None:
    both = joint({0.3: 10.0, 0.42: 20.0, 0.625: 30.0, 0.7: 40.0})
    assert lattices.strongest(both, [0.3, 0.42], 0.9, []) == 20
    assert lattices.strongest(both, [0.3, 0.42], 0.42, []) == 10
    assert lattices.strongest(both, [0.3, 0.625], 0.9, []) == 10
    assert lattices.strongest(both, [0.3, 0.7], 0.9, [0.2, 0.7]) == 10
    assert lattices.strongest(both, [0.7], 0.7 + 5.9 / WIDTH, []) == 0
    assert lattices.strongest(both, [0.7], 0.7 - 6.1 / WIDTH, []) == 40
    assert lattices.strongest(both, [], 0.9, []) == 0


def test_a_ghost_is_what_only_a_larger_grid_explains() -> None:
    ratio = 0.6  # of s = 0.6 * 8 / 4 = 1.2, whose lines are at 0.3, 0.45, 0.6, 0.75, 0.9, 0.05, 0.2
    for line in (0.3, 0.7, 0.9):
        assert lattices.ghost_strength(joint({ratio: 50.0, line: 20.0}), ratio) == 20
    for also in (0.4, 0.45, 0.8):  # an enlargement explains these: mirror image, sideband, harmonic
        assert lattices.ghost_strength(joint({ratio: 50.0, also: 20.0}), ratio) == 0
    assert lattices.ghost_strength(joint({ratio: 50.0, 0.75: 20.0}), ratio) == 0  # the file's own codec
    assert lattices.ghost_strength(joint({ratio: 50.0}), ratio) == 0


@pytest.mark.parametrize(
    "line", [0.4, 0.8, 0.55 * 5 / 8, 0.55 * 6 / 8, 0.55 * 7 / 8, 0.55 + 1 / 8, 0.55 - 3 / 8]
)
def test_what_speaks_for_an_enlargement(line: float) -> None:
    ratio = 0.4 if line in {0.4, 0.8} else 0.55
    strong = 0.0 if line == ratio else 20.0
    assert lattices.enlargement_strength(joint({line: 20.0}), ratio) == strong
    assert lattices.enlargement_strength(joint({0.93: 20.0}), ratio) == 0


@pytest.mark.parametrize(
    ("container", "ratio", "expected"),
    [
        # the strongest above, the next, the one below; on a line is within a tenth of the pitch
        ("jpeg", 0.45, (40, 20, 10)),
        ("jpeg", 0.53, (40, 30, 20)),
        ("jpeg", 0.51, (40, 30, 10)),
        ("jpeg", 0.5, (40, 30, 10)),
        ("jpeg", 0.49, (40, 30, 10)),
        ("jpeg", 0.48, (40, 20, 10)),
        ("png", 0.80, (40, 40, 35)),
        ("webp", 0.45, (90, 20, 5)),
        ("webp", 0.53, (90, 35, 20)),
        ("webp", 0.5, (90, 35, 5)),
        ("avif", 0.80, (90, 40, 35)),
        ("avif", 0.82, (40, 40, 35)),
        ("avif", 0.95, (0, 0, 40)),
        ("jpeg", 0.95, (0, 0, 40)),
    ],
)
def test_codec_lines_around_a_ratio(
    container: str, ratio: float, expected: tuple[float, float, float]
) -> None:
    both = joint({0.25: 5.0, 3 / 8: 10.0, 0.5: 20.0, 5 / 8: 30.0, 6 / 8: 35.0, 7 / 8: 40.0, 13 / 16: 90.0})
    assert lattices.codec_strengths(both, ratio, container) == expected


def test_a_peak_just_beside_a_codec_line_may_be_its_foot() -> None:
    both = joint({0.625: 30.0, 13 / 16: 20.0})
    assert lattices.adjacent_line(both, 0.630, 8) == lattices.adjacent_line(both, 0.620, 8) == 30
    assert lattices.adjacent_line(both, 0.625, 8) == 0  # on it
    assert lattices.adjacent_line(both, 0.638, 8) == 0  # too far
    assert lattices.adjacent_line(both, 0.808, 8) == 0
    assert lattices.adjacent_line(both, 0.808, 16) == 20


def test_a_crowd_is_of_others_off_the_grid_and_nearly_as_strong() -> None:
    others = [
        peak_at(0.4, 90), peak_at(0.4 + 7 / WIDTH, 80), peak_at(0.5, 70),
        peak_at(0.31, 21), peak_at(0.33, 19), peak_at(0.66, 60),
    ]  # fmt: skip
    both = joint({})
    assert lattices.competing_peaks(both, others, 0.4, 40) == (2, 60)
    assert lattices.competing_peaks(both, others, 0.4, 120) == (0, 60)
    assert lattices.competing_peaks(both, others[:3], 0.4, 40) == (0, 0)
    assert lattices.competing_peaks(both, [peak_at(0.4 + 10 / WIDTH, 80)], 0.4, 40) == (1, 80)


@pytest.mark.parametrize(
    ("ratio", "pitch", "zone"),
    [
        (0.30, 8, "low"),
        (0.579, 8, "low"),
        (0.581, 8, "near"),
        (0.704, 8, "near"),
        (0.706, 8, "above"),
        (0.75, 8, "above"),
        (0.5, 8, "half"),
        (0.5004, 8, "half"),
        (0.501, 8, "low"),
        (0.375, 8, "grid"),
        (0.625, 8, "grid"),
        (9 / 16, 8, "low"),
        (9 / 16, 16, "grid"),
        (0.5, 16, "half"),
    ],
)
def test_the_zone_of_a_ratio(ratio: float, pitch: int, zone: str) -> None:
    assert lattices.zone_of(ratio, WIDTH, pitch) == zone
    assert zone in lattices.ZONES


@pytest.mark.parametrize(
    ("off", "other", "foot"),
    [(15, 50, True), (-15, 50, True), (16, 50, False), (15, 40, False), (15, 39, False), (0, 50, False)],
)
def test_the_foot_of_a_stronger_peak(off: int, other: float, foot: bool) -> None:
    peak = peak_at(0.4, 40)
    assert lattices.is_sidelobe([peak, peak_at(0.4 + off / WIDTH, other)], peak, WIDTH) is foot


@pytest.mark.parametrize(
    ("zone", "ratio", "off", "pitch", "expected"),
    [
        ("above", 0.8, 0, 8, True),
        ("above", 0.875, 0, 8, False),
        ("above", 15 / 16, 0, 8, True),
        ("above", 15 / 16, 0, 16, False),
        ("half", 0.5, 0, 8, True),
        ("half", 0.5, 1, 8, True),
        ("half", 0.5, -1, 8, True),
        ("half", 0.5, 2, 8, False),
        ("half", 0.5, -2, 8, False),
        ("grid", 0.625, 0, 8, True),
        ("low", 0.3, 0, 8, True),
        ("near", 0.6, 0, 8, True),
    ],
)
def test_which_peaks_their_zone_speaks_of(
    zone: str, ratio: float, off: int, pitch: int, expected: bool
) -> None:
    peak = peaks.Peak(round(ratio * WIDTH) + off, 0, ratio, 9, 9, (9, 9))
    assert lattices.is_in_zone(zone, peak, WIDTH, pitch) is expected


def test_candidates_are_neither_feet_nor_unmeant_and_know_their_zone() -> None:
    both = joint({})
    every = [peak_at(r, 30) for r in (0.3, 0.5, 0.62, 0.875, 15 / 16, 0.8)] + [peak_at(0.302, 20)]
    found = lattices.zoned_candidates(both, every, "jpeg")
    zones = ["low", "half", "near", "above", "above"]
    assert found == list(zip(zones, [*every[:3], every[4], every[5]], strict=True))
    assert every[4] not in [peak for _, peak in lattices.zoned_candidates(both, every, "avif")]
    assert every[4] not in [peak for _, peak in lattices.zoned_candidates(both, every, "webp")]


def test_a_codec_that_no_judge_was_taught_explains_lines_at_thirty_seconds() -> None:
    assert lattices.line_pitch("jxl") == 32
    assert lattices.near_codec_line(27 / 32, "jxl")
    assert not lattices.near_codec_line(27 / 32, "avif")
    peak = peak_at(27 / 32, 30)
    assert lattices.zoned_candidates(joint({}), [peak], "jxl") == []
    assert lattices.zoned_candidates(joint({}), [peak], "avif") == [("above", peak)]
    low = peak_at(11 / 16, 30)  # described as it was taught
    assert lattices.zoned_candidates(joint({}), [low], "jxl") == [("near", low)]

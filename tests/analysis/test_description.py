"""Each number of a peak's description, on curves made by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from joints import HEIGHT, WIDTH, curves, joint, log, named, peak_at, single, texture
from scenes import enlarged

from verify4k.analysis import planes
from verify4k.analysis.native import description, falloff, lattices, peaks
from verify4k.analysis.native.analyse import Measured
from verify4k.analysis.native.description import EMPHASIS_FEATURES, FEATURES, Described
from verify4k.analysis.native.texture import Texture

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from verify4k.analysis.native.peaks import PairedAxes


def test_no_two_features_have_one_name() -> None:
    every = (*FEATURES, *EMPHASIS_FEATURES)
    assert len(set(every)) == len(every)


# -- how strong ------------------------------------------------------------------------------


@pytest.mark.parametrize(("strength", "units"), [(-3, 0), (0, 0), (6, 1.5), (16, 4), (90, 4)])
def test_strength_against_chance_is_capped(strength: float, units: float) -> None:
    assert description.capped(strength) == units


def axis(aligned: NDArray[np.float32]) -> peaks.Axis:
    return peaks.Axis(aligned, aligned, curves(aligned.size, aligned))


def shape(at: int, *values: float, base: float = 0.0, length: int = WIDTH) -> NDArray[np.float32]:
    """A curve with these values around a size."""
    found = np.full(length, base, np.float32)
    start = at - len(values) // 2
    found[start : start + len(values)] = values
    return found


def test_the_agreement_is_what_rises_above_the_surroundings() -> None:
    found = description.agreement(axis(shape(1500, 0.3, 0.7, 0.5, base=0.1)), 1500)
    assert found.whole == pytest.approx(0.6)
    assert found.sharpness == pytest.approx((0.2 + 0.4) / 1.2)
    assert found.off == pytest.approx(0.5 * 0.2 / 0.6)  # the vertex of the parabola through the three
    assert found.parts == pytest.approx([1] * 7)
    assert found.noise == pytest.approx(0.1 * 1200**0.5, rel=1e-5)


@pytest.mark.parametrize("off", [-2, -1, 0, 1, 2])
def test_the_highest_of_five_sizes_is_the_peak(off: int) -> None:
    found = description.agreement(axis(shape(1500 + off, 0.5)), 1500)
    assert (found.whole, found.sharpness, found.off, found.noise) == pytest.approx((0.5, 0, 0, 0))


@pytest.mark.parametrize("off", [-3, 3])
def test_what_is_farther_away_is_another_peak(off: int) -> None:
    assert description.agreement(axis(shape(1500 + off, 0.5)), 1500).whole == 0


def test_a_slope_has_no_centre() -> None:
    found = description.agreement(axis(shape(1500, *(np.arange(11) / 10))), 1500)
    assert found.off == 0.5
    assert found.whole == pytest.approx(0.7)
    assert found.sharpness == pytest.approx(1)


def test_a_peak_that_leans_far_is_half_a_bin_off_at_most() -> None:
    assert description.agreement(axis(shape(1502, 0.0, 0.5, 0.9)), 1500).off == 0.5


@pytest.mark.parametrize("at", [1, 2, 3, 60, 339, 340, 397, 398])
def test_close_to_the_ends_there_is_less_around(at: int) -> None:
    inside = min(max(at, 3), 396)
    found = description.agreement(axis(shape(inside, 0.2, 0.5, 0.3, length=400)), at)
    assert found.whole == pytest.approx(0.5)


@pytest.mark.parametrize("number", range(4))
def test_reaches_are_told_apart(number: int) -> None:
    one = curves(WIDTH)
    one.aligned[number, :, 1500] = 0.8
    found = description.agreement(peaks.Axis(one.level, one.level, one), 1500)
    assert found.whole == pytest.approx(0.2)
    assert found.parts[:4] == pytest.approx([4.0 * (n == number) for n in range(4)])
    assert found.parts[4:] == pytest.approx([1] * 3)


@pytest.mark.parametrize("number", range(3))
def test_bands_are_told_apart_and_weigh_by_their_pairs(number: int) -> None:
    one = curves(WIDTH)
    one.pairs[:, :] = [200, 100, 100]
    one.aligned[:, number, 1500] = 0.8
    found = description.agreement(peaks.Axis(one.level, one.level, one), 1500)
    share = (0.5, 0.25, 0.25)[number]
    assert found.whole == pytest.approx(0.8 * share)
    assert found.parts[:4] == pytest.approx([1] * 4)
    assert found.parts[4:] == pytest.approx([(n == number) / share for n in range(3)])


def test_a_band_without_pairs_and_curves_without_a_peak_are_finite() -> None:
    one = curves(WIDTH, shape(1500, 0.5))
    one.pairs[:, 2] = 0
    found = description.agreement(peaks.Axis(one.level, one.level, one), 1500)
    assert found.parts == pytest.approx([1] * 6 + [0])
    one.pairs[:] = 0
    assert description.agreement(peaks.Axis(one.level, one.level, one), 1500).whole == 0
    flat = description.agreement(axis(np.zeros(WIDTH, np.float32)), 1500)
    assert (flat.whole, flat.sharpness, flat.off, flat.noise) == (0, 0, 0.5, 0)
    assert not flat.parts.any()


def both_with(x: NDArray[np.float32], y: NDArray[np.float32]) -> PairedAxes:
    return joint({}, x=curves(WIDTH, x), y=curves(HEIGHT, y))


def test_the_strength_of_a_peak_and_its_shape() -> None:
    x, y = shape(1536, 0.3, 0.7, 0.5, base=0.1), shape(864, 0.2, base=-0.1, length=HEIGHT)
    peak = replace(peak_at(0.4, 9, 12), axes=(8.0, 6.0), cyclic=10.0)
    both = both_with(x, y)
    for kept, at, high in ((both.x, 1538, 0.6), (both.y, 862, 0.4)):  # two bins beside: within reach
        kept.curves.free[:] = 0.1 * 1200**0.5
        kept.curves.free[at] = (0.1 + high) * 1200**0.5
    found = named(description.STRENGTH_FEATURES, description.strength_features(both, peak))
    assert found == pytest.approx(
        {
            "aligned": 9 / 4, "free": 3, "cyclic": 2.5, "weaker axis": 1.5, "strength": log(12), "alignment": log(9),
            "phase": log(12) - log(9), "agreement": 0.45, "weaker agreement": 0.3, "sharpness": 0.25,
            "free agreement": 0.5, "weaker free agreement": 0.4,
            "off the bin": 1 / 6, **{f"reach {n}": 1 for n in range(4)}, **{f"band {n}": 1 for n in range(3)},
            "surroundings": np.log(0.1 * 1200**0.5),
        },
        rel=1e-4,
    )  # fmt: skip


def test_no_share_is_beyond_three() -> None:
    one, other = curves(WIDTH), curves(HEIGHT)
    for both, at in ((one, 1536), (other, 864)):
        both.aligned[2, :, at] = 0.9
        both.aligned[1, :, at] = -0.8
    found = named(
        description.STRENGTH_FEATURES,
        description.strength_features(joint({}, x=one, y=other), peak_at(0.4, 9)),
    )
    assert [found[f"reach {n}"] for n in range(4)] == [0, -3, 3, 0]


def test_a_peak_that_is_none_has_small_shares() -> None:
    found = description.agreement(axis(shape(1500, 0.0005)), 1500)
    assert found.parts == pytest.approx([0.5] * 7)
    assert description.agreement(
        axis(shape(1500, 0.00001, 0.00002, 0.00001)), 1500
    ).sharpness == pytest.approx(0.1)


def test_strange_shapes_are_clipped() -> None:
    one, level = curves(WIDTH, np.full(WIDTH, 0.0, np.float32)), shape(1536, 0.5, 0.00001, 0.5)
    one.aligned[0, 0], one.aligned[1, 1] = level, -level
    one.aligned[2, 2, 1536] = 0.9
    both = joint({}, x=one, y=curves(HEIGHT))
    found = named(description.STRENGTH_FEATURES, description.strength_features(both, peak_at(0.4, 9)))
    assert all(-3 <= found[name] <= 3 for name in found if name[:4] in {"reac", "band"})
    assert found["surroundings"] == pytest.approx(np.log(1e-3))
    steep = joint({}, x=curves(WIDTH, shape(1539, *(np.arange(9) ** 4 / 9999))), y=curves(HEIGHT))
    assert description.strength_features(steep, peak_at(0.4, 9))[8] <= 2


# -- the falling spectrum --------------------------------------------------------------------


def fallen(x: NDArray[np.float32], y: NDArray[np.float32], above: float = 0.0) -> dict[str, float]:
    both = joint({}, x=replace(curves(WIDTH), level=x), y=replace(curves(HEIGHT), level=y))
    return named(description.FALLOFF_FEATURES, description.falloff_features(both, peak_at(0.5, 9), above))


def cliff(length: int, at: float, drop: float, start: float = 0.0) -> NDArray[np.float32]:
    return np.where(np.arange(length) < at * length, start, start - drop).astype(np.float32)


def test_the_fall_is_the_mean_of_both_axes() -> None:
    found = fallen(cliff(WIDTH, 0.5, 20, 50), cliff(HEIGHT, 0.5, 10, 40))
    assert found["fall"] == found["clean fall"] == pytest.approx(1.5)
    assert found["shelf"] == 0
    assert found["level"] == pytest.approx(45)
    assert found["floor"] == pytest.approx(30)
    parts = [found[f"part {n}"] for n in range(14)]
    assert parts[:7] == pytest.approx([0] * 7)
    assert parts[8:13] == pytest.approx([-15] * 5)


def test_a_strong_codec_line_above_takes_from_the_fall() -> None:
    found = fallen(cliff(WIDTH, 0.5, 20), cliff(HEIGHT, 0.5, 20), above=14)
    assert found["fall"] == pytest.approx(2)
    assert found["clean fall"] == pytest.approx(2 * 10**-0.5)


@pytest.mark.parametrize(("drop", "shelf"), [(1.5, 0.25), (40, 0.6)])
def test_one_axis_that_makes_a_shelf_is_enough(drop: float, shelf: float) -> None:
    found = fallen(cliff(WIDTH, 0.5, 20), cliff(HEIGHT, 0.425, drop))
    assert found["shelf"] == pytest.approx(shelf)


def test_parts_past_the_end_are_not_known() -> None:
    both = joint({}, x=replace(curves(WIDTH), level=cliff(WIDTH, 0.5, 8, 3)))
    found = named(description.FALLOFF_FEATURES, description.falloff_features(both, peak_at(0.9, 9), 0))
    unknown = [name for name, value in found.items() if np.isnan(value)]
    assert unknown == [f"part {n}" for n in range(9, 14)]
    assert found["floor"] == pytest.approx(-2.5)
    assert found["level"] == pytest.approx(-2.5)
    assert len(falloff.BAND_EDGES) == 15


# -- the file --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("container", "lossy"),
    [("png", 0), ("gif", 0), ("tiff", 0), ("bmp", 0), ("jpeg", 1), ("webp", 1), ("avif", 1), ("heif", 1)],
)
def test_the_container_is_told(container: str, lossy: int) -> None:
    found = named(description.CODING_FEATURES, description.coding_features(container))
    assert [name for name in ("png", "jpeg", "webp", "avif") if found[name]] == (
        [container] if container in {"png", "jpeg", "webp", "avif"} else []
    )
    assert found["lossy"] == lossy


# -- the picture and the next line --------------------------------------------------------------


def test_detail_is_the_mean_of_both_axes_and_the_weaker_one() -> None:
    calm, busy = (np.tile(np.arange(900, dtype=np.float32) % 2 * step, (2, 1)) for step in (1, 40))
    found = named(description.TEXTURE_FEATURES, description.texture_features((360, 360), Texture(calm, busy)))
    assert found["weaker detail"] == pytest.approx(np.log(1.02))
    assert found["detail"] == pytest.approx((np.log(1.02) + np.log(40.02)) / 2)


@pytest.mark.parametrize(
    ("ratio", "container", "line"),
    [
        (0.3, "jpeg", 3 / 8), (0.375, "jpeg", 4 / 8), (0.5, "avif", 5 / 8), (0.5, "webp", 3 / 4), (0.3, "webp", 1 / 2),
        (0.9, "jpeg", 7 / 8), (0.8, "webp", 7 / 8),
    ],
)  # fmt: skip
def test_the_next_line_of_the_grid_is_described_beside_the_peak(
    ratio: float, container: str, line: float
) -> None:
    one, other = (curves(size, single({line: high}, size)) for size, high in ((WIDTH, 0.5), (HEIGHT, 0.3)))
    one.aligned[0, :, round(line * WIDTH)] = 1.0
    found = named(
        description.NEXT_LINE_FEATURES,
        description.next_line_features(joint({}, x=one, y=other), peak_at(ratio, 9), container),
    )
    assert found["above agreement"] == pytest.approx((0.625 + 0.3) / 2)
    assert found["above reach 0"] == pytest.approx((1.0 / 0.625 + 1) / 2)
    assert found["above band 2"] == pytest.approx(1)


def test_cyclics_are_described_by_both_axes_and_the_weaker_one() -> None:
    lines = Texture(*planes.samples(np.asarray(enlarged(0.45))))
    found = named(
        description.CYCLIC_FEATURES, description.cyclic_features(peak_at(0.45, 9), (720, 405), lines)
    )
    x, y = (axis.component(size, 0.45) for axis, size in zip(lines.cyclic, (720, 405), strict=True))
    for lag in range(4):
        sizes = np.log1p([x.magnitude[lag], y.magnitude[lag]])
        assert (found[f"cyclic {lag}"], found[f"weaker cyclic {lag}"]) == pytest.approx(
            (sizes.mean(), sizes.min())
        )
        assert found[f"cyclic phase {lag}"] == pytest.approx((x.phase[lag] + y.phase[lag]) / 2)
    diagonal = np.log1p([x.quincunx, y.quincunx])
    assert (found["quincunx"], found["weaker quincunx"]) == pytest.approx((diagonal.mean(), diagonal.min()))
    for m, lag in ((1, 0), (4, 0), (2, 1), (3, 1)):
        both = [np.log1p(axis.eighths[m - 1, lag]) for axis in lines.cyclic]
        assert found[f"cyclic {lag} at {m}/8"] == pytest.approx(np.mean(both))


def test_of_weak_peaks_no_cyclic_is_known() -> None:
    found = description.cyclic_features(peak_at(0.45, 5.9), (1728, 972), texture())
    assert len(found) == len(description.CYCLIC_FEATURES)
    assert np.isnan(found).all()


# -- all together ----------------------------------------------------------------------------


def test_every_candidate_is_described_strongest_first() -> None:
    both = joint(
        {0.4: 30.0, 0.5: 40.0, 0.625: 20.0, 0.875: 99.0, 0.8: 50.0},
        x=curves(WIDTH, single({0.4: 0.5}, WIDTH)),
    )
    found = description.described_peaks(both, "webp", texture())
    assert [(one.zone, round(one.peak.ratio, 3)) for one in found] == [
        ("above", 0.8), ("half", 0.5), ("low", 0.4), ("grid", 0.625),
    ]  # fmt: skip
    for one in found:
        values = named(FEATURES, one.features)
        assert [zone for zone in lattices.ZONES if values[zone]] == [one.zone]
        assert (values["webp"], values["png"]) == (1, 0)
        assert values["strength"] == pytest.approx(log(one.peak.strength))
        assert values["cyclic"] == description.capped(one.peak.cyclic)
        assert values["line 7/8"] == pytest.approx(log(99))
        assert values["ratio"] == one.peak.ratio
        assert values["detail"] == pytest.approx(np.log(9.02))
        assert values["agreement"] == pytest.approx(0.25 * (one.zone == "low"))
    assert [named(FEATURES, one.features)["rank"] for one in found] == [1, 2, 3, 4]
    assert [named(FEATURES, one.features)["codec above"] for one in found] == pytest.approx([log(94)] * 4)


def test_only_what_is_worth_it_is_described() -> None:
    both = joint({0.4: 30.0, 0.6: 20.0, 0.8: 50.0})
    every = description.described_peaks(both, "png", texture())
    found = description.described_peaks(
        both, "png", texture(), lambda zone, peak: zone == "above" or peak.x < 1600
    )
    assert [one.peak.ratio for one in found] == [0.8, 0.4]
    for one in found:
        same = next(other for other in every if other.peak == one.peak)
        assert np.array_equal(one.features, same.features, equal_nan=True)


def test_where_nothing_stands_out_nothing_is_described() -> None:
    assert description.described_peaks(joint({}), "png", texture()) == []


@pytest.mark.parametrize("ratio", [0.45, 0.9])
def test_only_the_end_of_the_spectrum_is_unknown_of_a_picture(ratio: float) -> None:
    pixels = np.asarray(enlarged(ratio))
    lines = Texture(*planes.samples(pixels))
    found = description.described_peaks(Measured(pixels).plain, "png", lines)
    assert found[0].peak.ratio == pytest.approx(ratio, abs=0.002)
    for one in found:
        unknown = [name for name, value in named(FEATURES, one.features).items() if not np.isfinite(value)]
        beyond = [name for name in unknown if not name.startswith("part ")]
        assert beyond == (
            [] if one.peak.strength >= peaks.CYCLIC_STRENGTH else [*description.CYCLIC_FEATURES]
        )
    assert bool(np.isnan(found[0].features).any()) is (ratio > 0.5)


# -- where detail counts more ----------------------------------------------------------------


def kept(plain: PairedAxes, emphasised: PairedAxes, ratio: float = 0.4) -> dict[str, float]:
    before = np.arange(len(FEATURES), dtype=float)
    found = description.emphasis_features(Described(peak_at(ratio, 40), "low", before), plain, emphasised)
    assert found[: len(FEATURES)].tolist() == before.tolist()
    return named(EMPHASIS_FEATURES, found[len(FEATURES) :])


def test_what_is_left_of_a_peak() -> None:
    left = joint(
        {0.4: 10.0, 0.375: 7.0, 0.5: 6.0},
        {0.4: 12.0},
        x=curves(WIDTH, single({0.4: 0.5}, WIDTH)),
        y=curves(HEIGHT, single({0.4: 0.2}, HEIGHT)),
    )
    left.x.curves.free[1536], left.y.curves.free[864] = 0.4 * 1200**0.5, 0.3 * 1200**0.5
    found = kept(joint({0.4: 40.0}), left)
    assert found == pytest.approx(
        {
            "kept strength": log(12), "kept alignment": log(10), "kept": np.log(15 / 43),
            "kept agreement": 0.35, "kept weaker agreement": 0.2,
            "kept free agreement": 0.35, "kept weaker free agreement": 0.3, "kept top": log(7) - log(12),
            "kept line 2/8": 0, "kept line 3/8": log(7), "kept line 4/8": log(6),
            "kept line 5/8": 0, "kept line 6/8": 0, "kept line 7/8": 0,
            **{f"kept reach {n}": 1 for n in range(4)}, **{f"kept band {n}": 1 for n in range(3)},
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "top"),
    [(0.4 + 8 / WIDTH, 0), (0.4 - 8 / WIDTH, 0), (0.4 + 9 / WIDTH, 30), (0.11, 0), (0.99, 0), (0.98, 30)],
)
def test_the_top_is_the_strongest_elsewhere_in_the_searched_range(line: float, top: float) -> None:
    assert kept(joint({0.4: 40.0}), joint({line: 30.0}))["kept top"] == pytest.approx(log(top))

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from joints import joint, peak_at

from verify4k.analysis.native import lattices, model
from verify4k.analysis.native.description import EMPHASIS_FEATURES, FEATURES, Described
from verify4k.analysis.native.trees import Trees

if TYPE_CHECKING:
    from verify4k.analysis.native.peaks import PairedAxes


# -- the networks ----------------------------------------------------------------------------


def random_networks(nets: int, features: int, hidden: int, seed: int) -> model.Networks:
    draw = np.random.default_rng(seed)
    return model.Networks(
        draw.normal(size=features),
        draw.uniform(0.5, 2, features),
        draw.normal(size=(nets, features, hidden)),
        draw.normal(size=(nets, hidden)),
        draw.normal(size=(nets, hidden)),
        draw.normal(size=nets),
    )


def slow_odds(nets: model.Networks, row: list[float]) -> float:
    outputs = []
    for net in range(len(nets.outer)):
        output = nets.outer_bias[net]
        for unit in range(nets.outer.shape[1]):
            total = nets.inner_bias[net, unit]
            for feature, value in enumerate(row):
                known = nets.middle[feature] if np.isnan(value) else value
                scaled = max(-6, min(6, (known - nets.middle[feature]) / nets.spread[feature]))
                total += scaled * nets.inner[net, feature, unit]
            output += max(0.0, total) * nets.outer[net, unit]
        outputs.append(output)
    return float(np.mean(outputs))


@given(
    nets=st.integers(1, 4),
    features=st.integers(1, 6),
    hidden=st.integers(1, 5),
    peaks=st.integers(1, 4),
    seed=st.integers(0, 999),
)
def test_the_odds_are_the_mean_of_rectified_networks_and_the_unknown_counts_as_the_middle(
    nets: int, features: int, hidden: int, peaks: int, seed: int
) -> None:
    made = random_networks(nets, features, hidden, seed)
    rows = np.random.default_rng(seed).normal(0, 2, (peaks, features))
    rows[rows > 2] = np.nan
    found = made.odds(rows)
    assert found.shape == (peaks,)
    assert found.tolist() == pytest.approx([slow_odds(made, row.tolist()) for row in rows])


def test_nothing_counts_more_than_six_spreads() -> None:
    made = replace(random_networks(2, 3, 4, 5), middle=np.ones(3), spread=np.full(3, 2.0))
    far, farther = np.array([[13.0, -11.0, 1.0]]), np.array([[99.0, -1e9, 1.0]])
    assert made.odds(far) == pytest.approx(made.odds(farther))
    assert made.odds(far) != pytest.approx(made.odds(far * 0.9))


# -- what ships ------------------------------------------------------------------------------


def test_what_ships_fits_the_description_of_a_peak() -> None:
    found = model.shipped_model()
    below = set(lattices.ZONES[:-1])
    every = [(found.first, 0)]
    for ensemble, features, zones in (
        (found.second, len(EMPHASIS_FEATURES), below), (found.neural, 0, below), (found.linear_light, len(EMPHASIS_FEATURES), below),
        (found.above, 0, {"above"}),
    ):  # fmt: skip
        assert set(ensemble.thresholds) == zones
        assert np.isfinite([*ensemble.thresholds.values()]).all()
        networks, *grown = ensemble.members
        assert isinstance(networks, model.Networks)
        assert [type(one) for one in grown] == ([] if ensemble is found.above else [Trees])
        every.append((networks, features))
    for nets, features in every:
        count, width, hidden = nets.inner.shape
        assert width == len(FEATURES) + features
        assert nets.middle.shape == nets.spread.shape == (width,)
        assert nets.inner_bias.shape == nets.outer.shape == (count, hidden)
        assert nets.outer_bias.shape == (count,)
        assert (nets.spread > 0).all()
        odds = nets.odds(np.stack([np.zeros(width), np.full(width, np.nan)]))
        assert np.isfinite(odds).all()
    assert np.isfinite([found.gate, found.sure]).all()


def test_the_weights_are_read_once() -> None:
    assert model.shipped_model() is model.shipped_model()


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("FEATURES", FEATURES[:-1]),
        ("FEATURES", (*FEATURES, "more")),
        ("FEATURES", (FEATURES[1], FEATURES[0], *FEATURES[2:])),
        ("EMPHASIS_FEATURES", EMPHASIS_FEATURES[1:]),
        ("EMPHASIS_FEATURES", ("renamed", *EMPHASIS_FEATURES[1:])),
    ],
)
def test_weights_taught_for_other_features_are_refused(
    name: str, others: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, name, others)
    with pytest.raises(ValueError, match="taught other features"):
        model.shipped_model.__wrapped__()


# -- scores ----------------------------------------------------------------------------------

FIRST, ABOVE, NEURAL = 0, 1, 2  # the features that hold what the hand-made networks say
SURE = 20.0
THRESHOLDS = {"low": 1.0, "near": 2.0, "half": 3.0, "grid": 4.0, "above": 5.0}


def reading(feature: int, width: int = len(FEATURES)) -> model.Networks:
    """A network whose odds are one feature as it is."""
    inner = np.zeros((1, width, 2))
    inner[0, feature] = [1, -1]
    return model.Networks(
        np.zeros(width), np.ones(width), inner, np.zeros((1, 2)), np.array([[1.0, -1.0]]), np.zeros(1)
    )


def constant(odds: float) -> Trees:
    """One tree that is one leaf."""
    here = np.zeros(1, np.intp)
    return Trees(odds, here, here, np.zeros(1), np.zeros(1, np.bool_), here, here, np.zeros(1))


@pytest.fixture
def by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """First, above, neural: what the features say. Second: half the log of the emphasised strength.

    For its trees say 0. Light: the same of the strength in the plain curves, and one more.
    """
    second = reading(len(FEATURES), len(FEATURES) + len(EMPHASIS_FEATURES))
    lit = {zone: limit + 1 for zone, limit in THRESHOLDS.items()}
    made = model.Model(
        reading(FIRST), -2.0, SURE, model.Ensemble((second, constant(0.0)), THRESHOLDS),
        model.Ensemble((reading(NEURAL),), THRESHOLDS), model.Ensemble((second, constant(2.0)), lit),
        model.Ensemble((reading(ABOVE),), THRESHOLDS),
    )  # fmt: skip
    monkeypatch.setattr(model, "shipped_model", lambda: made)
    monkeypatch.setattr(model, "FEATURE_LIMIT", 99.0)


class Spectra:
    """Curves with the lines that are given, counting how often the emphasised ones are asked for."""

    def __init__(self, lines: dict[float, float], plain: dict[float, float] | None = None) -> None:
        self.plain, self._lines, self.asked = joint(plain or {0.3: 50.0}), lines, 0
        self.linear_light = self.coarse = joint({})

    @property
    def emphasised(self) -> PairedAxes:
        self.asked += 1
        return joint(self._lines)


def candidate(ratio: float, zone: str, *says: float, strength: float = 50) -> Described:
    features = np.zeros(len(FEATURES))
    features[: len(says)] = says
    return Described(peak_at(ratio, strength), zone, features)


def strength_of(odds: float) -> float:
    """The emphasised strength for which both judges together give these odds."""
    return float(np.expm1(2 * odds))


@pytest.mark.usefixtures("by_hand")
def test_below_the_border_the_first_set_lets_go_and_the_second_judges() -> None:
    held, let_go = candidate(0.3, "low", -1.9, 99), candidate(0.4, "low", -2.0, 99)
    spectra = Spectra({0.3: strength_of(4.0), 0.4: strength_of(6.0)})
    [found] = model.scored_levels([held, let_go], spectra)
    assert found.described is held
    assert found.margin == pytest.approx(4.0 - 1.0, rel=1e-5)
    assert spectra.asked > 0


@pytest.mark.usefixtures("by_hand")
@pytest.mark.parametrize("zone", ["low", "near", "half", "grid"])
def test_each_zone_has_its_own_threshold(zone: str) -> None:
    [found] = model.scored_levels([candidate(0.3, zone, 9)], Spectra({0.3: strength_of(2.5)}))
    assert found.margin == pytest.approx(2.5 - THRESHOLDS[zone], rel=1e-5)


@pytest.mark.usefixtures("by_hand")
def test_above_the_border_one_set_judges_and_nothing_is_measured_again() -> None:
    spectra = Spectra({})
    [found] = model.scored_levels([candidate(0.8, "above", -99, 5.5)], spectra)
    assert found.margin == 0.5
    assert spectra.asked == 0


@pytest.mark.usefixtures("by_hand")
def test_what_the_first_set_lets_go_is_not_measured_again() -> None:
    spectra = Spectra({})
    assert model.scored_levels([candidate(0.3, "low", -2.1), candidate(0.4, "half", -9)], spectra) == []
    assert model.scored_levels([], spectra) == []
    assert spectra.asked == 0


@pytest.mark.usefixtures("by_hand")
def test_what_the_first_set_is_sure_of_is_not_measured_again() -> None:
    spectra = Spectra({0.4: strength_of(9)})
    given_ = [candidate(0.3, "low", 20.5), candidate(0.4, "half", 19), candidate(0.8, "above", 0, 8)]
    found = model.scored_levels(given_, spectra)
    assert [(one.described.peak.ratio, one.margin) for one in found] == [(0.8, 3), (0.3, 0.5)]
    assert spectra.asked == 0
    assert model.scored_levels([candidate(0.3, "low", 20.0)], spectra)[0].margin < 0  # not more than sure
    assert spectra.asked == 1


@pytest.mark.usefixtures("by_hand")
def test_what_a_neural_network_made_is_not_measured_again() -> None:
    spectra = Spectra({0.4: strength_of(9)})
    made, other = candidate(0.3, "half", -99, 0, 3.5), candidate(0.4, "low", 9, 0, 0.9)
    [found] = model.scored_levels([made, other], spectra)
    assert found.described is made
    assert found.margin == 0.5
    assert spectra.asked == 0
    [found] = model.scored_levels([candidate(0.3, "half", -99, 0, 3.0), other], spectra)
    assert found.described is other


@pytest.mark.usefixtures("by_hand")
def test_more_can_be_asked_of_every_set() -> None:
    for one in (
        candidate(0.3, "low", 23), candidate(0.8, "above", 0, 8), candidate(0.4, "low", 9),
        candidate(0.3, "low", -99, 0, 4),
    ):  # fmt: skip
        spectra = Spectra({0.4: strength_of(4)})
        [usual], [strict] = (model.scored_levels([one], spectra, more=more) for more in (0.0, 2.0))
        assert (usual.margin, strict.margin) == pytest.approx((3, 1), rel=1e-5)
    spectra = Spectra({})
    model.scored_levels([candidate(0.3, "low", 21)], spectra, more=2.0)  # not sure enough: looked at again
    assert spectra.asked == 1


@pytest.mark.usefixtures("by_hand")
def test_the_best_comes_first_of_all_zones() -> None:
    spectra = Spectra({0.3: strength_of(1.5), 0.5: strength_of(6.0), 0.4: strength_of(0.5)})
    given_ = [
        candidate(0.3, "low", 0), candidate(0.8, "above", 0, 6), candidate(0.5, "half", 0),
        candidate(0.4, "low", 0),
    ]  # fmt: skip
    found = model.scored_levels(given_, spectra)
    assert [one.described.peak.ratio for one in found] == [0.5, 0.8, 0.3, 0.4]
    assert [one.margin for one in found] == pytest.approx([3, 1, 0.5, -0.5], rel=1e-5)


@pytest.mark.usefixtures("by_hand")
@pytest.mark.parametrize(
    ("ratio", "strength", "fit", "sure"),
    [
        (0.2, 50, True, True), (0.199, 50, False, False), (0.3, 6.0, True, True), (0.3, 5.99, True, False),
        (0.3, 4.5, True, False), (0.3, 4.49, False, False),
    ],
)  # fmt: skip
def test_peaks_that_nothing_was_taught_about_or_that_may_be_chance_are_left_out(
    ratio: float, strength: float, fit: bool, sure: bool
) -> None:
    for zone, kept in (("low", sure), ("above", fit)):
        one = candidate(ratio, zone, 9, 9, strength=strength)
        assert model.is_eligible(zone, one.peak) is kept
        assert len(model.scored_levels([one], Spectra({}))) == kept


def test_any_statistic_makes_a_peak_strong_enough() -> None:
    weak = candidate(0.3, "low", strength=1).peak
    assert not model.is_eligible("above", weak)
    assert model.is_eligible("above", replace(weak, free=5.0))
    assert model.is_eligible("above", replace(weak, cyclic=5.0))


# -- light -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "container", "worth"),
    [
        ({0.4: 4.4}, "png", True), ({0.4: 4.2}, "png", False), ({0.8: 99.0}, "png", False), ({}, "png", False),
        ({0.3: 9.0, 0.8: 99.0}, "png", True), ({0.19: 99.0}, "png", False), ({0.5: 99.0}, "jpeg", True),
        ({0.4375: 9.0}, "webp", True),
    ],
)  # fmt: skip
def test_a_line_below_the_border_in_the_coarse_curves_is_worth_a_whole_look(
    lines: dict[float, float], container: str, worth: bool
) -> None:
    assert model.hints_at_linear_light(joint(lines), container) is worth


@pytest.mark.usefixtures("by_hand")
@pytest.mark.parametrize("zone", ["low", "near", "half", "grid"])
def test_peaks_of_light_are_judged_with_what_is_left_of_them_in_the_levels(zone: str) -> None:
    [found] = model.scored_linear_light([candidate(0.3, zone)], Spectra({}, {0.3: strength_of(2.5)}))
    assert found.margin == pytest.approx(2.5 + 1 - (THRESHOLDS[zone] + 1), rel=1e-5)
    assert found.linear_light
    [found] = model.scored_linear_light(
        [candidate(0.3, zone)], Spectra({}, {0.3: strength_of(2.5)}), more=2.0
    )
    assert found.margin == pytest.approx(0.5 - THRESHOLDS[zone], rel=1e-5)


@pytest.mark.usefixtures("by_hand")
def test_of_light_only_strong_peaks_below_the_border_count() -> None:
    strong, weak = candidate(0.3, "low", strength=6.0), candidate(0.4, "low", strength=5.9)
    above, fine = candidate(0.8, "above"), candidate(0.19, "low")
    spectra = Spectra({})
    assert [one.described for one in model.scored_linear_light([above, weak, strong, fine], spectra)] == [
        strong
    ]
    assert model.scored_linear_light([above], spectra) == []
    assert spectra.asked == 0


# -- the choice ------------------------------------------------------------------------------


def scored(ratio: float, strength: float, margin: float, zone: str) -> model.Scored:
    return model.Scored(Described(peak_at(ratio, strength), zone, np.zeros(len(FEATURES))), margin)


def chosen(*found: model.Scored) -> float | None:
    one = model.decisive(sorted(found, key=lambda s: -s.margin))
    return None if one is None else one.described.peak.ratio


def test_nothing_is_chosen_where_nothing_passes() -> None:
    assert chosen() is None
    assert chosen(scored(0.4, 9, -0.1, "low"), scored(0.8, 9, 0, "above")) is None


def test_the_best_that_passes_is_chosen() -> None:
    unsorted = [scored(0.43, 90, 0.1, "low"), scored(0.37, 9, 0.2, "low")]
    assert model.decisive(unsorted) is unsorted[1]
    assert chosen(scored(0.43, 90, 0.1, "low"), scored(0.37, 9, 0.2, "low")) == 0.37
    assert chosen(scored(0.8, 9, 0.2, "above"), scored(0.9, 90, 0.1, "above")) == 0.8
    assert chosen(scored(0.8, 9, 9, "above"), scored(0.45, 9, 0.1, "low")) == 0.45


@pytest.mark.parametrize(("strong", "expected"), [(90, 0.8), (61, 0.8), (60, 0.45), (30, 0.45)])
def test_a_far_stronger_trace_above_overrules_the_one_below(strong: float, expected: float) -> None:
    assert chosen(scored(0.45, 20, 2, "low"), scored(0.8, strong, 1, "above")) == expected


def test_a_far_stronger_trace_above_that_did_not_pass_overrules_nothing() -> None:
    assert chosen(scored(0.45, 20, 2, "low"), scored(0.8, 900, -1, "above")) == 0.45


@pytest.mark.parametrize(("low", "high"), [(1 / 3, 2 / 3), (0.25, 0.5), (0.4, 0.6)])
def test_the_lower_of_two_aliases_is_meant_unless_it_is_weak(low: float, high: float) -> None:
    top = scored(high, 50, 3, "near")
    assert chosen(top, scored(low, 45, 1, "low")) == low
    assert chosen(top, scored(low, 31, 1, "low")) == low
    assert chosen(top, scored(low, 30, 1, "low")) == high
    assert chosen(top, scored(low, 45, -1, "low")) == high
    assert chosen(top, scored(low + 0.02, 45, 1, "low")) == high
    assert chosen(top, scored(low, 45, 1, "above")) == high


def test_the_cells_of_nearest_neighbour_tell_a_ratio_from_its_mirror_image() -> None:
    def one(ratio: float, zone: str, cells: float, margin: float) -> model.Scored:
        found = scored(ratio, 50, margin, zone)
        found.described.features[FEATURES.index("cells")] = cells
        return found

    assert chosen(one(0.6, "near", 0.5, 2), one(0.4, "low", 0.3, 3)) == 0.6
    assert chosen(one(0.6, "near", 0.3, 3), one(0.4, "low", 0.5, 2)) == 0.4
    assert chosen(one(0.8, "above", 0.5, 1), one(0.2, "low", 0.3, 3)) == 0.8
    assert chosen(one(0.6, "near", 0.1, 3), one(0.4, "low", 0.05, 2)) == 0.4  # too faint: the lower
    assert chosen(one(0.6, "near", 0.9, 3), one(0.41, "low", 0.95, 2)) == 0.6  # no mirror image
    assert chosen(one(0.6, "near", 0.3, 3), one(0.4, "low", 0.5, -2)) == 0.6  # did not pass
    assert chosen(one(0.5, "half", 0.9, 3), one(0.25, "low", 0.3, 2)) == 0.25  # half is its own mirror image


@pytest.mark.parametrize(
    ("off", "alias"), [(0.0025, True), (-0.0025, True), (0.0035, False), (-0.0035, False)]
)
def test_an_alias_stands_where_it_must(off: float, alias: bool) -> None:
    for high, low in ((0.56, 0.28), (0.58, 0.42)):
        top = scored(high + off, 50, 3, "near")
        assert chosen(top, scored(low, 45, 1, "low")) == (low if alias else high + off)


def test_of_a_mirrored_pair_the_lower_stays_where_it_is_the_better() -> None:
    assert chosen(scored(0.4, 50, 3, "low"), scored(0.6, 90, 1, "near")) == 0.4
    assert chosen(scored(0.28, 50, 3, "low"), scored(0.56, 90, 1, "low")) == 0.28

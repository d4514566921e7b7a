from __future__ import annotations

import numpy as np
import pytest

from verify4k.analysis import lattices, learned, model
from verify4k.analysis.peaks import Peak


def scored(ratio: float, strength: float, margin: float, zone: str) -> model.Scored:
    at = round(ratio * 3840)
    peak = Peak(at, round(ratio * 2160), ratio, strength, strength, (strength, strength))
    return model.Scored(lattices.Described(peak, zone, np.zeros(len(lattices.FEATURES))), margin)


def chosen(*found: model.Scored) -> float | None:
    one = model.chosen(sorted(found, key=lambda s: -s.margin))
    return None if one is None else one.described.peak.ratio


def test_nothing_is_chosen_where_nothing_passes() -> None:
    assert chosen() is None
    assert chosen(scored(0.4, 9, -0.1, "low"), scored(0.8, 9, -0.1, "above")) is None


@pytest.mark.parametrize(("strong", "expected"), [(90, 0.8), (30, 0.45)])
def test_a_far_stronger_trace_above_overrules_the_one_below(strong: float, expected: float) -> None:
    assert chosen(scored(0.45, 20, 2, "low"), scored(0.8, strong, 1, "above")) == expected


@pytest.mark.parametrize(("low", "high"), [(1 / 3, 2 / 3), (0.25, 0.5), (0.4, 0.6)])
def test_the_lower_of_two_aliases_is_meant_unless_it_is_weak(low: float, high: float) -> None:
    top = scored(high, 50, 3, "near")
    assert chosen(top, scored(low, 45, 1, "low")) == low
    assert chosen(top, scored(low, 20, 1, "low")) == high
    assert chosen(top, scored(low + 0.02, 45, 1, "low")) == high


def test_every_zone_has_a_weight_for_each_feature_and_a_threshold() -> None:
    assert set(learned.WEIGHTS) == set(learned.THRESHOLDS) == set(lattices.ZONES)
    assert {len(row) for row in learned.WEIGHTS.values()} == {len(lattices.FEATURES)}


def test_only_a_lone_peak_off_the_codec_grid_is_worth_more() -> None:
    features = np.zeros(len(lattices.FEATURES))
    features[lattices.FEATURES.index("alone")] = 1
    peak = scored(0.4, 90, 0, "low").described.peak
    assert model.lone(lattices.Described(peak, "low", features)) > 0
    assert model.lone(lattices.Described(peak, "half", features)) == 0


def test_candidates_that_nothing_was_learned_about_are_left_out() -> None:
    weak, tiny = scored(0.4, 4.9, 0, "low").described, scored(0.19, 50, 0, "low").described
    assert model.scored([weak, tiny]) == []

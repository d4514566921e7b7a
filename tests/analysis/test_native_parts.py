"""The parts of native resolution: curves, lattices, and how a ratio makes the verdict."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joints import joint, peak_at, texture
from PIL import Image
from scenes import enlarged

from verify4k.analysis import planes
from verify4k.analysis.native import analyse as native
from verify4k.analysis.native import description, model, peaks, spectra, trees
from verify4k.analysis.native.analyse import analyse
from verify4k.analysis.native.checkerboard import MAPS, PITCH_LINES, Traces
from verify4k.analysis.native.levels import Squares
from verify4k.analysis.native.repeated import repeated_verdict
from verify4k.analysis.native.repetition import repetition
from verify4k.analysis.native.verdict import Native

if TYPE_CHECKING:
    from verify4k.analysis.native.peaks import PairedAxes


class Curves:
    """Curves made by hand; asking for those that are not given fails."""

    def __init__(
        self,
        plain: PairedAxes | None = None,
        *,
        coarse: PairedAxes | None = None,
        linear_light: PairedAxes | None = None,
    ) -> None:
        self._plain, self._coarse, self._linear_light = plain, coarse, linear_light

    changes = inverse = inverse_light = windows = undashed_traces = None

    @property
    def plain(self) -> PairedAxes:
        assert self._plain is not None, "measured without need"
        return self._plain

    @property
    def emphasised(self) -> PairedAxes:
        return self.plain

    @property
    def coarse(self) -> PairedAxes:
        assert self._coarse is not None, "measured without need"
        return self._coarse

    @property
    def linear_light(self) -> PairedAxes:
        assert self._linear_light is not None, "measured without need"
        return self._linear_light

    @property
    def squares(self) -> Squares:
        return Squares(np.zeros((1, 1), np.uint8))

    @property
    def traces(self) -> Traces:
        return Traces(*(np.zeros((MAPS, len(PITCH_LINES)), complex) for _ in "xy"))


def test_the_spectra_are_those_of_both_planes_and_measured_once() -> None:
    pixels = np.random.default_rng(4).integers(0, 256, (340, 420, 3), np.uint8)
    found, both = native.Measured(pixels), planes.averaged(pixels)
    assert found.plain is found.plain
    assert found.emphasised is found.emphasised
    x, y = (spectra.plane_curves(plane) for plane in (both.x, both.y))
    assert (found.plain.x.aligned == peaks.normalised_axis(x).aligned).all()
    assert (found.plain.y.free == peaks.normalised_axis(y).free).all()
    assert (found.plain.x.curves.level == x.level).all()
    assert found.plain.x.aligned.size == found.emphasised.x.aligned.size == 420
    assert found.plain.y.aligned.size == found.emphasised.y.aligned.size == 340
    assert not np.allclose(found.plain.x.aligned, found.emphasised.x.aligned)
    assert found.linear_light is found.linear_light
    assert found.coarse is found.coarse
    x, y = (spectra.plane_curves(planes.linear_light(plane)) for plane in (both.x, both.y))
    assert (found.linear_light.x.aligned == peaks.normalised_axis(x).aligned).all()
    assert (found.linear_light.y.free == peaks.normalised_axis(y).free).all()
    quick = spectra.coarse_curves(planes.linear_light(planes.row_pairs(both.y)))
    assert (found.coarse.y.curves.aligned == quick.aligned).all()


@pytest.mark.parametrize("picture", ["repeated", "flat"])
def test_no_spectra_are_measured_where_the_lines_decide(picture: str) -> None:
    pixels = (
        np.asarray(enlarged(0.5, Image.Resampling.NEAREST))
        if picture == "repeated"
        else np.full((900, 1600), 90, np.uint8)
    )
    rows, columns = planes.samples(pixels)
    found = native.verdict_on(rows, columns, Curves(), "png", (1600, 900))
    assert found.method == {"repeated": "repeated rows", "flat": "no detail"}[picture]


@pytest.mark.parametrize("axis", [0, 1])
def test_detail_along_one_axis_only_is_too_little(axis: int) -> None:
    lines = np.random.default_rng(1).integers(0, 256, 900).astype(np.uint8)
    pixels = np.tile(lines, (900, 1)) if axis else np.tile(lines[:, None], (1, 900))
    assert analyse(pixels, format="png").method == "no detail"


def lattice_of(ratio: float, contrast: float = 0, calm: int = 0) -> planes.Lines:
    """Lines of noise that repeat their samples, of which ``calm`` hardly differ from the one before."""
    draw = np.random.default_rng(7)
    source = draw.integers(0, 256, (64, round(1200 * ratio))).astype(np.float32)
    few = np.arange(1, calm + 1) * 40
    source[:, few] = source[:, few - 1] + 0.1 * (source[:, few] - source[:, few - 1])
    place = np.floor((np.arange(1200) + 0.5) * ratio).astype(int)
    found: planes.Lines = source[:, np.minimum(place, source.shape[1] - 1)]
    return found + draw.normal(0, contrast, found.shape).astype(np.float32)


def test_repeated_lines_must_repeat_alike_on_both_axes() -> None:
    found = repeated_verdict(lattice_of(0.5), lattice_of(0.505), 2400, 1200)
    assert found is not None
    assert found.ratio == pytest.approx(0.5025, abs=0.003)
    assert list(found.size or ()) == pytest.approx([1200, 606], abs=4)
    assert found.strength == (40, 40)  # exact
    assert "repeated, as nearest-neighbour" in found.sentence
    assert repeated_verdict(lattice_of(0.5), lattice_of(0.52), 2400, 1200) is None
    assert repeated_verdict(lattice_of(0.5), lattice_of(1.0), 2400, 1200) is None
    assert repeated_verdict(lattice_of(1.0), lattice_of(0.5), 2400, 1200) is None


def test_unclean_repetition_is_told_by_its_strength() -> None:
    clean, unclean = (
        repeated_verdict(lattice_of(0.5, noise), lattice_of(0.5, noise), 1200, 1200) for noise in (0, 3)
    )
    assert clean is not None
    assert unclean is not None
    assert 5 < unclean.strength[0] < clean.strength[0]


@pytest.mark.parametrize(("ratio", "verdict"), [(0.70, "upscaled"), (0.71, "suspect"), (0.96, "suspect")])
def test_repetition_is_judged_by_its_ratio(ratio: float, verdict: str) -> None:
    found = repeated_verdict(lattice_of(ratio), lattice_of(ratio), 1200, 1200)
    assert found is not None
    assert found.verdict == verdict


def test_a_line_repeated_now_and_then_is_no_enlargement() -> None:
    lines = lattice_of(0.975, calm=21)
    found = repetition(lines)
    assert found is not None
    assert found.ratio == pytest.approx(0.975)
    assert repeated_verdict(lines, lines, 1200, 1200) is None


def lenient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Networks that pass every peak."""
    few, many = len(description.FEATURES), len(description.FEATURES) + len(description.EMPHASIS_FEATURES)
    one = np.zeros(1, np.intp)
    leaf = trees.Trees(1.0, one, one, np.zeros(1), np.zeros(1, np.bool_), one, one, np.zeros(1))
    first, second = (
        model.Networks(
            np.zeros(width), np.ones(width), np.zeros((1, width, 1)), np.zeros((1, 1)), np.zeros((1, 1)), np.ones(1)
        )
        for width in (few, many)
    )  # fmt: skip
    limits = dict.fromkeys(("low", "near", "half", "grid", "above"), 0.0)
    ensemble, never = model.Ensemble((second, leaf), limits), dict.fromkeys(limits, 99.0)
    made = model.Model(
        first,
        0.0,
        99.0,
        ensemble,
        model.Ensemble((first,), never),
        ensemble,
        model.Ensemble((first,), limits),
    )
    monkeypatch.setattr(model, "shipped_model", lambda: made)


def judged(ratio: float, aligned: float = 50, free: float = 20) -> Native:
    """The verdict on a line of a 7680x4320 picture, measured at half of its size."""
    curves = Curves(joint({ratio: aligned}, {ratio: free}), coarse=joint({}))
    return native.spectral_verdict(curves, "png", texture(), 7680, 4320)


@pytest.mark.parametrize(
    ("ratio", "verdict"),
    [(0.3, "upscaled"), (0.705, "upscaled"), (0.71, "suspect"), (0.9697, "suspect"), (0.971, "no-trace")],
)
def test_the_ratio_makes_the_verdict(ratio: float, verdict: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lenient(monkeypatch)
    found = judged(ratio)
    assert found.verdict == verdict
    assert ("or an older and larger JPEG was reduced" in found.sentence) is (verdict == "suspect")
    if verdict == "no-trace":
        assert found == Native("no-trace", None, None, (0.0, 0.0), "none", "no sign of enlargement")
        return
    assert found.ratio == pytest.approx(ratio, abs=0.0004)
    assert found.size == (2 * round(ratio * 3840), 2 * (round(ratio * 3840) * 2160 // 3840))
    assert found.strength == (50, 50)


@pytest.mark.parametrize(("ratio", "pitch"), [(0.5, "half-size"), (0.49, "smaller"), (0.51, "smaller")])
def test_half_is_half(ratio: float, pitch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lenient(monkeypatch)
    assert f"the pixels repeat a {pitch} lattice" in judged(ratio).sentence


@pytest.mark.parametrize("off", [-1, 0, 1])
def test_a_bin_beside_one_half_is_one_half(off: int, monkeypatch: pytest.MonkeyPatch) -> None:
    lenient(monkeypatch)
    found = judged(0.5 + off / 3840)
    assert (found.size, found.ratio) == ((3840, 2160), 0.5)


@pytest.mark.parametrize(
    ("aligned", "free", "method"), [(50, 99, "aligned"), (50, 100, "free"), (50, 150, "free")]
)
def test_the_method_is_the_curve_that_shows_it(
    aligned: float, free: float, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lenient(monkeypatch)
    assert judged(0.4, aligned, free).method == f"{method} lattice"


@pytest.mark.parametrize(
    ("aligned", "method", "basis"),
    [(5.9, "cyclic autocorrelation", "cyclic"), (6.0, "aligned lattice", "levels")],
)
def test_what_only_neighbours_betray_is_told_so(aligned: float, method: str, basis: str) -> None:
    one = description.Described(replace(peak_at(0.5, aligned), cyclic=50), "half", np.zeros(1))
    found = native._basis_of(model.Scored(one, 1.0), "half-size")
    assert found[::2] == (method, basis)
    assert ("neighbouring pixels repeats with a half-size lattice" in found[1]) is (aligned < 6)


def test_what_only_neighbours_betray_is_as_strong_as_they_show(monkeypatch: pytest.MonkeyPatch) -> None:
    peak = replace(peak_at(0.4, 5.0), cyclic=50, cyclic_axes=(40.0, 30.0))
    one = model.Scored(description.Described(peak, "low", np.zeros(len(description.FEATURES))), 1.0)
    monkeypatch.setattr(native, "_scored_peaks", lambda *_: [one])
    found = native.spectral_verdict(Curves(joint({})), "png", texture(), 3840, 2160)
    assert (found.verdict, found.size, found.strength) == ("upscaled", (1536, 864), (40, 30))


def test_nothing_to_judge_is_no_trace() -> None:
    nothing = Curves(joint({}), coarse=joint({}))
    assert native.spectral_verdict(nothing, "png", texture(), 3840, 2160).verdict == "no-trace"


def test_light_is_looked_at_where_the_levels_show_nothing_small(monkeypatch: pytest.MonkeyPatch) -> None:
    lenient(monkeypatch)
    light = {"coarse": joint({0.4: 5.0}), "linear_light": joint({0.4: 50.0, 0.3: 20.0})}
    for plain in (joint({}), joint({0.8: 9.0})):  # what lies above 0.70 leaves open what lies below
        found = native.spectral_verdict(Curves(plain, **light), "png", texture(), 3840, 2160)
        assert (found.verdict, found.size, found.strength) == ("upscaled", (1536, 864), (50, 50))
        assert found.method == "aligned lattice in linear light"
        assert found.sentence.endswith("the pixels repeat a smaller lattice on both axes, in linear light")
    strong = native.spectral_verdict(Curves(joint({0.8: 151.0}), **light), "png", texture(), 3840, 2160)
    assert (strong.verdict, strong.method) == ("suspect", "aligned lattice")


def test_where_the_levels_show_it_or_no_coarse_line_hints_at_it_linear_light_is_not_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lenient(monkeypatch)
    found = native.spectral_verdict(Curves(joint({0.4: 9.0})), "png", texture(), 3840, 2160)
    assert (found.verdict, found.method) == ("upscaled", "aligned lattice")
    for coarse in (joint({}), joint({0.4: 4.0}), joint({0.8: 99.0})):
        seen = Curves(joint({}), coarse=coarse)
        assert native.spectral_verdict(seen, "png", texture(), 3840, 2160).verdict == "no-trace"


def test_a_smooth_picture_must_convince_in_light_too(monkeypatch: pytest.MonkeyPatch) -> None:
    lenient(monkeypatch)  # log odds of 1
    seen = Curves(joint({}), coarse=joint({0.4: 5.0}), linear_light=joint({0.4: 50.0}))
    verdicts = [
        native.spectral_verdict(seen, "png", texture(step), 3840, 2160).verdict for step in (0.15, 0.13)
    ]
    assert verdicts == ["upscaled", "no-trace"]


def crisp_and_soft() -> tuple[planes.Lines, planes.Lines]:
    """Lines of steps that stand anywhere, and lines without any."""
    draw = np.random.default_rng(1)
    crisp = np.repeat(draw.integers(0, 2, (128, 400)) * 200, draw.integers(7, 13, 400), axis=1)
    soft = np.cumsum(draw.normal(0, 1, (128, 4000)), axis=1)
    return crisp.astype(np.float32), soft.astype(np.float32)


def test_crisp_edges_make_a_lattice_one_of_a_part(monkeypatch: pytest.MonkeyPatch) -> None:
    lenient(monkeypatch)
    crisp, soft = crisp_and_soft()
    measured, size = Curves(joint({0.4: 50.0})), (3840, 2160)
    whole = native.verdict_on(soft, soft, measured, "png", size)
    assert whole.verdict == "upscaled"
    assert whole.sentence.startswith("looks enlarged from 1536x864 (x2.5); ")
    for rows, columns in ((crisp, soft), (soft, crisp)):
        part = native.verdict_on(rows, columns, measured, "png", size)
        assert (part.verdict, part.size, part.method) == ("suspect", whole.size, whole.method)
        assert part.sentence.startswith("holds a part that looks enlarged from 1536x864")
        assert part.sentence.endswith("; crisp edges elsewhere are not enlarged")


def test_crisp_edges_without_a_lattice_are_nothing() -> None:
    crisp, _ = crisp_and_soft()
    nothing = Curves(joint({}), coarse=joint({}))
    found = native.verdict_on(crisp, crisp, nothing, "png", (4000, 4000))
    assert (found.verdict, found.sentence) == ("no-trace", "no sign of enlargement")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    height=st.integers(1, 420),
    width=st.integers(1, 420),
    channels=st.integers(0, 4),
    deep=st.booleans(),
    fill=st.sampled_from(["noise", "flat", "step", "bits"]),
    seed=st.integers(0, 99),
)
def test_nothing_small_or_odd_makes_it_fail(
    height: int, width: int, channels: int, deep: bool, fill: str, seed: int
) -> None:
    draw = np.random.default_rng(seed)
    shape = (height, width, channels) if channels else (height, width)
    levels = {
        "noise": draw.integers(0, 256, shape),
        "flat": np.full(shape, 127),
        "step": np.where(np.arange(height * width * max(1, channels)) % width > width // 2, 255, 0).reshape(
            shape
        ),
        "bits": draw.integers(0, 2, shape) * 255,
    }[fill]
    pixels = (levels * 257).astype(np.uint16) if deep else levels.astype(np.uint8)
    assert analyse(pixels, format="png").verdict in {"upscaled", "suspect", "no-trace", "cannot-tell"}

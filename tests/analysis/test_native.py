from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joints import joint, peak_at, texture
from PIL import Image
from scenes import coded, enlarged, scene
from scenes import texture as uneven

from verify4k.analysis import planes
from verify4k.analysis.native import analyse as native
from verify4k.analysis.native import description, model, peaks, spectra, trees
from verify4k.analysis.native.analyse import analyse
from verify4k.analysis.native.checkerboard import MAPS, PITCH_LINES, Traces
from verify4k.analysis.native.repeated import repeated_verdict
from verify4k.analysis.native.repetition import repetition
from verify4k.analysis.native.verdict import Native

if TYPE_CHECKING:
    from verify4k.analysis.native.peaks import PairedAxes

LANCZOS, BICUBIC = Image.Resampling.LANCZOS, Image.Resampling.BICUBIC
BILINEAR, NEAREST = Image.Resampling.BILINEAR, Image.Resampling.NEAREST


@pytest.mark.parametrize(
    ("codec", "quality"),
    [("png", 0), ("jpeg", 95), ("jpeg", 90), ("jpeg", 85), ("jpeg", 75), ("webp", 80), ("avif", 55)],
)
@pytest.mark.parametrize("size", [(1600, 900), (720, 1280)])
def test_a_true_picture_shows_no_sign_of_enlargement_in_any_codec(
    size: tuple[int, int], codec: str, quality: int
) -> None:
    found = analyse(coded(scene(*size), codec, quality), format=codec)
    assert (found.verdict, found.size, found.ratio) == ("no-trace", None, None)
    assert found.sentence == "no sign of enlargement"


@pytest.mark.parametrize("quality", [60, 75, 90])
@pytest.mark.parametrize("ratio", [0.62, 0.75, 0.9])
def test_the_grid_of_an_older_jpeg_is_no_error_after_a_reduction(quality: int, ratio: float) -> None:
    older = Image.fromarray(coded(scene(1920, 1080, 3), "jpeg", quality))
    reduced = older.resize((round(1920 * ratio), round(1080 * ratio)), LANCZOS)
    assert analyse(np.asarray(reduced), format="png").verdict != "upscaled"


@pytest.mark.parametrize(
    ("ratio", "kernel", "codec", "quality"),
    [
        (1 / 3, BICUBIC, "png", 0),
        (0.4, LANCZOS, "jpeg", 75),
        (0.5, BICUBIC, "png", 0),
        (0.5, BILINEAR, "jpeg", 90),
        (0.5, LANCZOS, "jpeg", 95),
        (0.53, BILINEAR, "webp", 80),
        (0.53, LANCZOS, "avif", 60),
        (0.6, BICUBIC, "jpeg", 90),
        (2 / 3, LANCZOS, "png", 0),
        (2 / 3, BICUBIC, "jpeg", 90),
    ],
)
def test_an_enlargement_is_found_with_its_size(
    ratio: float, kernel: Image.Resampling, codec: str, quality: int
) -> None:
    found = analyse(coded(enlarged(ratio, kernel), codec, quality), format=codec)
    assert found.verdict == "upscaled"
    assert found.ratio == pytest.approx(ratio, rel=0.01)
    assert found.size is not None
    assert found.size[0] == pytest.approx(1600 * ratio, rel=0.01)
    assert min(found.strength) > 5
    assert f"looks enlarged from {found.size[0]}x{found.size[1]}" in found.sentence


def test_exactly_half_is_named_so() -> None:
    assert "half-size lattice" in analyse(np.asarray(enlarged(0.5)), format="png").sentence


def test_a_little_enlargement_is_only_suspect() -> None:
    found = analyse(np.asarray(enlarged(0.8)), format="png")
    assert found.verdict == "suspect"
    assert "older and larger JPEG" in found.sentence


def test_what_was_enlarged_in_linear_light_is_found_there_and_its_like_is_not() -> None:
    def dark(width: int, height: int, by: float = 2.5) -> Image.Image:
        """Light between specks and near black, where light and its code differ most."""
        return Image.fromarray(np.clip(np.exp(uneven(width, height, 1) - by), 0, 1))

    def stored(light: Image.Image) -> Image.Image:
        code = np.clip(np.asarray(light), 0, 1) ** (1 / 2.2) * 255
        return Image.fromarray(code.round().astype(np.uint8)).convert("RGB")

    small = Image.fromarray(np.asarray(dark(1000, 562)) ** 2.2)
    found = analyse(coded(stored(small.resize((1600, 900), LANCZOS)), "avif", 55), format="avif")
    assert (found.verdict, found.size) == ("upscaled", (1000, 562))
    assert found.method == "aligned lattice in linear light"
    less = Image.fromarray(np.asarray(dark(640, 360, 1.5)) ** 2.2)  # less bent: the levels show it too
    found = analyse(coded(stored(less.resize((1600, 900), LANCZOS)), "avif", 55), format="avif")
    assert (found.verdict, found.size) == ("upscaled", (640, 360))
    for by in (1.5, 2.5):
        true = stored(Image.fromarray(np.asarray(dark(1600, 900, by)) ** 2.2))
        assert analyse(coded(true, "avif", 55), format="avif").verdict == "no-trace"


def test_a_window_cut_out_of_an_enlargement_is_found_by_the_free_lattice() -> None:
    window = np.asarray(enlarged(0.55, BICUBIC, (1700, 1000)))[37:937, 53:1653]
    found = analyse(window, format="png")
    assert (found.verdict, found.method) == ("upscaled", "free lattice")
    assert found.ratio == pytest.approx(0.55, rel=0.01)


@pytest.mark.parametrize("ratio", [0.25, 1 / 3, 0.5, 0.6])
def test_repeated_rows_give_the_size_of_a_nearest_enlargement(ratio: float) -> None:
    found = analyse(np.asarray(enlarged(ratio, NEAREST)), format="png")
    assert (found.verdict, found.method) == ("upscaled", "exact copies")
    assert found.ratio == pytest.approx(ratio, rel=0.01)


def test_a_few_repeated_rows_are_suspect_and_hardly_any_are_nothing() -> None:
    assert analyse(np.asarray(enlarged(0.85, NEAREST)), format="png").verdict == "suspect"


def test_lines_repeated_on_one_axis_only_do_not_count() -> None:
    stretched = scene(800, 900).resize((1600, 900), NEAREST)
    assert analyse(np.asarray(stretched), format="png").method != "repeated rows"


@pytest.mark.parametrize("mode", ["L", "LA", "RGBA"])
def test_grey_and_alpha_change_nothing(mode: str) -> None:
    assert analyse(np.asarray(enlarged(0.5).convert(mode)), format="png").verdict == "upscaled"
    assert analyse(np.asarray(scene().convert(mode)), format="png").verdict == "no-trace"


def test_sixteen_bits_are_judged_like_eight() -> None:
    deep = np.asarray(enlarged(0.5)).astype(np.uint16) * 257
    assert analyse(deep, format="png") == analyse(np.asarray(enlarged(0.5)), format="png")


@pytest.mark.parametrize("shape", [(1, 1), (8, 1), (1, 4000), (319, 4000, 3), (2, 2, 4)])
def test_too_small_is_said_and_not_guessed(shape: tuple[int, ...]) -> None:
    found = analyse(np.zeros(shape, np.uint8), format="png")
    assert (found.verdict, found.method, found.size) == ("cannot-tell", "too small", None)


@pytest.mark.parametrize("level", [0, 128, 255])
def test_one_colour_cannot_be_judged(level: int) -> None:
    found = analyse(np.full((900, 1600, 3), level, np.uint8), format="jpeg")
    assert (found.verdict, found.method) == ("cannot-tell", "no detail")


def test_a_very_soft_picture_cannot_be_judged() -> None:
    soft = scene(100, 60).resize((1600, 900), BICUBIC).reduce(4).resize((1600, 900), BICUBIC)
    faint = Image.blend(Image.new("RGB", (1600, 900), "grey"), soft, 0.02)
    assert analyse(np.asarray(faint), format="png").verdict == "cannot-tell"


def test_the_faint_blocks_of_a_coded_gradient_are_no_repetition() -> None:
    ramp = np.linspace(60, 150, 1600)[None, :] + np.linspace(0, 60, 900)[:, None]
    image = Image.fromarray(ramp.astype(np.uint8)).convert("RGB")
    assert analyse(coded(image, "jpeg", 60), format="jpeg").verdict != "upscaled"


# -- the parts of it -------------------------------------------------------------------------


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

    changes = inverse = None

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
        np.asarray(enlarged(0.5, NEAREST)) if picture == "repeated" else np.full((900, 1600), 90, np.uint8)
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

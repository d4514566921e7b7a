"""Networks told by their fingerprint: the arithmetic, what ships, and pictures that networks made."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from joints import joint
from PIL import Image
from scenes import coded, enlarged, scene

from verify4k.analysis.native import analyse as native
from verify4k.analysis.native import checkerboard
from verify4k.analysis.native.analyse import analyse
from verify4k.analysis.native.checkerboard import MAPS, PITCH_LINES, Traces
from verify4k.analysis.native.enlargers import (
    FADING,
    Classifier,
    fade,
    identified,
    likeness,
    shipped_classifiers,
    trace_directions,
    trace_features,
)
from verify4k.analysis.native.evidence import evidence
from verify4k.analysis.native.fingerprint import network_verdict

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from verify4k.analysis.native.checkerboard import Counts
    from verify4k.analysis.native.peaks import PairedAxes
    from verify4k.analysis.planes import Pixels

KNOWN = {
    ("Real-ESRGAN's realesr-animevideov3", 2), ("Real-ESRGAN's realesr-animevideov3", 4),
    ("Real-ESRGAN's x4plus", 4), ("Real-ESRGAN's x4plus-anime", 4), ("Real-CUGAN", 2),
    ("waifu2x (upconv_7, photo)", 2),
}  # fmt: skip
DATA = Path(__file__).parents[1] / "data" / "networks"


def drawn(seed: int, strong: float = 1.0) -> Traces:
    draw = np.random.default_rng(seed)
    parts = draw.normal(0, strong, (2, 2, MAPS, len(PITCH_LINES)))
    x, y = parts[0] + 1j * parts[1]
    return Traces(x, y)


def only(line: float, strong: float) -> Traces:
    """Noise, and something at one line."""
    noise, loud = drawn(1), drawn(2, strong)
    for here, there in zip(noise, loud, strict=True):
        here[:, PITCH_LINES.index(line)] = there[:, PITCH_LINES.index(line)]
    return noise


def a_classifier(seed: int, networks: int = 2, hidden: int = 3) -> Classifier:
    draw = np.random.default_rng(seed)
    features = trace_features(drawn(0)).size + 4 * networks
    return Classifier(
        tuple(f"n{n}" for n in range(networks)), (2,) * networks,
        draw.normal(size=(networks, 2 * MAPS)), draw.normal(size=(networks, 4 * MAPS)),
        draw.normal(size=features), draw.uniform(0.5, 2, features),
        draw.normal(size=(features, networks)), draw.normal(size=networks),
        draw.normal(size=(2, features, hidden)), draw.normal(size=(2, hidden)),
        draw.normal(size=(2, hidden, networks)), draw.normal(size=(2, networks)), np.zeros(networks),
    )  # fmt: skip


# -- the arithmetic --------------------------------------------------------------------------


@given(seed=st.integers(0, 99))
def test_the_odds_are_the_mean_of_the_linear_judge_and_of_the_others(seed: int) -> None:
    classifier, traces = a_classifier(seed), drawn(seed)
    x = np.hstack([trace_features(traces), likeness(traces, classifier.half, classifier.quarter)])
    x = np.clip((x - classifier.middle) / classifier.spread, -6, 6)
    for number, odds in enumerate(classifier.odds(traces)):
        line = sum(x * classifier.linear[:, number]) + classifier.linear_bias[number]
        nets = []
        for judge in range(2):
            columns = zip(classifier.inner[judge].T, classifier.inner_bias[judge], strict=True)
            hidden = np.array([max(0.0, sum(x * weights) + bias) for weights, bias in columns])
            nets.append(
                sum(hidden * classifier.outer[judge, :, number]) + classifier.outer_bias[judge, number]
            )
        assert odds == pytest.approx((line + sum(nets) / 2) / 2)


def test_a_line_is_described_by_its_strength_and_its_direction() -> None:
    weak, strong, stronger = only(0.25, 1), only(0.25, 20), only(0.25, 40)
    changed = np.flatnonzero(~np.isclose(trace_features(strong), trace_features(stronger)))
    level = (
        trace_features(stronger)[PITCH_LINES.index(0.25)] - trace_features(strong)[PITCH_LINES.index(0.25)]
    )
    assert level == pytest.approx(np.log(2))
    assert set(changed) >= {PITCH_LINES.index(0.25), len(PITCH_LINES) + PITCH_LINES.index(0.25)}
    for one, other in ((strong, stronger), (weak, strong)):
        assert trace_directions(one)[1] @ trace_directions(other)[1] == pytest.approx(1)
        assert np.linalg.norm(trace_directions(one)[0]) == pytest.approx(1)
    assert np.isfinite(
        trace_features(Traces(*(np.zeros((MAPS, len(PITCH_LINES)), complex) for _ in "xy")))
    ).all()


def test_the_direction_of_noise_counts_for_nothing() -> None:
    assert fade(0.3) == fade(1.0) == 0
    assert 0 < fade(1.5) < fade(3) < fade(30) < 1
    assert fade(np.exp(FADING)) == pytest.approx(np.tanh(1))


def test_a_fingerprint_is_like_itself_and_unlike_its_opposite() -> None:
    traces = drawn(3, 9)
    half, quarter = trace_directions(traces)
    found = likeness(traces, np.array([half, -half]), np.array([quarter, -quarter]))
    same, strength = found[[0, 4]], found[[2, 6]]
    assert same == pytest.approx(1)
    assert found[[1, 5]] == pytest.approx(-1)
    for at, said in zip((0.5, 0.25), strength, strict=True):
        power = sum(np.square(np.abs(axis[:, PITCH_LINES.index(at)])).sum() for axis in traces)
        assert np.sinh(said) == pytest.approx(np.sqrt(power))


# -- what ships ------------------------------------------------------------------------------


def test_the_panels_fit_what_they_are_shown() -> None:
    assert set(shipped_classifiers()) == {"jpeg", "other"}
    for classifier in shipped_classifiers().values():
        assert set(zip(classifier.names, classifier.scales, strict=True)) == KNOWN
        assert set(classifier.scales) == {2, 4}
        assert classifier.odds(drawn(0)).shape == classifier.thresholds.shape == (len(classifier.names),)
        assert (classifier.thresholds > 0).all()
        for prints in (classifier.half, classifier.quarter):
            assert np.linalg.norm(prints, axis=1) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("container", ["png", "jpeg", "webp"])
def test_what_no_network_made_is_nobodys(container: str) -> None:
    for pixels in (coded(scene(), container, 90), coded(enlarged(0.8), container, 90)):
        assert identified(checkerboard.traces(pixels), container) is None


# -- pictures that networks made -------------------------------------------------------------


def opened(name: str) -> NDArray[np.uint8]:
    return np.asarray(Image.open(DATA / name).convert("RGB"))


def test_a_picture_that_a_network_enlarged_is_found_with_its_size() -> None:
    """Drawn, and enlarged by Real-ESRGAN's animevideov3."""
    found = analyse(opened("x2.webp"), format="webp")
    assert (found.verdict, found.size, found.ratio) == ("upscaled", (599, 376), 0.5)
    assert (found.method, found.basis) == ("network fingerprint", "signs")
    assert min(found.strength) > 3
    assert found.sentence == (
        "looks enlarged from 599x376 (x2); the signs of its steps repeat the checkerboard that "
        "a network that enlarges leaves"
    )


class Mirrored(native.Measured):
    """A picture whose spectrum mirrors at a ratio as well."""

    ratio = 0.5

    @property
    def plain(self) -> PairedAxes:
        return joint({self.ratio: 9.0})


@pytest.mark.parametrize(
    ("container", "ratio", "named"), [("png", 0.5, True), ("png", 0.4, False), ("webp", 0.5, False)]
)
def test_a_network_is_named_only_with_a_second_proof(container: str, ratio: float, named: bool) -> None:
    seen = Mirrored(opened("x2.webp"))
    seen.ratio = ratio
    found = network_verdict(seen, container, 1198, 752, more=0.0)
    assert found is not None
    assert ("Real-ESRGAN" in found.sentence) is named


def test_the_report_draws_what_was_counted_for_the_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    pixels, middle, asked = opened("x2.webp"), checkerboard.central_counts, list[object]()

    def counted(pixels: Pixels) -> Counts:
        asked.append(pixels)
        return middle(pixels)

    monkeypatch.setattr(checkerboard, "central_counts", counted)
    measured = native.Measured(pixels)
    found = analyse(pixels, format="webp", measured=measured)
    drawn = evidence(pixels, found, measured)
    assert drawn.peak == 0.5
    assert max(drawn.x) > 10
    assert len(asked) == 1


def test_of_a_jpeg_the_judges_of_other_files_are_asked_as_well() -> None:
    traces = checkerboard.traces(opened("x2.webp"))
    assert identified(traces, "jpeg") == identified(traces, "png") is not None
    coarse = identified(checkerboard.traces(opened("x4.jpg")), "jpeg")
    assert coarse is not None
    assert (coarse.name, coarse.scale) == ("Real-ESRGAN's realesr-animevideov3", 4)
    assert identified(checkerboard.traces(opened("x4.jpg")), "png") is None


def test_brightness_leaves_a_fingerprint_and_a_reduction_takes_it() -> None:
    pixels = opened("x2.webp")
    brighter = np.minimum(pixels, 230) + np.uint8(20)
    assert analyse(brighter, format="png").method == "network fingerprint"
    smaller = Image.fromarray(pixels).resize((1100, 680), Image.Resampling.LANCZOS)
    assert identified(checkerboard.traces(np.asarray(smaller)), "png") is None


def test_smaller_pictures_than_were_taught_are_not_asked() -> None:
    assert analyse(opened("x2.webp")[:700], format="webp").method != "network fingerprint"


@pytest.mark.parametrize(("flat", "said"), [(0.14, "network fingerprint"), (99.0, "no detail")])
def test_a_picture_with_hardly_any_detail_must_show_more(
    monkeypatch: pytest.MonkeyPatch, flat: float, said: str
) -> None:
    monkeypatch.setattr(native, "_FLAT", flat)
    monkeypatch.setattr(native, "_CALM_MARGIN", 9.0)
    assert analyse(opened("x2.webp"), format="webp").method == said

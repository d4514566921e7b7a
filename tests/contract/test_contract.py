"""Sizes that may be requested, and everything that is wrong with the others."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

from verify4k.contract.data import MODELS
from verify4k.contract.nearest import KINDS, nearest
from verify4k.contract.rules import model_notes, size_objections
from verify4k.contract.validate import find_model, parse_size, validate_size
from verify4k.errors import UsageError
from verify4k.formats.facts import Size

GPT2 = find_model("gpt-image-2")


@pytest.mark.parametrize(
    ("size", "rules"),
    [
        ("3840x2170", ["grid", "max-pixels"]),
        ("3850x2170", ["grid", "grid", "max-edge", "max-pixels"]),
        ("3856x2160", ["max-edge", "max-pixels"]),
        ("3200x1800", ["grid"]),
        ("3000x1000", ["grid", "grid"]),
        ("1920x1080", ["grid"]),
        ("3088x1024", ["ratio"]),
        ("1024x3088", ["ratio"]),
        ("800x816", ["min-pixels"]),
        ("16x16", ["min-pixels"]),
        ("2896x2880", ["max-pixels"]),
        ("15x1", ["grid", "grid", "ratio", "min-pixels"]),
        ("100000x100000", ["max-edge", "max-pixels"]),
    ],
)
def test_every_broken_rule_is_named(size: str, rules: list[str]) -> None:
    verdict = validate_size(size)
    assert not verdict.legal
    assert [one.rule for one in verdict.objections] == rules
    assert verdict.nearest


@pytest.mark.parametrize(
    "size",
    ["3840x2160", "2160x3840", "2880x2880", "3072x1024", "1024x3072", "1024x640", "1920x1088", "1536x864"],
)
def test_border_sizes_are_legal(size: str) -> None:
    verdict = validate_size(size)
    assert verdict.legal
    assert verdict.objections == ()
    assert verdict.nearest == ()


def test_an_objection_tells_limit_and_actual_apart_from_its_sentence() -> None:
    (one,) = validate_size("2896x2880").objections
    assert one.limit == "8294400"
    assert one.actual == "8340480"
    assert "8,340,480 pixels are too many" in one.message


def test_a_grid_objection_names_the_multiples_on_both_sides() -> None:
    (one,) = validate_size("1920x1080").objections
    assert "1072 and 1088" in one.message


@pytest.mark.parametrize(("size", "said"), [("2560x1440", False), ("2576x1440", True), ("3840x2160", True)])
def test_sizes_above_2560x1440_are_called_experimental(size: str, *, said: bool) -> None:
    assert bool(validate_size(size).experimental) is said


def test_an_illegal_size_is_not_called_experimental() -> None:
    assert validate_size("3840x2170").experimental == ""


@pytest.mark.parametrize(
    "text", ["", "x", "1024", "1024x", "x1024", "0x0", "1024x0", "-16x16", "16.0x16", "1e3x64"]
)
def test_what_is_no_size_is_refused_with_a_next_step(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_size(text)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("3840 x 2160 px", "did you mean 3840x2160?"),
        ("4k-landscpe", "did you mean 4k-landscape?"),
        ("auto", "write WIDTHxHEIGHT"),
        ("9999999999x1", "write WIDTHxHEIGHT"),
        ("0*0", "write WIDTHxHEIGHT"),
        ("\N{ARABIC-INDIC DIGIT ONE}x1", "write WIDTHxHEIGHT"),
    ],
)
def test_the_hint_guesses_what_was_meant(text: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_size(text)
    assert caught.value.hint.startswith(hint)


@pytest.mark.parametrize("text", ["3840x2160", "3840X2160", "3840×2160", "4k-landscape"])
def test_a_size_is_written_or_named(text: str) -> None:
    assert parse_size(text) == Size(3840, 2160)


def test_an_unknown_model_is_refused_with_a_guess_and_the_known_ones() -> None:
    with pytest.raises(UsageError) as caught:
        validate_size("1024x1024", model="gpt-image2")
    assert "did you mean gpt-image-2?" in caught.value.hint
    assert "gpt-image-2.6-flare" in caught.value.hint


@pytest.mark.parametrize(
    ("model", "today", "legal"),
    [
        ("gpt-image-1", "2026-10-22", True),
        ("gpt-image-1", "2026-10-23", False),
        ("dall-e-3", "2026-11-22", False),
        ("gpt-image-1.5", "2026-11-30", True),
        ("gpt-image-1.5", "2026-12-01", False),
        ("gpt-image-2", "2030-01-01", True),
    ],
)
def test_a_model_is_refused_from_its_shutdown_on(model: str, today: str, *, legal: bool) -> None:
    verdict = validate_size("1024x1024", model=model, today=today)
    assert verdict.legal is legal
    assert [one.rule for one in verdict.objections] == ([] if legal else ["retired"])


def test_an_announced_shutdown_is_noted_before_its_day() -> None:
    (note,) = model_notes(find_model("gpt-image-1-mini"), "2026-11-22")
    assert "2026-12-01" in note


def test_a_shut_down_model_is_not_announced_again() -> None:
    assert list(model_notes(find_model("gpt-image-1"), "2026-11-22")) == []


@pytest.mark.parametrize("model", ["gpt-image-1.5", "gpt-image-1-mini"])
def test_older_models_make_three_sizes_only(model: str) -> None:
    verdict = validate_size("1920x1088", model=model, today="2026-11-22")
    assert [one.rule for one in verdict.objections] == ["fixed-sizes"]
    assert Size(1536, 1024) in [one.size for one in verdict.nearest]
    assert validate_size("1024x1536", model=model, today="2026-11-22").legal


def test_a_fixed_size_model_suggests_by_the_same_senses() -> None:
    found = {
        kind: one.size for one in nearest(Size(1400, 1400), find_model("gpt-image-1.5")) for kind in one.kinds
    }
    assert found == {
        "nearest": Size(1024, 1536),  # as near as 1536x1024: the narrower one
        "not-larger": Size(1024, 1024),
        "same-ratio": Size(1024, 1024),
    }


_EDGES = np.arange(16, 3841, 16)
_W, _H = (axis.ravel() for axis in np.meshgrid(_EDGES, _EDGES))
_PIXELS = _W * _H
_LEGAL = (np.maximum(_W, _H) <= 3 * np.minimum(_W, _H)) & (_PIXELS >= 655_360) & (_PIXELS <= 8_294_400)
_W, _H = _W[_LEGAL], _H[_LEGAL]


def _brute(size: Size, kind: str) -> Size | None:
    keep = {
        "nearest": np.ones_like(_W, dtype=bool),
        "not-larger": (size.width >= _W) & (size.height >= _H),
        "larger": (size.width <= _W) & (size.height <= _H),
        "same-ratio": size.height * _W == size.width * _H,
    }[kind]
    wide, high = _W[keep], _H[keep]
    if not len(wide):
        return None
    across, along = abs(np.log(wide / size.width)), abs(np.log(high / size.height))
    order = np.lexsort(
        (wide, wide * high, np.minimum(across, along).round(12), np.maximum(across, along).round(12))
    )
    return Size(int(wide[order[0]]), int(high[order[0]]))


def _probes() -> list[Size]:
    dice = random.Random(4)
    borders = [
        Size(3840, 2170),
        Size(1920, 1080),
        Size(1, 1),
        Size(1, 99999),
        Size(10000, 10000),
        Size(4000, 500),
    ]
    near = [Size(dice.randint(200, 4200), dice.randint(200, 4200)) for _ in range(150)]
    far = [Size(round(10 ** dice.uniform(0, 5)), round(10 ** dice.uniform(0, 5))) for _ in range(60)]
    return borders + near + far


@pytest.mark.parametrize("kind", KINDS)
def test_the_nearest_size_of_each_kind_is_what_trying_all_sizes_finds(kind: str) -> None:
    for size in _probes():
        found = {sense: one.size for one in nearest(size, GPT2) for sense in one.kinds}
        assert found.get(kind) == _brute(size, kind), size


def test_every_suggestion_is_legal() -> None:
    for size in _probes():
        for one in nearest(size, GPT2):
            assert not list(size_objections(one.size, GPT2)), (size, one)


def test_a_legal_size_is_the_nearest_to_itself() -> None:
    for width, height in random.Random(5).sample(list(zip(_W, _H, strict=True)), 200):
        (one,) = nearest(Size(int(width), int(height)), GPT2)
        assert one.kinds == KINDS


@pytest.mark.parametrize("model", MODELS.values(), ids=lambda model: model.name)
def test_every_model_is_dated_and_sourced(model: object) -> None:
    known = find_model(model.name)  # type: ignore[attr-defined]
    assert known.sources
    assert known.grid is not None or known.fixed
    assert known.kind in ("alias", "snapshot")
    assert not known.snapshot or MODELS[known.snapshot].kind == "snapshot"
    assert not known.retires or known.replacement


def test_the_largest_square_is_exactly_four_k() -> None:
    assert math.isqrt(8_294_400) == 2880

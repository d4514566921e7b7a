"""Named sizes: all dated, all requestable."""

from __future__ import annotations

from datetime import date

import pytest

from verify4k.contract.data import MODELS
from verify4k.contract.validate import validate_size
from verify4k.formats.facts import Size
from verify4k.options.presets import Preset, fitting, names, preset, topics

FREE = [model.name for model in MODELS.values() if model.grid is not None]


ALL = [one for topic in topics().values() for one in topic.presets]


@pytest.mark.parametrize("one", topics()["gpt-image"].presets, ids=lambda one: one.name)
def test_every_size_for_image_models_can_be_requested_from_every_free_size_model(one: Preset) -> None:
    for model in (name for name in FREE if name.startswith("gpt-image")):  # the topic's own
        assert validate_size(one.size, model=model, today="2026-11-22").legal, model


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_every_named_size_has_a_date_a_source_and_a_use(one: Preset) -> None:
    assert date(2026, 11, 22) <= date.fromisoformat(one.date)
    assert 0 not in one.size
    assert one.source
    assert one.use


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("4k-landscape", Size(3840, 2160)),
        ("4k-portrait", Size(2160, 3840)),
        ("4k-square", Size(2880, 2880)),
        ("2k-preview", Size(2560, 1440)),
        ("uhd-4k", Size(3840, 2160)),
        ("dci-4k", Size(4096, 2160)),
        ("og-image", Size(1200, 630)),
        ("apple-touch-icon", Size(180, 180)),
        ("play-feature-graphic", Size(1024, 500)),
        ("steam-library-capsule", Size(600, 900)),
    ],
)
def test_the_well_known_names_mean_what_people_expect(name: str, size: Size) -> None:
    found = preset(name)
    assert found is not None
    assert found.size == size
    assert name in fitting(size)


def test_an_unknown_name_is_none() -> None:
    assert preset("4k-landscpe") is None


def test_names_are_unique_and_listed() -> None:
    assert len(set(names())) == len(names()) == len(ALL)


def test_a_size_without_a_name_fits_nothing() -> None:
    assert fitting(Size(1, 1)) == ()

"""Rules that are not called for a header: asking them would come to the same."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pictures import drawn

from verify4k.artifacts.artifact import Artifact
from verify4k.checking.judging import judge
from verify4k.checking.plan import Planned, Settings
from verify4k.documents.nodes import Place
from verify4k.files.source import BytesSource
from verify4k.model import Asset
from verify4k.rules import all_rules
from verify4k.rules.not_padded import PaddingOptions

if TYPE_CHECKING:
    from verify4k.checking.judging import Judged

BEYOND = {each.id for each in all_rules().values() if each.beyond_header}
SETTINGS = Settings(depth="header")
FILES = {path.name: path for path in (Path(__file__).parents[1] / "data/images").glob("*") if path.is_file()}


def judged(name: str, data: bytes, *, asked: bool, explicit: bool = False) -> Judged:
    options: dict[type, object] = {PaddingOptions: PaddingOptions(padding=None, letterbox=None)}
    asset = Asset(name, name, Place("m.yaml", 1, 1), options=options if explicit else {})
    planned = [
        Planned(rule._replace(beyond_header=rule.beyond_header and not asked), "error", explicit)
        for rule in sorted(all_rules().values(), key=lambda rule: rule.id != "readable")
        if rule.id in BEYOND | {"readable"}
    ]
    found = judge(Artifact(asset, BytesSource(data), "header"), planned, SETTINGS, name)
    return found._replace(asset=asset, told=[])


def same(name: str, data: bytes) -> Judged:
    called, left_out = (judged(name, data, asked=asked) for asked in (True, False))
    assert left_out[1:] == called[1:]
    return left_out


def test_there_are_some() -> None:
    assert {"native-resolution", "no-trailing-data", "not-blank", "not-padded", "same-picture"} == BEYOND


@pytest.mark.parametrize("form", ["png", "jpg", "webp", "gif", "svg"])
@pytest.mark.parametrize("width", [64, 2048])
def test_a_picture_that_can_be_read_says_nothing_to_them(form: str, width: int) -> None:
    name = f"a.{form}"
    data = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="1024"/>'.encode()
        if form == "svg"
        else drawn("plain", width, 1024, name)
    )
    assert same(name, data).states == {"readable": "holds", **dict.fromkeys(BEYOND, "not-asked")}


@pytest.mark.parametrize("name", sorted(FILES))
def test_whatever_the_file_is_they_say_the_same(name: str) -> None:
    same(name, FILES[name].read_bytes())


@pytest.mark.parametrize("cut", [0, 7, 20, 40, -1])
def test_of_what_cannot_be_read_they_are_asked(cut: int) -> None:
    same("a.png", drawn("plain")[:cut])


def test_whoever_was_promised_something_hears_that_it_was_not_checked() -> None:
    told = judged("a.png", drawn("plain", 2048, 1024), asked=False, explicit=True)
    assert {told.states[name] for name in BEYOND} == {"undecided"}
    assert [each.reason for each in told.undecided] == ["the whole file was not read"]

"""Required, forbidden, allowed: the same words everywhere, and what YAML people write instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from verify4k.documents.nodes import Place, Scalar
from verify4k.errors import ManifestError
from verify4k.options.kinds import Context
from verify4k.options.presence import presence, requirement

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "present", "needed"),
    [
        ("required", "required", "required"),
        ("allowed", "allowed", "allowed"),
        ("true", "required", "required"),
        ("On", "required", "required"),
        ("false", "forbidden", "allowed"),
        ("no", "forbidden", "allowed"),
    ],
)
def test_words_and_truths_mean_the_same_everywhere(text: str, present: str, needed: str) -> None:
    node = Scalar(Place("verify4k.yaml", 1, 1), text)
    assert presence.parse(node, Context({})) == present
    assert requirement.parse(node, Context({})) == needed


@pytest.mark.parametrize("text", ["maybe", "requierd", "1"])
def test_other_words_are_mistakes(text: str) -> None:
    with pytest.raises(ManifestError, match="is none of required, forbidden, allowed"):
        presence.parse(Scalar(Place("verify4k.yaml", 1, 1), text), Context({}))


@pytest.mark.parametrize(
    ("entry", "hint"),
    [
        ("{size: power-of-two}", "write power-of-two: required"),
        ("{frames: 8x4}", "the cells of a sheet: grid: 8x4"),
    ],
)
def test_near_words_lead_to_the_right_one(entry: str, hint: str, run: Any, tmp_path: Path) -> None:
    (tmp_path / "a.png").touch()
    (tmp_path / "verify4k.yaml").write_text(f"version: 1\nfiles: {{a.png: {entry}}}\n")
    outcome = run("check")
    assert outcome.code == 2
    assert hint in outcome.err

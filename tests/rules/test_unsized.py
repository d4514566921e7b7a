"""A drawing that declares no size: it is there, it is an SVG, and a promised size of it is told clearly."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BARE = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h9v9z"/></svg>'
NO_SIZE = "declares no width and height and no viewBox: browsers show it at 300x150"


@pytest.mark.parametrize(
    ("name", "promise", "words"),
    [
        ("logo.svg", {}, None),
        ("logo.svg", {"format": "svg"}, None),
        ("logo-48x48.svg", {}, None),
        ("logo.svg", {"size": "300x150"}, None),
        ("logo.svg", {"size": "48x48"}, f"the pixel size differs: the drawing {NO_SIZE}"),
        ("logo.svg", {"ratio": "1:1"}, f"the shape differs: the drawing {NO_SIZE}"),
        ("logo.svg", {"longest": "..64"}, f"the longest edge is out of bounds: the drawing {NO_SIZE}"),
    ],
)
def test_what_is_promised_of_a_drawing_without_a_size_is_decided(
    run: Callable[..., Any], tmp_path: Path, name: str, promise: dict[str, str], words: str | None
) -> None:
    (tmp_path / name).write_text(BARE)
    (tmp_path / "verify4k.json").write_text(json.dumps({"version": 1, "files": {name: promise}}))
    report = json.loads(run("check", "--format", "json").out)
    assert report["undecided"] == []
    found = [(each["message"], each["fix"]) for each in report["findings"]]
    assert found == ([] if words is None else [(words, "give the drawing a viewBox, or width and height")])

"""Places with equal keys are found, whatever their digests say."""

from __future__ import annotations

import random

import pytest

from verify4k.files import equal_keys
from verify4k.files.equal_keys import alike


@pytest.mark.parametrize(
    ("keys", "groups"),
    [
        ([], []),
        (["a"], []),
        (["a", "b"], []),
        (["a", "b", "a", "a", "c", "b"], [[0, 2, 3], [1, 5]]),
        ([-1, -2], []),  # Python gives the two one digest
        ([-1, -2, -1, -2, -2], [[0, 2], [1, 3, 4]]),
    ],
)
def test_places_with_equal_keys_are_told_together(keys: list[object], groups: list[list[int]]) -> None:
    assert sorted(map(list, alike(range(len(keys)), keys.__getitem__))) == groups


def test_only_the_places_that_are_named_are_compared() -> None:
    assert [list(group) for group in alike([5, 2, 9], "xxaxxaxxxx".__getitem__)] == [[5, 2]]


def test_many_are_looked_through_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(equal_keys, "_A_BUCKET", 10)
    draw = random.Random(1)
    keys = [draw.randrange(300) for _ in range(500)]
    expected: dict[int, list[int]] = {}
    for place, key in enumerate(keys):
        expected.setdefault(key, []).append(place)
    found = sorted(map(list, alike(range(len(keys)), keys.__getitem__)))
    assert found == sorted(group for group in expected.values() if len(group) > 1)

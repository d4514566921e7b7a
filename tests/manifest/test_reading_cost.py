"""What a manifest of a pull request may cost: twice the text, about twice the steps."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest
from steps import steps

from verify4k.errors import ManifestError
from verify4k.manifest.load import manifest_of_rows, parse_manifest

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD = "version: 1\nfiles:\n  a.png: 64x36\n"
IGNORE = "# verify4k: ignore[upright@123456789abc] r"

WAYS: dict[str, Callable[[int], str]] = {
    "ignore comments beside a text that quotes one": lambda n: (
        HEAD + f"unlisted-ok: ['x {IGNORE}']\n" + f"{IGNORE}\n" * n
    ),
    "texts that quote an ignore comment": lambda n: HEAD + "unlisted-ok:\n" + f"- 'x {IGNORE}'\n" * n,
    "ignore comments of unknown rules": lambda n: HEAD + "# verify4k: ignore[uprihgt] r\n" * n,
    "unknown aliases": lambda n: (
        HEAD
        + "unlisted-ok:\n"
        + "".join(f"- &abcdefgh{i:05d}x y\n" for i in range(n))
        + "".join(f"- *zbcdefgh{i:05d}q\n" for i in range(n))
    ),
    "unknown options of one file": lambda n: (
        "version: 1\nfiles:\n  a.png: {size: 64x36" + "".join(f", siez{i}: 1" for i in range(n)) + "}\n"
    ),
    "unknown options of many files": lambda n: (
        "version: 1\nfiles:\n" + "".join(f"  {i}.png: {{siez{i}: 1}}\n" for i in range(n))
    ),
    "unknown sizes": lambda n: (
        "version: 1\nfiles:\n  a.png: {size: [" + ", ".join(f"4k-lanscape{i}" for i in range(n)) + "]}\n"
    ),
    "unknown keys": lambda n: HEAD + "".join(f"fiels{i}: x\n" for i in range(n)),
    "names of sizes": lambda n: "sizes: {" + ", ".join(f"n{i}: 1x1" for i in range(n)) + "}\n" + HEAD,
}
TOML: dict[str, Callable[[int], str]] = {
    "other tools' keys": lambda n: "".join(f"[a{i}.b.c]\nd.e.f = 1\n" for i in range(n)),
    "keys": lambda n: "".join(f"k{i} = 1\n" for i in range(n)),
}

LISTS: dict[str, Callable[[int], str]] = {
    "rows that say the same": lambda n: "".join(
        f'{{"file": "{i}.png", "size": "64x36"}}\n' for i in range(n)
    ),
    "rows that say their own": lambda n: "".join(
        f'{{"file": "{i}.png", "bytes": "{i}.."}}\n' for i in range(n)
    ),
    "rows of the same file": lambda n: '{"file": "a.png", "size": "64x36"}\n' * n,
    "rows that contradict each other": lambda n: "".join(
        f'{{"file": "a.png", "bytes": "{i}.."}}\n' for i in range(n)
    ),
    "rows with mistakes": lambda n: "".join(f'{{"file": "{i}.png", "siez": 1}}\n' for i in range(n)),
    "files outside": lambda n: "".join(f'{{"file": "../{i}.png"}}\n' for i in range(n)),
    "empty rows": lambda n: "\n" * n,
    "one row of many brackets": lambda n: '{"file": "a.png", "size": ' + "[" * n,
    "one row of many keys": lambda n: "{" + ", ".join(f'"k{i}": 1' for i in range(n)) + "}\n",
}


def cost(text: str, name: str) -> int:
    def read() -> None:
        with contextlib.suppress(ManifestError):
            parse_manifest(text.encode(), name, "/nowhere")

    return steps(read)


@pytest.mark.parametrize("way", WAYS)
def test_a_manifest_costs_what_its_length_says_and_no_square_of_it(way: str) -> None:
    short, long = (cost(WAYS[way](number), "verify4k.yaml") for number in (400, 1600))
    assert long < 5 * short + 200_000, (short, long)
    assert long < 3_000_000


@pytest.mark.parametrize("way", LISTS)
def test_a_list_costs_what_its_length_says(way: str) -> None:
    def cost(number: int) -> int:
        data = LISTS[way](number).encode()

        def read() -> None:
            with contextlib.suppress(ManifestError):
                manifest_of_rows(
                    [data[at : at + 999] for at in range(0, len(data), 999)], "a.jsonl", "/nowhere"
                )

        return steps(read)

    short, long = cost(400), cost(1600)
    assert long < 5 * short + 200_000, (short, long)
    assert long < 6_000_000


@pytest.mark.parametrize("way", TOML)
def test_a_pyproject_costs_what_its_length_says(way: str) -> None:
    short, long = (
        cost("[tool.verify4k]\nversion = 1\n" + TOML[way](number), "pyproject.toml") for number in (400, 1600)
    )
    assert long < 5 * short, (short, long)


def test_a_key_of_many_parts_is_refused_before_it_is_read() -> None:
    text = "[tool.verify4k]\nversion = 1\n" + ".".join("a" * 40) + " = 1\n"
    with pytest.raises(ManifestError, match="32 parts or more"):
        parse_manifest(text.encode(), "pyproject.toml", "/nowhere")


def test_many_mistakes_are_told_up_to_a_number_and_the_rest_is_announced() -> None:
    with pytest.raises(ManifestError) as caught:
        parse_manifest(WAYS["unknown options of many files"](5_000).encode(), "m.yaml", "/nowhere")
    assert 100 <= len(caught.value.mistakes) <= 102
    assert "more mistakes may follow" in str(caught.value)
    with pytest.raises(ManifestError, match="90 more of this kind"):
        parse_manifest(WAYS["unknown keys"](100).encode(), "m.yaml", "/nowhere")
    with pytest.raises(ManifestError, match="look like ignore comments"):
        parse_manifest(WAYS["texts that quote an ignore comment"](1_000).encode(), "m.yaml", "/nowhere")

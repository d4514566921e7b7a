"""Tricky files with expected facts, observed with browsers and image libraries: each one, fact by fact."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

import verify4k

DATA = Path(__file__).parent / "data"
CASES = [json.loads(line) for line in (DATA / "images.jsonl").read_text().splitlines()]
DIRECT = (
    "format",
    "stored",
    "displayed",
    "orientation",
    "animated",
    "frames",
    "bit_depth",
    "mode",
    "icc",
    "trailing_bytes",
)
DAMAGE = {"truncated", "corrupt", "empty", "not-image"}


def facts_of(name: str) -> dict[str, Any]:
    return verify4k.inspect(DATA / "images" / name)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["file"])
def test_every_fact_is_as_observed(case: dict[str, Any]) -> None:
    facts, expect = facts_of(case["file"]), case["expect"]
    assert {key: facts[key] for key in DIRECT if key in expect} == {
        key: expect[key] for key in DIRECT if key in expect
    }
    if "alpha_channel" in expect:
        assert (facts["alpha"] != "none") is expect["alpha_channel"]
    if "transparent" in expect:
        assert (facts["alpha"] == "used") is expect["transparent"]
    if "readable" in expect:
        assert (facts["integrity"] in ("ok", "damaged")) is expect["readable"]


@pytest.mark.parametrize(
    "case", [c for c in CASES if "integrity" in c["expect"]], ids=lambda case: case["file"]
)
def test_integrity_is_one_of_the_right_diagnoses(case: dict[str, Any]) -> None:
    allowed = case["expect"]["integrity"]
    allowed = {allowed} if isinstance(allowed, str) else set(allowed)
    mine = facts_of(case["file"])["integrity"]
    right = {
        "ok": "ok" in allowed,
        "damaged": bool(allowed & DAMAGE),
        "unreadable": bool(allowed & DAMAGE),
        None: bool(allowed & {"bomb", "io-error"}),
    }
    assert right[mine], (mine, allowed)


@pytest.mark.parametrize(
    "case",
    [c for c in CASES if c["must"] == "fail" and c["group"] not in ("fake4k", "mismatch", "trailing")],
    ids=lambda case: case["file"],
)
def test_what_must_fail_never_ends_with_exit_code_0(case: dict[str, Any], run: Any) -> None:
    outcome = run("inspect", str(DATA / "images" / case["file"]))
    assert outcome.code in (1, 3)


PROMISES = {
    "4k.png": "4k-landscape",
    "exif-says-4k.jpg": "4k-landscape",
    "thumb-4k.jpg": "4k-landscape",
    "padded-black.jpg": "3840x2160",
    "trail-zip.png": "320x192",
    "trail-zip.jpg": "320x192",
    "really-jpeg.png": "320x192",
    "really-webp.png": "320x192",
    "svg-as.png": "320x192",
}
RULES = {
    "4k.png": {"exact-size", "name-claim"},
    "exif-says-4k.jpg": {"exact-size", "name-claim", "patched-metadata"},
    "thumb-4k.jpg": {"exact-size", "name-claim", "patched-metadata"},
    "padded-black.jpg": {"not-padded"},
    "trail-zip.png": {"no-trailing-data"},
    "trail-zip.jpg": {"no-trailing-data"},
    "really-jpeg.png": {"extension-matches"},
    "really-webp.png": {"extension-matches"},
    "svg-as.png": {"readable"},
}


@pytest.mark.parametrize("name", PROMISES)
def test_a_file_that_is_not_what_was_promised_fails_by_the_right_rules(
    name: str, run: Any, tmp_path: Path
) -> None:
    os.symlink(DATA / "images" / name, tmp_path / name)
    (tmp_path / "verify4k.yaml").write_text(
        f"version: 1\nroot: /\nfiles:\n  {str(DATA)[1:]}/images/{name}: {PROMISES[name]}\n"
    )
    outcome = run("check", "--format", "json")
    assert outcome.code == 1
    assert {finding["rule"] for finding in json.loads(outcome.out)["findings"]} >= RULES[name]

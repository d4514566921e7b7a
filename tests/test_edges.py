"""Odd corners of checking: a neighbour that is broken, blemishes, damage told in many sentences."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pictures import gradient, png_chunk, save

from verify4k.__main__ import main

if TYPE_CHECKING:
    from pathlib import Path

GOOD = save(gradient(64, 36), "x.png")


def checked(folder: Path, run: Any, **entries: Any) -> dict[str, Any]:
    (folder / "verify4k.json").write_text(json.dumps({"version": 1, "files": entries["files"]}))
    report: dict[str, Any] = json.loads(run("check", "--format", "json").out)
    return report


@pytest.mark.parametrize(
    ("base", "state"), [(None, "holds"), (GOOD[:20], "undecided"), (b"not an image", "undecided")]
)
def test_a_base_that_is_gone_claims_nothing_and_a_broken_one_leaves_the_claim_open(
    base: bytes | None, state: str, run: Any, tmp_path: Path
) -> None:
    (tmp_path / "logo@2x.png").write_bytes(GOOD)
    if base is not None:
        (tmp_path / "logo.png").write_bytes(base)
    [asset] = checked(tmp_path, run, files={"logo@2x.png": {}})["assets"]
    assert asset["rules"]["name-claim"] == state


def test_a_blemish_is_a_warning(run: Any, tmp_path: Path) -> None:
    text = bytearray(png_chunk(b"tEXt", b"Comment\0hello"))
    text[-1] ^= 1  # an ancillary chunk with a wrong checksum
    (tmp_path / "a.png").write_bytes(GOOD[:33] + bytes(text) + GOOD[33:])
    report = checked(tmp_path, run, files={"a.png": {}})
    assert [(f["rule"], f["severity"]) for f in report["findings"]] == [("readable", "warning")]
    assert report["exit_code"] == 0


def test_a_file_without_pixels_has_one_finding_not_many(run: Any, tmp_path: Path) -> None:
    broken = GOOD.replace(b"IDAT", b"IDAX").replace(b"IEND", b"IENX")
    (tmp_path / "a.png").write_bytes(broken)
    report = checked(tmp_path, run, files={"a.png": {}})
    assert [f["rule"] for f in report["findings"]] == ["readable"]


def test_interrupted_by_click_is_interrupted(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    import click

    from verify4k import cli

    def aborted(*_a: Any, **_k: Any) -> None:
        raise click.exceptions.Abort

    monkeypatch.setattr(cli.app, "main", aborted)
    assert main([]) == 130
    assert "interrupted" in capsys.readouterr().err


def test_what_cannot_be_decided_by_a_command_is_3(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    from verify4k import cli
    from verify4k.errors import CannotRead

    def undecided(*_a: Any, **_k: Any) -> None:
        raise CannotRead("no answer", "ask again")

    monkeypatch.setattr(cli.app, "main", undecided)
    assert main([]) == 3
    assert capsys.readouterr().err == "error: no answer\n  ask again\n"


@pytest.mark.parametrize("content", [None, b"not an image", GOOD[:-100]])
def test_a_milder_gate_does_not_make_what_it_hides_a_pass(
    content: bytes | None, run: Any, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / "a.png").write_bytes(content)
    report = checked(
        tmp_path, run, files={"a.png": {"alpha": "opaque", "size": "64x36", "rules": {"readable": "warning"}}}
    )
    assert [f["severity"] for f in report["findings"]] == ["warning"]
    if content == GOOD[:-100]:  # the header still answers both
        assert report["exit_code"] == 0
        assert report["assets"][0]["rules"]["exact-size"] == "holds"
    else:
        assert report["exit_code"] == 3
        assert report["undecided"]


def test_a_blemish_hides_no_undecided_rule(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from verify4k import rule as registry
    from verify4k.errors import Damaged

    def broken(_artifact: Any) -> Any:
        raise Damaged("the decoder disagrees with the walk")

    monkeypatch.setitem(registry._REGISTRY, "still", registry.registered()["still"]._replace(check=broken))
    text = bytearray(png_chunk(b"tEXt", b"Comment\0hello"))
    text[-1] ^= 1
    (tmp_path / "a.png").write_bytes(GOOD[:33] + bytes(text) + GOOD[33:])
    report = checked(tmp_path, run, files={"a.png": {}})
    assert [u["rule"] for u in report["undecided"]] == ["still"]
    assert report["exit_code"] == 3


def test_a_thumbnail_that_crashes_costs_the_picture_not_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from verify4k import Settings, check, load_manifest
    from verify4k.artifacts import inspection

    def broken(*_a: Any) -> bytes:
        raise ZeroDivisionError

    monkeypatch.setattr(inspection, "thumbnail", broken)
    (tmp_path / "a.png").write_bytes(GOOD)
    (tmp_path / "verify4k.json").write_text('{"version": 1, "files": {"a.png": "64x36"}}')
    report = check(load_manifest(tmp_path / "verify4k.json"), Settings(thumbnails=True))
    assert (report.exit_code, report.assets[0].thumbnail) == (0, None)

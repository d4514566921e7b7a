"""What lists promise: tables, JSON lines, checksums and DVC files, in the spellings that people have."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from imported import ALPHA, DVC, HERO, png, sha256, sha512

if TYPE_CHECKING:
    from pathlib import Path


def test_json_lines_promise_what_a_manifest_can(tmp_path: Path, run: Any) -> None:
    (tmp_path / "a.jsonl").write_text(
        '{"file": "a.png", "size": ["64x36", "32x18"], "bytes": {"max": "2MB"}}\n\n{"url": "b.png"}\n'
    )
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(HERO if name == "a.png" else png(9, 9))
    report = json.loads(run("check", "--format", "json", "a.jsonl").out)
    assert report["exit_code"] == 0
    assert report["assets"][0]["promised"] == {"size": "[64x36, 32x18]", "bytes": "{max: 2MB}"}


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffFile;Size;Bit depth\r\na.png;64x36;8\r\n",
        "Filename,SIZE,Bit_Depth\na.png,64x36,8\n",
        "file\tsize\na.png\t64x36\n",
        "file;size\na.png;64x36\n",
    ],
)
def test_a_spreadsheets_own_spelling_is_read(text: str, tmp_path: Path, run: Any) -> None:
    (tmp_path / "assets.csv").write_text(text)
    (tmp_path / "a.png").write_bytes(HERO)
    assert run("check", "assets.csv").code == 0
    (tmp_path / "a.png").write_bytes(png(64, 37))
    [finding] = json.loads(run("check", "--format", "json", "assets.csv").out)["findings"]
    assert (finding["rule"], finding["line"]) == ("exact-size", 2)


def test_a_dvc_file_may_say_where_its_outputs_are(tmp_path: Path, run: Any) -> None:
    (tmp_path / "data" / "art").mkdir(parents=True)
    (tmp_path / "dvc").mkdir()
    (tmp_path / "data" / "art" / "hero.png").write_bytes(HERO)
    text = DVC.format(hashlib.md5(HERO, usedforsecurity=False).hexdigest(), len(HERO))
    (tmp_path / "dvc" / "a.dvc").write_text(f"wdir: ../data/art\n{text}")
    assert run("check", "dvc/a.dvc").code == 0
    assert run("init", "--from", "dvc/a.dvc").code == 0
    assert run("check").code == 0
    (tmp_path / "data" / "art" / "hero.png").write_bytes(png(64, 36, ALPHA))
    assert run("check", "dvc/a.dvc").code == run("check").code == 1


def test_a_list_of_a_release_is_asked_about_its_pictures(tmp_path: Path, run: Any) -> None:
    (tmp_path / "a.png").write_bytes(HERO)
    lines = [f"{sha256(HERO)}  a.png", f"{'0' * 64}  app.tar.gz", f"{'1' * 64} *README"]
    (tmp_path / "SHA256SUMS").write_text("\n".join([*lines, f"SHA256 (b.zip) = {'2' * 64}", ""]))
    report = json.loads(run("check", "--format", "json", "SHA256SUMS").out)
    assert ([asset["target"] for asset in report["assets"]], report["exit_code"]) == (["a.png"], 0)
    (note,) = report["notes"]
    assert note.startswith("SHA256SUMS: 3 of 4 files are no pictures by their names and were not checked")
    assert note.endswith("(the first: app.tar.gz); sha256sum -c checks those")
    assert f"note: {note}\n" in run("init", "--from", "SHA256SUMS").out
    (tmp_path / "SHA256SUMS").write_text(lines[0])
    assert json.loads(run("check", "--format", "json", "SHA256SUMS").out)["notes"] == []
    (tmp_path / "SHA256SUMS").write_text("\n".join(lines[1:]))
    outcome = run("check", "SHA256SUMS")
    assert outcome.code == 2
    assert outcome.err == (
        "error: nothing to check: SHA256SUMS promises no picture\n"
        "  what such a source promises: verify4k explain importers; to let it be: --allow-empty\n"
    )


def test_a_list_of_no_known_kind_is_called_one(tmp_path: Path, run: Any) -> None:
    (tmp_path / "SHA384SUMS").write_text("0  a.png\n")
    (tmp_path / "a.png").write_bytes(HERO)
    assert "SHA384SUMS is no list of promises of a known kind" in run("check", "SHA384SUMS").err
    assert "do without: check --size" in run("check", "a.png").err  # a picture was no such thing


@pytest.mark.parametrize("between", ["; ", ", ", "|", "\n", " "])
def test_a_cell_may_hold_several_values(between: str, tmp_path: Path, run: Any) -> None:
    """As spreadsheets write them, with a byte order mark; findings stand where the row begins."""
    sizes = between.join(("16x16", "64x36"))
    text = f'\ufeffFile Name;Size;Bit depth\r\na.png;"{sizes}";8-bit\r\nb.png;"{sizes}";\r\n'
    (tmp_path / "assets.csv").write_bytes(text.encode())
    (tmp_path / "a.png").write_bytes(HERO)
    (tmp_path / "b.png").write_bytes(png(64, 40))
    [finding] = json.loads(run("check", "--format", "json", "assets.csv").out)["findings"]
    assert (finding["target"], finding["expected"]) == ("b.png", "16x16 or 64x36")
    assert finding["line"] == 3 + (between == "\n")
    assert run("init", "--from", "assets.csv").code == 0
    assert [f["target"] for f in json.loads(run("check", "--format", "json").out)["findings"]] == ["b.png"]


def test_a_name_with_commas_in_a_cell_stays_one(tmp_path: Path, run: Any) -> None:
    (tmp_path / "assets.csv").write_text('file,size,icc\na.png,64x36,"Adobe, 1998"\n')
    (tmp_path / "a.png").write_bytes(HERO)
    [finding] = json.loads(run("check", "--format", "json", "assets.csv").out)["findings"]
    assert finding["expected"] == "ICC Adobe, 1998"


def test_several_digests_of_a_picture_stand_in_one_list(tmp_path: Path, run: Any) -> None:
    (tmp_path / "a.sha256").write_text(f"{sha256(HERO)}  a.png\nSHA512 (a.png) = {sha512(HERO)}\n")
    (tmp_path / "a.png").write_bytes(HERO)
    assert run("check", "a.sha256").code == 0
    assert run("init", "--from", "a.sha256").code == 0
    assert run("check").code == 0
    (tmp_path / "a.png").write_bytes(png(64, 40))
    findings = json.loads(run("check", "--format", "json").out)["findings"]
    assert [each["expected"][:6] for each in findings] == ["sha256", "sha512"]

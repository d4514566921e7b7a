"""The snippets of docs/howto/without-python.md do what the page says, and cannot see what it says they cannot."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from installed_tools import tool
from pictures import gradient
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Outcome

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "howto" / "without-python.md").read_text("utf-8")
ENLARGED = "enlarged.png"


def snippet(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(found)


def promised(name: str) -> str:
    return "1920x1080" if name == ENLARGED else "640x360"


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    gradient(640, 360).save(tmp_path / "good.png")
    gradient(320, 180).save(tmp_path / "small.png")
    gradient(640, 360).save(tmp_path / "really.png", "JPEG")
    gradient(640, 360).save(tmp_path / "odd; touch x [0].png")
    holed = gradient(640, 360).convert("RGBA")
    holed.putpixel((5, 5), (0, 0, 0, 0))
    holed.save(tmp_path / "holed.png")
    data = (tmp_path / "good.png").read_bytes()
    (tmp_path / "cut.png").write_bytes(data[: len(data) // 2])
    (tmp_path / "empty.png").write_bytes(b"")
    noise = np.random.default_rng(3).integers(0, 256, (540, 960, 3), dtype=np.uint8)
    Image.fromarray(noise).resize((1920, 1080), Image.Resampling.BICUBIC).save(tmp_path / ENLARGED)
    return tmp_path


CASES = [
    ("good.png", 0),
    ("odd; touch x [0].png", 0),
    (ENLARGED, 0),  # as the page says: this they cannot see
    ("small.png", 1),
    ("really.png", 1),
    ("holed.png", 1),
    ("cut.png", 1),
    ("empty.png", 1),
    ("missing.png", 1),
]


@pytest.mark.parametrize(("name", "code"), CASES)
def test_imagemagick_checks_the_promise(pictures: Path, name: str, code: int) -> None:
    if shutil.which("magick") is None:
        tool("identify")
    (pictures / "holds.sh").write_text(snippet("sh"))
    command = ["sh", "holds.sh", name, promised(name), "PNG"]
    done = subprocess.run(command, cwd=pictures, capture_output=True, text=True, check=False)
    assert done.returncode == code, done
    assert ("whole and opaque" in done.stderr) is (code == 1)
    assert not (pictures / "x").exists()


@pytest.mark.parametrize(("name", "code"), CASES)
def test_sharp_checks_the_promise(pictures: Path, name: str, code: int) -> None:
    node = tool("node")
    modules = os.environ.get("SHARP_MODULES", "")
    if not modules:
        pytest.skip("SHARP_MODULES names no node_modules with sharp")
    (pictures / "node_modules").symlink_to(modules)
    (pictures / "holds.mjs").write_text(snippet("js"))
    command = [node, "holds.mjs", name, promised(name), "png"]
    done = subprocess.run(command, cwd=pictures, capture_output=True, text=True, check=False)
    assert done.returncode == code, done
    assert ("whole and opaque" in done.stderr) is (code == 1)


def test_verify4k_sees_the_enlargement(pictures: Path, run: Callable[..., Outcome]) -> None:
    (pictures / "verify4k.yaml").write_text(
        f"version: 1\nfiles: {{{ENLARGED}: 1920x1080, good.png: 640x360}}\n"
    )
    found = run("check", "--format", "concise")
    assert found.code == 1
    assert f"native-resolution {ENLARGED}" in found.out


def test_the_snippets_have_ten_lines_at_most() -> None:
    for language in ("sh", "js"):
        assert len(snippet(language).splitlines()) <= 10

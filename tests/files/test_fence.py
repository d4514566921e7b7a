"""The fence on Windows, by the rules that Python has for its paths: nothing leaves the folder."""

from __future__ import annotations

import ntpath
import os
import posixpath
import sys
from typing import TYPE_CHECKING

import pytest

from verify4k.files.targets import Fence, Outside

if TYPE_CHECKING:
    from pathlib import Path

LEAVING = [
    "..\\secret.png", "sub\\..\\..\\secret.png", "sub/..\\..\\secret.png", "C:\\secret.png", "C:secret.png",
    "D:/secret.png", "\\\\host\\share\\a.png", "//host/share/a.png", "\\secret.png", "\\\\?\\C:\\a.png",
    "a.png:stream", "sub\\a.png", "../secret.png", "sub/../../secret.png", "/secret.png",
]  # fmt: skip


@pytest.mark.parametrize("target", LEAVING)
def test_no_target_leaves_the_folder_on_windows(target: str) -> None:
    with pytest.raises(Outside):
        Fence("C:\\repo", ntpath).path(target)


@pytest.mark.skipif(os.name == "nt", reason="a name that Windows does not have")
def test_a_backslash_is_a_letter_elsewhere() -> None:
    assert Fence("/repo", posixpath).path("sub\\a.png") == "/repo/sub\\a.png"
    assert Fence("C:\\repo", ntpath).path("sub/a.png") == "C:\\repo/sub/a.png"


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_pattern_asks_once_which_files_are_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "root"
    (root / "sub").mkdir(parents=True)
    (tmp_path / "away.png").touch()
    for name in ("a.png", "sub/b.png"):
        (root / name).touch()
    (root / "sub/inside.png").symlink_to(root / "a.png")
    (root / "sub/leaves.png").symlink_to(tmp_path / "away.png")
    fence = Fence(str(root))
    assert list(fence.expand("**/*.png")) == ["a.png", "sub/b.png", "sub/inside.png", "sub/leaves.png"]
    monkeypatch.setattr(os.path, "islink", lambda path: pytest.fail(f"{path} was asked again"))
    for target in ("a.png", "sub/b.png", "sub/inside.png"):
        assert fence.path(target) == f"{root}/{target}"
    with pytest.raises(Outside, match="is a symbolic link that leaves the folder"):
        fence.path("sub/leaves.png")

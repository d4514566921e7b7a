"""The fence on Windows, by the rules that Python has for its paths: nothing leaves the folder."""

from __future__ import annotations

import ntpath
import os
import posixpath

import pytest

from verify4k.files.targets import Fence, Outside

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

"""Where earlier runs keep things: in a folder of the user's, and nowhere else."""

from __future__ import annotations

import os

import pytest

from verify4k.files.paths import cache_folder

HOME = os.path.abspath(os.sep + "home")


@pytest.mark.parametrize(
    ("environ", "folder"),
    [
        ({}, (HOME, ".cache", "verify4k", "facts")),
        ({"XDG_CACHE_HOME": "relative"}, (HOME, ".cache", "verify4k", "facts")),
        ({"XDG_CACHE_HOME": ""}, (HOME, ".cache", "verify4k", "facts")),
        ({"XDG_CACHE_HOME": os.path.join(HOME, "x")}, (HOME, "x", "verify4k", "facts")),
        ({"LOCALAPPDATA": os.path.join(HOME, "x")}, (HOME, "x", "verify4k", "facts")),
        ({"VERIFY4K_CACHE_DIR": "kept", "XDG_CACHE_HOME": HOME}, ("kept", "facts")),
    ],
)
def test_what_is_kept_lies_below_the_user_s_cache_folder(
    environ: dict[str, str], folder: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", HOME)
    monkeypatch.setenv("USERPROFILE", HOME)
    assert cache_folder(environ, "facts") == os.path.join(*folder)


def test_a_user_without_a_home_has_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)  # what it says of an unknown user
    assert cache_folder({}, "facts") == ""
    assert cache_folder({"XDG_CACHE_HOME": "relative"}, "facts") == ""

"""Programs that tests run for real, and what of this project they are given."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = (
    "verify4k",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    ".gitattributes",
    ".pre-commit-hooks.yaml",
    "action.yml",
    "action",
)
TAG = "v0.0.0"


def script(name: str) -> Any:
    """Return a script of this repository as a module; its main part does not run."""
    path = ROOT / name
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def tool(name: str) -> str:
    """Return the path of a tool, or skip the test that needs it."""
    found = shutil.which(name, path=os.path.dirname(sys.executable)) or shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found

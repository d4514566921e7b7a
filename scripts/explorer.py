"""Writes the size explorer and the JavaScript module: docs/explorer.html and docs/verify4k-sizes.mjs.

Usage: python scripts/explorer.py. Both hold the data of `verify4k models` and `verify4k size --list`; the
page holds the module, so that it works as one file without a server.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from verify4k.contract.data import CHECKED, MODELS
from verify4k.contract.model import DEFAULT_MODEL
from verify4k.options.presets import topics

ROOT = Path(__file__).resolve().parents[1]
PARTS = ROOT / "scripts" / "explorer"
MODULE, PAGE = ROOT / "docs" / "verify4k-sizes.mjs", ROOT / "docs" / "explorer.html"


def data() -> dict[str, Any]:
    """Return what the module holds: models with their rules, and the named sizes."""
    return {
        "checked": CHECKED,
        "default": DEFAULT_MODEL,
        "models": [
            {
                "name": model.name,
                "retires": model.retires or None,
                "replacement": model.replacement or None,
                "grid": None if model.grid is None else model.grid._asdict(),
                "fixed": [list(size) for size in model.fixed],
                "checked": model.checked,
            }
            for model in MODELS.values()
        ],
        "presets": [
            {"name": one.name, "width": one.size.width, "height": one.size.height}
            for topic in topics().values()
            for one in topic.presets
        ],
    }


def module() -> str:
    """Return the JavaScript module."""
    text = (PARTS / "sizes.mjs").read_text("utf-8")
    return text.replace("/* data */ {}", _object(data()))


def page() -> str:
    """Return the explorer."""
    text = (PARTS / "page.html").read_text("utf-8")
    script = module().replace("export const", "const").replace("export function", "function")
    return text.replace("/* module */", script.replace("</", "<\\/"))


def _object(value: dict[str, Any]) -> str:
    """Return JSON with a line for each model and name, so that changes are read line by line."""
    rows = []
    for key, each in value.items():
        if isinstance(each, list):
            inner = ",\n".join(f"    {json.dumps(one)}" for one in each)
            rows.append(f"  {json.dumps(key)}: [\n{inner}\n  ]")
        else:
            rows.append(f"  {json.dumps(key)}: {json.dumps(each)}")
    return "{\n" + ",\n".join(rows) + "\n}"


if __name__ == "__main__":
    MODULE.write_text(module(), "utf-8")
    PAGE.write_text(page(), "utf-8")

"""Adds the dangerous format to a verify4k that is started with this folder in PYTHONPATH, workers included."""

from __future__ import annotations

from pathlib import Path

import verify4k.formats
from verify4k.formats import table

verify4k.formats.__path__.append(str(Path(__file__).with_name("formats")))
table.DECLARED += (("dangerous", (".danger",), (), (b"DANGER ",), False, True, False),)
table.HOMES["dangerous"] = "dangerous"

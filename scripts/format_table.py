"""Writes what each format's file declares as verify4k/formats/table.py: python scripts/format_table.py."""

from __future__ import annotations

from pathlib import Path

from verify4k.formats.registry import declared

TABLE = Path(__file__).resolve().parents[1] / "verify4k" / "formats" / "table.py"
_HEAD = '''"""What each format's file declares: written by `sh scripts/regenerate.sh`, do not edit."""

from __future__ import annotations

# fmt: off
# ruff: noqa: E501
# name, suffixes, media types, magic, whether a function recognizes it, whether it can be read, whether weakly
DECLARED: tuple[tuple[str, tuple[str, ...], tuple[str, ...], tuple[bytes, ...], bool, bool, bool], ...] = (
'''


def table() -> str:
    """Return the module's text."""
    found = declared()
    lines = [f"    {(*one[:4], one.recognize is not None, *one[5:])!r},\n" for one, _ in found.values()]
    homes = [f"    {name!r}: {home!r},\n" for name, (_, home) in found.items()]
    return f"{_HEAD}{''.join(lines)})\nHOMES = {{\n{''.join(homes)}}}\n"


if __name__ == "__main__":
    TABLE.write_text(table(), "utf-8")

"""Foreign text made safe to show: one line, no control bytes, no direction tricks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_HARMLESS = frozenset("\u200d")  # joins emoji; harmless on its own


def printable(text: str) -> str:
    r"""Return ``text`` with everything that could move a cursor or lie about order escaped.

    Control characters, line separators, bidirectional overrides, invisible formatting and
    lone surrogates (undecodable bytes of file names) become ``\\xNN`` or ``\\uNNNN``.

    So do the marks by which CI runners find commands in a log: ``##[error]`` and ``##vso[`` anywhere
    in a line, ``::error::`` where a line, or a wrapped word, begins.
    """
    if not (text.isprintable() and text.isascii()):
        text = "".join(char if _shown(char) else _escape(char) for char in text)
    if "##" in text or "::" in text:
        import re

        text = re.sub(r"##(?=\[|vso\[)", r"#\\x23", text, flags=re.IGNORECASE)
        text = re.sub(r"(?<!\S)::(?=\S)", r":\\x3a", text)
    return text


def quiet_json(text: str) -> str:
    """Return JSON in ASCII that says the same, but nothing to a terminal or a CI runner."""
    return text.replace("\x7f", "\\u007f").replace("##", "#\\u0023")  # which stand inside of strings alone


def counted(number: int, noun: str) -> str:
    """Return the number and its noun: "1 finding", "2 findings"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def listed(words: Sequence[str], most: int = 5) -> str:
    """Return the first words, and how many more there are: "a, b and 3 more"."""
    more = f" and {len(words) - most:,} more" if len(words) > most else ""
    return ", ".join(words[:most]) + more


def _shown(char: str) -> bool:
    return char.isprintable() or char in _HARMLESS


def _escape(char: str) -> str:
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that was no UTF-8 (PEP 383)
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"

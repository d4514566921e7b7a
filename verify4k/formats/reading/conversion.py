"""Whether something took a picture for text: the commonest cause of damage that no decoder can name.

Asked only of what is damaged already. Compressed data looks random, so that what a conversion leaves
behind is told by counting: of eight line feeds in a row that all follow a carriage return, one in 2^64
is chance.
"""

from __future__ import annotations

from verify4k.formats.facts import Sentence

_LOST = b"\xef\xbf\xbd"  # U+FFFD, what stands for bytes that are no UTF-8
_LEAST = 8
_MANY = 700_000  # bytes among which ten pairs of CR and LF are to be expected
_HIGH = 32


def text_conversion(data: bytes, suffix: str) -> Sentence | None:
    """Return what happened to the bytes, with what prevents it; None where nothing tells.

    Args:
        data: the whole file, damaged.
        suffix: of its name, without the dot, for the line of .gitattributes.
    """
    what = _what(data)
    if what is None:
        return None
    fix = f"send the original as binary; in git, `*.{suffix} binary` in .gitattributes keeps its bytes"
    return Sentence(f"its bytes were taken for text: {what}", fix)


def _what(data: bytes) -> str | None:
    if data.count(_LOST) >= max(_LEAST, len(data) // 400):
        return "decoded as UTF-8, with U+FFFD in the place of what is lost"
    feeds, pairs = data.count(b"\n"), data.count(b"\r\n")
    if feeds >= _LEAST and feeds == pairs:
        return "every LF became CRLF"
    if len(data) >= _MANY and not pairs and feeds >= _LEAST and b"\r" in data:
        return "every CRLF became LF"
    if _is_utf8(data):
        return "encoded as UTF-8 from a single-byte encoding"
    return None


def _is_utf8(data: bytes) -> bool:
    """Whether binary data is UTF-8 throughout, which no picture is by itself."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return len(data) - len(text) >= _HIGH

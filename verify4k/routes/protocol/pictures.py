"""Text that carries a picture -> its bytes: base64 in both alphabets, and ``data:`` URLs.

RFC 4648 knows two alphabets and lets padding be left out where the length is known; white space is
what mail and log tools leave; RFC 2397 knows ``data:`` in any case, with base64 or without. More is
not guessed: a text that is none of this may be another thing altogether.
"""

from __future__ import annotations

import binascii
import re
from urllib.parse import unquote_to_bytes

_DATA_URL = re.compile(r"\s*data:([^,]{0,200}),", re.ASCII | re.IGNORECASE)
_WHITE = str.maketrans("", "", " \t\r\n\f\v")
_TO_STANDARD = str.maketrans("-_", "+/")
_SNIFFED = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF", b"GIF8")


def is_data_url(text: str) -> bool:
    """Whether a text is a ``data:`` URL (RFC 2397), in any case."""
    return _DATA_URL.match(text[:300]) is not None


def decoded(text: str) -> bytes | None:
    """Return the bytes that base64 or a ``data:`` URL carries; None for anything else."""
    prefix = _DATA_URL.match(text[:300])
    if prefix is None:
        return _base64(text)
    parameters = [part.strip().lower() for part in prefix[1].split(";")]
    payload = text[prefix.end() :]
    return _base64(payload) if "base64" in parameters[1:] else unquote_to_bytes(payload)


def _base64(text: str) -> bytes | None:
    text = text.translate(_WHITE)
    if "-" in text or "_" in text:
        if "+" in text or "/" in text:  # two alphabets in one text are neither
            return None
        text = text.translate(_TO_STANDARD)
    bare = text.rstrip("=") if len(text) - len(text.rstrip("=")) <= 2 else text
    try:
        return binascii.a2b_base64((bare + "=" * (-len(bare) % 4)).encode("ascii"), strict_mode=True)
    except (binascii.Error, UnicodeEncodeError):
        return None


def is_picture(data: bytes) -> bool:
    """Whether bytes begin as a picture does; what they are is for the rules to say."""
    return data.startswith(_SNIFFED)

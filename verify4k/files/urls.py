"""Names that are URLs: told from file names by their scheme, and read strictly."""

from __future__ import annotations

import re

from verify4k.errors import UsageError

_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")
_SCHEMES = ("http", "https")
_OBJECT = r"(?:s3|gs)://[A-Za-z0-9][A-Za-z0-9._-]+/[^\0?#]+"


def is_url(text: str) -> bool:
    """Whether a key is a URL: it has a scheme of two letters and more, and two slashes."""
    return _URL.match(text) is not None


def check_url(text: str) -> None:
    """Raise `UsageError` for a URL that is not asked."""
    from verify4k.net.addresses import parse_url, quoted

    found = _URL.match(text)
    scheme = found[1].lower() if found else ""
    if scheme in ("s3", "gs"):
        if not re.fullmatch(_OBJECT, text):
            raise UsageError("this names no object of a store", f"write it like {scheme}://BUCKET/KEY")
        return
    if scheme not in _SCHEMES:
        raise UsageError(f"{scheme}:// is not asked", "write an http or https URL, or s3:// or gs://")
    parse_url(quoted(text))

"""Names that are URLs: told from file names by their scheme, and read strictly."""

from __future__ import annotations

import re

from verify4k.errors import UsageError

_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")
_SCHEMES = ("http", "https")


def is_url(text: str) -> bool:
    """Whether a key is a URL: it has a scheme of two letters and more, and two slashes."""
    return _URL.match(text) is not None


def check_url(text: str) -> None:
    """Raise `UsageError` for a URL that is not asked."""
    from verify4k.net.addresses import parse_url, quoted

    found = _URL.match(text)
    scheme = found[1].lower() if found else ""
    if scheme not in _SCHEMES:
        raise UsageError(f"{scheme}:// is not asked", "write an http or https URL")
    parse_url(quoted(text))

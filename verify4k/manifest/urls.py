"""Keys of ``files`` that are URLs: told from file names by their scheme, and read strictly."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verify4k.documents.nodes import Mistake
from verify4k.errors import ManifestError, UsageError

if TYPE_CHECKING:
    from verify4k.documents.nodes import Scalar

_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")
_SCHEMES = ("http", "https")


def is_url(text: str) -> bool:
    """Whether a key is a URL: it has a scheme of two letters and more, and two slashes."""
    return _URL.match(text) is not None


def read_url(key: Scalar) -> str:
    """Return a key's URL. Raises `ManifestError` at its place."""
    from verify4k.net.addresses import parse_url, quoted

    text = key.text.strip()
    found = _URL.match(text)
    scheme = found[1].lower() if found else ""
    if scheme not in _SCHEMES:
        raise ManifestError([Mistake(key.place, f"{scheme}:// is not asked", "write an http or https URL")])
    try:
        parse_url(quoted(text))
    except UsageError as error:
        raise ManifestError([Mistake(key.place, error.message, error.hint)]) from error
    return text

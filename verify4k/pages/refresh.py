"""`Refresh`, in a header or a `meta`: a page that leads on to another by itself."""

from __future__ import annotations

import re

_REFRESH = re.compile(r"(?ais)\s*(\d{0,9})(?:\.[\d.]*)?\s*[;,\s]\s*(?:url\s*=\s*)?(.*)")
_SOON = 5  # seconds: later it is news that are to be new, or a game


def leads_to(refresh: str) -> str:
    """Return the URL that a `Refresh` leads to within seconds; empty where it leads nowhere, or later."""
    found = _REFRESH.fullmatch(refresh)
    if found is None or int(found[1] or 0) > _SOON:
        return ""
    url, quote = found[2].strip(), found[2].strip()[:1]
    return url[1:].partition(quote)[0].strip() if quote in ("'", '"') else url

"""Fingerprints: the same finding gets the same one in every run, wherever its line has moved."""

from __future__ import annotations

import hashlib
from collections import Counter


class Prints:
    """Gives out fingerprints, no two of one run alike."""

    def __init__(self) -> None:
        self._seen: Counter[tuple[str, ...]] = Counter()

    def of(self, *parts: str) -> str:
        """Return 32 hexadecimal digits for what identifies a finding: target, rule, message."""
        self._seen[parts] += 1
        whole = "\0".join([*parts, str(self._seen[parts])])
        return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:32]

"""Keys of ``files`` that are URLs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.documents.nodes import Mistake
from verify4k.errors import ManifestError, UsageError
from verify4k.files.urls import check_url

if TYPE_CHECKING:
    from verify4k.documents.nodes import Scalar


def read_url(key: Scalar) -> str:
    """Return a key's URL. Raises `ManifestError` at its place."""
    text = key.text.strip()
    try:
        check_url(text)
    except UsageError as error:
        raise ManifestError([Mistake(key.place, error.message, error.hint)]) from error
    return text

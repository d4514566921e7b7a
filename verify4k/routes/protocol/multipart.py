"""multipart/form-data (RFC 7578), with a boundary that follows from the content.

The same request has the same bytes, so nothing random is needed and tests can compare.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class Part(NamedTuple):
    """A field, or a file when it has a name."""

    field: str
    value: str | bytes
    filename: str = ""
    content_type: str = ""

    @property
    def data(self) -> bytes:
        """The value as bytes."""
        return self.value if isinstance(self.value, bytes) else self.value.encode("utf-8", "replace")


def encode_multipart(parts: Sequence[Part]) -> tuple[str, bytes]:
    """Return content type and body."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.data)
    boundary = f"verify4k-{digest.hexdigest()}"
    lines = []
    for part in parts:
        named = f'; filename="{_quoted(part.filename)}"' if part.filename else ""
        typed = f"\r\nContent-Type: {part.content_type}" if part.content_type else ""
        disposition = f'Content-Disposition: form-data; name="{_quoted(part.field)}"{named}'
        head = f"--{boundary}\r\n{disposition}{typed}\r\n\r\n".encode("utf-8", "replace")
        lines.append(head + part.data + b"\r\n")
    return f"multipart/form-data; boundary={boundary}", b"".join(lines) + f"--{boundary}--\r\n".encode()


def _quoted(text: str) -> str:
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")

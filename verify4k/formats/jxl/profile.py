"""The ICC profile of a JPEG XL, which is coded in its codestream: the decoder gives it out."""

from __future__ import annotations


def profile(data: bytes) -> bytes | None:
    """Return the profile, or None. Raises `MissingTool`, `Damaged`."""
    from io import BytesIO

    from verify4k.formats.decoding import as_damage
    from verify4k.formats.jxl.decode import plugin

    module = plugin()
    with as_damage():
        found: bytes | None = module.JXLImageFile(BytesIO(data)).info.get("icc_profile")
    return found

"""The ICC profile of a JPEG XL, which is coded in its codestream: the decoder gives it out."""

from __future__ import annotations


def profile(data: bytes) -> bytes | None:
    """Return the profile, or None. Raises `MissingTool`, `Damaged`."""
    from io import BytesIO

    from verify4k.formats.decoding import DECODER_ERRORS, broken
    from verify4k.formats.jxl.decode import plugin

    module = plugin()
    try:
        found: bytes | None = module.JXLImageFile(BytesIO(data)).info.get("icc_profile")
    except DECODER_ERRORS as error:
        raise broken(error) from error
    return found

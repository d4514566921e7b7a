"""Exif, XMP, ICC, C2PA and the sizes they claim, whatever container they come in."""

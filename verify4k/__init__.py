"""Verify final image artifacts against what was promised."""

__version__ = "0.1.0"

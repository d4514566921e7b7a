"""The disk, and the fence around the part of it that a manifest may speak of."""

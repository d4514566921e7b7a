"""Nodes -> `Manifest`: what was promised, strict, every mistake at once with its place."""

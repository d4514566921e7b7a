"""Promises that exist already: one file a source that `init --from` reads."""

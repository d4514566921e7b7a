"""Image containers: one module each, found by the first bytes of a file."""

"""verify4k inside other people's programs: one file a host, named by its entry point in pyproject.toml."""

"""A text with places: YAML, JSON or TOML bytes -> nodes that know their line and column."""

"""The rules: one file each, with its page, options and examples; found by being here."""

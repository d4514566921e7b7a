"""The reporters: one file a format, named like the format; found by being here."""

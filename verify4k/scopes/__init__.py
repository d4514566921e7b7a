"""What one run checks: one file a place that promised files are read from."""

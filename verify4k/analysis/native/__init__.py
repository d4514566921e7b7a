"""Native resolution: was a picture enlarged, and from what size."""

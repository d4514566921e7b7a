"""Arrays in, numbers out: native resolution, padding, blankness, detail. No input or output."""

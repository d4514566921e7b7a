"""What image models accept in a request, as dated data, and every objection to a size."""

"""What every container parser reads through: buffered windows, boxes, trailing data, foreign bytes."""

"""Making what a manifest promises and does not have, judged by the same rules before it counts."""

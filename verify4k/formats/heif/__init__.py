"""HEIF, the container of AVIF and HEIC (ISO 23008-12): items, properties, sequences."""

"""Image formats: one file or folder each, found by its `FORMAT`, and what they share.

Shared: `registry` (names, magic, suffixes, media types), `facts` (what a parser reports and reads
through), `reading` (windows, boxes, foreign bytes), `metadata`, `heif`, `decoding`, `pixels`.
"""

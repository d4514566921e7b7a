"""The picture keeps its dynamic range: the gain map is still there, HDR ships only where it was meant.

A gain map is the second picture that makes a photo bright on HDR screens; resizers and CDNs drop it without a
word, and keep the text that announces it. `gain-map: required` wants the picture itself: in JPEG (Ultra HDR,
ISO 21496-1, Apple), AVIF, HEIC and JPEG XL. `hdr: forbidden` refuses PQ, HLG, OpenEXR and gain maps, which
look grey or too bright where they are not understood; `hdr: required` wants one of them.

Fix: export with a tool that keeps gain maps, or convert to SDR in the export.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.model import Problem
from verify4k.options.kinds import Options, option
from verify4k.options.presence import presence
from verify4k.rule import Example, Picture, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.artifacts.artifact import Artifact

_KEEP = "export with a tool that keeps gain maps; look for the resizer or CDN that dropped it"
_DROP = "convert to SDR in the export, without a gain map"


class RangeOptions(Options):
    """How bright the picture may be."""

    gain_map: str | None = option(presence, "whether the picture that brightens an HDR screen is in the file")
    hdr: str | None = option(presence, "whether it is HDR: PQ, HLG, OpenEXR or a gain map")


@rule(
    "dynamic-range",
    options=RangeOptions,
    when_promised=True,
    examples=[
        Example(
            "kept", Picture(name="photo.jpg", kind="gain-map"), {"gain-map": "required", "hdr": "required"}
        ),
        Example("SDR", Picture(name="photo.jpg"), {"hdr": "forbidden"}),
        Example(
            "lost, though the text announces it",
            Picture(name="photo.jpg", kind="gain-map-lost"),
            {"gain-map": "required"},
            finds=Problem("the gain map is missing", "a gain map", "none"),
        ),
        Example(
            "PQ where SDR was promised",
            Picture(kind="pq"),
            {"hdr": "forbidden"},
            finds=Problem("the picture is HDR", "SDR", "BT.2020, PQ"),
        ),
    ],
)
def dynamic_range(artifact: Artifact) -> Iterator[Problem]:
    """Look for what is there, not for what is announced."""
    wants = artifact.asset[RangeOptions]
    if wants.gain_map in ("required", "forbidden") and artifact.gain_map is not (
        wants.gain_map == "required"
    ):
        if artifact.gain_map:
            yield Problem("there is a gain map", "no gain map", "a gain map", _DROP, "gain-map")
        else:
            yield Problem("the gain map is missing", "a gain map", "none", _KEEP, "gain-map")
    if wants.hdr in ("required", "forbidden"):
        found = artifact.hdr
        if found and wants.hdr == "forbidden":
            yield Problem("the picture is HDR", "SDR", found, _DROP, "hdr")
        elif not found and wants.hdr == "required":
            yield Problem("the picture is not HDR", "PQ, HLG or a gain map", "SDR", _KEEP, "hdr")

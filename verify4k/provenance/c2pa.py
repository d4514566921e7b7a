"""C2PA manifests and IPTC's declaration of AI pictures, as far as verify4k looks into them.

Presence is what the container parsers report (block kind ``c2pa``). Validity is asked of
c2pa-python (C2PA 2.x, the project's own library), an extra because it is large.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import MissingTool

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from verify4k.formats.facts import Block, Reader

# https://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia, written with http:
_AI = "trainedAlgorithmicMedia"
_OFFLINE = {"verify": {"remote_manifest_fetch": False, "ocsp_fetch": False}}  # a check asks nobody
_MOST = 4 << 20  # bytes of a manifest that are searched
# What a validator faults though nobody changed the picture (status codes of C2PA 2.x). Certificates of OpenAI
# and Google run out, and the same bytes would fail a gate that they passed before; whose certificate it is
# nobody asks here, so nothing is lost. "malformed" is how a manifest was written, which its signature covers.
_HARMLESS = frozenset((
    "signingCredential.untrusted", "signingCredential.expired", "signingCredential.invalid",
    "claimSignature.outsideValidity", "timeStamp.untrusted", "timeStamp.outsideValidity",
    "assertion.action.malformed", "assertion.ingredient.malformed", "claim.malformed",
))  # fmt: skip
_SIGNED, _BOUND = "claimSignature.validated", "Hash.match"  # dataHash, boxesHash, bmffHash


def declares_ai(reader: Reader, blocks: Sequence[Block]) -> bool:
    """Whether XMP, or an action in the C2PA manifest, has the digital source type of AI pictures."""
    packets = [block for block in blocks if block.kind == "xmp"]
    if packets:
        from verify4k.formats.metadata.xmp import load_xmp, read_xmp

        said = read_xmp(load_xmp(reader, packets)).source_type or ""
        if said.rstrip("/").rpartition("/")[2] == _AI:
            return True
    wanted = f"digitalsourcetype/{_AI}".encode()
    manifests = (block for block in blocks if block.kind == "c2pa")
    return any(wanted in reader.read(block.offset, min(block.length, _MOST)) for block in manifests)


def validation_problem(data: bytes, form: str) -> str:
    """Return why a manifest does not vouch for these bytes, or an empty text.

    It does where its signature holds and its hash is that of the picture, whoever signed and whenever that
    certificate ran out. Raises `MissingTool` without the extra.
    """
    import importlib
    import io
    import json

    try:
        c2pa: Any = importlib.import_module("c2pa")
        offline = c2pa.Context(c2pa.Settings.from_dict(_OFFLINE))
    except (ImportError, AttributeError) as error:
        raise MissingTool(
            "c2pa-python 0.38 or newer is not installed", "pip install 'verify4k[c2pa]'"
        ) from error
    try:
        with c2pa.Reader(f"image/{form}", io.BytesIO(data), context=offline) as reader:
            report = json.loads(reader.json())
    except c2pa.C2paError as error:
        return f"unreadable: {str(error)[:120]}"
    return fault(report)


def fault(report: dict[str, Any]) -> str:
    """Return what a validator's report says against the bytes, or an empty text."""
    state = str(report.get("validation_state", "unknown"))
    if state in ("Valid", "Trusted"):
        return ""
    failures = [str(one.get("code", "")) for one in report.get("validation_status", [])]
    against = [code for code in failures if code not in _HARMLESS]
    results = report.get("validation_results", {}).get("activeManifest", {})
    fine = [str(one.get("code", "")) for one in results.get("success", [])]
    if not against and _SIGNED in fine and any(code.endswith(_BOUND) for code in fine):
        return ""
    named = ", ".join((against or failures)[:3])
    return f"{state} ({named})" if named else state

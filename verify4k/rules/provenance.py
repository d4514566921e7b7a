"""The bytes come from where the manifest says pictures come from.

`provenance: ledger` wants these exact bytes to be an accepted outcome in `verify4k.ledger.jsonl`,
which `verify4k generate` and `verify4k import` write; an imported picture also needs its rights
recorded. `c2pa-present` wants a C2PA manifest in the file (PNG, JPEG, WebP and the other formats
verify4k reads; nothing to install). `c2pa-valid` has it validated by c2pa-python
(`pip install verify4k[c2pa]`): presence alone proves nothing, since a changed pixel leaves an
invalid manifest behind. It asks that the signature holds and that the picture is the one that was
signed, not who signed it or when: a certificate that ran out since, that lacks a purpose or that no
list of trusted signers has fails nothing, nor does a manifest signed with mistakes of form.
`iptc-ai` wants the picture declared as made by AI (IPTC digital source type
`trainedAlgorithmicMedia`, in XMP or in the C2PA manifest). Several may be listed; `none-required`
says that nothing is.

Resizing, optimising and most CDNs drop C2PA, and any added metadata makes it invalid: a missing
manifest says nothing about how a picture was made.

Fix: use the bytes that were delivered and verified, or record where the picture comes from
(`verify4k import FILE --as TARGET --rights ...`). Do not copy a ledger line or a manifest over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.model import Problem
from verify4k.options.kinds import Options, choice, option
from verify4k.options.lists import list_of
from verify4k.provenance.c2pa import declares_ai, validation_problem
from verify4k.rule import Example, Picture, rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from verify4k.artifacts.artifact import Artifact

CLAIMS = ("ledger", "c2pa-present", "c2pa-valid", "iptc-ai", "none-required")
DELIVERED = ("c2pa-present", "c2pa-valid", "iptc-ai")  # what only the bytes that were delivered have


class ProvenanceOptions(Options):
    """What must be known about where the bytes come from."""

    provenance: tuple[str, ...] | None = option(
        list_of(choice(*CLAIMS)), "what must be known about the picture's origin"
    )


@rule(
    "provenance",
    options=ProvenanceOptions,
    when_promised=True,
    examples=[
        Example("nothing is required", Picture(), {"provenance": "none-required"}),
        Example("declared as made by AI", Picture(kind="iptc-ai"), {"provenance": "iptc-ai"}),
        Example("with a C2PA manifest", Picture(kind="c2pa"), {"provenance": "c2pa-present"}),
        Example(
            "bytes that no request brought",
            Picture(),
            {"provenance": "ledger"},
            finds=Problem(
                "no recorded request brought these bytes",
                "an accepted outcome in the ledger",
                "unknown bytes",
            ),
        ),
        Example(
            "no C2PA manifest",
            Picture(),
            {"provenance": "c2pa-present"},
            finds=Problem("there is no C2PA manifest", "a C2PA manifest", "none"),
        ),
        Example(
            "not declared",
            Picture(),
            {"provenance": ["none-required", "iptc-ai"]},
            finds=Problem(
                "the picture is not declared as made by AI",
                "digital source type trainedAlgorithmicMedia",
                "no such declaration",
            ),
        ),
    ],
)
def provenance(artifact: Artifact) -> Iterator[Problem]:
    """Check each claim in the order of the promise."""
    for claim in artifact.asset[ProvenanceOptions].provenance or ():
        found = _CHECKS[claim](artifact)
        if found is not None:
            yield found


def _recorded(artifact: Artifact) -> Problem | None:
    history = artifact.history
    line = None if history is None else history.accepted(artifact.sha256)
    if line is None:
        message = "no recorded request brought these bytes"
        fix = "use the bytes that were delivered, or record this picture with verify4k import"
        odd = None if history is None else next(history.bad_lines(), None)
        if odd is not None:
            fix += f"; line {odd.line} of the ledger is {odd.what}, and what stood there vouches for nothing"
        if history is not None and history.gap is not None:
            fix += f"; {history.gap}: what stood there may vouch for them"
        return Problem(message, "an accepted outcome in the ledger", "unknown bytes", fix, "provenance")
    if line.get("imported") and not str(line.get("rights") or "").strip():
        fix = "import it again with --rights"
        return Problem("the rights are not recorded", "rights", "none", fix, "provenance")
    return None


def _present(artifact: Artifact) -> Problem | None:
    if any(block.kind == "c2pa" for block in artifact.metadata[1]):
        return None
    fix = "use the bytes as delivered: re-saving, optimising and most CDNs drop the manifest"
    return Problem("there is no C2PA manifest", "a C2PA manifest", "none", fix, "provenance")


def _valid(artifact: Artifact) -> Problem | None:
    absent = _present(artifact)
    if absent is not None:
        return absent
    said = validation_problem(artifact.data, artifact.format)
    if not said:
        return None
    fix = "use the bytes as delivered: the file was changed after it was signed"
    return Problem("the C2PA manifest is not valid", "a valid manifest", said, fix, "provenance")


def _declared(artifact: Artifact) -> Problem | None:
    if declares_ai(*artifact.metadata):
        return None
    fix = "keep the delivered metadata, or write the IPTC digital source type in the export"
    expected = "digital source type trainedAlgorithmicMedia"
    return Problem(
        "the picture is not declared as made by AI", expected, "no such declaration", fix, "provenance"
    )


_CHECKS: dict[str, Callable[[Artifact], Problem | None]] = {
    "ledger": _recorded,
    "c2pa-present": _present,
    "c2pa-valid": _valid,
    "iptc-ai": _declared,
    "none-required": lambda _artifact: None,
}

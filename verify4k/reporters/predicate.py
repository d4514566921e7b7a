"""The bare test-result predicate, for actions/attest, which signs it with the subjects it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.reporters._dump import dump
from verify4k.reporters._result import predicate

if TYPE_CHECKING:
    from verify4k.report import RenderOptions, Report


def render(report: Report, options: RenderOptions) -> str:  # noqa: ARG001 - every reporter's signature
    """Return the predicate of https://in-toto.io/attestation/test-result/v0.1."""
    return dump(predicate(report), indent=2) + "\n"

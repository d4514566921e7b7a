"""What a report counts, and the exit code that follows from what was found."""

from __future__ import annotations

import pytest

from verify4k.documents.nodes import Place
from verify4k.report import AssetResult, Finding, ManifestRef, Report, Unasked, Undecided, exit_code

PLACE = Place("m", 1, 1)


def found(severity: str) -> Finding:
    return Finding("a.png", "color", severity, "", "", "", "", "", PLACE, "a.png")  # type: ignore[arg-type]


OPEN = Undecided("a.png", "color", "", "", PLACE, "a.png")


@pytest.mark.parametrize(
    ("severities", "undecided", "fail_on", "code"),
    [
        ("", 0, "error", 0),
        ("", 1, "error", 3),
        ("error", 0, "error", 1),
        ("error", 1, "error", 1),  # what is broken outweighs what is not known
        ("warning", 0, "error", 0),
        ("warning", 1, "error", 3),
        ("warning error", 0, "error", 1),  # whichever comes first
        ("note warning note", 0, "warning", 1),
        ("note", 0, "warning", 0),
        ("note", 0, "note", 1),
    ],
)
def test_the_worst_finding_decides_then_what_is_undecided(
    severities: str, undecided: int, fail_on: str, code: int
) -> None:
    findings = tuple(map(found, severities.split()))
    gate: object = fail_on
    for empty in (False, True):
        assert (
            exit_code(findings, (OPEN,) * undecided, assets=1, fail_on=gate, allow_empty=empty)  # type: ignore[arg-type]
            == code
        )


@pytest.mark.parametrize(("assets", "allow_empty", "code"), [(0, False, 2), (0, True, 0), (1, False, 0)])
def test_nothing_to_check_is_a_mistake_unless_it_is_allowed(
    assets: int, allow_empty: bool, code: int
) -> None:
    assert exit_code((), (), assets=assets, fail_on="error", allow_empty=allow_empty) == code


def asset(verdict: str) -> AssetResult:
    return AssetResult("a.png", "a.png", PLACE, verdict, "full", None, None, {}, {}, {})  # type: ignore[arg-type]


def test_a_summary_counts_each_thing_for_itself() -> None:
    verdicts = ["passed"] * 4 + ["failed"] * 3 + ["undecided"] * 2
    unasked = (Unasked("a.png", "color", "", "", PLACE, "a.png"),)
    report = Report(
        version="1",
        manifest_path="m",
        manifest_sha256="0",
        assets=tuple(map(asset, verdicts)),
        findings=(found("error"),) * 6,
        undecided=(OPEN,) * 7,
        suppressed=(found("error"),) * 5,
        notes=(),
        rules=(),
        fail_on="error",
        exit_code=1,
        more_manifests=(ManifestRef("n", "1"), ManifestRef("o", "2")),
        unasked=unasked,
    )
    assert report.summary == (9, 4, 3, 2, 6, 5, 1)
    assert report.manifests == (("m", "0"), ("n", "1"), ("o", "2"))

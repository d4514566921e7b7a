"""Reports for the reporter tests: a usual one, and the nastiest there can be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

import verify4k
from verify4k.documents.nodes import Place
from verify4k.report import (
    AssetResult,
    ChainLink,
    Finding,
    Part,
    RenderOptions,
    Report,
    RuleInfo,
    RuleLeftOut,
    Suppression,
    Unasked,
    Undecided,
    exit_code,
)
from verify4k.reporters import reporter

if TYPE_CHECKING:
    from verify4k.report import Severity, Verdict

DIGEST = "0123456789abcdef" * 4
PLACE = Place("verify4k.yaml", 4, 3)

# What foreign text may try, one attack an entry; each stands in every field that can hold it.
NASTY = [
    "\x1b[2J\x1b]0;owned\x07\x00\x7f\x9b31m",
    "\u202egnp.exe\u2066 \u200bzero\u2028line\u2029par\ufeff",
    "::error file=a.py,line=1::owned",
    "\r\n::set-output name=x::owned\n::stop-commands::x",
    "##[error]owned ##vso[task.setvariable variable=x]owned",
    "]]> <!-- --> <![CDATA[ &amp; &#0; \ufffe\uffff",
    "a | b \\| c ` ``` d\n| --- |\n",
    "<script>alert(1)</script><img src=x onerror=alert(1)>\"' onload=x",
    "[x](javascript:alert(1)) **b** _i_ ~~s~~ # h @user https://evil.example www.evil.example",
    "not utf-8: \udcff\udc80 and half \ud83d",
    "100% 25%25 ; ] , : %0A %AZP25",
    "back\\slash \\n $HOME $(id) `id` {{ x }} ${{ x }}",
    "grüße 😀 \U000e0041 \N{ZERO WIDTH JOINER} e\u0301",
    "x" * 5_000,
    "-rf",
    "",
]


def finding(target: str = "dist/hero.png", rule: str = "exact-size", **given: Any) -> Finding:
    """A finding with something in every field."""
    usual: dict[str, Any] = {
        "severity": "error",
        "message": "the pixel size differs",
        "expected": "3840x2160",
        "actual": "2560x1440",
        "fix": "produce it again at the promised size",
        "origin": "size: 4k-landscape (preset, 2026-11-22)",
        "place": PLACE,
        "path": target,
    }
    return Finding(target, rule, **{**usual, **given})


def undecided(target: str = "dist/scan.jxl", rule: str = "color", **given: Any) -> Undecided:
    """A promise that could not be checked."""
    usual: dict[str, Any] = {
        "reason": "no decoder for JPEG XL",
        "hint": "pip install verify4k[jxl]",
        "place": Place("verify4k.yaml", 9, 3),
        "path": target,
    }
    return Undecided(target, rule, **{**usual, **given})


def asset(target: str = "dist/hero.png", verdict: Verdict = "passed", **given: Any) -> AssetResult:
    """A result whose rules fit its verdict."""
    state = {"passed": "holds", "failed": "problem", "undecided": "undecided"}[verdict]
    usual: dict[str, Any] = {
        "path": target,
        "place": PLACE,
        "depth": "full",
        "sha256": DIGEST,
        "size": 1234,
        "facts": {
            "target": target,
            "format": "png",
            "displayed": [2560, 1440],
            "alpha": "none",
            "error": None,
        },
        "rules": {"readable": "holds", "exact-size": state, "metadata": "not-asked"},
        "promised": {"size": "3840x2160"},
    }
    return AssetResult(target=target, verdict=verdict, **{**usual, **given})


RULES = (
    RuleInfo(
        "exact-size",
        "The decoded pixels have the promised size.",
        "The decoded pixels have …\n\nMore.",
        "error",
    ),
    RuleInfo("color", "The colours are as promised.", "The colours are as promised.\n", "warning"),
    RuleInfo("readable", "The file is an image.", "The file is an image.\n", "error"),
)


def report(
    assets: tuple[AssetResult, ...] = (),
    findings: tuple[Finding, ...] = (),
    open_: tuple[Undecided, ...] = (),
    suppressed: tuple[Finding, ...] = (),
    notes: tuple[str, ...] = (),
    fail_on: Severity = "error",
    **given: Any,
) -> Report:
    """A report whose exit code is what the engine would say."""
    code = exit_code(findings, open_, assets=len(assets), fail_on=fail_on, allow_empty=False)
    usual: dict[str, Any] = {"manifest_path": "verify4k.yaml", "manifest_sha256": "f" * 64, "rules": RULES}
    return Report(
        version="0.1.0",
        assets=assets,
        findings=findings,
        undecided=open_,
        suppressed=suppressed,
        notes=notes,
        fail_on=fail_on,
        exit_code=code,
        **{**usual, **given},
    )


def good() -> Report:
    """Two assets, every promise holds."""
    return report((asset("dist/a.png"), asset("dist/b.png", sha256="ab" * 32)))


def shallow() -> Report:
    """Two assets, every promise that was asked holds, and one was not asked."""
    left = Unasked("dist/b.png", "metadata", "metadata: {forbid: [GPS*]}", "--ignore", PLACE, "dist/b.png")
    return report((asset("dist/a.png"), asset("dist/b.png")), unasked=(left,))


def partial() -> Report:
    """Two assets of very many, every promise that was checked holds."""
    return good()._replace(part=Part(2, 54_321, ("--since main",)))


def with_rules_left_out() -> Report:
    """Two assets, every promise holds; rules that are asked by default were not, two of them by an option."""
    left = [RuleLeftOut(f"rule-{each}", "--select", 77) for each in "ab"]
    return good()._replace(rules_left_out=(*left, RuleLeftOut("rule-c", "rules: {rule-c: off}", 77)))


def mixed() -> Report:
    """One of everything."""
    covered = finding(
        "dist/old.png",
        "color",
        severity="warning",
        suppressed=Suppression("ignore", "accepted until May", PLACE),
    )
    return report(
        (
            asset("dist/hero.png", "failed"),
            asset("dist/fine.png"),
            asset("dist/scan.jxl", "undecided", rules={"color": "undecided", "exact-size": "undecided"}),
            asset("dist/old.png", rules={"color": "problem", "readable": "holds"}),
            asset("dist/meh.png", rules={"color": "problem", "readable": "holds"}),
        ),
        (finding(), finding("dist/meh.png", "color", severity="warning", message="a profile is missing")),
        (undecided(),),
        (covered,),
        ("1 ignore is not used: dist/gone.png",),
    )


def nasty(number: int = 10_000) -> Report:
    """Every attack in every field, and ``number`` findings."""
    assets = [asset(f"{text}{index}", "failed", promised={text: text}) for index, text in enumerate(NASTY)]
    findings = []
    for index in range(number):
        text = NASTY[index % len(NASTY)]
        if index >= 2 * len(NASTY):
            text = text[:80]
        findings.append(_nasty_finding(index, text))
    open_ = tuple(
        undecided(f"{text}{index}", "color", reason=text, hint=text, path=text, place=Place(text, 1, 1))
        for index, text in enumerate(NASTY)
    )
    covered = tuple(
        finding(f"{text}{index}", "readable", suppressed=Suppression("comment", text, Place(text, 2, 1)))
        for index, text in enumerate(NASTY)
    )
    left = tuple(Unasked(f"{t}{i}", t, t, t, Place(t, 3, 1), t) for i, t in enumerate(NASTY))
    what = report(tuple(assets), tuple(findings), open_, covered, tuple(NASTY), unasked=left)
    rules = tuple(RuleLeftOut(text, f"--{text}", 1) for text in NASTY)
    return what._replace(part=Part(1, 2, tuple(NASTY)), rules_left_out=rules)


def _nasty_finding(index: int, text: str) -> Finding:
    severity: Severity = ("error", "warning", "note")[index // 2 % 3]
    return finding(
        f"{NASTY[index % len(NASTY)]}{index % len(NASTY)}",
        severity=severity,
        message=text,
        expected=text,
        actual=text,
        fix=text,
        origin=text,
        path=text,
        place=Place(text if index % 2 else "verify4k.yaml", index + 1, 1 + index % 7),
        evidence={"text": text, "number": index, "nan": float("nan")},
        chain=(ChainLink(text, text, text, "ok"), ChainLink(text, text, text, "lost", text)),
        also=(text,),
        url=text,
        hop=text,
    )


def rendered(name: str, what: Report, **options: Any) -> str:
    """What a reporter says."""
    text: str = reporter(name).render(what, RenderOptions(**options))
    return text


SCHEMAS = Path(__file__).parent / "schemas"
REPORT_SCHEMA = Path(verify4k.__file__).parent / "data" / "report.schema.json"
every_report = pytest.mark.parametrize(
    "what", [good(), mixed(), report(), nasty(500)], ids=["good", "mixed", "empty", "nasty"]
)


def valid(data: Any, schema: Any) -> None:
    """Fail where ``data`` is not as the schema says, or the schema is none."""
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    errors = sorted(kind(schema).iter_errors(data), key=str)
    assert not errors, errors[0]


def loaded(name: str, what: Report, **options: Any) -> Any:
    """Return what a JSON reporter says."""
    return json.loads(rendered(name, what, **options))

"""Where bytes come from: the ledger, rights, C2PA, IPTC."""

from __future__ import annotations

import hashlib
import json
import sys
import zlib
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from pictures import gradient, make, save, with_c2pa

from verify4k.errors import MissingTool
from verify4k.formats.facts import Block, BytesReader
from verify4k.provenance.c2pa import declares_ai, fault, validation_problem
from verify4k.rule import Picture

if TYPE_CHECKING:
    from collections.abc import Callable

AI = b"http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"


def _promise(folder: Path, *claims: str) -> bytes:
    body = {"version": 1, "files": {"art/a.png": {"provenance": list(claims)}}}
    (folder / "verify4k.yaml").write_text(json.dumps(body))
    (folder / "art").mkdir(exist_ok=True)
    return make(Picture(name="a.png"), folder / "art").read_bytes()


def _ledger(folder: Path, kind: str = "openai-images", **outcome: Any) -> None:
    lines = [
        {"event": "request", "id": "1", "kind": kind},
        {"event": "outcome", "id": "1", **outcome},
    ]
    (folder / "verify4k.ledger.jsonl").write_text("\n".join(map(json.dumps, lines)) + "\n")


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        ({"verdict": "rejected"}, 1),
        ({"verdict": "accepted", "sha256": "00"}, 1),
        ({"verdict": "accepted", "imported": True}, 1),
        ({"verdict": "accepted", "imported": True, "rights": ""}, 1),
        ({"verdict": "accepted", "imported": True, "rights": "ours"}, 0),
        ({"verdict": "accepted"}, 0),
    ],
)
def test_the_ledger_must_have_accepted_these_bytes(
    run: Callable[..., Any], tmp_path: Path, outcome: dict[str, Any], code: int
) -> None:
    data = _promise(tmp_path, "ledger")
    _ledger(tmp_path, **{"sha256": hashlib.sha256(data).hexdigest(), **outcome})
    assert run("check").code == code


@pytest.mark.parametrize(
    ("kind", "verdict", "told"),
    [
        ("placeholder", "accepted", True),
        ("placeholder", "rejected", False),
        ("openai-images", "accepted", False),
        ("qwen", "accepted", False),
    ],
)
def test_bytes_that_a_placeholder_s_route_brought_are_told(
    run: Callable[..., Any], tmp_path: Path, kind: str, verdict: str, told: bool
) -> None:
    data = _promise(tmp_path, "none-required")
    _ledger(tmp_path, kind, verdict=verdict, sha256=hashlib.sha256(data).hexdigest())
    found = json.loads(run("check", "--select", "no-placeholder", "--format", "json").out)["findings"]
    said = ("this is a placeholder", "a real picture", "a placeholder by the ledger")
    assert [(one["message"], one["expected"], one["actual"]) for one in found] == ([said] if told else [])


def test_a_ledger_that_cannot_be_read_is_undecided(run: Callable[..., Any], tmp_path: Path) -> None:
    _promise(tmp_path, "ledger")
    (tmp_path / "verify4k.ledger.jsonl").mkdir()
    assert run("check", "--ignore", "no-placeholder").code == 3


def test_validity_without_the_extra_is_undecided(
    run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _promise(tmp_path, "c2pa-valid")
    path = tmp_path / "art" / "a.png"
    path.write_bytes(with_c2pa(path.read_bytes()))
    monkeypatch.setitem(sys.modules, "c2pa", None)
    done = run("check")
    assert done.code == 3
    assert "verify4k[c2pa]" in done.out


def test_no_manifest_is_not_valid_either(run: Callable[..., Any], tmp_path: Path) -> None:
    _promise(tmp_path, "c2pa-valid")
    done = run("check")
    assert done.code == 1
    assert "there is no C2PA manifest" in done.out


# Signed by a certificate made for it that was valid for six seconds, with c2pa-python 0.38 and no thumbnail.
EXPIRED = Path(__file__).parents[1] / "data" / "c2pa" / "expired.png"


def test_a_certificate_that_ran_out_changes_no_picture(run: Callable[..., Any], tmp_path: Path) -> None:
    _promise(tmp_path, "c2pa-valid", "iptc-ai")
    (tmp_path / "art" / "a.png").write_bytes(EXPIRED.read_bytes())
    assert run("check", "--ignore", "no-placeholder").code == 0


def test_a_changed_picture_is_no_longer_the_one_that_was_signed(
    run: Callable[..., Any], tmp_path: Path
) -> None:
    _promise(tmp_path, "c2pa-valid")
    data = EXPIRED.read_bytes()
    text = b"\0\0\0\x03tEXta\0b" + zlib.crc32(b"tEXta\0b").to_bytes(4, "big")
    (tmp_path / "art" / "a.png").write_bytes(data[:-12] + text + data[-12:])  # before IEND
    done = run("check")
    assert done.code == 1
    assert "the C2PA manifest is not valid" in done.out
    assert "Invalid (assertion.dataHash.mismatch)" in done.out


@pytest.mark.parametrize("at", [b"claim_generator", b"c2pa.created", b"c2pa.signature"])
def test_a_changed_manifest_is_no_longer_the_one_that_was_signed(at: bytes) -> None:
    data = EXPIRED.read_bytes()
    assert validation_problem(data, "png") == ""
    assert validation_problem(data.replace(at, at[:-1] + b"X"), "png") != ""


def test_what_cannot_be_read_is_named() -> None:
    assert validation_problem(b"\x89PNG...", "png").startswith("unreadable: ")


def _report(state: str, *failures: str, success: tuple[str, ...] = ()) -> dict[str, Any]:
    """As c2pa-python 0.38 writes it."""

    def codes(names: tuple[str, ...]) -> list[dict[str, str]]:
        return [{"code": name} for name in names]

    active = {"success": codes(success), "failure": codes(failures), "informational": []}
    return {
        "validation_state": state,
        "validation_status": codes(failures),
        "validation_results": {"activeManifest": active},
    }


HOLDS = ("claimSignature.insideValidity", "claimSignature.validated", "assertion.dataHash.match")
SIGNER = ("signingCredential.untrusted", "signingCredential.expired")


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (_report("Trusted", success=HOLDS), ""),
        (_report("Valid", "signingCredential.untrusted", success=HOLDS), ""),
        # As pictures by OpenAI and Google of 2025 and 2026 are reported.
        (_report("Invalid", *SIGNER, success=HOLDS), ""),
        (_report("Invalid", *SIGNER, "assertion.action.malformed", success=HOLDS), ""),
        (_report("Invalid", *SIGNER, "claimSignature.outsideValidity", success=HOLDS), ""),
        (_report("Invalid", *SIGNER, "assertion.dataHash.mismatch", success=HOLDS[:2]),
         "Invalid (assertion.dataHash.mismatch)"),
        (_report("Invalid", *SIGNER, "signingCredential.ocsp.revoked", success=HOLDS),
         "Invalid (signingCredential.ocsp.revoked)"),
        (_report("Invalid", *SIGNER, "timeStamp.mismatch", success=HOLDS), "Invalid (timeStamp.mismatch)"),
        # Nothing speaks against the picture, but nothing binds the manifest to it either.
        (_report("Invalid", *SIGNER, success=HOLDS[:2]), f"Invalid ({', '.join(SIGNER)})"),
        (_report("Invalid", *SIGNER, success=HOLDS[2:]), f"Invalid ({', '.join(SIGNER)})"),
        ({"validation_state": "Invalid"}, "Invalid"),
        ({}, "unknown"),
    ],
)  # fmt: skip
def test_only_what_speaks_against_the_bytes_counts(report: dict[str, Any], said: str) -> None:
    assert fault(report) == said


@pytest.mark.parametrize("library", [None, SimpleNamespace(Reader=None)])
def test_a_missing_or_old_extra_is_named(monkeypatch: pytest.MonkeyPatch, library: Any) -> None:
    monkeypatch.setitem(sys.modules, "c2pa", library)
    with pytest.raises(MissingTool) as caught:
        validation_problem(b"", "png")
    assert "pip install" in caught.value.hint


def _declares(data: bytes, kind: str) -> bool:
    return declares_ai(BytesReader(data), [Block(kind, 0, len(data))])


@pytest.mark.parametrize(
    ("data", "kind", "declared"),
    [
        (b"jumb....actions" + AI + b"....", "c2pa", True),
        (b"jumb....no such thing", "c2pa", False),
        (AI, "exif", False),
        (b"<not xml", "xmp", False),
        (b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
         b"<rdf:Description>" + AI + b"</rdf:Description></rdf:RDF></x:xmpmeta>", "xmp", False),
    ],
)  # fmt: skip
def test_only_a_declaration_declares(data: bytes, kind: str, *, declared: bool) -> None:
    assert _declares(data, kind) is declared


@pytest.mark.parametrize("suffix", ["jpg", "webp"])
def test_c2pa_is_found_without_any_dependency(suffix: str) -> None:
    from verify4k.formats import registry

    plain = save(gradient(16, 16), f"a.{suffix}")
    manifest = b"\0\0\0\x14jumb" + b"\0\0\0\x0cjumdc2pa"
    if suffix == "jpg":
        body = b"JP\0\x01\0\0\0\x01" + manifest + bytes(20)
        data = plain[:2] + b"\xff\xeb" + (len(body) + 2).to_bytes(2, "big") + body + plain[2:]
    else:
        chunk = b"C2PA" + len(manifest).to_bytes(4, "little") + manifest
        body = plain[8:] + chunk
        data = b"RIFF" + len(body).to_bytes(4, "little") + body
    form = registry.sniff(data[: registry.HEAD])
    assert form is not None
    module = registry.load(form)
    reader = BytesReader(data)
    blocks = module.header(reader).blocks + module.walk(reader).blocks
    assert [block.kind for block in blocks] == ["c2pa"]
    assert [block.kind for block in module.header(BytesReader(plain)).blocks] == []

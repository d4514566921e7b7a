"""``verify4k routes``, and what ``verify4k check`` must never load."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GATEWAY = {
    "kind": "openai-compatible",
    "base_url": "https://api.example.com/v1",
    "owner": "example",
    "price": "0.03",
    "billing": "per-image",
    "failure_cost": "not billed, they say",
    "support": "https://example.com/help",
    "size": ["1024x1024", "4k-landscape"],
    "models": {"gpt-image-2": "gpt-image-2-vip"},
}


def _manifest(folder: Path, **profile: Any) -> None:
    body = {"version": 1, "routes": {"gateway": {**GATEWAY, **profile}}, "files": {"a.png": "64x64"}}
    (folder / "verify4k.yaml").write_text(json.dumps(body))


def test_the_built_in_routes_need_no_manifest(run: Callable[..., Any]) -> None:
    done = run("routes")
    assert done.code == 0
    assert "openai-images  openai-images, built in" in done.out
    assert "https://api.openai.com/v1" in done.out


def test_a_gateway_stands_beside_the_official_route(run: Callable[..., Any], tmp_path: Path) -> None:
    _manifest(tmp_path)
    out = run("routes").out
    assert "gateway  openai-compatible, from the manifest" in out
    assert "$0.03 a picture" in out
    assert "1024x1024, 3840x2160" in out
    assert "gpt-image-2 = gpt-image-2-vip" in out
    assert out.count("never verified") == 8


def test_what_was_verified_lately_is_not_marked(run: Callable[..., Any], tmp_path: Path) -> None:
    from time import gmtime, strftime

    _manifest(tmp_path, verified={"price": strftime("%Y-%m-%d", gmtime()), "size": "2026-01-01"})
    out = run("routes").out
    assert "price: " not in out.partition("unverified")[2]
    assert "size: last verified 2026-01-01" in out


def test_json_has_the_doubts_as_data(run: Callable[..., Any], tmp_path: Path) -> None:
    _manifest(tmp_path, verified="2026-01-01")
    body = json.loads(run("routes", "--format", "json").out)
    (own,) = [route for route in body["routes"] if not route["built_in"]]
    assert own["name"] == "gateway"
    assert own["price"] == 0.03
    assert "price: last verified 2026-01-01" in own["doubts"]
    assert all(not route["doubts"] for route in body["routes"] if route["built_in"])


def test_a_wrong_manifest_is_not_hidden(run: Callable[..., Any], tmp_path: Path) -> None:
    _manifest(tmp_path, prise="0.03")
    assert run("routes").code == 2
    assert run("routes", "-c", "nope.yaml").code == 2


@pytest.mark.parametrize("manifest", ["plain", "with routes"])
def test_a_check_loads_no_http_code(tmp_path: Path, manifest: str) -> None:
    if manifest == "plain":
        (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {a.png: 64x64}\n")
    else:
        _manifest(tmp_path)
    code = "import sys; from verify4k.__main__ import main; main(['check']); print('MODULES', *sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.partition("MODULES")[2].split())
    assert not loaded & {
        "urllib3",
        "http.client",
        "ssl",
        "socket",
        "urllib.request",
        "verify4k.net.transport",
    }

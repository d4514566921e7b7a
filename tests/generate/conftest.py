"""One server for the session, and a bench for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from apiserver.background import Kept
from apiserver.batches import Shelf
from apiserver.server import KEY, ApiServer, Gate, running
from bench import Bench

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def shared_server() -> Iterator[ApiServer]:
    with running() as server:
        yield server


@pytest.fixture
def server(shared_server: ApiServer) -> ApiServer:
    """The session's server, with nothing seen and nothing scripted."""
    shared_server.seen.clear()
    shared_server.complete.clear()
    shared_server.script.clear()
    shared_server.gate = Gate()
    shared_server.shelf = Shelf()
    shared_server.tasks = None
    shared_server.kept = Kept()
    return shared_server


@pytest.fixture
def bench(
    tmp_path: Path, server: ApiServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Bench:
    for name in (
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
        "all_proxy",
        "REQUESTS_CA_BUNDLE",
        "CURL_CA_BUNDLE",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.chdir(tmp_path)
    return Bench(tmp_path, server, capsys)

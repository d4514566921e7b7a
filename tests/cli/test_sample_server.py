"""The demo's CDN tells nothing of its own: its clients go away as they like."""

from __future__ import annotations

import socket
import struct
import threading
from typing import TYPE_CHECKING, Any

import pytest

from verify4k.cli._sample_server import serving

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("asked", [b"", b"GET /poster.jpg HT"])
def test_a_client_that_resets_its_connection_is_no_story(
    asked: bytes, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    done = threading.Event()
    with serving(str(tmp_path)) as cdn:
        end = cdn.shutdown_request

        def shutdown_request(request: Any) -> None:
            end(request)
            done.set()

        monkeypatch.setattr(cdn, "shutdown_request", shutdown_request)
        with socket.create_connection(("127.0.0.1", cdn.server_port)) as client:
            client.sendall(asked)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        done.wait()
    assert capfd.readouterr() == ("", "")


def test_a_mistake_of_its_own_is_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with (
        serving(str(tmp_path)) as cdn,  # there is no poster
        socket.create_connection(("127.0.0.1", cdn.server_port)) as client,
    ):
        client.sendall(b"GET /poster.jpg HTTP/1.1\r\n\r\n")
        assert client.recv(1) == b""
    assert "FileNotFoundError" in capfd.readouterr().err

"""The door to the network: proxies, certificates, addresses, and what it never does."""

from __future__ import annotations

import base64
import contextlib
import socket
import ssl
import threading
from typing import TYPE_CHECKING

import pytest
import trustme
from apiserver.server import ApiServer

from verify4k.errors import UsageError
from verify4k.net.addresses import is_public, parse_url, resolve
from verify4k.net.environment import proxy_for
from verify4k.net.exchange import Request, Secret
from verify4k.net.transport import Transport, TransportError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOBODY = "http://127.0.0.1:9"
PATIENT = 600  # seconds: longer than a test may last, where the deadline is not what is tested


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def bundle(authority: trustme.CA, tmp_path: Path) -> str:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


@pytest.fixture
def secure(authority: trustme.CA) -> Iterator[ApiServer]:
    """The server behind TLS, with a certificate for api.test and localhost."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("api.test", "localhost").configure_cert(context)
    server = ApiServer()
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


class Proxy:
    """A CONNECT proxy that leads every name to one port of this machine."""

    def __init__(self, port: int, user: str = "user:secret", wants: str = "") -> None:
        self._port = port
        self._wants = base64.b64encode(wants.encode()) if wants else b""
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://{user}@127.0.0.1:{self._door.getsockname()[1]}"
        self.heads: list[bytes] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._door.accept()
                threading.Thread(target=self._one, args=(client,), daemon=True).start()

    def _one(self, client: socket.socket) -> None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += client.recv(1)
        self.heads.append(head)
        if self._wants not in head:
            with client:
                client.sendall(
                    b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n"
                    b"Proxy-Authenticate: Basic realm=x\r\n\r\n"
                )
            return
        with client, socket.create_connection(("127.0.0.1", self._port)) as server:
            client.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            back = threading.Thread(target=_pump, args=(server, client), daemon=True)
            back.start()
            _pump(client, server)
            back.join()

    def close(self) -> None:
        self._door.close()


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


def test_a_certificate_nobody_vouches_for_sends_nothing(secure: ApiServer) -> None:
    secret = Secret("sk-one", "KEY")
    request = Request(
        "POST", f"https://localhost:{secure.server_port}/", (), b"{}", (("Authorization", "", secret),)
    )
    with pytest.raises(TransportError) as caught:
        Transport({}).send(request, deadline=PATIENT)
    assert caught.value.kind == "tls"
    assert caught.value.sent is False
    assert "SSL_CERT_FILE" in caught.value.hint
    assert secure.seen == []


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_certificates_of_the_environment_are_trusted(secure: ApiServer, bundle: str, name: str) -> None:
    url = f"https://localhost:{secure.server_port}/a.png"
    assert Transport({name: bundle}).send(Request("GET", url), deadline=PATIENT).head.status == 200


def test_a_bundle_that_is_not_there_is_a_usage_mistake() -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        Transport({"SSL_CERT_FILE": "/nonexistent.pem"}).send(
            Request("GET", "https://localhost:9/"), deadline=PATIENT
        )


def test_a_checked_address_is_connected_to_under_the_urls_name(secure: ApiServer, bundle: str) -> None:
    url = f"https://api.test:{secure.server_port}/a.png"
    transport = Transport({"SSL_CERT_FILE": bundle})
    assert transport.send(Request("GET", url), deadline=PATIENT, connect_to="127.0.0.1").head.status == 200
    assert secure.seen[0].headers["host"] == f"api.test:{secure.server_port}"
    wrong = Request("GET", f"https://other.test:{secure.server_port}/a.png")
    with pytest.raises(TransportError) as caught:
        transport.send(wrong, deadline=PATIENT, connect_to="127.0.0.1")
    assert caught.value.kind == "tls"


def test_a_proxy_of_the_environment_is_used(secure: ApiServer, bundle: str) -> None:
    proxy = Proxy(secure.server_port)
    try:
        transport = Transport({"SSL_CERT_FILE": bundle, "HTTPS_PROXY": proxy.url})
        secret = Secret("sk-one", "KEY")
        request = Request("GET", "https://api.test/a.png", secrets=(("Authorization", "Bearer ", secret),))
        assert transport.send(request, deadline=PATIENT).head.status == 200
    finally:
        proxy.close()
    (head,) = proxy.heads
    assert head.startswith(b"CONNECT api.test:443")
    assert b"proxy-authorization: basic" in head.lower()
    assert b"sk-one" not in head
    assert secure.seen[0].headers["authorization"] == "Bearer sk-one"


@pytest.mark.parametrize("user", ["user:pa%3Ass%40%2Fw%C3%B6rd", "us%65r:pa:ss%40%2fw%C3%B6rd"])
def test_a_proxys_login_is_written_as_in_a_url(secure: ApiServer, bundle: str, user: str) -> None:
    proxy = Proxy(secure.server_port, user, wants="user:pa:ss@/wörd")
    try:
        transport = Transport({"SSL_CERT_FILE": bundle, "HTTPS_PROXY": proxy.url})
        assert transport.send(Request("GET", "https://api.test/a.png"), deadline=PATIENT).head.status == 200
    finally:
        proxy.close()


def test_a_proxy_that_refuses_the_login_is_named(secure: ApiServer, bundle: str) -> None:
    proxy = Proxy(secure.server_port, "user:wrong", wants="user:right")
    try:
        transport = Transport({"SSL_CERT_FILE": bundle, "HTTPS_PROXY": proxy.url})
        with pytest.raises(TransportError, match="407") as caught:
            transport.send(Request("POST", "https://api.test/", (), b"{}"), deadline=PATIENT)
    finally:
        proxy.close()
    assert caught.value.sent is False
    assert "percent-encoded" in caught.value.hint
    assert "wrong" not in str(caught.value)


def test_a_proxy_that_is_gone_means_nothing_was_sent() -> None:
    with pytest.raises(TransportError) as caught:
        Transport({"HTTPS_PROXY": NOBODY}).send(
            Request("POST", "https://api.test/", (), b"{}"), deadline=PATIENT
        )
    assert caught.value.sent is False
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "environ", "proxy"),
    [
        ("https://api.test/", {}, None),
        ("https://api.test/", {"HTTPS_PROXY": "proxy:3128"}, "http://proxy:3128"),
        ("https://api.test/", {"https_proxy": "http://a:1", "HTTPS_PROXY": "http://b:1"}, "http://a:1"),
        ("https://api.test/", {"ALL_PROXY": "http://a:1"}, "http://a:1"),
        ("https://api.test/", {"HTTPS_PROXY": "http://a:1", "NO_PROXY": "api.test"}, None),
        ("https://api.test/", {"HTTPS_PROXY": "http://a:1", "no_proxy": "x, .test:443"}, None),
        ("https://api.test/", {"HTTPS_PROXY": "http://a:1", "NO_PROXY": "*"}, None),
        ("https://api.test/", {"HTTPS_PROXY": "http://a:1", "NO_PROXY": "pi.test"}, "http://a:1"),
        ("https://api.test/", {"HTTPS_PROXY": "http://a:1", "NO_PROXY": "*.test"}, None),
        ("https://api.test/", {"HTTPS_PROXY": "http://a:1", "NO_PROXY": "api.test:444"}, "http://a:1"),
        ("https://api.test/", {"HTTPS_PROXY": "http://a:1", "NO_PROXY": "api.test:\u00b2"}, None),
        ("https://localhost/", {"HTTPS_PROXY": "http://a:1"}, None),
        ("https://127.0.0.1/", {"HTTPS_PROXY": "http://a:1"}, None),
    ],
)
def test_the_proxy_is_chosen_as_usual(url: str, environ: dict[str, str], proxy: str | None) -> None:
    assert proxy_for(parse_url(url), environ) == proxy


@pytest.mark.parametrize("proxy", ["http://u:s3cret@ho_st:1", "http://u:s3cret@h:port", "http://u:s3cret@"])
def test_a_proxy_that_cannot_be_read_is_named_without_its_password(proxy: str) -> None:
    with pytest.raises(UsageError, match="the proxy in the environment") as caught:
        Transport({"HTTPS_PROXY": proxy}).ready("https://api.test/")
    assert "s3cret" not in str(caught.value) + caught.value.hint


def test_an_address_with_a_password_is_not_repeated() -> None:
    with pytest.raises(UsageError) as caught:
        parse_url("u:s3cret@host")
    assert "s3cret" not in str(caught.value)


def test_a_kind_of_proxy_that_is_not_spoken_is_refused() -> None:
    with pytest.raises(UsageError):
        proxy_for(parse_url("https://api.test/"), {"HTTPS_PROXY": "socks5://a:1"})


def test_a_refused_connection_is_known_for_what_it_is() -> None:
    with pytest.raises(TransportError) as caught:
        Transport({}).send(Request("POST", NOBODY, (), b"{}"), deadline=PATIENT)
    assert (caught.value.kind, caught.value.sent) == ("refused", False)


def test_a_handshake_that_hangs_ends_with_the_deadline_and_sends_nothing_later(
    authority: trustme.CA, bundle: str
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with socket.create_server(("127.0.0.1", 0)) as door:
        url = f"https://localhost:{door.getsockname()[1]}/"
        with pytest.raises(TransportError) as caught:
            Transport({"SSL_CERT_FILE": bundle}).send(Request("POST", url, (), b"{" * 9999), deadline=0.3)
        assert (caught.value.kind, caught.value.sent) == ("timeout", False)
        raw, _ = door.accept()
        with raw, contextlib.suppress(OSError):
            received = b""
            with context.wrap_socket(raw, server_side=True) as late:
                while more := late.recv(65536):  # until its end is closed: it is, long ago
                    received += more
        assert b"{" not in received


def test_a_name_that_does_not_exist_is_unreachable() -> None:
    with pytest.raises(TransportError) as caught:
        Transport({}).send(Request("POST", "http://nowhere.invalid", (), b"{}"), deadline=PATIENT)
    assert (caught.value.kind, caught.value.sent) == ("unreachable", False)


@pytest.mark.parametrize(
    "text",
    ["", "api.test", "ftp://a/", "https://", "https:///x", "https://a b/", "https://u@a/", "https://a\\@b/",
     "https://a:99999/", "https://a:x/", "https://b\u00fccher.example/", "https://a%2eb/", "https://-a/",
     "https://a/\n", "https://[::1/", "https://[fe80::1%eth0]/", "https://a/\u2028"],
)  # fmt: skip
def test_an_address_that_can_be_read_two_ways_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_url(text)


@pytest.mark.parametrize(
    ("text", "netloc", "path", "loopback"),
    [
        ("https://api.test/v1", "api.test", "/v1", False),
        ("https://api.test:443", "api.test", "/", False),
        ("http://localhost:8080/x?a=b", "localhost:8080", "/x?a=b", True),
        ("https://[::1]:9/", "[::1]:9", "/", True),
        ("https://127.8.9.1/", "127.8.9.1", "/", True),
        ("https://API.test./", "api.test", "/", False),
    ],
)
def test_a_plain_address_is_read(text: str, netloc: str, path: str, *, loopback: bool) -> None:
    address = parse_url(text)
    assert (address.netloc, address.path, address.loopback) == (netloc, path, loopback)


@pytest.mark.parametrize(
    ("ip", "public"),
    [
        ("8.8.8.8", True), ("2606:4700::1111", True),
        ("10.1.2.3", False), ("192.168.0.1", False), ("172.16.0.1", False), ("169.254.169.254", False),
        ("127.0.0.1", False), ("0.1.2.3", False), ("100.64.0.1", False), ("224.0.0.1", False),
        ("::1", False), ("fe80::1", False), ("fc00::1", False), ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False), ("2002:a00:1::", False), ("2001:0:4136:e378:8000:63bf:f5ff:fffe", False),
    ],
)  # fmt: skip
def test_public_means_the_open_internet(ip: str, *, public: bool) -> None:
    assert is_public(ip) is public


def test_names_are_looked_up() -> None:
    assert "127.0.0.1" in resolve("localhost", 80) or "::1" in resolve("localhost", 80)
    assert resolve("nowhere.invalid", 80) == []

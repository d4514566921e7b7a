"""A manifest cannot send a key anywhere that nothing outside it allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from apiserver.server import KEY

from verify4k.errors import UsageError
from verify4k.generate.keys import configured_trust, find_key, parse_trust
from verify4k.net.exchange import Secret
from verify4k.routes import find_route

if TYPE_CHECKING:
    from pathlib import Path

    from bench import Bench

    from verify4k.routes.protocol.profile import Profile

ENV = {"OPENAI_API_KEY": "sk-one", "GATEWAY_API_KEY": "sk-two", "AWS_SECRET_ACCESS_KEY": "aws"}


def _profile(base_url: str, key: str = "OPENAI_API_KEY", auth: str = "bearer") -> Profile:
    official = find_route("openai-compatible").official
    return official.replaced(name="gw", base_url=base_url, key=key, auth=auth)


@pytest.mark.parametrize(
    ("base_url", "key", "trusted"),
    [
        ("https://evil.example/v1", "OPENAI_API_KEY", []),
        ("https://api.openai.com.evil.example/v1", "OPENAI_API_KEY", []),
        ("https://api.openai.com:8443/v1", "OPENAI_API_KEY", []),
        ("http://127.0.0.1:9/v1", "OPENAI_API_KEY", []),
        ("https://api.openai.com/v1", "AWS_SECRET_ACCESS_KEY", []),
        ("https://evil.example/v1", "OPENAI_API_KEY", ["other=evil.example"]),
        ("https://evil.example/v1", "OPENAI_API_KEY", ["gw=good.example"]),
        ("https://evil.example:444/v1", "OPENAI_API_KEY", ["gw=evil.example:443"]),
        ("https://good.example/v1", "AWS_SECRET_ACCESS_KEY", ["gw=good.example"]),
        ("https://good.example/v1", "OPENAI_API_KEY", ["gw=good.example,GATEWAY_API_KEY"]),
        ("https://good.example/evil/v1", "OPENAI_API_KEY", ["gw=good.example/mine"]),
        ("https://good.example/mine2/v1", "OPENAI_API_KEY", ["gw=good.example/mine"]),
        ("https://good.example/MINE/v1", "OPENAI_API_KEY", ["gw=good.example/mine"]),
        ("https://good.example/mine/../evil", "OPENAI_API_KEY", ["gw=good.example/mine"]),
        ("https://good.example/mine/%2e%2E/evil", "OPENAI_API_KEY", ["gw=good.example/mine"]),
        ("https://good.example/mine/..%2fevil", "OPENAI_API_KEY", ["gw=good.example/mine"]),
        ("https://good.example/mine/..;/evil", "OPENAI_API_KEY", ["gw=good.example/mine"]),
        ("https://good.example/mine/..%3b/evil", "OPENAI_API_KEY", ["gw=good.example/mine"]),
        ("https://good.example/mine/%252e%252e/evil", "OPENAI_API_KEY", ["gw=good.example/mine"]),
        ("https://good.example//evil", "OPENAI_API_KEY", ["gw=good.example"]),
        ("https://api.openai.com/v2", "OPENAI_API_KEY", []),
    ],
)
def test_a_key_stays_here(base_url: str, key: str, trusted: list[str]) -> None:
    with pytest.raises(UsageError, match="nothing outside it allows") as caught:
        find_key(_profile(base_url, key), ENV, [parse_trust(text) for text in trusted])
    assert "--trust-route gw=" in caught.value.hint


@pytest.mark.parametrize(
    ("base_url", "key", "trusted"),
    [
        ("https://api.openai.com/v1", "OPENAI_API_KEY", []),
        ("https://good.example/v1", "OPENAI_API_KEY", ["gw=good.example"]),
        ("https://good.example:8443/v1", "OPENAI_API_KEY", ["gw=good.example"]),
        ("https://good.example:8443/v1", "OPENAI_API_KEY", ["gw=GOOD.example:8443"]),
        ("https://good.example/v1", "GATEWAY_API_KEY", ["gw=good.example,GATEWAY_API_KEY"]),
        ("http://[::1]:9/v1", "OPENAI_API_KEY", ["gw=[::1]:9"]),
        ("https://good.example/mine/v1", "OPENAI_API_KEY", ["gw=good.example/mine"]),
        ("https://good.example/mine", "OPENAI_API_KEY", ["gw=GOOD.example/mine/"]),
        (
            "https://good.example:8443/Mine/v1",
            "GATEWAY_API_KEY",
            ["gw=good.example:8443/Mine,GATEWAY_API_KEY"],
        ),
    ],
)
def test_a_key_goes_where_it_is_allowed(base_url: str, key: str, trusted: list[str]) -> None:
    found = find_key(_profile(base_url, key), ENV, [parse_trust(text) for text in trusted])
    assert found is not None
    assert found.reveal("Bearer ") == f"Bearer {ENV[key]}"


def test_a_base_url_of_the_environment_binds_its_own_origin_and_path_only() -> None:
    env = {**ENV, "OPENAI_BASE_URL": "https://proxy.example/tenant-a/v1/"}
    for own in ("https://proxy.example/tenant-a/v1", "https://proxy.example/tenant-a/v1/images"):
        assert find_key(_profile(own), env, []) is not None
    for other in (
        "https://proxy.example:444/tenant-a/v1",
        "https://x.proxy.example/tenant-a/v1",
        "https://proxy.example/tenant-b/v1",
        "https://proxy.example/tenant-a",
        "https://proxy.example/tenant-a/v1/../../tenant-b/v1",
        "https://proxy.example",
    ):
        with pytest.raises(UsageError):
            find_key(_profile(other), env, [])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "gw",
        "gw=",
        "=host",
        "gw=https://host/",
        "gw=ho st",
        "gw=u@host",
        "gw=/path",
        "gw=h/p?q",
        "gw=h//p",
        "gw=h:port",
        "gw=*",
    ],
)
def test_a_trust_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is no trusted route"):
        parse_trust(text)


def test_the_users_own_configuration_is_read(tmp_path: Path) -> None:
    folder = tmp_path / ".config" / "verify4k"
    folder.mkdir(parents=True)
    (folder / "trusted-routes").write_text("# mine\n\ngw=good.example,GATEWAY_API_KEY\n")
    (one,) = configured_trust({"HOME": str(tmp_path)})
    assert (one.route, one.host, one.port, one.variable) == ("gw", "good.example", None, "GATEWAY_API_KEY")
    assert configured_trust({"XDG_CONFIG_HOME": str(tmp_path / ".config")}) == [one]
    assert configured_trust({}) == []
    assert configured_trust({"HOME": str(tmp_path / "none")}) == []


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"# mine\r\ngw\r\n", "trusted-routes:2: 'gw' is no trusted route"),
        (b"\xff\xfeg", "is not UTF-8 text"),
    ],
)
def test_a_mistake_in_the_configuration_names_its_line(tmp_path: Path, data: bytes, says: str) -> None:
    folder = tmp_path / "verify4k"
    folder.mkdir()
    (folder / "trusted-routes").write_bytes(data)
    with pytest.raises(UsageError, match=says):
        configured_trust({"XDG_CONFIG_HOME": str(tmp_path)})


def test_a_byte_order_mark_before_the_first_route_is_no_part_of_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "verify4k"
    folder.mkdir()
    (folder / "trusted-routes").write_bytes("gw=good.example\r\n".encode("utf-8-sig"))
    (one,) = configured_trust({"XDG_CONFIG_HOME": str(tmp_path)})
    assert (one.route, one.host) == ("gw", "good.example")


@pytest.mark.parametrize(("value", "said"), [("", "needs a key"), ("  ", "needs a key"), ("a b", "no key has"),
                                             ("a\nb", "no key has"), ("sk-é", "no key has")])  # fmt: skip
def test_a_key_that_cannot_be_one_is_refused_unseen(value: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        find_key(_profile("https://api.openai.com/v1"), {"OPENAI_API_KEY": value}, [])
    assert not value.strip() or value not in str(caught.value)


def test_a_newline_behind_a_key_is_dropped() -> None:
    found = find_key(_profile("https://api.openai.com/v1"), {"OPENAI_API_KEY": "sk-one\n"}, [])
    assert found is not None
    assert found.reveal() == "sk-one"


def test_a_route_without_auth_needs_no_key_but_consent() -> None:
    """It sends prompts and pictures to a host that only the manifest names."""
    free = _profile("https://evil.example/v1", auth="none")
    with pytest.raises(UsageError, match=r"prompts and pictures to evil\.example/v1") as caught:
        find_key(free, ENV, [])
    assert caught.value.hint.endswith("--trust-route gw=evil.example/v1")
    assert find_key(free, {}, [parse_trust("gw=evil.example/v1")]) is None
    assert find_key(free, {"OPENAI_BASE_URL": "https://evil.example/v1"}, []) is None


def test_a_key_is_not_printed() -> None:
    secret = Secret("sk-one", "OPENAI_API_KEY")
    assert "sk-one" not in f"{secret} {secret!r} {[secret]}"
    assert secret.scrub("a sk-one b") == "a <key from OPENAI_API_KEY> b"


def test_a_manifest_in_a_pull_request_cannot_move_the_key(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_BASE_URL")
    bench.one("x", generate={"route": "gw"})
    text = bench.path("verify4k.yaml").read_text()
    routes = f'"routes": {{"gw": {{"kind": "openai-compatible", "base_url": "{bench.server.url}"}}}},'
    bench.path("verify4k.yaml").write_text(text.replace('"files"', f'{routes} "files"'))
    done = bench.generate()
    assert done.code == 2
    assert "--trust-route gw=127.0.0.1:" in done.err
    assert bench.server.seen == []
    place = bench.server.url.removeprefix("http://").removesuffix("/v1")
    assert bench.generate("--trust-route", f"gw={place}").code == 0
    assert bench.server.seen[0].headers["authorization"] == f"Bearer {KEY}"
    bench.path("hero.png").unlink()
    monkeypatch.setenv("VERIFY4K_TRUST_ROUTE", f"other=x.example gw={place}")
    assert bench.generate().code == 0


def test_a_query_of_the_address_is_neither_dropped_nor_told(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", f"{bench.server.url}?key={KEY}")
    bench.one("x")
    done = bench.generate()
    assert done.code == 2
    assert "OPENAI_BASE_URL has a query, which nothing would be asked with" in done.err
    assert KEY[:12] not in done.all
    assert not bench.server.seen
    assert not bench.ledger


@pytest.mark.parametrize(
    ("base", "says"),
    [
        (f"{KEY}", "OPENAI_BASE_URL is no web address"),
        (f"user:{KEY}@proxy.example", "OPENAI_BASE_URL is no web address"),
        (f"https://user:{KEY}@proxy.example/v1", "OPENAI_BASE_URL has a user name or password in it"),
        (f"https://user:{KEY}@[proxy.example/v1", "OPENAI_BASE_URL is no web address"),
        (f"https://{KEY}_/v1", "the host of OPENAI_BASE_URL is not written plainly"),
        ("https://proxy.example/\u00e4/v1", "OPENAI_BASE_URL has blanks or characters beyond ASCII in it"),
    ],
)
def test_a_key_that_stands_in_the_address_is_not_told(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, base: str, says: str
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", base)
    bench.one("x")
    done = bench.generate()
    assert done.code == 2
    assert says in done.err
    assert KEY[:12] not in done.all
    place = bench.server.url
    gateway = {"kind": "openai-compatible", "base_url": place}
    bench.one("x", generate={"route": "gw"}, routes={"gw": gateway})  # it is asked whether that is allowed
    done = bench.generate()
    assert says in done.err
    assert KEY[:12] not in done.all


@pytest.mark.parametrize(
    "base",
    ["http://proxy.example/v1", "ftp://x", "proxy.example", "https://proxy.example/v1/images/generations"],
)
def test_a_base_url_that_is_not_https_is_refused(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, base: str
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", base)
    bench.one("x")
    assert bench.generate().code == 2

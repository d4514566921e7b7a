"""Hosts and paths of other scripts, as browsers send them."""

from __future__ import annotations

import pytest

from verify4k.errors import UsageError
from verify4k.net.addresses import parse_url, quoted


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        (
            "http://b\u00fccher.example/a b.png?x=\u00fc#part",
            "http://xn--bcher-kva.example/a%20b.png?x=%C3%BC",
        ),
        ("HTTPS://B\u00dcCHER.example", "HTTPS://xn--bcher-kva.example"),
        ("http://\u65e5\u672c\u8a9e.jp:8080/\u00e9", "http://xn--wgv71a119e.jp:8080/%C3%A9"),
        ("https://plain.example/\u00fc", "https://plain.example/%C3%BC"),
        ("http://127\u30020\u30020\u30021/a.png", "http://127.0.0.1/a.png"),  # judged as what it leads to
    ],
)
def test_a_host_of_another_script_is_asked_by_its_name_in_dns(url: str, sent: str) -> None:
    assert quoted(url) == sent
    assert parse_url(quoted(url)).scheme in ("http", "https")


@pytest.mark.parametrize(
    "url",
    [
        "https://stra\u00dfe.example/",  # strasse.example in one standard, another host in the other
        "https://\u03c2.example/",
        "https://a\u200db.example/",
        "https://u:p@b\u00fccher.example/",
        "https://\u00fc..example/",
        "https://" + "\u00fc" * 70 + ".example/",
        "//b\u00fccher.example/",
    ],
)
def test_a_host_that_two_standards_read_differently_or_none_is_refused(url: str) -> None:
    with pytest.raises(UsageError):
        parse_url(quoted(url))

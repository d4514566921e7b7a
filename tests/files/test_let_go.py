"""What was fetched of a URL goes with its reader: 2,000 bodies that wait for the collector are 170 MiB."""

from __future__ import annotations

import gc
import weakref
from typing import TYPE_CHECKING

import pytest
from pictures import gradient, save
from webserver import Reply, WebServer, ranged

from verify4k.files.delivered import UrlSource
from verify4k.net.fetcher import Fetcher

if TYPE_CHECKING:
    from webserver import Answering

JPEG = save(gradient(64, 36), "a.jpg")


@pytest.mark.parametrize("answering", [lambda asked: ranged(asked, JPEG), lambda _: Reply(JPEG)])
def test_a_reader_is_part_of_no_circle(answering: Answering) -> None:
    fetcher = Fetcher({}, allow_private=True)
    gc.disable()
    try:
        with WebServer(answering) as server:
            reader = UrlSource(fetcher, f"{server.url}/a").open()
            assert reader.read(0, 8) == JPEG[:8]
            reader.close()
            there = weakref.ref(reader)
            del reader
            assert there() is None
    finally:
        gc.enable()
        fetcher.close()

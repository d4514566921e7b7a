"""What the tests of fetching share: a fetcher that may ask this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from verify4k.net.fetcher import Fetcher

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    """Ask within 20 seconds; closed afterwards."""
    made = Fetcher({}, allow_private=True, seconds=20)
    yield made
    made.close()

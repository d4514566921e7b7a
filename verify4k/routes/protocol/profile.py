"""A route's profile: who runs it, where, what it honours, what it costs, and who checked that when.

Under ``routes:`` in the manifest every field is a person's statement with a date; the built-in
profiles state what the published description says.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verify4k.formats.facts import Size

FRESH_DAYS = 30
DEFAULT_KEY = "OPENAI_API_KEY"
STATED = ("base_url", "models", "size", "price", "billing", "failure_cost", "outputs", "support")


class Profile(NamedTuple):
    """What is known about one route. Empty text means that nobody has said."""

    name: str
    kind: str
    owner: str
    base_url: str
    key: str = DEFAULT_KEY  # the environment variable that holds the key
    auth: str = "bearer"  # "bearer", "api-key" (Azure) or "none"
    models: Mapping[str, str] = {}  # contract name -> the provider's name
    size: str = "honoured"  # "honoured", "ignored", "fixed-list"
    sizes: tuple[Size, ...] = ()
    quality: str = "honoured"
    answers: str = "b64"  # "url": addresses are fetched, https and public hosts only
    response_format: str = ""
    query: Mapping[str, str] = {}
    price: float | None = None  # US dollars a picture
    billing: str = ""
    failure_cost: str = ""
    outputs: int = 1
    support: str = ""
    concurrency: int = 2
    main_model: str = ""
    verified: Mapping[str, str] = {}  # stated field -> ISO date
    source: str = ""

    def doubts(self, today: str) -> Iterator[str]:
        """Yield the stated fields that nobody has verified, or not within the last 30 days."""
        limit = dt.date.fromisoformat(today) - dt.timedelta(days=FRESH_DAYS)
        for field in STATED:
            date = self.verified.get(field, "")
            if not date:
                yield f"{field}: never verified"
            elif dt.date.fromisoformat(date) < limit:
                yield f"{field}: last verified {date}"

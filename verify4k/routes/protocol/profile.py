"""A route's profile: who runs it, where, what it honours, what it costs, and who checked that when.

Under ``routes:`` in the manifest every field is a person's statement with a date; the built-in
profiles state what the published description says.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from verify4k.options.kinds import Options, boolean, choice, integer, option, text
from verify4k.options.lists import list_of
from verify4k.routes.protocol import statements as of
from verify4k.routes.protocol.polling import Poll, poll
from verify4k.routes.protocol.statements import STATED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verify4k.formats.facts import Size

FRESH_DAYS = 30
DEFAULT_KEY = "OPENAI_API_KEY"
PARAMETERS = ("n", "size", "quality", "output_format", "output_compression", "background")


class Profile(Options, dashes=False):
    """What is known about one route. Empty text means that nobody has said."""

    name: str = ""
    kind: str = ""
    source: str = ""
    owner: str = option(text, "who runs it", default="")
    base_url: str = option(of.base_url, "its address; https, except on this machine", default="")
    key: str = option(
        of.variable, "the environment variable that holds the key; never the key itself", default=DEFAULT_KEY
    )
    auth: str = option(
        choice("bearer", "api-key", "none"), "how the key is sent; api-key for Azure", default="bearer"
    )
    models: Mapping[str, str] = option(
        of.texts, "our name of a model: theirs, e.g. {gpt-image-2: gpt-image-2-vip}", default={}
    )
    size: str = option(
        of.size, "what becomes of a requested size; a list names the only sizes it makes", default="honoured"
    )
    sizes: tuple[Size, ...] = option(
        of.fixed_sizes, "the only sizes it makes, with size: fixed-list", default=()
    )
    quality: str = option(choice("honoured", "ignored"), "ignored: it is not sent", default="honoured")
    answers: str = option(
        choice("b64", "url"),
        "url: addresses are fetched: https, public hosts, no redirect, no key",
        default="b64",
    )
    response_format: str = option(
        choice("b64_json", "url"), "sent as it is, where a provider wants it", default=""
    )
    query: Mapping[str, str] = option(of.query, "added to every address, e.g. {api-version: ...}", default={})
    headers: Mapping[str, str] = option(of.headers, "further headers, literally; never secrets", default={})
    key_header: str = option(
        of.key_header, "the header that holds the key as it is, instead of auth:", default=""
    )
    omit: tuple[str, ...] = option(
        list_of(choice(*PARAMETERS)),
        "parameters that are not sent because the provider refuses them",
        default=(),
    )
    unbilled: tuple[int, ...] = option(
        list_of(integer(400, 599)), "statuses that are stated to be free, so that asking again is", default=()
    )
    price: float | None = option(of.price, "US dollars a picture", default=None)
    billing: str = option(text, "the unit that is billed, e.g. per-token or per-image", default="")
    failure_cost: str = option(text, "what a failure costs", default="")
    outputs: int = option(integer(1, 10), "pictures an answer", default=1)
    support: str = option(text, "where to ask", default="")
    concurrency: int = option(integer(1, 64), "requests at a time", default=2)
    main_model: str = option(text, "the text model of a Responses route", default="")
    poll: Poll | None = option(
        poll, "where to ask for the picture, where the first answer only names a task", default=None
    )
    background: bool = option(
        boolean,
        "Responses only: the server works on and keeps the answer, so that a kill pays once",
        default=False,
    )
    stream: int | None = option(
        integer(0, 3),
        "the answer comes as a stream, which keeps proxies awake, after so many partial pictures; each costs",
        default=None,
    )
    verified: Mapping[str, str] = option(
        of.verified, "when a person checked: one date, or one each, e.g. {price: 2026-11-01}", default={}
    )

    def doubts(self, today: str) -> Iterator[str]:
        """Yield the stated fields that nobody has verified, or not within the last 30 days."""
        limit = dt.date.fromisoformat(today) - dt.timedelta(days=FRESH_DAYS)
        for field in STATED:
            date = self.verified.get(field, "")
            if not date or date > today:  # nobody has verified anything tomorrow
                yield f"{field}: never verified"
            elif dt.date.fromisoformat(date) < limit:
                yield f"{field}: last verified {date}"

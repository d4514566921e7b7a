"""The calls of the Batch API: files, batches, and what a batch answered with.

https://platform.openai.com/docs/api-reference/batch (2026-11): a batch names an uploaded file of requests
and answers with a file of results and one of errors, a JSON object a line, each with its ``custom_id``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from verify4k.generate.batch_lines import read_lines
from verify4k.generate.calling import request_to
from verify4k.generate.delivery import NullSink, deliver
from verify4k.generate.keys import base_url
from verify4k.generate.scrubbing import Scrubber
from verify4k.routes.protocol.error_bodies import Recipient, error_failure
from verify4k.routes.protocol.failures import Failure, NotMade
from verify4k.routes.protocol.multipart import Part, encode_multipart
from verify4k.routes.protocol.polling import LONGEST_ID
from verify4k.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from verify4k.generate.batch_lines import Lines
    from verify4k.generate.make import RunContext
    from verify4k.routes.protocol.profile import Profile

_CAP = 512 * 1024 * 1024  # bytes of a file of results
_PAGES = 50  # of a hundred batches each
_KEY = "verify4k"  # of the batch's metadata


class BatchCalls:
    """Speaks to one route's batch endpoints. Every method raises `NotMade`."""

    def __init__(self, run: RunContext, profile: Profile, prompts: Iterable[str]) -> None:
        self._run = run
        self._profile = profile
        self._secret = run.keys.get(profile.name)
        self._scrubber = Scrubber("", self._secret, *prompts)

    def clean(self, text: str) -> str:
        """Return what a server says without the key and the prompts."""
        return self._scrubber.clean(text)

    def upload(self, data: bytes) -> str:
        """Upload a file of requests; return its id. Nothing is billed for it."""
        content_type, body = encode_multipart(
            [Part("purpose", "batch"), Part("file", data, "verify4k.jsonl", "application/jsonl")]
        )
        return self._id(self._json("POST", "/files", content_type, body, free=True))

    def create(self, file: str, endpoint: str, mark: str) -> str:
        """Begin a batch; return its id."""
        body = {
            "input_file_id": file,
            "endpoint": endpoint,
            "completion_window": "24h",
            "metadata": {_KEY: mark},
        }
        return self._id(self._json("POST", "/batches", "application/json", json.dumps(body).encode()))

    def batch(self, name: str) -> Mapping[str, Any]:
        """Return what is known of a batch."""
        return self._json("GET", f"/batches/{_safe(name)}", free=True)

    def marked(self, mark: str) -> Mapping[str, Any] | None:
        """Return the batch that carries a mark; None when none does."""
        after = ""
        for _ in range(_PAGES):
            page = self._json("GET", f"/batches?limit=100{after}", free=True)
            listed = page.get("data")
            batches = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
            for one in batches:
                metadata = one.get("metadata")
                if isinstance(metadata, dict) and metadata.get(_KEY) == mark:
                    return one
            if not page.get("has_more") or not batches:
                return None
            after = f"&after={_safe(str(batches[-1].get('id')))}"
        raise NotMade(Failure("batch", "there are too many batches to find one by its mark"))

    def lines(self, batch: Mapping[str, Any]) -> Lines:
        """Return what a batch's files answer."""
        return read_lines(
            self._send("GET", f"/files/{_safe(name)}/content", "", None, free=True)
            for name in self.files(batch)
        )

    def files(self, batch: Mapping[str, Any]) -> list[str]:
        """Return the ids of the files that a batch answers with."""
        names = (batch.get(key) for key in ("output_file_id", "error_file_id"))
        return [name for name in names if isinstance(name, str) and name]

    def reason(self, batch: Mapping[str, Any]) -> str:
        """Return why a batch failed as a whole; empty when it did not say."""
        errors = batch.get("errors")
        listed = errors.get("data") if isinstance(errors, dict) else None
        first = listed[0] if isinstance(listed, list) and listed and isinstance(listed[0], dict) else {}
        said = str(first.get("message") or first.get("code") or "")
        return f"the batch failed: {printable(self.clean(said)[:300])}" if said else ""

    def _id(self, body: Mapping[str, Any]) -> str:
        found = body.get("id")
        if not isinstance(found, str) or not 0 < len(found) <= LONGEST_ID:
            raise NotMade(Failure("envelope", "the answer names no id", billed="unknown"))
        return found

    def _json(
        self, method: str, path: str, content_type: str = "", body: bytes | None = None, *, free: bool = False
    ) -> Mapping[str, Any]:
        data = self._send(method, path, content_type, body, free=free)
        try:
            found = json.loads(data)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            said = "the answer is no JSON object"
            raise NotMade(Failure("envelope", said, billed="no" if free else "unknown"))
        return found

    def _send(self, method: str, path: str, content_type: str, body: bytes | None, *, free: bool) -> bytes:
        profile, edges = self._profile, self._run.edges
        endpoint = base_url(profile, edges.environ)
        request = request_to(
            profile, endpoint, self._secret, path, method=method, content_type=content_type, body=body
        )
        variable = profile.key if self._secret else ""
        try:
            delivered = deliver(
                edges,
                request,
                deadline=self._run.deadline,
                explain=lambda answer: error_failure(answer, Recipient(profile.name, variable)),
                sink=NullSink,
                cap=_CAP,
            )
        except NotMade as error:
            failure = error.failure._replace(
                message=self.clean(error.failure.message), request_id=self.clean(error.failure.request_id)
            )
            raise NotMade(failure._replace(billed="no") if free else failure) from None
        return delivered.answer.body


def _safe(name: str) -> str:
    """Return an id as it may stand in a path."""
    from urllib.parse import quote

    return quote(name, safe="")

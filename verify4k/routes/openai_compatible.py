"""A provider that speaks the Image API at its own address, as a profile in the manifest says.

The same model name may mean another contract there: size and quality ignored, an enlarged
picture, a URL instead of bytes. So a profile says what a person has verified and when, and every
picture is judged like any other. Azure is one of them: its own base URL, ``auth: api-key``,
``query: {api-version: ...}`` and the deployment's name in ``models``.
"""

from __future__ import annotations

from verify4k.routes import Route
from verify4k.routes.openai_images import call, read
from verify4k.routes.protocol.profile import Profile

OFFICIAL = Profile(
    name="openai-compatible",
    kind="openai-compatible",
    owner="",
    base_url="",
    billing="unknown",
    failure_cost="unknown",
    source="to be described under routes: in the manifest",
)

route = Route("openai-compatible", __doc__ or "", OFFICIAL, edits=True, streams=True, call=call, read=read)

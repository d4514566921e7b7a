"""A picture that a person makes in a web tool and exports by hand (YingTu, ChatGPT, ...).

Nothing is sent: ``verify4k generate`` prints what to make. ``verify4k import FILE --as TARGET
--route browser`` takes the export in, judges it by the same rules, and records where it came
from, the account's terms and the rights, which rule ``provenance`` wants before a release.
"""

from __future__ import annotations

from verify4k.routes import Route
from verify4k.routes.protocol.profile import Profile

OFFICIAL = Profile(
    name="browser",
    kind="browser",
    owner="the web tool's operator",
    base_url="",
    auth="none",
    billing="the tool's own",
    failure_cost="the tool's own",
    source="no API: a person makes and downloads the picture",
)

route = Route("browser", __doc__ or "", OFFICIAL)

"""Show the ways to get pictures: what each honours, costs, and who verified that when."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Any

import click

from verify4k.cli import Command
from verify4k.cli._output import colour_wanted, emit, styled
from verify4k.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.routes.protocol.profile import Profile

GROUP = "Make"


@click.command(cls=Command, context_settings={"auto_envvar_prefix": "VERIFY4K"})
@click.option("-c", "--config", metavar="FILE", help="The manifest; by default found from here upwards.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(config: str | None, form: str) -> int:
    """Show the built-in routes and those of the manifest, side by side.

    What nobody has verified, or not within the last 30 days, is marked.
    """
    today = time.strftime("%Y-%m-%d", time.gmtime())
    profiles = _profiles(config)
    if form == "json":
        import json

        rows = [_plain(profile, today, own=own) for profile, own in profiles]
        emit(json.dumps({"schema": 1, "today": today, "routes": rows}, indent=2))
        return 0
    colour = colour_wanted(sys.stdout, os.environ)
    blocks = ["\n".join(_lines(profile, today, own=own, colour=colour)) for profile, own in profiles]
    emit("\n\n".join(blocks))
    return 0


def _profiles(config: str | None) -> list[tuple[Profile, bool]]:
    from verify4k.cli._manifest import open_manifest
    from verify4k.errors import ManifestError, UsageError
    from verify4k.manifest.generation import Top
    from verify4k.routes import find_route, kinds

    found = [(find_route(kind).official, False) for kind in kinds() if kind != "openai-compatible"]
    try:
        top = open_manifest(config).generate
    except ManifestError:
        raise
    except UsageError:
        if config is not None:
            raise
        top = None  # the built-in routes need no manifest
    own = top.routes.values() if isinstance(top, Top) else ()
    return found + [(profile, True) for profile in own]


def _lines(profile: Profile, today: str, *, own: bool, colour: bool) -> Iterator[str]:
    whose = "from the manifest" if own else "built in"
    yield f"{styled(printable(profile.name), 'bold', colour=colour)}  {profile.kind}, {whose}"
    for name, value in _facts(profile).items():
        yield f"  {name:<13} {printable(str(value))}"
    doubts = list(profile.doubts(today)) if own else []
    for doubt in doubts:
        yield "  " + styled(f"{'unverified':<13} {doubt}", "yellow", colour=colour)


def _facts(profile: Profile) -> dict[str, object]:
    sizes = ", ".join(map(str, profile.sizes)) if profile.sizes else profile.size
    facts: dict[str, object] = {
        "owner": profile.owner or "unknown",
        "endpoint": profile.base_url or "none",
        "key": profile.key if profile.auth != "none" else "none",
        "models": ", ".join(f"{ours} = {theirs}" for ours, theirs in profile.models.items()),
        "sizes": sizes,
        "quality": profile.quality,
        "answers": profile.answers,
        "price": "" if profile.price is None else f"${profile.price:g} a picture",
        "billing": profile.billing or "unknown",
        "failure cost": profile.failure_cost or "unknown",
        "outputs": profile.outputs,
        "support": profile.support or "unknown",
        "source": profile.source,
    }
    return {name: value for name, value in facts.items() if value != ""}


def _plain(profile: Profile, today: str, *, own: bool) -> dict[str, Any]:
    body = {name: getattr(profile, name) for name in ("name", "kind", "source", *profile.declared)} | {
        "sizes": [str(size) for size in profile.sizes],
        "models": dict(profile.models),
        "query": dict(profile.query),
        "verified": dict(profile.verified),
        "built_in": not own,
        "doubts": list(profile.doubts(today)) if own else [],
    }
    return dict(sorted(body.items()))

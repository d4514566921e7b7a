"""Everything that stands against a request before it is sent, each with its manifest line."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from verify4k.contract.data import MODELS
from verify4k.contract.nearest import covering, nearest
from verify4k.contract.rules import model_objections, size_objections
from verify4k.documents.nodes import Mistake
from verify4k.generate.keys import OFFICIAL, base_url
from verify4k.manifest.generation import EXTRA
from verify4k.net.addresses import parse_url
from verify4k.routes import find_route, kinds
from verify4k.rules.exact_size import SizeOptions
from verify4k.rules.no_stray_alpha import AlphaOptions
from verify4k.rules.right_format import FormatOptions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verify4k.contract.model import Model
    from verify4k.formats.facts import Size
    from verify4k.manifest.generation import GenerateOptions
    from verify4k.model import Asset
    from verify4k.routes import Order, Route
    from verify4k.routes.protocol.profile import Profile

_FORMATS = {".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".webp": "webp"}


def size_for(asset: Asset, options: GenerateOptions) -> tuple[Size | None, Mistake | None]:
    """Return the size to ask for: as the entry says, else the one exact size that is promised."""
    promised = asset[SizeOptions]
    exact = [wanted.low for wanted in promised.size or () if wanted.low == wanted.high]
    if options.size is not None:
        if promised.size and not any(wanted.allows(options.size) for wanted in promised.size):
            at = options.place("size", asset.place)
            promise = asset.written.get("size", "another size")
            said = f"{options.size} would be asked for, but {promise} is promised"
            hint = f"promise what you ask for, or: request: {options.size}, then: crop"
            return None, Mistake(at, said, hint)
        return options.size, None
    if exact:
        return exact[0], None
    hint = "promise a size, or give generate: {size: 2560x1440}"
    return None, Mistake(asset.place, f"no exact size to ask for is promised for {asset.target!a}", hint)


def format_for(asset: Asset) -> tuple[str | None, Mistake | None]:
    """Return the format to ask for, from the target's suffix."""
    suffix = os.path.splitext(asset.target)[1].lower()
    form = _FORMATS.get(suffix)
    if form is None:
        what = f"no route makes {suffix[:12]!a} files" if suffix else "no suffix says what to make"
        said = f"{what}: {asset.target!a}"
        return None, Mistake(asset.place, said, "png, jpg and webp can be made")
    promised = asset[FormatOptions].format
    if promised and form not in promised:
        said = f"the suffix of {asset.target!a} says {form}, the promise {' or '.join(promised)}"
        return None, Mistake(asset.places.get("format", asset.place), said, "let suffix and format agree")
    return form, None


def background_for(asset: Asset, options: GenerateOptions, form: str) -> str:
    """Return the background to ask for: as written, else what the alpha promise needs."""
    if options.background:
        return options.background
    alpha = asset[AlphaOptions].alpha
    if alpha in ("required", "used"):
        return "transparent"
    return "opaque" if alpha in ("forbidden", "opaque") or form == "jpeg" else ""


def request_objections(
    asset: Asset,
    options: GenerateOptions,
    order: Order,
    route: Route,
    profile: Profile,
    model: Model,
    today: str,
) -> Iterator[Mistake]:
    """Yield all objections to one request."""
    at_alpha = options.place("background", asset.places.get("alpha", asset.place))
    for said, hint in _background(asset, order):
        yield Mistake(at_alpha, said, hint)
    if not route.network:
        return
    for said, hint in _model(options, model, today):
        yield Mistake(options.place("model", asset.place), said, hint)
    at_size = options.place("size", asset.places.get("size", asset.place))
    at_size = options.place("request", at_size) if order.size == options.request else at_size
    stepped = any(chosen.step.owns == "size" for chosen in options.then)
    for size in (order.size, *options.fallback):
        where = at_size if size == order.size else options.place("fallback", asset.place)
        for said, hint in _size(size, profile, model, stepped=stepped):
            yield Mistake(where, said, hint)
    for said, hint in _quality(order, profile, model):
        yield Mistake(options.place("quality", asset.place), said, hint)
    yield from _form(asset, options, order, model)
    if order.background == "transparent" and model.transparent == "no":
        yield Mistake(
            at_alpha, f"{model.name} makes no transparent background", "another model, or alpha: forbidden"
        )
    yield from _unknown_parameters(asset, options, order, profile)
    if not order.prompt:
        yield Mistake(asset.place, f"{asset.target!a} has no prompt", 'generate: {prompt: "..."}')
    yield from _route(asset, options, order, route, profile)


def _route(
    asset: Asset, options: GenerateOptions, order: Order, route: Route, profile: Profile
) -> Iterator[Mistake]:
    if route.serves and not order.model.startswith(route.serves):
        at = options.place("model", asset.place)
        served = [name for name in MODELS if name.startswith(route.serves)]
        yield Mistake(at, f"the route {profile.name} makes no {order.model}", f"model: {' | '.join(served)}")
    if options.edit and not route.edits:
        at = options.place("edit", asset.place)
        yield Mistake(at, f"the route {profile.name} cannot edit", "use openai-images or a compatible route")
    if options.mask and not route.masks:
        at = options.place("mask", asset.place)
        yield Mistake(at, f"the route {profile.name} knows no masks", "say in the prompt what is to change")


def makers(model: str) -> list[str]:
    """Return the routes whose vendor makes a model; none where any may."""
    return [kind for kind in kinds() if (own := find_route(kind).serves) and model.startswith(own)]


def vendor_objections(
    asset: Asset, options: GenerateOptions, order: Order, profile: Profile, environ: Mapping[str, str]
) -> Iterator[Mistake]:
    """Yield what is asked of OpenAI itself and made by another vendor; any gateway may have it."""
    owners = makers(order.model)
    if not owners or order.model in profile.models or profile.kind in owners:
        return
    if parse_url(base_url(profile, environ)).origin == parse_url(OFFICIAL).origin:
        said = f"OpenAI, which the route {profile.name} asks, makes no {order.model}"
        hint = f"route: {owners[0]}, or --route {owners[0]}"
        yield Mistake(options.place("model", asset.place), said, hint)


def _form(asset: Asset, options: GenerateOptions, order: Order, model: Model) -> Iterator[Mistake]:
    if order.compression is not None and order.format == "png":
        at = options.place("compression", asset.place)
        yield Mistake(at, "PNG takes no compression", "compression is for jpeg and webp")
    if order.format not in model.formats:
        said = f"{model.name} makes no {order.format}"
        hint = f"it makes {', '.join(model.formats)}; then: {{convert: {order.format}}} makes it of that"
        yield Mistake(asset.place, said, hint)


def _unknown_parameters(
    asset: Asset, options: GenerateOptions, order: Order, profile: Profile
) -> Iterator[Mistake]:
    if (
        not profile.kind.startswith("openai-") or profile.kind == "openai-compatible"
    ):  # providers take what they take
        return
    for name in order.extra:
        if name not in EXTRA:
            hint = f"{profile.kind} takes {', '.join(EXTRA)}"
            yield Mistake(options.place("extra", asset.place), f"unknown parameter {name[:60]!a}", hint)


def _background(asset: Asset, order: Order) -> Iterator[tuple[str, str]]:
    alpha = asset[AlphaOptions].alpha
    if order.background == "transparent" and order.format == "jpeg":
        yield "JPEG cannot be transparent", "name the target .png or .webp"
    if order.background == "transparent" and alpha in ("forbidden", "opaque"):
        yield f"a transparent background contradicts alpha: {alpha}", "background: opaque"
    if order.background in ("opaque", "auto") and alpha in ("required", "used"):
        yield f"background: {order.background} cannot keep alpha: {alpha}", "background: transparent"


def _model(options: GenerateOptions, model: Model, today: str) -> Iterator[tuple[str, str]]:
    for one in model_objections(model, today):
        yield one.message, ""
    if options.rules and options.rules != model.name:
        yield f"rules: {options.rules!a} is no known model", ""


def _size(size: Size, profile: Profile, model: Model, *, stepped: bool) -> Iterator[tuple[str, str]]:
    if profile.size == "ignored" or "size" in profile.omit:
        yield f"the route {profile.name} ignores sizes: {size} would be left to chance", "use another route"
        return
    if profile.size == "fixed-list":
        if size not in profile.sizes:
            yield (
                f"the route {profile.name} does not make {size}",
                f"it makes {', '.join(map(str, profile.sizes))}",
            )
        return
    broken = list(size_objections(size, model))
    if broken:
        instead = ", ".join(str(one.size) for one in nearest(size, model))
        instead += "" if stepped else _or_step(size, model)
        for one in broken:
            yield f"{size} cannot be requested from {model.name}: {one.message}", f"legal instead: {instead}"


def _or_step(size: Size, model: Model) -> str:
    larger = covering(size, model)
    return f"; or then: crop, which asks for {larger} and makes {size} of it" if larger else ""


def _quality(order: Order, profile: Profile, model: Model) -> Iterator[tuple[str, str]]:
    if profile.quality == "ignored" or "quality" in profile.omit:
        return
    choices = ", ".join(model.qualities)
    if not choices:
        if order.quality:
            yield f"quality {order.quality[:20]!a}: {model.name} knows none", "leave quality: out"
        return
    if not order.quality:
        yield "no quality is chosen, and what is left out becomes low", f"quality: {choices}"
    elif order.quality not in model.qualities:
        why = "auto became low" if order.quality == "auto" else f"{model.name} does not take it"
        yield f"quality {order.quality[:20]!a}: {why}", f"choose {choices}"

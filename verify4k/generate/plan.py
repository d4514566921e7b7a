"""What would be sent: every request settled and validated before a cent is spent.

Every objection is a `Mistake` at the manifest line that caused it, and all of them come at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from verify4k.contract.model import DEFAULT_MODEL
from verify4k.contract.validate import find_model
from verify4k.documents.nodes import Items, Mistake, Pairs, Scalar
from verify4k.errors import UsageError
from verify4k.generate.cost import Estimate, estimate
from verify4k.generate.deriving import DerivedRequest, asked_for
from verify4k.generate.objections import (
    background_for,
    format_for,
    makers,
    request_objections,
    size_for,
    vendor_objections,
)
from verify4k.generate.sources import source_objections
from verify4k.generate.target_paths import target_path_objections
from verify4k.generate.variant_names import choice_objections, missing_variants
from verify4k.manifest.generation import GenerateOptions, Top, parse_entry
from verify4k.named_tuple import NamedTuple
from verify4k.routes import Order, Route, find_route

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from verify4k.contract.model import Model
    from verify4k.formats.facts import Size
    from verify4k.model import Asset, Manifest
    from verify4k.routes.protocol.profile import Profile
    from verify4k.steps import Chosen


class Job(NamedTuple):
    """One picture to make: the order, the way, what it costs, what must be made before."""

    asset: Asset
    options: GenerateOptions
    route: Route
    profile: Profile
    order: Order
    estimate: Estimate
    notes: tuple[str, ...] = ()
    after: frozenset[str] = frozenset()  # targets this one edits and which are made in the same run
    replaces: str = ""  # sha256 of the failing file that may be replaced
    steps: tuple[Chosen, ...] = ()  # what is done to what comes before it is judged
    promised: Size | None = None  # the size that a step makes; None: the one asked for
    variants: int = 1  # how many pictures there may be to choose from
    requests: int = 1  # how many of them are not there yet

    @property
    def paid(self) -> bool:
        """Whether anything may be sent that costs."""
        return self.route.network and self.requests > 0


class Draft(NamedTuple):
    """A job, if it can be one, and what stands against it."""

    job: Job | None
    objections: tuple[Mistake, ...]


def options_of(asset: Asset, top: Top) -> GenerateOptions | None:
    """Return how an asset is to be made; None when the manifest says nothing about that."""
    written = asset.generate
    if isinstance(written, GenerateOptions):
        return written
    if isinstance(written, Scalar | Items | Pairs):
        return parse_entry(written, top.context, top)
    return top.entry({}, {}) if top.defaults else None


class Wishes(NamedTuple):
    """What the command line says about every request.

    ``partials``: how many partial pictures; None: as the route says.
    """

    route: str = ""
    partials: int | None = None
    batch: bool = False

    def profile(self, profile: Profile, route: Route) -> Profile:
        """Return the profile with these wishes, where its answers can come so."""
        if self.batch:
            return profile.replaced(stream=None)
        if self.partials is None or not route.streams or profile.background or profile.poll:
            return profile
        return profile.replaced(stream=self.partials)


class Scene(NamedTuple):
    """What the drafts of one run have in common. ``made``: targets that this run makes."""

    top: Top
    root: str
    today: str
    made: frozenset[str] = frozenset()
    wishes: Wishes = Wishes()
    environ: Mapping[str, str] = {}


def draft(asset: Asset, options: GenerateOptions, scene: Scene) -> Draft:
    """Settle one asset's request."""
    top = scene.top
    try:
        profile = top.routes.get(options.route) or find_route(options.route).official
        route = find_route(profile.kind)
        model = _model(route, options)
    except UsageError as error:
        at = options.place("model" if error.message.startswith("the model") else "route", asset.place)
        return Draft(None, (Mistake(at, error.message, error.hint),))
    profile = scene.wishes.profile(profile, route)
    size, size_mistake = size_for(asset, options)
    form, form_mistake = format_for(asset)
    if size is None or form is None:
        return Draft(None, tuple(one for one in (size_mistake, form_mistake) if one is not None))
    asked = DerivedRequest(size, form, asset)
    if route.network:
        asked = asked_for(asset, options, profile, model, size, form, scene.root)
    order = _order(asset, options, asked)
    edits = frozenset(options.edit) & scene.made
    variants = options.n if route.network else 1
    requests = missing_variants(asset, options, variants)
    job = Job(
        asset,
        options,
        route,
        profile,
        order,
        _estimate(route, profile, model, order, edit=bool(options.edit)).times(requests),
        notes=(*_notes(route, model, order, options), *_doubts(profile, top, scene.today)),
        after=edits,
        steps=asked.steps,
        promised=size,
        variants=variants,
        requests=requests,
    )
    return Draft(job, tuple(_objections(job, asked, model, scene)))


def _objections(job: Job, asked: DerivedRequest, model: Model, scene: Scene) -> Iterator[Mistake]:
    """Yield what stands against a request, before anything is sent."""
    asset, options, order, profile = job.asset, job.options, job.order, job.profile
    yield from asked.mistakes
    yield from request_objections(asked.asset, options, order, job.route, profile, model, scene.today)
    if job.route.network:
        yield from vendor_objections(asset, options, order, profile, scene.environ)
        yield from source_objections(asset, options, Path(scene.root), job.after)
    yield from choice_objections(asset, options, job.variants)
    yield from target_path_objections(asset, job.variants, scene.made)


def _order(asset: Asset, options: GenerateOptions, asked: DerivedRequest) -> Order:
    return Order(
        target=asset.target,
        prompt=options.prompt,
        size=asked.size,
        quality=options.quality,
        model=options.model,
        format=asked.format,
        background=background_for(asked.asset, options, asked.format) or ("opaque" if asked.steps else ""),
        compression=options.compression,
        extra=options.extra,
    )


def _model(route: Route, options: GenerateOptions) -> Model:
    """Return the rules to apply: the named model's, or those an unknown one is said to follow."""
    if not route.network:
        return find_model(DEFAULT_MODEL)
    try:
        return find_model(options.rules or options.model)
    except UsageError as error:
        raise UsageError(
            error.message,
            f"{error.hint}; rules: {DEFAULT_MODEL} says whose rules an unknown model follows",
        ) from error


def _estimate(route: Route, profile: Profile, model: Model, order: Order, *, edit: bool) -> Estimate:
    if not route.network:
        return Estimate(None, 0.0)
    return estimate(profile, model, order.size, order.quality, prompt=order.prompt, edit=edit)


def _notes(route: Route, model: Model, order: Order, options: GenerateOptions) -> Iterable[str]:
    from verify4k.contract.rules import experimental

    if not route.network:
        return
    if model.name == order.model and (said := experimental(order.size, model)):
        yield said  # what one vendor calls experimental says nothing of a model that borrows its rules
    owns = makers(order.model)
    if owns and route.kind not in owns and route.kind != "openai-compatible":  # any gateway may have it
        yield f"{order.model} is made by the route {owns[0]}, and asked of {route.kind} here"
    if model.kind == "alias" and not options.rules:
        pinned = f"; {model.snapshot} is pinned" if model.snapshot else ""
        yield f"{model.name} is an alias and may change{pinned}"
    if model.note and (order.background == "transparent" or not model.qualities):
        yield model.note
    if model.retires:
        yield f"{model.name} will be shut down on {model.retires}; use {model.replacement}"


def _doubts(profile: Profile, top: Top, today: str) -> Iterable[str]:
    """Say what of a route in use nobody has verified lately; the built-in ones state their source."""
    doubts = list(profile.doubts(today)) if profile.name in top.routes else []
    never = [doubt.partition(":")[0] for doubt in doubts if doubt.endswith("never verified")]
    if never:
        yield f"of the route {profile.name} nobody has verified {', '.join(never)}"
    if old := [doubt for doubt in doubts if not doubt.endswith("never verified")]:
        yield f"of the route {profile.name} not verified for 30 days: {', '.join(old)}"


def cycles(jobs: Mapping[str, Job]) -> list[Mistake]:
    """Return a mistake for every picture that is edited, by detours, from itself."""
    done: set[str] = set()
    while True:
        ready = [name for name, job in jobs.items() if name not in done and job.after <= done]
        if not ready:
            break
        done.update(ready)
    return [
        Mistake(
            job.options.place("edit", job.asset.place),
            f"{name!a} is made from itself",
            "edit another picture",
        )
        for name, job in jobs.items()
        if name not in done
    ]


def all_drafts(
    manifest: Manifest, assets: Iterable[Asset], today: str, wishes: Wishes, environ: Mapping[str, str]
) -> list[Draft]:
    """Settle the requests for ``assets``; a route among the wishes replaces that of every entry."""
    top = manifest.generate if isinstance(manifest.generate, Top) else Top()
    chosen = list(assets)
    scene = Scene(top, manifest.root, today, frozenset(asset.target for asset in chosen), wishes, environ)
    drafts = []
    for asset in chosen:
        options = options_of(asset, top) or top.entry({}, {})
        options = options.replaced(route=wishes.route) if wishes.route else options
        drafts.append(draft(asset, options, scene))
    return drafts

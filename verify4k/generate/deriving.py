"""Which size, format and background to ask for, where steps make the promised ones of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from verify4k.contract.nearest import covering
from verify4k.documents.nodes import Mistake
from verify4k.errors import UsageError, Verify4kError
from verify4k.formats.facts import Size
from verify4k.generate.judging import with_options
from verify4k.generate.sources import load_source
from verify4k.named_tuple import NamedTuple
from verify4k.rules.color import ColorOptions
from verify4k.rules.no_stray_alpha import AlphaOptions
from verify4k.rules.provenance import DELIVERED, ProvenanceOptions
from verify4k.rules.right_encoding import EncodingOptions
from verify4k.steps.alpha import transparency
from verify4k.steps.convert import ConvertOptions, sampled_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.contract.model import Model
    from verify4k.manifest.generation import GenerateOptions
    from verify4k.model import Asset
    from verify4k.routes.protocol.profile import Profile
    from verify4k.steps import Chosen


class DerivedRequest(NamedTuple):
    """What is asked for, and the steps that make the promise of it; none where it is the promise itself."""

    size: Size
    format: str
    asset: Asset  # whose promise the request has to meet: without what the steps make
    steps: tuple[Chosen, ...] = ()
    mistakes: tuple[Mistake, ...] = ()


def asked_for(
    asset: Asset,
    options: GenerateOptions,
    profile: Profile,
    model: Model,
    size: Size,
    form: str,
    root: str,
) -> DerivedRequest:
    """Settle the steps of a network route. ``size`` and ``form`` are what is promised."""
    at = options.place("then", asset.place)
    owned = [chosen.step.owns for chosen in options.then]
    mistakes = [
        Mistake(at, f"two steps make the {what}", "keep one of them")
        for what in sorted(set(owned))
        if owned.count(what) > 1
    ]
    request = _request_size(options, profile, model, size) if "size" in owned else size
    if request is None:
        said = f"no size that {profile.name} makes with {model.name} covers {size}: nothing is ever enlarged"
        mistakes.append(Mistake(at, said, "promise a smaller size"))
        request = size
    mistakes += _about_request(asset, options, size, owned)
    needed = request != size or options.request is not None
    steps = tuple(chosen for chosen in options.then if chosen.step.owns != "size" or needed)
    if not steps:
        return DerivedRequest(size, form, asset, (), tuple(mistakes))
    mistakes += _about_format(options, asset, steps, form)
    mistakes += _about_promises(asset)
    mistakes += _about_encoding(asset, steps)
    mistakes += _about_files(options, asset, steps, (request, size), root)
    asked = with_options(asset, AlphaOptions(alpha=None)) if "alpha" in owned else asset
    return DerivedRequest(
        request, "png" if "png" in model.formats else model.formats[0], asked, steps, tuple(mistakes)
    )


def _request_size(options: GenerateOptions, profile: Profile, model: Model, size: Size) -> Size | None:
    if options.request is not None:
        return options.request
    return covering(size, model, profile.sizes if profile.size == "fixed-list" else ())


def _about_request(asset: Asset, options: GenerateOptions, size: Size, owned: list[str]) -> Iterator[Mistake]:
    request = options.request
    if request is None:
        if options.allowed_fallback and "size" in owned:
            at = options.place("fallback", asset.place)
            yield Mistake(at, "a step makes the size, so no other one will do", "drop fallback, or the step")
        return
    at = options.place("request", asset.place)
    if "size" not in owned:
        yield Mistake(at, f"nothing makes {size} of {request}", "then: crop, or then: reduce")
    elif request.width < size.width or request.height < size.height:
        yield Mistake(
            at, f"{request} does not cover {size}: nothing is ever enlarged", "ask for a larger size"
        )


def _about_format(
    options: GenerateOptions, asset: Asset, steps: tuple[Chosen, ...], form: str
) -> Iterator[Mistake]:
    made = [chosen.record()["convert"] for chosen in steps if chosen.name == "convert"]
    at = options.place("then", asset.place)
    if made and made[0] != form:
        yield Mistake(at, f"the step makes {made[0]}, {asset.target!a} says {form}", f"convert: {form}")
    if not made and form != "png":
        yield Mistake(at, f"it is not said how the {form} is made", f"add {{convert: {form}, quality: 90}}")
    if options.compression is not None:
        at = options.place("compression", asset.place)
        yield Mistake(at, "compression would compress what a step opens again", "convert has a quality")


def _about_promises(asset: Asset) -> Iterator[Mistake]:
    """Yield the promises that nothing made by a step can keep, whatever comes."""
    for claim in asset[ProvenanceOptions].provenance or ():
        if claim in DELIVERED:
            at = asset.places.get("provenance", asset.place)
            yield Mistake(at, f"no step keeps what provenance: {claim} asks for", "drop one of the two")
    bits = asset[ColorOptions].bit_depth
    if bits is not None and 8 not in bits:
        at = asset.places.get("bit-depth", asset.place)
        yield Mistake(at, "steps make 8 bits a channel", "drop the steps, or promise bit-depth: 8")


def _about_encoding(asset: Asset, steps: tuple[Chosen, ...]) -> Iterator[Mistake]:
    """Yield what is promised of a JPEG's encoding and not what its step is told to write."""
    wants = asset[EncodingOptions]
    jpeg = next((one for chosen in steps if (one := _jpeg(chosen)) is not None), None)
    if jpeg is None:
        return
    sampling = jpeg.subsampling or sampled_at(jpeg.quality)
    progressive = "required" if jpeg.progressive else "forbidden"
    broken = {
        "quality": wants.quality is not None and jpeg.quality not in wants.quality and str(jpeg.quality),
        "subsampling": wants.subsampling and sampling not in wants.subsampling and sampling,
        "progressive": wants.progressive not in (None, "allowed", progressive)
        and str(jpeg.progressive).lower(),
    }
    for key, written in broken.items():
        if written:
            said = f"{key}: {asset.written.get(key)} is promised, and convert writes {key}: {written}"
            yield Mistake(
                asset.places.get(key, asset.place), said, f"write it as {{convert: jpeg, {key}: ...}}"
            )


def _jpeg(chosen: Chosen) -> ConvertOptions | None:
    options = chosen.options
    return options if isinstance(options, ConvertOptions) and options.convert == "jpeg" else None


def _about_files(
    options: GenerateOptions, asset: Asset, steps: tuple[Chosen, ...], sizes: tuple[Size, Size], root: str
) -> Iterator[Mistake]:
    """Yield what stands against masks: whole, and of the size that the picture has at that step.

    ``sizes``: what is asked for, and what a step about the size makes of it.
    """
    from verify4k.generate.processing import decoded

    there, promised = sizes
    at = options.place("then", asset.place)
    for chosen in steps:
        there = promised if chosen.step.owns == "size" else there
        for name in chosen.step.files(chosen.options):
            try:
                mask = decoded(load_source(Path(root), name, "mask").data)
            except UsageError as error:
                yield Mistake(at, error.message, error.hint)
                continue
            except Verify4kError as error:
                yield Mistake(at, f"the mask {name!a}: {error.message}", error.hint)
                continue
            if mask.size != there:
                yield Mistake(
                    at, f"the mask {name!a} is {Size(*mask.size)}", f"it must be {there} at this step"
                )
            elif transparency(mask).getextrema() == (255, 255):
                yield Mistake(
                    at, f"the mask {name!a} makes nothing transparent", "draw in black what is to go"
                )

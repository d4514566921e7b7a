"""What an artifact has that a copy may lose, and whether it is lost: for rule `nothing-lost`."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from verify4k.artifacts.guard import untraced
from verify4k.errors import Verify4kError
from verify4k.formats.metadata.cicp import SRGB
from verify4k.named_tuple import NamedTuple
from verify4k.text import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from verify4k.analysis.glance import Glance
    from verify4k.artifacts.artifact import Artifact
    from verify4k.formats.facts import Timing

    Lost = tuple[str, str, str]  # message with {source}, expected, actual

_COLOURS = 256  # of a palette
_MILLISECONDS = 1.0
_NEUTRAL, _VIVID = 6, 40  # of 255: what encoders make of grey; more than a faint tint
_VISIBLE = 1.5  # of 255: colours that differ less look the same, whatever they are called


class Colours(NamedTuple):
    """What the colours mean. ``wide``: not sRGB; ``as_srgb``: the cells of ``seen`` converted to sRGB."""

    name: str
    wide: bool
    seen: Glance | None
    as_srgb: Any


class Had(NamedTuple):
    """What was kept of one artifact; what could not be had is raised when it is asked for."""

    values: Mapping[str, Any]

    def of(self, name: str) -> Any:
        """Return a fact by name. Raises what hid it."""
        value = self.values[name]
        if isinstance(value, Verify4kError):
            raise value
        return value

    def lost(self, name: str, source: Had) -> Lost | None:
        """Say what of a source is not here any more; None: nothing. Raises what hides the answer."""
        judge = _JUDGES.get(name)
        if judge is not None:
            return judge(self.of(name), source.of(name))
        there, here = source.of("tags"), {tag.lower() for tag in self.of("tags")}
        gone = [tag for tag in there if _matches(tag, name) and tag.lower() not in here]
        return ("metadata of {source} are lost", name, f"no {listed(gone)}") if gone else None


def keep(artifact: Artifact, names: tuple[str, ...]) -> Had:
    """Keep what is asked for by name."""
    values: dict[str, Any] = {}
    for name in names:
        key = name if name in _FACTS else "tags"
        if key not in values:
            try:
                values[key] = _FACTS[key](artifact)
            except Verify4kError as error:
                values[key] = untraced(error)
    return Had(values)


def _matches(tag: str, pattern: str) -> bool:
    tag, pattern = tag.lower(), pattern.lower()
    return fnmatchcase(tag, pattern) or fnmatchcase(tag.partition(":")[2], pattern)


# -- facts -------------------------------------------------------------------------------


def _icc(artifact: Artifact) -> Colours:
    profile, declared = artifact.profile, artifact.header.colours
    sound = profile if profile is not None and not profile.fault else None
    wide = (sound is not None and not sound.srgb) or (sound is None and declared not in ("", SRGB))
    name = sound.name or "unnamed" if sound is not None else declared or "none"
    if artifact.depth == "header":
        return Colours(name, wide, None, None)
    seen = artifact.glance
    return Colours(name, wide, seen, _converted(artifact, seen) if wide and sound is not None else None)


def _converted(artifact: Artifact, seen: Glance) -> Any:
    """Return the cells as LittleCMS converts them to sRGB; None where it cannot."""
    import io

    import numpy as np
    from PIL import Image, ImageCms

    from verify4k.formats.metadata.icc import read_icc

    data = read_icc(artifact.reader, [block for block in artifact.blocks if block.kind == "icc"])
    if data is None or seen.raw.shape[2] != 3:
        return None
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(data))
        made = ImageCms.profileToProfile(Image.fromarray(seen.raw), profile, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None
    return None if made is None else np.asarray(made)


class _Palette(NamedTuple):
    mode: str
    few: bool  # no more colours than a palette holds
    colourful: bool
    spread: int | None = None  # of 255: how far the most colourful cell is from grey; None: not looked at


def _full_colour(artifact: Artifact) -> _Palette:
    mode = artifact.header.mode
    if artifact.depth == "header" or mode == "palette":
        return _Palette(mode, mode == "palette", mode != "gray")
    import numpy as np

    array = artifact.pixels.array()
    if array.ndim == 2 or array.shape[2] < 3:
        return _Palette(mode, False, False)
    cells = artifact.glance.raw.astype(np.int16)
    spread = int((cells.max(axis=2) - cells.min(axis=2)).max())
    return _Palette(mode, _few(array), spread > _NEUTRAL, spread)


def _few(array: Any) -> bool:
    from PIL import Image

    if array.dtype.itemsize == 2:
        return False
    return Image.fromarray(array[..., :3].copy()).getcolors(_COLOURS) is not None


def _c2pa(artifact: Artifact) -> tuple[bool, str]:
    """Return whether there is a manifest, and what a validator has against it."""
    if not any(block.kind == "c2pa" for block in artifact.metadata[1]):
        return False, ""
    if artifact.asset.made_from is None:
        return True, ""
    from verify4k.provenance.c2pa import validation_problem

    return True, validation_problem(artifact.data, artifact.format)


def _animation(artifact: Artifact) -> Timing | None:
    return artifact.timing


_FACTS: dict[str, Callable[[Artifact], Any]] = {
    "icc": _icc,
    "bit-depth": lambda artifact: artifact.header.bit_depth,
    "chroma": lambda artifact: artifact.sampling,
    "full-colour": _full_colour,
    "alpha": lambda artifact: artifact.alpha,
    "c2pa": _c2pa,
    "animation": _animation,
    "gain-map": lambda artifact: artifact.gain_map,
    "tags": lambda artifact: artifact.tags,
}
FOR_GOOD = frozenset({"bit-depth", "chroma", "full-colour"})  # a later file may look as if it had them again
WORDS = tuple(name for name in _FACTS if name != "tags")


# -- judges ------------------------------------------------------------------------------


def _lost_icc(here: Colours, there: Colours) -> Lost | None:
    if not there.wide or here.wide:
        return None
    if here.seen is None or there.seen is None:
        from verify4k.errors import BeyondDepth

        raise BeyondDepth("whether colours were converted shows in the pixels", "run without --depth header")
    if there.as_srgb is not None:
        import numpy as np

        from verify4k.analysis.glance import resized

        shapes = (here.seen.raw.shape, there.seen.raw.shape)
        rows, columns = (min(shape[axis] for shape in shapes) for axis in (0, 1))
        cells = [
            resized(each.astype(np.float32), columns, rows)
            for each in (here.seen.raw, there.seen.raw, there.as_srgb)
        ]
        as_is, as_converted = (float(np.abs(cells[0] - each).mean()) for each in cells[1:])
        if as_converted <= as_is or float(np.abs(cells[1] - cells[2]).mean()) < _VISIBLE:
            return None
    wanted = f"{there.name}, or converted to sRGB"  # said or not, sRGB is what the next one reads: one loss
    return ("the colours of {source} lost their profile", wanted, "read as sRGB")


def _lost_depth(here: int, there: int) -> Lost | None:
    if here >= there:
        return None
    return ("the bit depth is lower than that of {source}", f"{there} bits", f"{here} bits")


def _lost_chroma(here: str, there: str) -> Lost | None:
    rank = {"": 0, "4:4:4": 0, "4:4:0": 1, "4:2:2": 1}
    if rank.get(here, 2) <= rank.get(there, 2):
        return None
    return ("colours are coarser than those of {source}", there or "4:4:4", here)


def _lost_colours(here: _Palette, there: _Palette) -> Lost | None:
    if here.mode == "palette" and there.mode not in ("palette", "gray") and not there.few:
        return ("the colours of {source} became a palette", there.mode, "palette of 256 colours or fewer")
    if there.mode == "gray" or not there.colourful:
        return None
    if here.mode == "gray":
        return ("the colours of {source} became grey", there.mode, "gray")
    # three equal channels: much has to have been there, since a faint tint may go unseen
    if here.spread is not None and here.spread <= _NEUTRAL and (there.spread or 0) > _VIVID:
        return ("the colours of {source} became grey", there.mode, "gray")
    return None


def _lost_alpha(here: str, there: str) -> Lost | None:
    if there != "used" or here == "used":
        return None
    return ("the transparency of {source} is lost", "alpha used", "every pixel opaque")


def _lost_c2pa(here: tuple[bool, str], there: tuple[bool, str]) -> Lost | None:
    if not there[0]:
        return None
    if not here[0]:
        return ("the C2PA manifest of {source} is lost", "a C2PA manifest", "none")
    return (
        ("the C2PA manifest does not vouch for these bytes", "a valid manifest", here[1]) if here[1] else None
    )


def _lost_animation(here: Timing | None, there: Timing | None) -> Lost | None:
    if there is None:
        return None
    if here is None:
        return ("the animation of {source} is lost", f"{there.frames} frames", "1 frame")
    if here.frames < there.frames and abs(here.total - there.total) > _MILLISECONDS:
        return ("frames of {source} are lost", f"{there.frames} frames", f"{here.frames} frames")
    if abs(here.total - there.total) > max(_MILLISECONDS, 0.01 * there.total):
        return ("the timing of {source} is lost", f"{there.total:,g} ms", f"{here.total:,g} ms")
    return None


def _lost_gain_map(here: bool, there: bool) -> Lost | None:
    return ("the gain map of {source} is lost", "a gain map", "none") if there and not here else None


_JUDGES: dict[str, Callable[[Any, Any], Lost | None]] = {
    "icc": _lost_icc,
    "bit-depth": _lost_depth,
    "chroma": _lost_chroma,
    "full-colour": _lost_colours,
    "alpha": _lost_alpha,
    "c2pa": _lost_c2pa,
    "animation": _lost_animation,
    "gain-map": _lost_gain_map,
}

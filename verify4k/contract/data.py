"""The image models and what they accept, as read on `CHECKED`; change it with its sources.

No call to the real API stands behind this table: it is the published description, the SDK's
types, the deprecations page and reports of others, each named below. Where a text allows two
readings the narrower one is taken, because a refused request costs nothing and a wrong one may.
"""

from __future__ import annotations

from verify4k.contract.gemini import CHECKED as CHECKED_LATER
from verify4k.contract.gemini import FRAMES
from verify4k.contract.model import Grid, Model
from verify4k.formats.facts import Size

CHECKED = "2026-11-22"

_SPEC = "https://github.com/openai/openai-openapi (f85dbe22, 2026-08-21)"
_SDK = "https://github.com/openai/openai-python (3.54.0, types)"
_GONE = "https://developers.openai.com/api/docs/deprecations (2026-11)"
_PRICES = "https://developers.openai.com/api/docs/models (2026-11)"

_FREE = Grid(
    multiple=16,
    max_edge=3840,
    max_ratio=3,
    min_pixels=655_360,
    max_pixels=8_294_400,
    experimental_above=3_686_400,
)
_THREE = (Size(1024, 1024), Size(1536, 1024), Size(1024, 1536))

_USUAL = ("low", "medium", "high")
_FINER = (*_USUAL, "xhigh", "max")
_RASTER = ("png", "jpeg", "webp")

_SOON = "2026-12-01"
_NEXT = "gpt-image-2.6-sunburst or gpt-image-2.6-flare"

_PREVIEW = "a transparent background is a preview: refused without access"
_DEAR = "at low and medium quality it uses 3 to 4 times the tokens of 2.5 (a provider's figure)"


_PLAIN = Model(
    name="",
    kind="alias",
    snapshot="",
    released="",
    retires="",
    replacement="",
    grid=None,
    fixed=(),
    qualities=_USUAL,
    formats=_RASTER,
    transparent="yes",
    priced=(),
    note="",
    sources=(_SPEC, _SDK, _GONE),
    checked=CHECKED,
)
_SECOND = _PLAIN._replace(
    released="2026-04-21",
    grid=_FREE,
    transparent="preview",
    priced=_USUAL,
    note=_PREVIEW,
    sources=(_SPEC, _SDK, _PRICES),
)
_NEWER = _PLAIN._replace(grid=_FREE, qualities=_FINER, sources=(_SDK, _PRICES))
_25 = _NEWER._replace(released="2026-09-08", priced=_USUAL)
_26 = _NEWER._replace(released="2026-11-04", note=_DEAR, priced=("high",))
_OLDER = _PLAIN._replace(fixed=_THREE, retires=_SOON, replacement=_NEXT)
_DALL_E = _OLDER._replace(retires="2026-05-12", formats=("png",), transparent="no")

_ALL: tuple[Model, ...] = (
    _SECOND._replace(name="gpt-image-2", snapshot="gpt-image-2-2026-04-21"),
    _SECOND._replace(name="gpt-image-2-2026-04-21", kind="snapshot"),
    _25._replace(name="gpt-image-2.5-sunburst", snapshot="gpt-image-2.5-sunburst-2026-09-08"),
    _25._replace(name="gpt-image-2.5-sunburst-2026-09-08", kind="snapshot"),
    _25._replace(name="gpt-image-2.5-flare", snapshot="gpt-image-2.5-flare-2026-09-08"),
    _25._replace(name="gpt-image-2.5-flare-2026-09-08", kind="snapshot"),
    _26._replace(name="gpt-image-2.6-sunburst"),
    _26._replace(name="gpt-image-2.6-flare"),
    _OLDER._replace(
        name="chatgpt-image-latest",
        note="only the three sizes that every GPT image model takes are documented for it",
    ),
    _OLDER._replace(name="gpt-image-1.5", snapshot="gpt-image-1.5-2025-12-16", released="2025-12-16"),
    _OLDER._replace(name="gpt-image-1.5-2025-12-16", kind="snapshot", released="2025-12-16"),
    _OLDER._replace(name="gpt-image-1-mini"),
    _OLDER._replace(name="gpt-image-1", retires="2026-10-23"),
    _DALL_E._replace(
        name="dall-e-3",
        fixed=(Size(1024, 1024), Size(1792, 1024), Size(1024, 1792)),
        qualities=("standard", "hd"),
    ),
    _DALL_E._replace(
        name="dall-e-2", fixed=(Size(256, 256), Size(512, 512), Size(1024, 1024)), qualities=("standard",)
    ),
)

_GEMINI = _PLAIN._replace(
    kind="alias",
    qualities=(),
    formats=("png", "jpeg"),
    transparent="no",
    note="the API has no parameter for the format: PNG or JPEG comes; then: {convert: png} settles it",
    sources=("https://ai.google.dev/gemini-api/docs/image-generation (2026-11)",),
    checked=CHECKED_LATER,
)
_SEEDREAM = _PLAIN._replace(
    kind="snapshot",
    qualities=(),
    formats=("jpeg",),
    transparent="no",
    sources=("https://docs.byteplus.com/en/docs/ModelArk/1541523 (2026-11)",),
    checked=CHECKED_LATER,
)


def _between(low: int, high: int) -> Grid:
    """Return the sizes of Seedream: any edges, from 1:16 to 16:1, within a number of pixels."""
    return Grid(1, 16_384, 16, low, high, high)


_ALL += (
    *(_GEMINI._replace(name=name, fixed=tuple(frames)) for name, frames in FRAMES.items()),
    _SEEDREAM._replace(
        name="seedream-5-0-260128", grid=_between(3_686_400, 10_404_496), formats=("png", "jpeg")
    ),
    _SEEDREAM._replace(name="seedream-4-5-251128", grid=_between(3_686_400, 16_777_216)),
    _SEEDREAM._replace(name="seedream-4-0-250828", grid=_between(921_600, 16_777_216)),
)

MODELS: dict[str, Model] = {model.name: model for model in _ALL}

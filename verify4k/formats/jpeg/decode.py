"""JPEG pixels, decoded strictly: what libjpeg-turbo has to make up is damage.

The decoder also warns of faults that change no pixel in any viewer. Where it stops at one of those,
it is asked again with a copy that does not have them, so that a real fault behind it is still found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verify4k.errors import CannotRead, Damaged, LimitHit
from verify4k.formats.facts import BytesReader
from verify4k.formats.jpeg.walk import read_structure
from verify4k.formats.limits import DEFAULT, guard

if TYPE_CHECKING:
    from verify4k.formats.facts import Header
    from verify4k.formats.jpeg.markers import Frame
    from verify4k.formats.jpeg.walk import Structure
    from verify4k.formats.limits import Limits
    from verify4k.formats.pixels import Pixels

_FEW_SCANS = 32  # no encoder's own script has more
_SCAN_WORK = 2_000_000_000  # pixels x scans: some two seconds
_MOST_ATTEMPTS = 8
_LAST_BYTES = 8  # of a scan
# libjpeg's warnings (jerror.h) that leave the picture as it is
_HARMLESS = (
    "extraneous bytes before marker",
    "unknown JFIF revision",
    "Unknown Adobe color transform",
    "Invalid SOS parameters for sequential",
    "bad ICC marker",
)


def decode(
    data: bytes,
    header: Header,
    *,
    colour: bool,
    limits: Limits = DEFAULT,
) -> Pixels:
    """Decode the primary image: gray unless ``colour``. Raises `Damaged` where pixels are missing."""
    structure = read_structure(BytesReader(data))
    if structure.damage:
        raise Damaged(structure.damage[0])
    assert structure.frame is not None  # noqa: S101 - or there would be damage
    _refuse(structure, structure.frame, header, len(data))
    guard(header, len(data), limits, samples=3 if colour else 1)
    from verify4k.formats.pixels import ArrayPixels

    return ArrayPixels(_strict(data, structure, "RGB" if colour else "GRAY"))


def _refuse(structure: Structure, frame: Frame, header: Header, length: int) -> None:
    """Say what cannot be decoded, or not within the limits, before any memory is taken for it."""
    if frame.process not in ("", "arithmetic-coded"):
        raise CannotRead(
            f"{frame.process} JPEG cannot be decoded here", "export it as an 8-bit baseline JPEG"
        )
    size = header.stored
    blocks = -(-size.width // 8) * -(-size.height // 8)
    if frame.code in (0xC0, 0xC1) and length * 4 < blocks:  # F.1.2: a block takes two bits at least
        raise Damaged(f"{length} bytes cannot hold {size} pixels")
    scans = structure.scan_count
    if scans > _FEW_SCANS and scans * size.pixels > _SCAN_WORK:
        raise LimitHit(f"{scans} scans of {size} pixels would take too long")


def _strict(data: bytes, structure: Structure, form: str) -> Any:
    from simplejpeg import decode_jpeg

    message = ""
    for attempt in range(_MOST_ATTEMPTS):
        try:
            array = decode_jpeg(data, form, strict=True)
            return array[..., 0] if form == "GRAY" else array
        except MemoryError as error:
            raise LimitHit("there is no memory for the pixels") from error
        except (ValueError, RuntimeError) as error:
            message = str(error)
        if "determine subsampling" in message:
            return _unusual(data, structure, form)
        mended = _mended(data, structure, message, attempt)
        if mended == data:
            break
        data = mended
    raise Damaged(f"the decoder says: {_plain(message)}")


def _mended(data: bytes, structure: Structure, message: str, attempt: int) -> bytes:
    """Return the bytes without what ``message`` is about, where that changes no picture."""
    if not any(harmless in message for harmless in _HARMLESS):
        return data
    from verify4k.formats.jpeg.cleaned import cleaned, without_padding

    mended = cleaned(data, structure) if attempt == 0 else data
    return without_padding(data, message) if mended == data and "extraneous" in message else mended


def _unusual(data: bytes, structure: Structure, form: str) -> Any:
    """Decode chroma subsampling that turbojpeg's interface refuses although the library knows it.

    Pillow hides what libjpeg had to make up, so the proof is another one: without the last bytes of the
    only scan, nothing but the last row of blocks may change. Where more does, the data ended before.
    """
    import numpy as np

    wanted = "RGB" if form == "RGB" else "L"
    whole = _by_pillow(data, wanted)
    scans, frame = structure.scans, structure.frame
    if frame is None or len(scans) != 1 or frame.code == 0xC2:
        raise _unproved()
    start, end = scans[0][0].body + scans[0][0].length, scans[0][1]
    cut = max(start, end - _LAST_BYTES)
    less = _by_pillow(data[:cut] + data[end:], wanted)
    last = 8 * max(down for _, down in frame.sampling)  # rows of one row of blocks
    kept = max(
        0, (whole.shape[0] - 1) // last * last - last
    )  # and what upsampling blends into the one before
    if not np.array_equal(whole[:kept], less[:kept]):
        raise Damaged("the scan ends before the last row of the picture")
    if np.array_equal(whole, less):  # the end of the scan tells nothing of its own
        raise _unproved()
    return whole


def _unproved() -> CannotRead:
    unusual = "unusual chroma subsampling: the picture decodes, but cannot be checked to its last row"
    return CannotRead(unusual, "export it with 4:4:4, 4:2:2 or 4:2:0 subsampling")


def _by_pillow(data: bytes, mode: str) -> Any:
    from io import BytesIO

    import numpy as np
    from PIL import JpegImagePlugin

    from verify4k.formats.decoding import DECODER_ERRORS

    try:
        image = JpegImagePlugin.JpegImageFile(BytesIO(data))
        image.load()
        return np.asarray(image.convert(mode))
    except DECODER_ERRORS as error:
        raise Damaged("the picture cannot be decoded") from error


def _plain(message: str) -> str:
    """The decoder's own words and numbers, which never quote the file."""
    return message.removeprefix("Corrupt JPEG data: ")[:120]

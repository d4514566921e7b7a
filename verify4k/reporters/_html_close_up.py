"""Two pictures of one place side by side: as it is, and after a round trip through a smaller size."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from verify4k.report import CloseUp

SCALE = 2  # screen pixels for one of the picture's: single pixels are what there is to compare


def draw_close_up(close_up: CloseUp) -> str:
    """Return one figure that holds both; the script loads them when they come into view."""
    x, y, width, height = close_up.box
    through = "x".join(map(str, close_up.through))
    equal = close_up.psnr >= 99
    lost = "no pixel differs in brightness" if equal else f"{close_up.psnr:.1f} dB PSNR between the two"
    return (
        '<figure class="evidence sides">'
        + _side(close_up.before, close_up.box, "as it is", f"{width}x{height} pixels at {x},{y}")
        + _side(close_up.after, close_up.box, f"through {through}", "the picture reduced and enlarged back")
        + f"<figcaption>the place with most detail, enlarged {SCALE} times where there is room: {lost}. "
        f"The more alike they look, the less is there that {through} cannot hold; information, not a proof"
        "</figcaption></figure>"
    )


def _side(picture: bytes, box: tuple[int, int, int, int], title: str, more: str) -> str:
    data = base64.b64encode(picture).decode("ascii")
    return (
        f'<figure><img alt="the place with most detail, {title}" width="{box[2] * SCALE}" '
        f'height="{box[3] * SCALE}" data-src="data:image/webp;base64,{data}">'
        f"<figcaption><b>{title}</b>: {more}</figcaption></figure>"
    )

"""APNG structure: acTL, fcTL and fdAT in sequence, every promised frame there and inside the canvas.

PNG third edition, 4.9 and 11.3.6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from verify4k.formats.png.chunks import Ihdr


class Animation:
    """Takes the animation's chunks as they come and appends what is wrong to ``damage``.

    Without an acTL before the pixels nothing plays: frames that are there all the same are lost.
    """

    def __init__(self, ihdr: Ihdr, damage: list[str]) -> None:
        self._canvas = (ihdr.width, ihdr.height)
        self._damage = damage
        self._promised: int | None = None
        self._lost = False
        self._frames = 0
        self._next = 0  # sequence number that must follow, 11.3.6.3
        self._waiting = False  # a fcTL has no data yet
        self.holes = False  # a frame is cleared where the next one does not cover it
        self._cleared: tuple[int, int, int, int] | None = None
        self._broken = False  # one wrong number makes all that follow wrong

    def chunk(self, name: bytes, length: int, body: bytes, *, late: bool) -> None:
        """Take one acTL, fcTL or fdAT; ``late``: it stands behind the first IDAT."""
        if name == b"acTL":
            self._control(length, body, late=late)
            return
        if self._promised is None:
            self._lost = True
            return
        if name == b"fcTL":
            self._frame(length, body, late=late)
        elif length < 4:
            self._damage.append("a fdAT chunk is too short for its sequence number")
        else:
            self._sequence(body[:4])
            if not late or not self._frames:
                self._damage.append("a fdAT chunk stands before its frame's fcTL or before the IDAT")
            self._waiting = False

    def image(self) -> None:
        """Take an IDAT chunk: the first frame where a fcTL stands before it."""
        self._waiting = False

    def finish(self) -> None:
        """Compare the number of frames with what acTL promised."""
        if self._promised is None:
            if self._lost and not self._damage:
                self._damage.append("there are animation frames, but no acTL before the pixels")
            return
        if self._waiting:
            self._damage.append("the last frame has no pixel data")
        if self._frames != self._promised:
            self._damage.append(f"the animation promises {self._promised} frames, {self._frames} are there")

    def _control(self, length: int, body: bytes, *, late: bool) -> None:
        if late:
            return  # decoders show the still picture; the walk warns
        if self._promised is not None:
            self._damage.append("there is a second acTL chunk")
        elif length != 8:
            self._damage.append(f"acTL is {length} bytes long instead of 8")
        else:
            self._promised = int.from_bytes(body[:4])
            if not 0 < self._promised < 1 << 31:
                self._damage.append(f"acTL promises {self._promised} frames")

    def _sequence(self, number: bytes) -> None:
        found = int.from_bytes(number)
        if found != self._next and not self._broken:
            self._broken = True
            self._damage.append(f"animation chunk number {self._next} is missing: {found} follows instead")
        self._next = found + 1

    def _frame(self, length: int, body: bytes, *, late: bool) -> None:
        if length != 26:
            self._damage.append(f"fcTL is {length} bytes long instead of 26")
            return
        self._sequence(body[:4])
        width, height, left, top = (int.from_bytes(body[at : at + 4]) for at in (4, 8, 12, 16))
        if self._waiting:
            self._damage.append(f"frame {self._frames} has no pixel data")
        self._frames += 1
        self._waiting = True
        where = f"frame {self._frames} ({width}x{height} at {left},{top})"
        full = self._canvas
        if not (width and height) or left + width > full[0] or top + height > full[1]:
            self._damage.append(f"{where} does not lie inside the {full[0]}x{full[1]} canvas")
        elif not late and (width, height) != full:  # 11.3.6.2: it is the IDAT image
            self._damage.append(f"{where} is not the whole {full[0]}x{full[1]} image that it names")
        self._dispose((left, top, left + width, top + height), body[24])
        if body[24] > 2 or body[25] > 1:
            self._damage.append(f"frame {self._frames} names unknown ways to dispose or blend")

    def _dispose(self, place: tuple[int, int, int, int], dispose: int) -> None:
        """11.3.6.2: 1 clears the frame's place to transparent, 2 to what was there: at first nothing."""
        if self._cleared is not None:
            left, top, right, bottom = self._cleared
            covered = place[0] <= left and place[1] <= top and place[2] >= right and place[3] >= bottom
            self.holes = self.holes or not covered
        self._cleared = place if dispose == 1 or (dispose == 2 and self._frames == 1) else None

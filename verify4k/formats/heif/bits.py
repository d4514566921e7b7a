"""Bits of a codec's headers, and the numbers of variable length that AV1 and HEVC write alike."""

from __future__ import annotations

_ALL = 32


class Bits:
    """Most significant bit first; raises `IndexError` at the end of the data."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data, "big")
        self._left = 8 * len(data)

    def take(self, count: int) -> int:
        """Return the next bits as a number."""
        self._left -= count
        if self._left < 0:
            raise IndexError
        return (self._value >> self._left) & ((1 << count) - 1)

    def golomb(self) -> int:
        """Read ue(v) (H.265, 9.2); AV1 calls it uvlc() (4.10.3), where 32 zeros are a number of their own."""
        zeros = 0
        while not self.take(1):
            zeros += 1
        if zeros >= _ALL:
            return (1 << _ALL) - 1
        return (1 << zeros) - 1 + self.take(zeros)

    def signed_golomb(self) -> int:
        """Read se(v) (H.265, 9.2.2)."""
        number = self.golomb()
        return (number + 1) // 2 if number & 1 else -(number // 2)

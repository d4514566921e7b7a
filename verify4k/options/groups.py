"""What a file's group promises: written by ``groups:`` of the manifest, never in an entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.documents.nodes import Scalar
from verify4k.named_tuple import NamedTuple
from verify4k.options.kinds import Kind, wrong

if TYPE_CHECKING:
    from verify4k.documents.nodes import Node, Place
    from verify4k.options.kinds import Context, Range


class Membership(NamedTuple):
    """One file's place in a group.

    Args:
        group: the group's name.
        key: what its captures say: files with equal keys belong together.
        same: facts in which they agree.
        how_many: how many there are to be.
        members: how many there were when the manifest was read.
        factor: how many times the base size this file has; None: no scale, or a size that was given.
    """

    group: str
    key: tuple[str, ...]
    same: tuple[str, ...]
    how_many: Range | None
    members: int
    factor: float | None

    def __str__(self) -> str:
        return f"{self.group}[{', '.join(self.key)}]" if self.key else self.group

    @property
    def promises_something(self) -> bool:
        """Whether the group says anything that single files do not."""
        return bool(self.same or self.how_many is not None or self.factor is not None)


class Member(Scalar):
    """A membership where a manifest's values stand."""

    membership: Membership

    def __new__(cls, place: Place, membership: Membership) -> Member:
        """Stand at the group's place."""
        made = super().__new__(cls, place, str(membership))
        made.membership = membership
        return made


def _parse(node: Node, _context: Context) -> Membership:
    if not isinstance(node, Member):
        raise wrong(node, "in-group is written by groups:", "groups: {NAME: {files: ..., same: size}}")
    return node.membership


membership = Kind("written by groups:", {"not": {}}, _parse)

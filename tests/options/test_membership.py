"""A file's place in a group: what it is called, and whether it promises anything."""

from __future__ import annotations

import pytest

from verify4k.options.groups import Membership
from verify4k.options.kinds import Range

PLAIN = Membership("icons", (), (), None, 3, None)


@pytest.mark.parametrize(
    ("member", "said", "promises"),
    [
        (PLAIN, "icons", False),
        (PLAIN._replace(same=("size",)), "icons", True),
        (PLAIN._replace(key=("en",)), "icons[en]", False),
        (PLAIN._replace(key=("en", "dark"), same=("size",)), "icons[en, dark]", True),
        (PLAIN._replace(how_many=Range(None, None)), "icons", True),
        (PLAIN._replace(factor=0.5), "icons", True),
    ],
)
def test_a_group_is_called_by_its_name_and_its_key(member: Membership, said: str, promises: bool) -> None:
    assert (str(member), member.promises_something) == (said, promises)

"""What a killed process left in a slot: which request it was for, and whether something may have been paid."""

from __future__ import annotations

import pytest

from verify4k.generate.spools import parse_spool

REQUEST, GOOD = b'{"request": "r"}\n', b'{"status": 200, "headers": {}}\n'


@pytest.mark.parametrize(
    ("data", "arrived", "answered"),
    [
        (REQUEST, False, False),
        (REQUEST + GOOD[:-1], False, False),  # the head is cut off
        (REQUEST + GOOD, False, True),  # of the body nothing came
        (REQUEST + GOOD + b"{", True, True),
        (REQUEST + GOOD.replace(b"200", b"299") + b"{", True, True),
        (REQUEST + GOOD.replace(b"200", b"300") + b"{", False, True),
        (REQUEST + GOOD.replace(b"200", b"500") + b"{", False, True),
        (REQUEST + b"[]\n{", False, False),
        (REQUEST + b'{"status": 1e400, "headers": {}}\n{', False, False),
        (REQUEST + b'{"status": 200, "headers": [1]}\n{', False, False),
        (REQUEST + b"[" * 100_000 + b"\n{", False, False),
        (REQUEST + b'{"status": 200, "headers": {"content-encoding": ["gzip"]}}\n{', True, True),
    ],
)
def test_a_body_that_claims_success_has_begun_to_arrive(data: bytes, arrived: bool, answered: bool) -> None:
    found = parse_spool(data)
    assert found is not None
    assert (found.request, found.arrived, found.answer is not None) == ("r", arrived, answered)


def test_an_empty_spool_is_none() -> None:
    assert parse_spool(b"") is None
    for garbled in (b"{\n", b"[" * 100_000, b'{"request": ["r"]}\n' + GOOD, b"7\n"):
        broken = parse_spool(garbled)
        assert broken is not None
        assert (broken.request, broken.answer) == ("", None)

"""What a batch answers about one picture -> the picture, and what an ordinary run needs to finish it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.routes.protocol.failures import NotMade

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verify4k.generate.attempt import Attempt
    from verify4k.generate.slots import Slot
    from verify4k.net.exchange import Answer
    from verify4k.routes.protocol.envelopes import Received


def received_of(attempt: Attempt, slot: Slot, identity: str, answers: Sequence[Answer]) -> Received:
    """Return the picture of the first answer that has one, with those of the others. Raises `NotMade`."""
    received: Received | None = None
    errors: list[NotMade] = []
    for answer in answers:
        if received is None:
            _spool(slot, identity, answer)
        try:
            found = _read(attempt, answer)
        except NotMade as error:
            errors.append(error)
            continue
        if received is None:
            received = found
        elif found.data != received.data:
            received = received._replace(others=(*received.others, found.data, *found.others))
    if received is None:
        _spool(slot, identity, answers[0])
        raise errors[0]
    return received


def _read(attempt: Attempt, answer: Answer) -> Received:
    if not 200 <= answer.head.status < 300:
        raise NotMade(attempt.explain(answer))
    return attempt.read(answer)


def _spool(slot: Slot, identity: str, answer: Answer) -> None:
    """Put an answer where an ordinary run finishes it."""
    slot.start(identity)
    slot.begin(answer.head)
    slot.write(answer.body)

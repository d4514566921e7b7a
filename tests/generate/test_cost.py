"""What was paid, by model and by kind of token: never a guess where nobody has said."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any

import pytest
from apiserver.drawing import picture

from verify4k.contract.data import MODELS
from verify4k.contract.prices import CHECKED, PARTIAL_SOURCE, PER_PICTURE, PRICES
from verify4k.contract.validate import find_model
from verify4k.formats.facts import Size
from verify4k.generate.cost import Paid, estimate, output_tokens, paid
from verify4k.routes import find_route
from verify4k.routes.protocol.envelopes import usage_of

if TYPE_CHECKING:
    from apiserver.server import Handler
    from bench import Bench

IMAGES, RESPONSES = find_route("openai-images").official, find_route("openai-responses").official
PLAIN = {"input_tokens": 1000, "output_tokens": 10_000}


def _details(text_in: int, image_in: int, image_out: int, text_out: int = 0) -> dict[str, Any]:
    return {
        "input_tokens": text_in + image_in,
        "output_tokens": image_out + text_out,
        "input_tokens_details": {"text_tokens": text_in, "image_tokens": image_in},
        "output_tokens_details": {"image_tokens": image_out, "text_tokens": text_out},
    }


_NONE = {"text_tokens": 0, "image_tokens": 0}


@pytest.mark.parametrize(
    ("model", "usage", "edit", "amount"),
    [
        ("gpt-image-2", PLAIN, False, Paid(0.305)),
        ("gpt-image-1-mini", PLAIN, False, Paid(0.082)),
        ("gpt-image-1.5", PLAIN, False, Paid(0.325)),
        ("gpt-image-2", PLAIN, True, Paid(0.305, at_least=True)),
        ("gpt-image-2", _details(1000, 2000, 10_000), True, Paid(0.321)),
        ("gpt-image-2", {**PLAIN, "input_tokens_details": {"image_tokens": 400}}, True, Paid(0.3062)),
        ("gpt-image-2", _details(1000, 0, 10_000, 5), False, Paid(0.305, at_least=True)),
        ("gpt-image-1.5", _details(0, 0, 10_000, 1000), False, Paid(0.33)),
        ("gpt-image-2", {"output_tokens": 10_000}, False, Paid(0.3, at_least=True)),
        ("gpt-image-2", {"input_tokens": 0, "output_tokens": 0}, False, Paid(None)),
        ("gpt-image-2", _details(0, 0, 0), False, Paid(None)),
        ("gpt-image-2", {**PLAIN, "output_tokens_details": _NONE}, False, Paid(0.305)),
        ("gpt-image-2", {**PLAIN, "input_tokens_details": _NONE}, False, Paid(0.305)),
        ("gpt-image-2", {**PLAIN, "input_tokens_details": _NONE}, True, Paid(0.305, at_least=True)),
        (
            "gpt-image-2",
            {**PLAIN, "output_tokens_details": {"image_tokens": 9000}},
            False,
            Paid(0.275, at_least=True),
        ),
        (
            "gpt-image-1.5",
            {**PLAIN, "output_tokens_details": {"text_tokens": 10_000}},
            False,
            Paid(0.105, at_least=True),
        ),
        ("gpt-image-2", {**PLAIN, "input_tokens_details": {"text_tokens": 400}}, True, Paid(0.3068)),
        (
            "gpt-image-2",
            {"output_tokens": 10_000, "input_tokens_details": {"text_tokens": 400}},
            True,
            Paid(0.302, at_least=True),
        ),
        (
            "gpt-image-2",
            {"output_tokens": 10_000, "input_tokens_details": {"text_tokens": 400, "image_tokens": 0}},
            False,
            Paid(0.302),
        ),
        ("gpt-image-2", {"input_tokens": 10}, False, Paid(None)),
        ("gpt-image-2", {"output_tokens": True}, False, Paid(None)),
        ("chatgpt-image-latest", PLAIN, False, Paid(None)),
        ("seedream", PLAIN, False, Paid(None)),
    ],
)
def test_what_was_paid(model: str, usage: dict[str, Any], edit: bool, amount: Paid) -> None:
    found = paid(IMAGES, model, usage_of({"usage": usage}), edit=edit)
    assert found.dollars == (None if amount.dollars is None else pytest.approx(amount.dollars))
    assert found.at_least is amount.at_least


def test_a_responses_answer_counts_the_picture_apart() -> None:
    text_model = {"input_tokens": 40, "output_tokens": 7}
    body = {"output": [], "usage": text_model, "tool_usage": {"image_gen": _details(1000, 0, 10_000)}}
    assert paid(RESPONSES, "gpt-image-2", usage_of(body), edit=False) == Paid(0.305, at_least=True)
    odd: list[Any] = [None, [], {}, {"image_gen": None}, {"image_gen": {"output_tokens": -1}}]
    for tool_usage in odd:
        unknown = usage_of({**body, "tool_usage": tool_usage})
        assert paid(RESPONSES, "gpt-image-2", unknown, edit=False) == Paid(None)


def test_a_routes_own_price_comes_first() -> None:
    mine = IMAGES.replaced(price=0.03, outputs=2)
    assert paid(mine, "seedream", usage_of({}), edit=False) == Paid(0.06)


def test_every_price_is_of_a_known_model_and_has_a_source_and_a_date() -> None:
    assert PRICES.keys() <= MODELS.keys()
    assert PER_PICTURE.keys() <= MODELS.keys()
    priced = [*(each.source for each in PRICES.values()), *(each.source for each in PER_PICTURE.values())]
    for source in (*priced, PARTIAL_SOURCE):
        assert source.address.startswith("https://")
        assert re.fullmatch(r"2026-\d\d(-\d\d)?", source.read)
        assert source.read <= CHECKED


def test_the_ledger_tells_kinds_and_whether_more_comes_on_top(bench: Bench) -> None:
    def counting(handler: Handler) -> None:
        body = handler.envelope(base64.b64encode(picture(*handler.size)).decode())
        handler.json(200, {**body, "tool_usage": {"image_gen": _details(12, 0, 1000)}})

    bench.one("a hill", generate={"route": "openai-responses"})
    bench.server.script["a hill"] = [counting]
    done = bench.generate()
    assert done.code == 0, done.all
    assert "at least $0.030" in done.out
    outcome = bench.ledger[-1]
    assert outcome["dollars"] == pytest.approx(0.03006)
    assert outcome["dollars_at_least"] is True
    assert outcome["usage"]["picture"]["image_out"] == 1000


@pytest.mark.parametrize("partials", [None, 0, 1, 3])
def test_each_partial_picture_of_a_stream_costs_a_hundred_tokens(partials: int | None) -> None:
    size, model = Size(1024, 1024), find_model("gpt-image-2")
    profile = IMAGES.replaced(stream=partials)
    found = estimate(profile, model, size, "low", prompt="x" * 4, edit=False)
    tokens = output_tokens(size, "low") + 100 * (partials or 0)
    prices = PRICES["gpt-image-2"]
    assert found.tokens == tokens
    assert found.dollars == pytest.approx((tokens * prices.image_out + 2 * prices.text_in) / 1e6)
    halved, several = found.halved(), found.times(3)
    assert (halved.tokens, several.tokens) == (tokens, 3 * tokens)
    assert found.dollars is not None
    assert (halved.dollars, several.dollars) == (found.dollars / 2, found.dollars * 3)


@pytest.mark.parametrize(
    ("kind", "model", "size"),
    [
        ("openai-images", "gpt-image-2", Size(1024, 640)),
        ("gemini", "gemini-3-pro-image", Size(1024, 1024)),
        ("seedream", "seedream-4-5-251128", Size(2560, 1440)),
    ],
)
def test_an_answer_of_several_pictures_costs_as_many(kind: str, model: str, size: Size) -> None:
    one = find_route(kind).official
    two = one.replaced(outputs=2)
    price, double = (
        estimate(each, find_model(model), size, "low", prompt="", edit=False).dollars for each in (one, two)
    )
    assert price is not None
    assert price > 0
    assert double == 2 * price
    if model in PER_PICTURE:
        assert paid(two, model, usage_of({}), edit=False) == Paid(2 * price)

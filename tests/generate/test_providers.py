"""Routes besides the official Image API: the Responses tool, gateways, Azure, URL answers."""

from __future__ import annotations

import base64
import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
from apiserver.drawing import picture
from apiserver.server import KEY, Handler

from verify4k.errors import UsageError
from verify4k.generate.delivery import NullSink, deliver
from verify4k.generate.edges import Edges
from verify4k.generate.fetching import fetch_picture
from verify4k.net.exchange import Answer, Head, Request, TransportError
from verify4k.routes import find_route, kinds
from verify4k.routes.protocol.failures import Failure, NotMade
from verify4k.routes.protocol.statements import STATED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bench import Bench


def _provider(bench: Bench, **profile: Any) -> None:
    bench.manifest(
        {"hero.png": {"size": "1024x640", "generate": {"prompt": "a hill"}}},
        generate={"route": "gw", "quality": "low"},
        routes={"gw": {"kind": "openai-compatible", "base_url": bench.server.url, **profile}},
    )


def test_the_responses_tool_is_forced_and_its_model_named(bench: Bench) -> None:
    bench.one("a hill", generate={"route": "openai-responses"})
    done = bench.generate()
    assert done.code == 0, done.all
    (seen,) = bench.server.seen
    assert seen.values["tool_choice"] == {"type": "image_generation"}
    assert seen.values["store"] is False
    (tool,) = seen.values["tools"]
    assert tool == {
        "type": "image_generation",
        "action": "generate",
        "model": "gpt-image-2",
        "size": "1024x640",
        "quality": "low",
        "output_format": "png",
        "background": "opaque",
    }


def test_the_text_models_tokens_are_recorded_and_not_priced_as_a_picture(bench: Bench) -> None:
    bench.one("a hill", generate={"route": "openai-responses"})
    assert bench.generate().code == 0
    _, outcome = bench.ledger
    assert outcome["usage"] == {"input_tokens": 40, "output_tokens": 7, "image_tokens": None}
    assert outcome["dollars"] is None


def test_a_gateways_own_model_name_is_sent_and_ours_recorded(bench: Bench) -> None:
    _provider(
        bench, models={"gpt-image-2": "gpt-image-2-vip"}, owner="example", billing="per-image", price="0.03"
    )
    assert bench.generate().code == 0
    assert bench.server.seen[0].values["model"] == "gpt-image-2-vip"
    request, outcome = bench.ledger
    assert (request["model"], request["model_sent"]) == ("gpt-image-2", "gpt-image-2-vip")
    assert (request["owner"], request["route"], request["endpoint"]) == ("example", "gw", bench.server.url)
    assert outcome["dollars"] == 0.03


def test_quality_is_left_out_where_a_provider_ignores_it(bench: Bench) -> None:
    _provider(bench, quality="ignored")
    assert bench.generate().code == 0
    assert "quality" not in bench.server.seen[0].values


def test_azure_gets_its_header_and_query(bench: Bench) -> None:
    _provider(
        bench, auth="api-key", query={"api-version": "2026-01-01"}, models={"gpt-image-2": "gpt-image-2-dep"}
    )
    assert bench.generate().code == 0
    (seen,) = bench.server.seen
    assert seen.headers["api-key"] == KEY
    assert "authorization" not in seen.headers
    assert seen.path == "/v1/images/generations?api-version=2026-01-01"


def test_a_provider_gets_its_headers_key_and_parameters_as_it_wants_them(bench: Bench) -> None:
    bench.manifest(
        {"hero.png": {"size": "1024x640", "generate": {"prompt": "a hill"}}},
        generate={"route": "gw", "quality": "low", "extra": {"moderation": "low"}},
        routes={
            "gw": {
                "kind": "openai-compatible",
                "base_url": bench.server.url,
                "headers": {"x-portkey-provider": "@openai", "cf-aig-cache-key": "heroes-of-2026"},
                "key_header": "api-key",
                "omit": ["n", "output_format"],
            }
        },
    )
    assert bench.generate().code == 0
    (seen,) = bench.server.seen
    assert seen.headers["x-portkey-provider"] == "@openai"
    assert seen.headers["api-key"] == KEY
    assert "authorization" not in seen.headers
    assert seen.values.keys() == {"model", "prompt", "size", "quality", "moderation"}


def test_further_parameters_keep_their_kind(bench: Bench) -> None:
    bench.path("verify4k.yaml").write_text(
        "version: 1\n"
        f"routes: {{gw: {{kind: openai-compatible, base_url: '{bench.server.url}'}}}}\n"
        "generate: {route: gw, quality: low, extra: {seed: 7, watermark: false, guidance: 2.5, tag: '7'}}\n"
        "files: {hero.png: {size: 1024x640, generate: a hill}}\n"
    )
    bench.generate()
    sent = json.loads(bench.server.seen[0].body)
    assert (sent["seed"], sent["watermark"], sent["guidance"], sent["tag"]) == (7, False, 2.5, "7")


@pytest.mark.parametrize(
    ("profile", "said"),
    [
        ({"headers": {"Authorization": "Bearer x"}}, "looks like a secret"),
        ({"headers": {"X-Api-Key": "x"}}, "looks like a secret"),
        ({"headers": {"x-thing": "sk-abcdefghijk"}}, "looks like a secret"),
        ({"headers": {"x-thing": "sk-proj-0b549de62f78"}}, "looks like a secret"),
        ({"headers": {"x-thing": "AIzaSyD-0b549de62f78c10a53"}}, "looks like a secret"),
        ({"headers": {"x-key": "x"}}, "looks like a secret"),
        ({"headers": {"x-functions-key": "x"}}, "looks like a secret"),
        ({"headers": {"Ocp-Apim-Subscription-Key": "x"}}, "looks like a secret"),
        ({"headers": {"x-tenant-key": "0b549de62f78c10a539ce"}}, "looks like a secret"),
        ({"query": {"subscription-key": "x"}}, "looks like a secret"),
        ({"headers": {"Host": "evil.example"}}, "cannot be set"),
        ({"headers": {"a b": "c"}}, "cannot be set"),
        ({"headers": {"x-a": "b\nc: d"}}, "no header can hold"),
        ({"key_header": "Content-Length"}, "cannot be set"),
        ({"key": "$GATEWAY_KEY"}, "its name alone, without $"),
        ({"base_url": "https://api.example.com/v1/images/generations/"}, "ends before the endpoint"),
        ({"omit": ["prompt"]}, "none of n, size"),
        ({"omit": "size"}, "left to chance"),
        ({"unbilled": [200]}, "from 400 to 599"),
    ],
)
def test_a_profile_that_cannot_be_is_refused(bench: Bench, profile: dict[str, Any], said: str) -> None:
    _provider(bench, **profile)
    done = bench.generate()
    assert done.code == 2
    assert said in done.err
    assert bench.server.seen == []


def test_a_key_among_further_parameters_is_refused_and_not_told(bench: Bench) -> None:
    bench.one("a hill", generate={"extra": {"api_key": "sk-proj-0b549de62f78", "language": "sk-SK"}})
    done = bench.generate()
    assert done.code == 2
    assert "'api_key' looks like a secret" in done.err
    assert "0b549" not in done.all


@pytest.mark.parametrize("extra", [{"prompt": "x"}, {"model": "x"}, {"n": 4}, {"size": "1x1"}])
def test_further_parameters_replace_no_own_one(bench: Bench, extra: dict[str, Any]) -> None:
    bench.one("a hill", generate={"extra": extra})
    done = bench.generate()
    assert done.code == 2
    assert "is no further parameter" in done.err


def test_what_a_route_states_to_be_free_is_asked_again(bench: Bench) -> None:
    _provider(bench, unbilled=[500, 529])
    bench.server.script["a hill"] = [lambda handler: handler.error(500, None), Handler.answer]
    assert bench.generate().code == 0
    assert len(bench.server.seen) == 2


@pytest.mark.parametrize(
    ("verified", "said"),
    [
        (None, "nobody has verified base_url, models"),
        ("2020-01-01", "not verified for 30 days: base_url: last verified 2020-01-01"),
        ("2999-01-01", "nobody has verified base_url, models"),  # a date to come is a slip of the pen
    ],
)
def test_the_plan_says_what_of_a_route_nobody_verified(bench: Bench, verified: str | None, said: str) -> None:
    _provider(bench, **({"verified": verified} if verified else {}))
    assert said in bench.run("generate", "--dry-run").out


@pytest.mark.parametrize(
    ("today", "doubted"),
    [("2026-11-01", False), ("2026-12-01", False), ("2026-12-02", True), ("2026-10-31", True)],
)
def test_what_was_verified_is_believed_for_thirty_days(today: str, *, doubted: bool) -> None:
    stated = find_route("openai-compatible").official.replaced(verified=dict.fromkeys(STATED, "2026-11-01"))
    assert bool(list(stated.doubts(today))) is doubted


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        (
            {"x-litellm-attempted-retries": "2", "x-litellm-max-retries": "3"},
            "sent this request 2 more times",
        ),
        (
            {"x-litellm-attempted-retries": "0", "x-litellm-max-retries": "3"},
            "may send again on its own, up to 3",
        ),
        ({"x-litellm-attempted-retries": "0"}, ""),
        ({"x-portkey-retry-attempt-count": "1"}, "sent this request 1 more times"),
        ({"x-litellm-max-retries": "-1"}, ""),
        ({"x-litellm-max-retries": "999999999"}, ""),
    ],
)
def test_a_gateway_that_sends_again_is_warned_of(bench: Bench, headers: dict[str, str], said: str) -> None:
    def act(handler: Handler) -> None:
        good = base64.b64encode(picture(*handler.size)).decode()
        handler.json(200, handler.envelope(good), headers)

    bench.one("a hill")
    bench.server.script["a hill"] = [act]
    done = bench.generate()
    assert done.code == 0
    assert said in done.out
    assert ("on its own" in done.out) is bool(said)


def test_a_route_without_auth_sends_no_key(bench: Bench) -> None:
    _provider(bench, auth="none")
    assert bench.generate().code == 1
    (seen,) = bench.server.seen
    assert "authorization" not in seen.headers
    assert "api-key" not in seen.headers


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1:1/a.png", "not https"),
        ("https://127.0.0.1/a.png", "private address"),
        ("https://169.254.169.254/latest/meta-data", "private address"),
        ("https://localhost/a.png", "private address"),
        ("https://nowhere.invalid/a.png", "not known"),
        ("https://user@example.com/a.png", "is refused"),
        ("file:///etc/passwd", "is refused"),
        ("javascript:alert(1)", "is refused"),
    ],
)
def test_an_allowed_url_answer_is_still_never_followed_inwards(bench: Bench, url: str, said: str) -> None:
    _provider(bench, answers="url")
    bench.server.script["a hill"] = [lambda handler: handler.json(200, {"data": [{"url": url}]})]
    done = bench.generate()
    assert done.code == 1
    assert said in done.out
    assert "may have been billed" in done.out
    assert len(bench.server.seen) == 1


class Wire:
    """A transport that answers from a list and remembers how it was called."""

    def __init__(self, *answers: Answer | TransportError) -> None:
        self.answers = list(answers)
        self.calls: list[tuple[Request, str | None]] = []

    def send(self, request: Request, *, deadline: float, connect_to: str | None = None, **_: Any) -> Answer:
        assert deadline > 0
        self.calls.append((request, connect_to))
        answer = self.answers.pop(0)
        if isinstance(answer, TransportError):
            raise answer
        return answer


def _edges(wire: Wire, ips: list[str], environ: Mapping[str, str] | None = None) -> Edges:
    return Edges(
        environ=environ or {},
        transport=wire,  # type: ignore[arg-type]
        clock=lambda: 0.0,
        now=lambda: 0.0,
        new_id=lambda: "1",
        resolve=lambda _host, _port: ips,
        stop=threading.Event(),
    )


def test_a_public_url_is_fetched_from_the_address_that_was_checked() -> None:
    wire = Wire(Answer(Head(200, {}), b"picture"))
    found = fetch_picture(
        _edges(wire, ["93.184.216.34"]), "https://cdn.example/a.png", deadline=5, request_id=""
    )
    assert found == b"picture"
    ((request, connect_to),) = wire.calls
    assert connect_to == "93.184.216.34"
    assert request.secrets == ()


def test_behind_a_proxy_the_proxy_connects() -> None:
    wire = Wire(Answer(Head(200, {}), b"picture"))
    edges = _edges(wire, ["93.184.216.34"], {"HTTPS_PROXY": "http://proxy.example:3128"})
    fetch_picture(edges, "https://cdn.example/a.png", deadline=5, request_id="")
    assert wire.calls[0][1] is None


@pytest.mark.parametrize(
    "ips", [["93.184.216.34", "10.0.0.1"], ["::ffff:127.0.0.1"], ["fe80::1"], ["100.64.0.1"], []]
)
def test_one_private_address_among_many_is_enough_to_refuse(ips: list[str]) -> None:
    wire = Wire()
    with pytest.raises(NotMade):
        fetch_picture(_edges(wire, ips), "https://cdn.example/a.png", deadline=5, request_id="")
    assert wire.calls == []


@pytest.mark.parametrize(
    "answer",
    [
        Answer(Head(302, {"location": "https://127.0.0.1/"}), b""),
        Answer(Head(404, {}), b""),
        TransportError("gone", kind="dropped", sent=True),
    ],
)
def test_a_url_that_does_not_deliver_is_a_failure_that_was_paid_for(answer: Answer | TransportError) -> None:
    wire = Wire(answer)
    with pytest.raises(NotMade) as caught:
        fetch_picture(
            _edges(wire, ["93.184.216.34"]), "https://cdn.example/a.png", deadline=5, request_id="r"
        )
    assert caught.value.failure.billed == "likely"
    assert len(wire.calls) == 1


@pytest.mark.parametrize("header", ["0", "Thu, 01 Jan 1970 00:00:00 GMT"])
def test_a_busy_server_that_says_at_once_is_left_alone_for_a_moment(header: str) -> None:
    wire = Wire(*[Answer(Head(429, {"retry-after": header}), b"")] * 5)
    with pytest.raises(NotMade) as caught:
        deliver(
            _edges(wire, []),
            Request("POST", "https://api.example/v1/images/generations"),
            deadline=0.3,
            explain=lambda _answer: Failure("busy", "busy", retry=True),
            sink=NullSink,
        )
    assert caught.value.failure.wait == 0.5
    assert len(wire.calls) == 1


def _answering(body: object) -> Callable[[Handler], None]:
    return lambda handler: handler.json(200, body)


def test_a_url_answer_is_judged_like_any_other(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one place where a module is patched: the open internet cannot be run in a test."""
    wanted: list[str] = []

    def fetch(_edges: Edges, url: str, **_: Any) -> bytes:
        wanted.append(url)
        return picture(1024, 640) if url.endswith("good.png") else picture(64, 64)

    monkeypatch.setattr("verify4k.generate.attempt.fetch_picture", fetch)
    for name, code in (("bad.png", 1), ("good.png", 0)):
        _provider(bench, answers="url")
        answer = {"data": [{"url": f"https://cdn.example/{name}"}]}
        bench.server.script["a hill"] = [_answering(answer)]
        assert bench.generate().code == code
    assert wanted == ["https://cdn.example/bad.png", "https://cdn.example/good.png"]


def test_every_route_has_a_page_and_an_official_profile() -> None:
    openai = {"openai-compatible", "openai-images", "openai-responses"}
    assert {"browser", "gemini", *openai, "placeholder", "seedream"} <= set(kinds())
    for kind in kinds():
        route = find_route(kind)
        assert route.kind == route.official.kind == kind
        assert len(route.page) > 100


def test_an_unknown_route_is_refused_with_a_guess(bench: Bench) -> None:
    with pytest.raises(UsageError) as caught:
        find_route("placeholdr")
    assert caught.value.hint == "did you mean placeholder?"
    bench.one("x")
    assert bench.generate("--route", "placeholdr").code == 2

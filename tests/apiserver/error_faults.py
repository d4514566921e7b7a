"""Error answers: the contract's table of statuses and codes, and the ways gateways bend it."""

from __future__ import annotations

import time
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

from apiserver.faults import fault
from apiserver.server import KEY, Handler

if TYPE_CHECKING:
    from apiserver.faults import Act


def _error(name: str, status: int, code: str | None, says: str, *then: Act, **more: Any) -> None:
    """Register an error answer; ``more`` goes to `fault` or, under "with_", into the answer."""
    own = {key: more.pop(key) for key in list(more) if key.startswith("with_")}
    inside = {key.removeprefix("with_"): value for key, value in own.items()}
    message = inside.pop("message", "no")
    fault(name, says, *then, **more)(lambda handler: handler.error(status, code, message, **inside))


def _page(name: str, status: int, says: str, **more: Any) -> None:
    """Register an HTML error page."""
    body = f"<html><body><h1>{status} Bad</h1></body></html>".encode()
    fault(name, says, **more)(lambda handler: handler.send(status, body, {"Content-Type": "text/html"}))


_error("invalid size", 400, "invalid_value", "refused the request", with_param="size")
_error("invalid quality", 400, "invalid_value", "refused the request", with_param="quality")
_error("user error without a code", 400, None, "refused", with_type="image_generation_user_error")
_error("unknown parameter", 400, "unknown_parameter", "does not take the parameter style", with_param="style")
_error("empty prompt", 400, "empty_string", "refused the request", with_param="prompt")
_error("moderated input", 400, "moderation_blocked", "stage: input",
       with_moderation_details={"moderation_stage": "input", "categories": ["violence"]}, with_message="a hill is bad")  # fmt: skip
_error("moderated output", 400, "moderation_blocked", "stage: output",
       with_moderation_details={"moderation_stage": "output"}, billed=True)  # fmt: skip
_error("moderated somewhere", 400, "moderation_blocked", "refused by moderation", billed=True)
_error(
    "moderated with odd details",
    400,
    "moderation_blocked",
    "moderation",
    with_moderation_details=[1],
    billed=True,
)
_error("billing limit", 400, "billing_hard_limit_reached", "hard billing limit")
_error("model does not exist, 400", 400, None, "known here: gpt-image-2",
       with_message="The model 'gpt-image-2' does not exist.")  # fmt: skip
_error("model not found, 404", 404, "model_not_found", "known here: gpt-image-2")
_error("wrong key", 401, "invalid_api_key", "OPENAI_API_KEY was refused")
_error("wrong key, echoed", 401, None, "OPENAI_API_KEY", with_message=f"Incorrect API key provided: {KEY}")
_error(
    "key echoed in a refusal", 400, "invalid_value", "refused the request", with_message=f"bad {KEY} header"
)
_error("missing scopes", 401, None, "key's scopes", with_message="Missing scopes: api.model.images.request")
_error("organization not verified", 403, None, "organization must be verified",
       with_message="Your organization must be verified to use the model.")  # fmt: skip
_error("country", 403, "unsupported_country_region_territory", "country or region")
_error("forbidden", 403, None, "no access")
_page("forbidden, HTML", 403, "no access")
_page("not found, HTML", 404, "refused the request (404)")
_error("conflict", 409, None, "failed (409", billed=True)
_error("request timeout", 408, None, "failed (408", billed=True)
_error("payload too large", 413, None, "refused the request (413)")
_error("wrong media type", 415, None, "refused the request (415)")
_error("unprocessable", 422, None, "refused the request (422)")

_RATE = {"with_headers": {"retry-after": "0.2"}}
_error("rate limit, seconds", 429, "rate_limit_exceeded", "", Handler.answer, requests=2, made=True, **_RATE)
_error("rate limit, milliseconds", 429, "rate_limit_exceeded", "", Handler.answer, requests=2, made=True,
       with_headers={"retry-after-ms": "150", "retry-after": "60"})  # fmt: skip
_error("rate limit without a word", 429, "rate_limit_exceeded", "", Handler.answer, requests=2, made=True)
_error("rate limit, nonsense wait", 429, "rate_limit_exceeded", "", Handler.answer, requests=2, made=True,
       with_headers={"retry-after": "nan"})  # fmt: skip
_error("rate limit, negative wait", 429, "rate_limit_exceeded", "", Handler.answer, requests=2, made=True,
       with_headers={"retry-after": "-5"})  # fmt: skip
_error("rate limit by type only", 429, None, "", Handler.answer, requests=2, made=True,
       with_type="rate_limit_exceeded", **_RATE)  # fmt: skip
_error("slow down", 429, "slow_down", "", Handler.answer, requests=2, made=True, **_RATE)
_error("overloaded", 503, "server_is_overloaded", "", Handler.answer, requests=2, made=True, **_RATE)
_error("overloaded for good", 503, "server_is_overloaded", "given up after 5 tries", requests=5,
       with_headers={"retry-after": "0.05"})  # fmt: skip
_error("rate limit, ten minutes", 429, "rate_limit_exceeded", "600 s", with_headers={"retry-after": "600"})
_error("rate limit, do not retry", 429, "rate_limit_exceeded", "busy",
       with_headers={"x-should-retry": "false", "retry-after": "0"})  # fmt: skip
for _code in (
    "insufficient_quota",
    "credit_balance_exhausted",
    "organization_spend_limit_exceeded",
    "project_spend_limit_exceeded",
    "organization_usage_limit_exceeded",
):
    _error(f"quota: {_code}", 429, _code, "billing", with_type="insufficient_quota", **_RATE)
_error("quota by type only", 429, None, "quota is used up", with_type="insufficient_quota")
_error("quota wins over rate", 429, "rate_limit_exceeded", "quota is used up", with_type="insufficient_quota")
_error("a 400 wrapped in 429", 429, "invalid_value", "refused the request", with_param="size", **_RATE)
_error("429 with an unknown code", 429, "mystery", "not retried", billed=True, **_RATE)
_page("429, HTML", 429, "not retried", billed=True)
_error("429 with Retry-After and no code", 429, None, "", Handler.answer, requests=2, made=True, **_RATE)
_error("429 named as LiteLLM does", 429, "429", "", Handler.answer, requests=2, made=True,
       with_type="throttling_error", with_param="None")  # fmt: skip
_error("429 named as LiteLLM does, with Retry-After", 429, "429", "", Handler.answer, requests=2, made=True,
       with_type="None", **_RATE)  # fmt: skip
_error("rate_limit_error", 429, None, "", Handler.answer, requests=2, made=True, with_type="rate_limit_error")
_error("529 overloaded", 529, None, "", Handler.answer, requests=2, made=True, with_type="overloaded_error")
_error("529 with Retry-After", 529, None, "", Handler.answer, requests=2, made=True, **_RATE)
_error("429 as LiteLLM passes it on", 429, "429", "", Handler.answer, requests=2, made=True,
       with_type="None", with_message="litellm.RateLimitError: RateLimitError: OpenAIException - no")  # fmt: skip
_error("LiteLLM has no upstream for now", 429, "429", "", Handler.answer, requests=2, made=True, with_type="None",
       with_message="No deployments available for selected model, Try again in 5 seconds.")  # fmt: skip
_error("429 without a word", 429, "429", "not retried", billed=True, with_type="None")
_error(
    "out of credits",
    402,
    "402",
    "used up (402 invalid_request_error): Insufficient credits",
    with_message="Insufficient credits",
)
_error("LiteLLM's budget, 429", 429, "429", "gateway's budget is used up", with_type="budget_exceeded",
       with_message="ExceededBudget: over budget")  # fmt: skip
_error("LiteLLM's budget, 400", 400, "400", "gateway's budget is used up", with_type="budget_exceeded")
_error("LiteLLM's budget by its sentence", 400, "400", "budget is used up", with_type="None",
       with_message="Budget has been exceeded! Current cost: 1.0, Max budget: 0.5")  # fmt: skip
_error(
    "new-api's quota",
    403,
    "insufficient_user_quota",
    "quota at the gateway is used up",
    with_type="new_api_error",
)
_error("500", 500, None, "failed (500", billed=True)
_error(
    "500 that asks for a retry",
    500,
    None,
    "failed (500",
    billed=True,
    with_headers={"x-should-retry": "true"},
)
_error("500 with a rate code", 500, "rate_limit_exceeded", "failed (500", billed=True, **_RATE)
_error("503 without a code", 503, None, "failed (503", billed=True, **_RATE)
for _status in (500, 502, 503, 504, 520, 524, 529):
    _page(f"{_status}, HTML", _status, f"failed ({_status}", billed=True)


@fault("rate limit, date", "", Handler.answer, requests=2, made=True)
def _rate_limit_date(handler: Handler) -> None:
    handler.error(
        429, "rate_limit_exceeded", headers={"retry-after": formatdate(time.time() + 1, usegmt=True)}
    )


@fault("error body that is a list", "failed (500", billed=True)
def _list_body(handler: Handler) -> None:
    handler.json(500, ["no"])


@fault("error body that is text", "refused the request", billed=False)
def _text_error(handler: Handler) -> None:
    handler.json(400, {"error": "size not supported"})


def _shape(name: str, status: int, body: object, says: str) -> None:
    fault(name, says)(lambda handler: handler.json(status, body))


_shape("FastAPI's detail", 400, {"detail": "the size is odd"}, "the size is odd")
_shape(
    "FastAPI's validation",
    422,
    {"detail": [{"loc": ["body", "size"], "msg": "odd", "type": "x"}]},
    "body.size: odd",
)
_shape("FastAPI's nested error", 400, {"detail": {"error": "too many sizes"}}, "too many sizes")
_shape(
    "problem+json",
    400,
    {"title": "Bad size", "detail": "1024x640 is odd", "status": 400},
    "Bad size: 1024x640 is odd",
)
_shape("problem+json without a detail", 400, {"title": "Bad size"}, "Bad size")
_shape(
    "an error that is a word",
    400,
    {"status": 400, "error": "Bad Request", "message": "odd"},
    "Bad Request: odd",
)
_shape("an error that is a truth", 400, {"error": True, "message": "the size is odd"}, "the size is odd")
_shape("an empty error", 400, {"error": {"code": None, "message": ""}, "message": "it is odd"}, "it is odd")
_shape(
    "several errors", 400, {"errors": [{"message": "the size is odd"}, {"message": "no"}]}, "the size is odd"
)
_shape("errors that are words", 400, {"errors": ["the size is odd"]}, "the size is odd")
_shape("a short name for the message", 400, {"code": 1001, "msg": "the size is odd"}, "the size is odd")
_shape("odd details", 400, {"detail": [1, {"loc": 7}]}, "refused the request")


@fault("error with a terminal escape", "refused the request")
def _escape(handler: Handler) -> None:
    handler.error(400, "invalid_value", "\x1b[2J\x1b]0;owned\x07\n::error::owned")


for _status in (300, 301, 302, 303, 307, 308):

    @fault(f"redirect {_status}, same host", "redirect")
    def _redirect(handler: Handler, status: int = _status) -> None:
        handler.send(status, b"", {"Location": "/v1/images/generations"})


@fault("redirect to another host", "redirect")
def _redirect_away(handler: Handler) -> None:
    handler.send(307, b"", {"Location": "http://localhost:1/v1/images/generations"})

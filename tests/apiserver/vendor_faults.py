"""How Gemini and Seedream fail, from their pages of errors and from reported answers, and what must be made of it.

https://ai.google.dev/gemini-api/docs/generate-content/api-errors,
https://www.volcengine.com/docs/82379/1299023, RooCodeInc/Roo-Code#3883, googleapis/python-genai#2044.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from apiserver import gemini, seedream
from apiserver.drawing import picture
from apiserver.faults import Fault

if TYPE_CHECKING:
    from apiserver.faults import Act

GEMINI: list[Fault] = []
SEEDREAM: list[Fault] = []


def _gemini(name: str, says: str, act: Act, *then: Act, **more: Any) -> None:
    GEMINI.append(Fault(name, (act, *then), says, **more))


def _google(status: int, state: str, message: str = "no", **details: Any) -> Act:
    """An error as Google words it; ``details`` are listed with it."""
    listed = [
        {"@type": f"type.googleapis.com/google.rpc.{kind}", **members} for kind, members in details.items()
    ]
    error = {"code": status, "message": message, "status": state} | ({"details": listed} if listed else {})
    return lambda handler: handler.json(status, {"error": error})


def _quota(name: str, value: str = "10", wait: str = "0.1s") -> Act:
    """The answer to too many requests, whatever the limit: the message is the same."""
    said = "You exceeded your current quota, please check your plan and billing details."
    violation = {"quotaMetric": "generate_content_free_tier_requests", "quotaId": name, "quotaValue": value}
    return _google(
        429,
        "RESOURCE_EXHAUSTED",
        said,
        QuotaFailure={"violations": [violation]},
        RetryInfo={"retryDelay": wait},
    )


def _ended(reason: str, **more: Any) -> Act:
    return lambda handler: handler.json(200, {"candidates": [{"finishReason": reason, "index": 0, **more}]})


_MINUTE, _DAY = (f"GenerateRequestsPer{span}PerProjectPerModel-FreeTier" for span in ("Minute", "Day"))
_gemini("limit of a minute", "1 made", _quota(_MINUTE), gemini.answer, requests=2, made=True)
_gemini("limit of a minute, long", "wants 900 s of waiting", _quota(_MINUTE, wait="900s"))
_gemini("limit of a minute, for good", "given up after 5 tries", _quota(_MINUTE, wait="0s"), requests=5)
_gemini("limit of a day", "the quota of the day is used up (429 GenerateRequestsPerDay", _quota(_DAY))
_gemini("no quota at all", "the account has no quota for this", _quota(_MINUTE, value="0"))
_gemini("limit without details", "1 made", _google(429, "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota)."),
        gemini.answer, requests=2, made=True)  # fmt: skip
_gemini("limit with odd details", "1 made", _google(429, "RESOURCE_EXHAUSTED", QuotaFailure={"violations": [7]}, RetryInfo={"retryDelay": "soon"}),
        gemini.answer, requests=2, made=True)  # fmt: skip
_gemini(
    "credit used up",
    "budget is used up",
    _google(402, "RESOURCE_EXHAUSTED", "Prepay credit balance is depleted."),
)
_gemini("429 with another state", "not retried", _google(429, "ABORTED"), billed=True)
_gemini("wrong key", "the key in GEMINI_API_KEY was refused",
        _google(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", ErrorInfo={"reason": "API_KEY_INVALID"}))  # fmt: skip
_gemini("key expired", "the key in GEMINI_API_KEY was refused",
        _google(400, "INVALID_ARGUMENT", "API key expired. Please renew the API key."))  # fmt: skip
_gemini("no billing", "is not offered here without billing (400)",
        _google(400, "FAILED_PRECONDITION", "Gemini API free tier is not available in your country."))  # fmt: skip
_gemini(
    "country",
    "is not offered here",
    _google(400, "FAILED_PRECONDITION", "User location is not supported for the API use."),
)
_gemini(
    "malformed", "refused the request (400): unknown name", _google(400, "INVALID_ARGUMENT", "unknown name")
)
_gemini(
    "size",
    "refused the size: unsupported aspect ratio",
    _google(400, "INVALID_ARGUMENT", "unsupported aspect ratio"),
)
_gemini("no access", "the account has no access (403)", _google(403, "PERMISSION_DENIED", "no"))
_gemini(
    "unknown model",
    "does not know the model: models/x is not found",
    _google(404, "NOT_FOUND", "models/x is not found"),
)
_gemini(
    "overloaded",
    "1 made",
    _google(503, "UNAVAILABLE", "The model is overloaded."),
    gemini.answer,
    requests=2,
    made=True,
)
_gemini(
    "internal",
    "1 made",
    _google(500, "INTERNAL", "An internal error has occurred."),
    gemini.answer,
    requests=2,
    made=True,
)
_gemini("deadline", "failed (504)", _google(504, "DEADLINE_EXCEEDED"), billed=True)
_gemini("cancelled", "failed (499)", _google(499, "CANCELLED"), billed=True)
_gemini(
    "HTML",
    "failed (502)",
    lambda handler: handler.send(502, b"<html>", {"Content-Type": "text/html"}),
    billed=True,
)
_gemini("error body that is a list", "failed (501)", lambda handler: handler.json(501, [1]), billed=True)
_gemini("prompt blocked", "stage: input), categories: PROHIBITED_CONTENT",
        lambda handler: handler.json(200, {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}))  # fmt: skip
for _reason in (
    "SAFETY",
    "IMAGE_SAFETY",
    "IMAGE_PROHIBITED_CONTENT",
    "RECITATION",
    "IMAGE_RECITATION",
    "SPII",
    "BLOCKLIST",
):
    _gemini(
        f"ended by {_reason}",
        f"stage: output), categories: {_reason}",
        _ended(_reason),
        billed=True,
        unread=True,
    )
for _reason in ("NO_IMAGE", "IMAGE_OTHER", "MAX_TOKENS", "OTHER", "LANGUAGE"):
    _gemini(
        f"ended by {_reason}",
        f"it ended with {_reason}: why",
        _ended(_reason, finishMessage="why"),
        billed=True,
        unread=True,
    )
_gemini(
    "no candidate",
    "no image data",
    lambda handler: handler.json(200, {"candidates": []}),
    billed=True,
    unread=True,
)
_gemini("words instead", "no image data", lambda handler: handler.json(
    200, {"candidates": [{"content": {"parts": [{"text": "Here you are"}]}}]}), billed=True, unread=True)  # fmt: skip
_gemini("two pictures", "2 pictures came where 1", lambda handler: handler.json(
    200, gemini.envelope(picture(1024, 1024), picture(1024, 1024, shade=9))), billed=True, unread=True, kept=True)  # fmt: skip
_gemini("thoughts before it", "1 made", lambda handler: handler.json(
    200, gemini.envelope(picture(1024, 1024), thought=picture(64, 64))), made=True)  # fmt: skip
_gemini("broken base64", "not valid base64", lambda handler: handler.json(
    200, {"candidates": [{"content": {"parts": [{"inlineData": {"data": "*"}}]}}]}), billed=True, unread=True)  # fmt: skip


def _seedream(name: str, says: str, act: Act, *then: Act, **more: Any) -> None:
    SEEDREAM.append(Fault(name, (act, *then), says, **more))


def _ark(status: int, code: str, message: str = "no") -> Act:
    return lambda handler: seedream.error(handler, status, code, message)


def _instead(code: str) -> Act:
    return lambda handler: handler.json(200, {"data": [{"error": {"code": code, "message": "later"}}]})


for _code in ("RateLimitExceeded.EndpointRPMExceeded", "RateLimitExceeded.FoundationModelIPMExceeded",
              "ModelAccountIpmRateLimitExceeded", "ServerOverloaded", "RequestBurstTooFast"):  # fmt: skip
    _seedream(_code, "1 made", _ark(429, _code), seedream.answer, requests=2, made=True)
_seedream("quota", "the account's quota is used up (429 QuotaExceeded)", _ark(429, "QuotaExceeded"))
_seedream("own limit", "the limit that the account has set", _ark(429, "SetLimitExceeded"))
_seedream("another 429", "not retried", _ark(429, "Mystery"), billed=True)
_seedream("overdue", "overdue balance (403 AccountOverdueError)", _ark(403, "AccountOverdueError"))
_seedream("access", "the account has no access (403 AccessDenied)", _ark(403, "AccessDenied"))
_seedream("wrong key", "the key in ARK_API_KEY was refused", _ark(401, "AuthenticationError"))
_seedream("not activated", "has not activated the model (404 ModelNotOpen)", _ark(404, "ModelNotOpen"))
_seedream("unknown model", "does not know the model", _ark(404, "InvalidEndpointOrModel.NotFound"))
_seedream("parameter", "refused the request (InvalidParameter): no", _ark(400, "InvalidParameter"))
_seedream("closed", "refused the request (400)", _ark(400, "InvalidEndpoint.ClosedEndpoint"))
_seedream("internal", "failed (500 InternalServiceError)", _ark(500, "InternalServiceError"), billed=True)
for _code in (
    "InputTextSensitiveContentDetected",
    "InputImageSensitiveContentDetected",
    "InputTextRiskDetection",
):
    _seedream(_code, "stage: input", _ark(400, _code))
_seedream("violence", "stage: input), categories: Violence", _ark(400, "SensitiveContentDetected.Violence"))
_seedream("sensitive output", "stage: output", _ark(400, "OutputImageSensitiveContentDetected"), billed=True)
_seedream("risky output", "stage: output", _ark(400, "OutputImageRiskDetection"), billed=True)
_seedream(
    "sensitive output in its place",
    "stage: output",
    _instead("OutputImageSensitiveContentDetected"),
    billed=True,
    unread=True,
)
_seedream(
    "an error in its place",
    "the picture failed: later",
    _instead("InternalServiceError"),
    billed=True,
    unread=True,
)
_seedream(
    "a URL",
    "is a URL",
    lambda handler: handler.json(200, {"data": [{"url": "https://a.example/a.jpeg"}]}),
    billed=True,
    unread=True,
)
_seedream("three pictures", "3 pictures came", lambda handler: handler.json(
    200, {"data": [{"b64_json": "AAAA"}] * 3}), billed=True, unread=True, kept=True)  # fmt: skip

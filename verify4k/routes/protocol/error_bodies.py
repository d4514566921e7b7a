"""An error answer -> `Failure`: the body's code decides first, the status only where there is none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from verify4k.named_tuple import NamedTuple
from verify4k.routes.protocol.failures import Billed, Failure, request_id
from verify4k.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from verify4k.net.exchange import Answer, Head

    Coded = Callable[["Answer", "Recipient"], Failure | None]

_ACCOUNT = {
    "insufficient_quota": "the account's quota is used up",
    "credit_balance_exhausted": "the account's credit is used up",
    "organization_spend_limit_exceeded": "the organization's spend limit is reached",
    "project_spend_limit_exceeded": "the project's spend limit is reached",
    "organization_usage_limit_exceeded": "the organization's usage limit is reached",
    "billing_hard_limit_reached": "the account's hard billing limit is reached",
    "billing_not_active": "billing is not active for the account",
    "account_deactivated": "the account is deactivated",
}
_GATEWAY_ACCOUNT = {
    "budget_exceeded": "the gateway's budget is used up",  # LiteLLM
    "insufficient_user_quota": "the account's quota at the gateway is used up",  # one-api, new-api
    "insufficient_credits": "the account's credit is used up",
    "pre_consume_token_quota_failed": "the key's quota at the gateway is used up",
}
_SPENT = ("budget has been exceeded", "exceeded your current quota")
_FREE_RETRIES = {
    429: ("rate_limit_exceeded", "slow_down", "rate_limit_error", "throttling_error", "rate_limited"),
    503: ("server_is_overloaded", "slow_down"),
    529: ("overloaded_error", "rate_limit_error", "server_is_overloaded"),
}
# what LiteLLM leaves of an upstream 429, and says while no upstream is to be asked
_LITELLM_LIMIT = ("litellm.RateLimitError", "No deployments available")
_PATIENT = (429, 529)  # with Retry-After and without a code that says otherwise, nothing was made
_BLOCKED = (
    "moderation_blocked",
    "content_policy_violation",
    "content_filter",
    "contentfilter",
    "responsibleaipolicyviolation",
    "sensitive_words_detected",
    "safety_violations",
    "invalid_prompt",
    "inputtextsensitivecontentdetected",
    "inputimagesensitivecontentdetected",
    "outputimagesensitivecontentdetected",
)
_SAFETY = ("safety system", "content policy", "content management policy", "usage polic", "moderation")
_NO_ERROR = ("", "0", "200", "none", "null", "ok", "success")  # what gateways write beside a picture
_REFUSED = (400, 404, 405, 406, 411, 412, 413, 414, 415, 422, 431)  # refused before any work


class ErrorBody(NamedTuple):
    """The members of an API error that matter; empty where absent."""

    message: str = ""
    type: str = ""
    code: str = ""
    param: str = ""
    stage: str = ""
    categories: str = ""
    inner: str = ""  # Azure: the code of ``innererror``


class Recipient(NamedTuple):
    """Whom a request went to: the route's name, its key's variable, statuses that it states to be free."""

    route: str
    variable: str = ""
    unbilled: tuple[int, ...] = ()


def error_failure(answer: Answer, recipient: Recipient, coded: Coded | None = None) -> Failure:
    """Say what an answer with an error status means; ``coded`` knows a vendor's own codes."""
    route, variable, unbilled = recipient
    status = answer.head.status
    body = error_body(answer.body)
    known = request_id(answer.head)
    if 300 <= status < 400:
        said = f"the server answered with a redirect ({status}), which is never followed"
        return Failure("redirect", said, request_id=known)
    failure = coded(answer, recipient) if coded else None
    failure = failure or coded_failure(status, body, route) or _patient(answer.head, body)
    if failure is None and status in unbilled:
        failure = Failure(
            "busy", f"the server is busy ({status}), which {route} states to be free", retry=True
        )
    failure = failure or _by_status(status, body, route, variable)
    if failure.retry:
        asked_not_to = answer.head.headers.get("x-should-retry", "").strip().lower() == "false"
        failure = failure._replace(retry=not asked_not_to)
    return failure._replace(request_id=known, status=status)


def error_body(data: bytes) -> ErrorBody:
    """Find the error object in a body, in the shapes that the API and gateways use."""
    try:
        body: Any = json.loads(data[:1_000_000])
    except (ValueError, RecursionError):
        return ErrorBody()
    return stated(body) if isinstance(body, dict) else error_object(body)


def stated(body: Mapping[str, Any]) -> ErrorBody:
    """Return the error that a body states: under ``error`` or the first of ``errors``, else by itself."""
    error, message, several = body.get("error"), body.get("message"), body.get("errors")
    if isinstance(error, str) and error and isinstance(message, str):  # Spring's and NestJS's
        return error_object({**body, "message": f"{error}: {message}"})
    if isinstance(error, str | dict) and not says_nothing(error):
        return error_object(error)
    if isinstance(several, list) and several and isinstance(several[0], str | dict):
        return error_object(several[0])
    return _other_shapes(body)


def _other_shapes(body: Mapping[str, Any]) -> ErrorBody:
    """Read FastAPI's ``detail`` and problem+json (RFC 9457), else the body itself."""
    detail = body.get("detail")
    if isinstance(detail, list):  # FastAPI's validation errors
        each = [one for one in detail if isinstance(one, dict)]
        texts = [f"{_path(one.get('loc'))}{one.get('msg', '')}" for one in each]
        return ErrorBody(message="; ".join(texts))
    if isinstance(detail, dict):
        return error_object(detail.get("error", detail))
    if isinstance(detail, str):
        title = body.get("title")
        return error_object({**body, "message": f"{title}: {detail}" if isinstance(title, str) else detail})
    if isinstance(body.get("title"), str) and "message" not in body:
        return error_object({**body, "message": body["title"]})
    return error_object(body)


def _path(loc: object) -> str:
    return ".".join(map(str, loc)) + ": " if isinstance(loc, list) else ""


def error_object(error: object) -> ErrorBody:
    """Read an error object, or an error that is only text."""
    if isinstance(error, str):
        return ErrorBody(message=error)
    if not isinstance(error, dict):
        return ErrorBody()
    details = error.get("moderation_details")
    details = details if isinstance(details, dict) else {}
    categories = details.get("categories")
    named = ", ".join(map(str, categories)) if isinstance(categories, list | dict) else ""
    stage = next((details[k] for k in ("moderation_stage", "stage") if isinstance(details.get(k), str)), "")
    values = {name: error.get(name) for name in ("message", "type", "code", "param")}
    values["message"] = values["message"] or error.get("msg")
    texts = {name: str(value) for name, value in values.items() if isinstance(value, str | int)}
    texts = {name: text for name, text in texts.items() if text != "None"}  # as LiteLLM writes null
    inner = error.get("innererror")
    code = str(inner.get("code") or "") if isinstance(inner, dict) else ""
    return ErrorBody(**texts, stage=stage or str(error.get("stage") or ""), categories=named, inner=code)


def says_nothing(error: object) -> bool:
    """Whether what stands where errors do is none: empty, or a code and a message of success."""
    said = error.values() if isinstance(error, dict) else (error,)
    return all(
        not one or one == 200 or (isinstance(one, str) and one.strip().lower() in _NO_ERROR) for one in said
    )


def coded_failure(status: int, body: ErrorBody, route: str) -> Failure | None:
    """Say what the body's code means, whatever the status; None for codes that decide nothing."""
    codes = (body.code, body.type)
    spent = next((_GATEWAY_ACCOUNT[code] for code in codes if code in _GATEWAY_ACCOUNT), "")
    if not spent and (status == 402 or any(words in body.message.lower() for words in _SPENT)):
        spent = "the account has to be paid for, or its budget is used up"
    if spent:
        return Failure("account", f"{spent} ({status}{_code(body)}): {_told(body)}", stop=True)
    for code in codes:
        if code in _ACCOUNT:
            named = printable((body.code or code)[:60])
            return Failure("account", f"{_ACCOUNT[code]} ({named}): see the account's billing", stop=True)
    if is_moderation(body):
        return moderation(body)
    if body.code == "model_not_found" or (status < 500 and _no_such_model(body.message)):
        from verify4k.contract.data import MODELS

        return Failure("model", f"{route} does not know the model; known here: {', '.join(MODELS)}")
    if body.code == "unknown_parameter":
        return Failure(
            "parameter", f"{route} does not take the parameter {printable(body.param[:60]) or '?'}"
        )
    free = _FREE_RETRIES.get(status, ())
    reason = body.code if body.code in free or not _echo(status, body.code) else body.type
    renamed = (
        status == 429 and _echo(status, body.code) and any(words in body.message for words in _LITELLM_LIMIT)
    )
    if reason in free or renamed:
        return Failure("busy", f"the server is busy ({reason or status})", retry=True)
    if status < 500 and (body.code.startswith("invalid_") or body.type == "image_generation_user_error"):
        if body.code == "invalid_api_key":
            return None
        kind = "size" if body.param == "size" or "size" in body.code else "request"
        return Failure(kind, f"{route} refused the request: {_told(body)}")
    return None


def _echo(status: int, code: str) -> bool:
    """Whether a code says nothing: none, or the status once more, as LiteLLM renames them."""
    return code in ("", str(status))


def _patient(head: Head, body: ErrorBody) -> Failure | None:
    """Return a failure worth waiting for: turned away for now, told for how long, no other reason given."""
    if head.status not in _PATIENT or (
        "retry-after" not in head.headers and "retry-after-ms" not in head.headers
    ):
        return None
    if not _echo(head.status, body.code):
        return None
    return Failure("busy", f"the server is busy ({head.status}) and says when to come back", retry=True)


def is_moderation(body: ErrorBody) -> bool:
    """Whether a refusal is about what the prompt says; gateways rename the code and keep the sentence."""
    if any(code.lower() in _BLOCKED for code in (body.code, body.type, body.inner)):
        return True
    return any(words in body.message.lower() for words in _SAFETY)


def moderation(body: ErrorBody) -> Failure:
    """Explain a refusal; neither the prompt nor the server's message, which may quote it, is repeated."""
    stage = printable(body.stage[:20]) or ("input" if body.code == "invalid_prompt" else "unknown")
    said = f"the prompt was refused by moderation (stage: {stage})"
    if body.categories:
        said += f", categories: {printable(body.categories[:200])}"
    billed: Billed = "no" if stage == "input" else "unknown"
    return Failure("moderation", said, billed=billed)


def _no_such_model(message: str) -> bool:
    return "model" in message.lower() and "does not exist" in message.lower()


def wrong_key(status: int, body: ErrorBody, route: str, variable: str) -> Failure:
    """Say that the key was refused."""
    said = f"the key in {variable} was refused by {route}" if variable else f"{route} wants a key"
    return Failure(
        "key", f"{said} ({status}{_code(body)}): check that variable and the key's scopes", stop=True
    )


def _by_status(status: int, body: ErrorBody, route: str, variable: str) -> Failure:
    if status == 401:
        return wrong_key(status, body, route, variable)
    if status == 403:
        return Failure("access", _forbidden(body), stop=True)
    if status == 429:
        said = f"{route} refused for now (429{_code(body)}) without a reason known to be free: not retried"
        return Failure("busy", said, billed="unknown")
    if status in _REFUSED:
        return Failure("request", f"{route} refused the request ({status}): {_told(body)}")
    return Failure("server", f"{route} failed ({status}{_code(body)})", billed="unknown")


def _forbidden(body: ErrorBody) -> str:
    if body.code == "unsupported_country_region_territory":
        return "the API is not offered in this country or region (403)"
    if "verif" in body.message.lower():
        return (
            "the organization must be verified for this model (403): Settings > Organization > Verify; "
            "it takes up to 30 minutes and may need a new key; nothing is wrong with the manifest"
        )
    return f"the account has no access (403{_code(body)}): {_told(body)}"


def _code(body: ErrorBody) -> str:
    code = body.type if body.code.isdigit() else body.code or body.type  # digits are the status once more
    return f" {printable(code[:60])}" if code else ""


def _told(body: ErrorBody) -> str:
    return printable(body.message[:300]) or body.code or "no reason given"


def head_status(head: Head) -> str:
    """Return status and content type, for messages about answers of the wrong kind."""
    return f"{head.status}, {printable(head.headers.get('content-type', 'no content type')[:60])}"

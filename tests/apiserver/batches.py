"""Files and batches, as OpenAI's description has them: requests in a file of lines, results in another."""

from __future__ import annotations

import base64
import email
import email.policy
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from apiserver.description import Asked, Refusal, read_request
from apiserver.drawing import picture

if TYPE_CHECKING:
    from apiserver.server import Handler


class Shelf:
    """What was uploaded and begun. ``status``: what a batch is said to be; ``lose``: drop the next answer."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.batches: dict[str, dict[str, Any]] = {}
        self.status = "completed"
        self.lose = False
        self.refuse = ""  # with these words


def speaks(path: str) -> bool:
    """Whether a path is about files or batches."""
    return path.startswith(("/v1/files", "/v1/batches"))


def respond(handler: Handler, body: bytes) -> None:
    """Answer one request."""
    shelf = handler.server.shelf
    parts = urlsplit(handler.path)
    names = parts.path.strip("/").split("/")[1:]
    if not handler.authorized():
        handler.error(401, "invalid_api_key")
    elif handler.command == "POST" and names == ["files"]:
        _upload(handler, shelf, body)
    elif handler.command == "POST" and names == ["batches"]:
        _begin(handler, shelf, json.loads(body))
    elif names == ["batches"]:
        limit = int(parse_qs(parts.query).get("limit", ["20"])[0])
        listed = [_shown(shelf, one) for one in reversed(shelf.batches.values())][:limit]
        ids = {"first_id": listed[0]["id"], "last_id": listed[-1]["id"]} if listed else {}
        handler.json(200, {"object": "list", "data": listed, "has_more": False, **ids})
    elif names[0] == "batches" and names[1] in shelf.batches:
        handler.json(200, _shown(shelf, shelf.batches[names[1]]))
    elif names[0] == "files" and names[-1] == "content" and names[1] in shelf.files:
        handler.send(200, shelf.files[names[1]], {"Content-Type": "application/octet-stream"})
    else:
        handler.error(404, "not_found", "No such object")


def _upload(handler: Handler, shelf: Shelf, body: bytes) -> None:
    head = b"Content-Type: " + handler.headers["content-type"].encode() + b"\r\n\r\n"
    message = email.message_from_bytes(head + body, policy=email.policy.HTTP)
    parts = {str(part.get_param("name", header="content-disposition")): part for part in message.iter_parts()}
    if parts["purpose"].get_payload(decode=True) != b"batch":
        handler.error(400, "invalid_value", "purpose")
        return
    data: Any = parts["file"].get_payload(decode=True)
    name = f"file-{len(shelf.files) + 1}"
    shelf.files[name] = data
    handler.json(200, {"id": name, "object": "file", "bytes": len(data), "created_at": 1,
                       "filename": "verify4k.jsonl", "purpose": "batch", "status": "processed"})  # fmt: skip


def _begin(handler: Handler, shelf: Shelf, values: dict[str, Any]) -> None:
    if shelf.refuse or values["completion_window"] != "24h" or values["input_file_id"] not in shelf.files:
        handler.error(400, "invalid_value", shelf.refuse or "Invalid batch")
        return
    name = f"batch_{len(shelf.batches) + 1}"
    good: list[str] = []
    bad: list[str] = []
    for text in shelf.files[values["input_file_id"]].splitlines():
        line = json.loads(text)
        assert line["url"] == values["endpoint"]
        answered = _answered(handler, line)
        (good if answered["response"]["status_code"] == 200 else bad).append(json.dumps(answered))
    shelf.files[f"out-{name}"] = "\n".join(good).encode()
    shelf.files[f"err-{name}"] = "\n".join(bad).encode()
    shelf.batches[name] = {"id": name, "object": "batch", "endpoint": values["endpoint"], "created_at": 1,
                           "input_file_id": values["input_file_id"], "completion_window": "24h",
                           "metadata": values.get("metadata"), "ok": bool(good), "bad": bool(bad),
                           "total": len(good) + len(bad)}  # fmt: skip
    if shelf.lose:
        shelf.lose = False
        handler.close_connection = True
        handler.connection.close()
        return
    handler.json(200, _shown(shelf, shelf.batches[name], "validating"))


def _shown(shelf: Shelf, batch: dict[str, Any], status: str = "") -> dict[str, Any]:
    status = status or shelf.status
    name, over = batch["id"], status in ("completed", "expired", "cancelled")
    counts = {"total": batch["total"], "completed": 0, "failed": 0}
    files = {"output_file_id": f"out-{name}" if over and batch["ok"] else None,
             "error_file_id": f"err-{name}" if over and batch["bad"] else None}  # fmt: skip
    shown = {key: value for key, value in batch.items() if key not in ("ok", "bad", "total")}
    return {**shown, "status": status, "request_counts": counts, **files}


def _answered(handler: Handler, line: dict[str, Any]) -> dict[str, Any]:
    """One line of the output: checked as a single request is, and drawn."""
    path, body = line["url"], json.dumps(line["body"]).encode()
    try:
        asked = read_request(path, "application/json", body)
        handler.note(asked, body)
        status, answer = 200, _drawn(asked)
    except Refusal as refusal:
        handler.note(Asked(line["body"], []), body)
        status, answer = 400, refusal.body
    response = {"status_code": status, "request_id": f"req_{line['custom_id'][:6]}", "body": answer}
    return {"id": f"batch_req_{line['custom_id'][:6]}", "custom_id": line["custom_id"], "response": response,
            "error": None}  # fmt: skip


def _drawn(asked: Asked) -> dict[str, Any]:
    prompt = str(asked.values["prompt"])
    width, height = map(int, asked.values["size"].split("x"))
    data = picture(width, height, asked.values.get("output_format", "png"), "RGB", sum(prompt.encode()) % 256)
    usage = {"input_tokens": 12, "output_tokens": 1000, "total_tokens": 1012,
             "input_tokens_details": {"text_tokens": 12, "image_tokens": 0},
             "output_tokens_details": {"image_tokens": 1000, "text_tokens": 0}}  # fmt: skip
    return {"created": 1, "data": [{"b64_json": base64.b64encode(data).decode()}], "usage": usage}

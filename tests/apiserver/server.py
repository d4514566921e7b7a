"""The server: one thread a request, a free port on 127.0.0.1, a record of everything that was asked."""

from __future__ import annotations

import base64
import contextlib
import http.server
import json
import re
import threading
from typing import TYPE_CHECKING, Any, NamedTuple

from apiserver import background, batches, gemini, seedream, streaming
from apiserver.description import Asked, Refusal, prompt_of, read_request
from apiserver.drawing import picture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KEY = "sk-test-4f9c2d81e6b7a350-very-secret"


class Seen(NamedTuple):
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    values: dict[str, Any]
    files: list[tuple[str, str, str, bytes]]
    body: bytes


class Gate:
    """Lets so many answers through, None: all; counts requests and answers as signs of life."""

    def __init__(self, answers: int | None = None) -> None:
        self._left = answers
        self._signs = 0
        self._over = False
        self._change = threading.Condition()

    def sign(self) -> None:
        """Note that a request came or an answer is out."""
        with self._change:
            self._signs += 1
            self._change.notify_all()

    def enter(self) -> None:
        """Wait to be let through."""
        with self._change:
            self._change.wait_for(lambda: self._over or self._left is None or self._left > 0)
            if self._left is not None:
                self._left -= 1

    def until(self, signs: int) -> None:
        """Wait for so many signs of life, or for the end."""
        with self._change:
            self._change.wait_for(lambda: self._over or self._signs >= signs)

    def end(self) -> None:
        """Let everything through: nobody waits any more."""
        with self._change:
            self._over = True
            self._change.notify_all()


class ApiServer(http.server.ThreadingHTTPServer):
    """Answers with pictures; ``script`` maps a prompt to the faults of its first, second, ... request."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen: list[Seen] = []
        self.complete: list[str] = []  # prompts whose answers were sent to the last byte
        self.script: dict[str, list[Callable[[Handler], None]]] = {}
        self.gate = Gate()
        self.released = threading.Event()  # lets hanging answers go
        self.lock = threading.Lock()
        self.shelf = batches.Shelf()
        self.tasks: Callable[[Handler], None] | None = None  # answers questions about tasks
        self.kept = background.Kept()

    @property
    def url(self) -> str:
        """The base URL a client is given."""
        return f"http://127.0.0.1:{self.server_port}/v1"

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients hang up on purpose here."""


class Handler(http.server.BaseHTTPRequestHandler):
    """Reads one request, checks it, answers or misbehaves."""

    protocol_version = "HTTP/1.1"
    server: ApiServer
    asked: Asked

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Serve a picture under a URL, for providers that answer with one, or what a batch answered."""
        if batches.speaks(self.path):
            batches.respond(self, b"")
            return
        if self.server.tasks is not None and re.search(r"/(tasks|responses)/", self.path):
            self.note(Asked({}, []), b"")
            self.server.tasks(self)
            return
        self.note(Asked({}, []), b"")
        if background.speaks(self.path):
            background.respond(self)
            return
        self.send(200, picture(1024, 640), {"Content-Type": "image/png"})

    def do_POST(self) -> None:
        """Check and answer one API request."""
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        path = self.path.partition("?")[0]
        for dialect in (gemini, seedream, batches):
            if dialect.speaks(path):
                dialect.respond(self, body)
                return
        try:
            asked = read_request(path, self.headers.get("content-type", ""), body)
        except Refusal as refusal:
            self.note(Asked({}, []), body)
            self.json(400, refusal.body)
            return
        self.asked = asked
        self.note(asked, body)
        if not self.authorized():
            self.error(401, "invalid_api_key", "Incorrect API key provided.")
            return
        self.misbehave_or(Handler.answer)

    def authorized(self) -> bool:
        """Whether the key is here, in one of OpenAI's and Azure's headers."""
        return self.headers.get("authorization") == f"Bearer {KEY}" or self.headers.get("api-key") == KEY

    def misbehave_or(self, answer: Callable[[Handler], None]) -> None:
        """Do what the script says about this prompt, or answer."""
        gate = self.server.gate
        gate.sign()
        gate.enter()
        with self.server.lock:
            faults = self.server.script.get(self.prompt, [])
            fault = faults.pop(0) if len(faults) > 1 else (faults[0] if faults else None)
        (fault or answer)(self)
        self.server.complete.append(self.prompt)
        gate.sign()

    def note(self, asked: Asked, body: bytes) -> None:
        """Remember a request."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        with self.server.lock:
            self.server.seen.append(Seen(self.path, headers, asked.values, asked.files, body))

    # -- what was asked for ----------------------------------------------------------------

    @property
    def tool(self) -> dict[str, Any]:
        """The parameters of the picture, wherever they stand."""
        tools = self.asked.values.get("tools")
        return tools[0] if tools else self.asked.values

    @property
    def prompt(self) -> str:
        """The prompt."""
        return prompt_of(self.asked.values)

    @property
    def size(self) -> tuple[int, int]:
        """The size; ``auto`` is what it was seen to be."""
        match = re.fullmatch(r"(\d+)x(\d+)", str(self.tool.get("size", "auto")))
        return (int(match[1]), int(match[2])) if match else (1254, 1254)

    @property
    def form(self) -> str:
        """The output format."""
        return str(self.tool.get("output_format", "png"))

    # -- answering -------------------------------------------------------------------------

    def answer(self) -> None:
        """Answer with what was asked for, at once, as a stream, or later."""
        if self.asked.values.get("stream"):
            streaming.answer(self)
        elif self.asked.values.get("background") is True:
            background.begin(self)
        else:
            self.deliver(self.drawn())

    def drawn(self) -> bytes:
        """The picture that was asked for."""
        mode = "RGBA" if self.tool.get("background") == "transparent" else "RGB"
        return picture(*self.size, self.form, mode, sum(self.prompt.encode()) % 256)

    def deliver(self, data: bytes) -> None:
        """Answer with these bytes in the right envelope."""
        self.json(200, self.envelope(base64.b64encode(data).decode()))

    def envelope(self, encoded: str | None) -> dict[str, Any]:
        """The body of a good answer."""
        if self.path.startswith("/v1/responses"):
            call = {"type": "image_generation_call", "id": "ig_1", "status": "completed", "result": encoded}
            return {"id": "resp_1", "object": "response", "created_at": 1, "status": "completed", "error": None,
                    "model": "gpt-5.5", "output": [{"type": "reasoning", "id": "rs_1", "summary": []}, call],
                    "parallel_tool_calls": True, "tool_choice": "auto", "tools": [],
                    "usage": {"input_tokens": 40, "input_tokens_details": {"cached_tokens": 0},
                              "output_tokens": 7, "output_tokens_details": {"reasoning_tokens": 0},
                              "total_tokens": 47}}  # fmt: skip
        usage = {"input_tokens": 12, "output_tokens": 1000, "total_tokens": 1012,
                 "input_tokens_details": {"text_tokens": 12, "image_tokens": 0},
                 "output_tokens_details": {"image_tokens": 1000, "text_tokens": 0}}  # fmt: skip
        image = {"b64_json": encoded, "generation_id": "gen_1"}
        quality = self.tool.get("quality", "low").replace("auto", "low")
        return {"created": 1_763_800_000, "data": [image], "size": self.tool.get("size"), "quality": quality,
                "output_format": self.form, "background": "opaque", "usage": usage}  # fmt: skip

    def error(self, status: int, code: str | None, message: str = "no", **more: Any) -> None:
        """Answer with an error object."""
        headers = more.pop("headers", {})
        kind = more.pop("type", "invalid_request_error")
        body = {"error": {"message": message, "type": kind, "param": None, "code": code, **more}}
        self.json(status, body, headers)

    def json(self, status: int, body: object, headers: dict[str, str] | None = None) -> None:
        """Answer with JSON."""
        self.send(status, json.dumps(body).encode(), {"Content-Type": "application/json", **(headers or {})})

    def send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        """Answer with these bytes and nothing else."""
        self.start(status, {"Content-Length": str(len(body)), **headers})
        self.wfile.write(body)

    def start(self, status: int, headers: dict[str, str]) -> None:
        """Send status and headers."""
        self.send_response(status)
        self.send_header("x-request-id", "req_4242")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def hang(self) -> None:
        """Wait until the test is over."""
        self.server.released.wait()


@contextlib.contextmanager
def running() -> Iterator[ApiServer]:
    """Run a server as long as the block lasts."""
    server = ApiServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()
        thread.join()

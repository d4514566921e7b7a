"""The prompt is told nowhere: not by a server's error, not in the ledger, not in long pieces."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import unicodedata
import urllib.parse
from typing import TYPE_CHECKING, Any

import pytest
from apiserver.server import KEY
from hypothesis import given
from hypothesis import strategies as st

from verify4k.generate.scrubbing import Scrubber
from verify4k.net.exchange import Secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from apiserver.server import Handler
    from bench import Bench

PROMPT = "A crimson lighthouse over Zanzibar harbour,\nwith twelve unreleased Kestrel drones"
TELLING = ("crimson", "lighthouse", "zanzibar", "kestrel", "unreleased", "harbour")

BODIES: list[tuple[int, Any, str]] = [
    (400, {"error": {"message": f"Invalid prompt: '{PROMPT}' is bad", "type": "x", "code": "invalid_prompt"}}, "moderation"),
    (400, {"error": {"code": "content_filter", "message": f"The response was filtered: {PROMPT}"}}, "moderation"),
    (400, {"error": {"code": "400", "innererror": {"code": "ResponsibleAIPolicyViolation"}, "message": PROMPT}}, "moderation"),
    (400, {"error": {"type": "image_generation_user_error", "code": "400",
                     "message": f"Your request was rejected by the safety system: {PROMPT}"}}, "moderation"),
    (200, {"error": {"message": f"could not draw {PROMPT}"}}, "error with status 200"),
    (200, {"error": f"no: {PROMPT!r}"}, "error with status 200"),
    (403, {"error": {"message": f"not allowed: {PROMPT.upper()}"}}, "no access"),
    (400, {"error": {"message": f"bad: {json.dumps(PROMPT)}", "code": "invalid_value"}}, "refused"),
    (400, {"error": {"message": f"bad: {PROMPT[:40]}...", "code": "invalid_value"}}, "refused"),
    (422, {"error": {"message": "bad words: " + PROMPT.replace(" ", "  "), "code": None}}, "refused"),
    (400, {"error": {"message": "no", "code": "moderation_blocked",
                     "moderation_details": {"categories": [PROMPT]}}}, "moderation"),
    (400, {"error": {"message": "no", "code": "unknown_parameter", "param": PROMPT}}, "parameter"),
    (500, {"error": {"message": "no", "code": PROMPT}}, "failed (500"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "body", "named"), BODIES, ids=range(len(BODIES)))
def test_a_quoted_prompt_reaches_nobody(bench: Bench, status: int, body: Any, named: str) -> None:
    def quoting(handler: Handler) -> None:
        handler.json(status, body, {"x-oneapi-request-id": "2026112600001"})

    bench.one(PROMPT)
    bench.server.script[PROMPT] = [quoting]
    done = bench.generate()
    assert done.code == 1
    assert named in done.out
    told = (done.all + bench.path("verify4k.ledger.jsonl").read_text("utf-8")).lower()
    assert [word for word in TELLING if word in told] == []


_SPELLINGS: dict[str, Callable[[str], str]] = {
    "json": json.dumps,
    "json in json": lambda text: json.dumps(json.dumps(text)),
    "url": urllib.parse.quote,
    "form": urllib.parse.quote_plus,
    "python": ascii,
    "python bytes": lambda text: repr(text.encode()),
    "entities": lambda text: "".join(f"&#{ord(char)};" for char in text),
    "hexadecimal entities": lambda text: "".join(f"&#x{ord(char):x};" for char in text),
    "html": html.escape,
    "taken apart": lambda text: unicodedata.normalize("NFD", text),
    "read as Latin-1": lambda text: text.encode().decode("latin-1"),
    "read as Windows-1252": lambda text: text.encode().decode("cp1252", "ignore"),
    "shouted": str.upper,
    "url, twice": lambda text: urllib.parse.quote(urllib.parse.quote(text)),
    "html, twice": lambda text: html.escape(html.escape(text)),
    "entities, twice": lambda text: html.escape("".join(f"&#{ord(char)};" for char in text)),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
}  # fmt: skip


@pytest.mark.parametrize(
    "prompt",
    [
        r"\new\tools of the trade",
        r"100%20 foxes",
        r"a caf\xe9 sign",
        r"the word \u2603",
        "fish &amp; chips",
        r"C:\x41\renders",
    ],
)
@pytest.mark.parametrize("spelling", ["as it is", "json", "json in json", "python", "html"])
def test_a_prompt_that_looks_escaped_goes_too(prompt: str, spelling: str) -> None:
    told = _SPELLINGS[spelling](prompt) if spelling in _SPELLINGS else prompt
    cleaned = Scrubber(prompt).clean(f"refused: {told} :end")
    assert cleaned.startswith("refused: ")
    assert "<prompt>" in cleaned
    words = [word for word in re.findall(r"[a-z]{4,}", prompt) if word in cleaned.removeprefix("refused: ")]
    assert words == []


@pytest.mark.parametrize(
    "prompt",
    ["山の上の夜明け、秘密のロゴ", "Über Äpfel für Königsgrüße im Café", "용의 비밀 로고와 새벽", PROMPT],
)
@pytest.mark.parametrize("spelling", _SPELLINGS)
def test_the_prompt_goes_however_it_is_spelled(prompt: str, spelling: str) -> None:
    quoted = _SPELLINGS[spelling](prompt)
    left = Scrubber(prompt).clean(f"refused: {quoted} is bad")
    letters = left.replace("<prompt>", "").removeprefix("refused: ").removesuffix(" is bad")
    assert len(letters) <= 8, left  # quotes, and a mark at an end


def test_without_accents_it_is_the_same_prompt() -> None:
    assert Scrubber("Äpfel und Öl für Übung").clean("no: Apfel und Ol fur Ubung!") == "no: <prompt>!"


@pytest.mark.parametrize(
    ("prompt", "text", "clean"),
    [
        ("a hill", "bad: a hill!", "bad: <prompt>!"),
        ("a hill", "the ahillx", "the ahillx"),
        ("hill", "uphill", "uphill"),
        ("ab", "ab", "ab"),
        ("a red fox in the snow", "we saw a red fox in the night", "we saw <prompt> night"),
        ("a red fox in the snow", "a red fox\\nin\\x20the snow", "<prompt>"),
        ("a red fox in the snow", "red paint", "red paint"),
        ("雪の中の赤い狐と青い月", "拒否: 赤い狐と青い", "拒否: <prompt>"),
        ("", "anything", "anything"),
    ],
)
def test_long_pieces_go_and_the_rest_stays(prompt: str, text: str, clean: str) -> None:
    assert Scrubber(prompt).clean(text) == clean


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (400, {"error": {"message": "x" * 280 + KEY, "code": "invalid_x"}}, {}),
        (400, {"error": {"message": f"bad key {KEY[:25]}...", "code": "invalid_x"}}, {}),
        (400, {"error": {"message": f"bad key {KEY.upper()[12:]}", "code": "invalid_x"}}, {}),
        (
            400,
            {"error": {"message": base64.b64encode(f"u:{KEY}".encode()).decode(), "code": "invalid_x"}},
            {},
        ),
        (500, {"error": {"message": "x", "code": "c" * 40 + KEY}}, {"x-request-id": KEY}),
        (200, {"error": {"message": "x", "code": "c" * 40 + KEY}}, {"x-request-id": "r" * 100 + KEY}),
        (200, {"data": []}, {"x-request-id": "r" * 100 + KEY}),
    ],
)
def test_no_long_piece_of_the_key_is_told(
    bench: Bench, status: int, body: Any, headers: dict[str, str]
) -> None:
    def quoting(handler: Handler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Type": "application/json", "Connection": "close", **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(json.dumps(body).encode())

    bench.one("a hill")
    bench.server.script["a hill"] = [quoting]
    done = bench.generate()
    assert done.code == 1
    told = (done.all + bench.path("verify4k.ledger.jsonl").read_text("utf-8")).lower()
    assert [KEY[at : at + 13] for at in range(len(KEY) - 12) if KEY[at : at + 13] in told] == []
    encoded = base64.b64encode(f"u:{KEY}".encode()).decode().lower()
    assert encoded[:16] not in told


def test_letters_of_the_key_that_the_server_shows_on_purpose_stay() -> None:
    key = f"sk-proj-{hashlib.sha256(b'a key').hexdigest()}"
    said = f"Incorrect API key provided: {key[:10]}**********{key[-4:]}"
    assert Scrubber("a hill", Secret(key, "KEY")).clean(said) == said


def test_prompts_that_went_out_together_go_together() -> None:
    scrubber = Scrubber("a hill", None, "a red fox in the snow")
    assert scrubber.clean("a hill or a red fox in the snow!") == "<prompt> or <prompt>!"


def test_the_key_goes_with_the_prompt() -> None:
    assert Scrubber("a hill", Secret("sk-one", "KEY")).clean("sk-one: a hill") == "<key from KEY>: <prompt>"


@given(st.text(min_size=12), st.text(), st.text(), st.data())
def test_no_long_piece_survives(prompt: str, before: str, after: str, data: st.DataObject) -> None:
    letters = [at for at, char in enumerate(prompt) if char.isascii() and char.isalnum()]
    if len(letters) < 12 or sum(not c.isascii() for c in prompt):
        return
    start = data.draw(st.integers(0, len(letters) - 12))
    piece = prompt[letters[start] : letters[start + 11] + 1]
    if "\\" in piece or "&" in piece or "%" in piece:
        return
    assert piece not in Scrubber(prompt).clean(f"{before} {piece} {after}")

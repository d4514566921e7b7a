"""LiteLLM's real proxy between the command and the test server.

It is large, so it is no development dependency: `pip install 'litellm[proxy]'` into an environment of its
own, and name its `litellm` in LITELLM (or put it on the PATH). Without it these tests skip.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from apiserver.server import KEY, ApiServer
from readiness import until_it_answers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apiserver.server import Handler
    from bench import Bench

LITELLM = os.environ.get("LITELLM") or shutil.which("litellm")
pytestmark = pytest.mark.skipif(not LITELLM, reason="no litellm: see this file's first lines")


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@pytest.fixture(scope="module")
def gateway(shared_server: ApiServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("litellm")
    model = {"model": "openai/gpt-image-2", "api_base": shared_server.url, "api_key": KEY}
    config = {
        "model_list": [
            {"model_name": "gpt-image-2", "litellm_params": model, "model_info": {"mode": "image_generation"}}
        ],
        "litellm_settings": {"drop_params": False, "num_retries": 0, "telemetry": False},
        "general_settings": {"master_key": KEY},
        "router_settings": {"disable_cooldowns": True},
    }
    (folder / "config.yaml").write_text(json.dumps(config))
    port = _free_port()
    assert LITELLM is not None
    clean = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [LITELLM, "--config", "config.yaml", "--host", "127.0.0.1", "--port", str(port)],
            cwd=folder, stdout=log, stderr=log, env={**clean, "LITELLM_LOCAL_MODEL_COST_MAP": "True"},
        )  # fmt: skip
    try:
        until_it_answers(process, f"http://127.0.0.1:{port}/health/liveliness", folder / "log")
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def through(bench: Bench, gateway: str, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setenv("OPENAI_BASE_URL", gateway)
    return bench


def test_a_picture_comes_through_it_unchanged(through: Bench) -> None:
    through.one("a hill")
    done = through.generate()
    assert done.code == 0, done.all
    assert len(through.server.seen) == 1
    assert through.ledger[-1]["request_id"], "its own id of the call is kept"


@pytest.mark.parametrize(
    ("status", "error", "said"),
    [
        (400, {"code": "moderation_blocked", "message": "Your request was rejected by the safety system: PROMPT", "type": "image_generation_user_error"}, "moderation"),
        (400, {"code": "invalid_value", "param": "size", "message": "Invalid size"}, "refused the request"),
        (401, {"code": "invalid_api_key", "message": "no"}, "was refused"),
        (429, {"code": "insufficient_quota", "message": "You exceeded your current quota"}, "budget is used up"),
        (500, {"code": None, "message": "oops"}, "may have been billed"),
    ],
)  # fmt: skip
def test_errors_are_understood_behind_it(
    through: Bench, status: int, error: dict[str, Any], said: str
) -> None:
    prompt = "A crimson lighthouse over Zanzibar harbour"
    error["message"] = error["message"].replace("PROMPT", prompt)

    def act(handler: Handler) -> None:
        handler.json(status, {"error": error})

    through.one(prompt)
    through.server.script[prompt] = [act]
    done = through.generate()
    assert done.code == 1
    assert said in done.out, done.all
    assert "zanzibar" not in done.all.lower()


def test_a_limit_is_met_with_patience_behind_it(through: Bench) -> None:
    def limited(handler: Handler) -> None:
        handler.error(429, "rate_limit_exceeded", headers={"retry-after": "1"})

    through.one("a hill")
    through.server.script["a hill"] = [limited, lambda handler: handler.answer()]
    done = through.generate()
    assert done.code == 0, done.all

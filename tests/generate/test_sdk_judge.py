"""The official SDK is the judge: the test server speaks the contract, and verify4k sends what it sends."""

from __future__ import annotations

import base64
import io
import json
from typing import TYPE_CHECKING, Any

import openai
import pytest
from apiserver.description import read_request, validator
from apiserver.drawing import encoded, picture
from apiserver.faults import FAULTS, all_faults
from apiserver.server import KEY, ApiServer
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bench import Bench

WISH: dict[str, Any] = {"model": "gpt-image-2", "prompt": "a hill", "size": "1024x640", "quality": "low"}

TOOL_WISH: dict[str, Any] = {
    "model": "gpt-5.5",
    "input": "a hill",
    "tools": [{"type": "image_generation", "model": "gpt-image-2", "size": "1024x640", "quality": "low"}],
    "tool_choice": {"type": "image_generation"},
    "store": False,
}


@pytest.fixture
def client(server: ApiServer) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=server.url, api_key=KEY, max_retries=0) as client:
        yield client


def _size(encoded_picture: str | None) -> tuple[int, int]:
    with Image.open(io.BytesIO(base64.b64decode(encoded_picture or ""))) as image:
        return image.size


def test_the_sdk_reads_a_generated_picture(client: openai.OpenAI) -> None:
    answer = client.images.generate(**WISH)
    assert answer.data is not None
    assert _size(answer.data[0].b64_json) == (1024, 640)
    assert answer.usage is not None
    assert answer.usage.output_tokens == 1000


def test_the_sdk_reads_an_edited_picture(client: openai.OpenAI) -> None:
    hole = encoded(Image.new("RGBA", (1024, 640)), "png")
    answer = client.images.edit(
        image=("a.png", picture(1024, 640), "image/png"), mask=("m.png", hole, "image/png"), **WISH
    )
    assert answer.data is not None
    assert _size(answer.data[0].b64_json) == (1024, 640)


def test_the_sdk_reads_a_tool_call(client: openai.OpenAI) -> None:
    answer = client.responses.create(**TOOL_WISH)
    (call,) = [item for item in answer.output if item.type == "image_generation_call"]
    assert _size(call.result) == (1024, 640)


def test_the_sdk_reads_a_stream_of_partial_pictures(client: openai.OpenAI) -> None:
    events = list(client.images.generate(**WISH, stream=True, partial_images=2))
    assert [event.type.rpartition(".")[2] for event in events] == [
        "partial_image",
        "partial_image",
        "completed",
    ]
    assert [_size(event.b64_json) for event in events] == [(1024, 640)] * 3
    assert events[2].type == "image_generation.completed"
    assert events[2].usage.output_tokens == 1000


def test_the_sdk_reads_a_stream_of_an_edit(client: openai.OpenAI) -> None:
    image = ("a.png", picture(1024, 640), "image/png")
    events = list(client.images.edit(image=image, **WISH, stream=True, partial_images=1))
    assert [event.type for event in events] == ["image_edit.partial_image", "image_edit.completed"]


def test_the_sdk_reads_a_stream_of_a_tool_call(client: openai.OpenAI) -> None:
    (tool,) = TOOL_WISH["tools"]
    events = list(
        client.responses.create(**{**TOOL_WISH, "tools": [{**tool, "partial_images": 1}]}, stream=True)
    )
    partials = [one for one in events if one.type == "response.image_generation_call.partial_image"]
    assert [_size(one.partial_image_b64) for one in partials] == [(1024, 640)]
    assert events[-1].type == "response.completed"
    (call,) = [item for item in events[-1].response.output if item.type == "image_generation_call"]
    assert _size(call.result) == (1024, 640)


def test_the_sdk_polls_a_response_in_background(client: openai.OpenAI) -> None:
    begun = client.responses.create(**{**TOOL_WISH, "store": True}, background=True)
    states = [begun.status, *(client.responses.retrieve(begun.id).status for _ in range(2))]
    assert states == ["queued", "in_progress", "completed"]
    with pytest.raises(openai.NotFoundError):
        client.responses.retrieve("resp_nowhere")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"size": "1920x1080"}, "invalid_value"),
        ({"size": "3856x2160"}, "invalid_value"),
        ({"size": "3088x1024"}, "invalid_value"),
        ({"size": "800x816"}, "invalid_value"),
        ({"size": "1024x640", "model": "gpt-image-1.5"}, "invalid_value"),
        ({"model": "gpt-image-1"}, "model_not_found"),
        ({"model": "dall-e-3"}, "model_not_found"),
        ({"prompt": ""}, "empty_string"),
        ({"prompt": "x" * 32_001}, "string_above_max_length"),
        ({"quality": "hd"}, "invalid_value"),
        ({"quality": "max"}, "invalid_value"),
        ({"background": "transparent"}, "invalid_value"),
        (
            {"model": "gpt-image-2.6-flare", "background": "transparent", "output_format": "jpeg"},
            "invalid_value",
        ),
        ({"output_compression": 50, "output_format": "png"}, "invalid_png_output_compression"),
        ({"n": 11}, "invalid_value"),
        ({"response_format": "b64_json"}, "unknown_parameter"),
        ({"style": "vivid"}, "unknown_parameter"),
        ({"extra_body": {"input_fidelity": "high"}}, "unknown_parameter"),
        ({"extra_body": {"steps": 3}}, "unknown_parameter"),
    ],
)
def test_the_server_refuses_what_the_api_refuses(
    client: openai.OpenAI, change: dict[str, Any], code: str
) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        client.images.generate(**{**WISH, **change})
    assert caught.value.code == code


def test_a_wrong_mime_type_is_refused(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        client.images.edit(image=("a.png", picture(1024, 640), "image/jpeg"), **WISH)
    assert caught.value.code == "unsupported_file_mimetype"


def test_a_wrong_key_is_refused(server: ApiServer) -> None:
    with (
        openai.OpenAI(base_url=server.url, api_key="sk-wrong", max_retries=0) as client,
        pytest.raises(openai.AuthenticationError),
    ):
        client.images.generate(**WISH)


@pytest.mark.parametrize("schema", ["ImagesResponse", "ResponsePruned"])
def test_good_answers_match_the_published_schemas(client: openai.OpenAI, schema: str) -> None:
    if schema == "ImagesResponse":
        body = client.images.with_raw_response.generate(**WISH).content
    else:
        body = client.responses.with_raw_response.create(**TOOL_WISH).content
    assert not list(validator(schema).iter_errors(json.loads(body)))


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("wrong key", openai.AuthenticationError),
        ("organization not verified", openai.PermissionDeniedError),
        ("model not found, 404", openai.NotFoundError),
        ("conflict", openai.ConflictError),
        ("rate limit, ten minutes", openai.RateLimitError),
        ("quota: insufficient_quota", openai.RateLimitError),
        ("502, HTML", openai.InternalServerError),
        ("half the body", openai.APIConnectionError),
        ("dropped before the answer", openai.APIConnectionError),
    ],
)
def test_the_faults_are_what_the_sdk_takes_them_for(
    client: openai.OpenAI, server: ApiServer, name: str, error: type[openai.OpenAIError]
) -> None:
    all_faults()
    server.script["a hill"] = list(FAULTS[name].acts)
    with pytest.raises(error):
        client.images.generate(**WISH)


def test_an_html_page_with_status_200_passes_the_sdk(client: openai.OpenAI, server: ApiServer) -> None:
    """Why verify4k does not trust an envelope: no exception here."""
    all_faults()
    server.script["a hill"] = list(FAULTS["HTML page"].acts)
    assert isinstance(client.images.generate(**WISH), str)


def test_verify4k_sends_what_the_sdk_sends(bench: Bench, client: openai.OpenAI) -> None:
    bench.one("a hill")
    bench.generate()
    client.images.generate(**WISH, n=1, output_format="png", background="opaque")
    ours, theirs = bench.server.seen
    assert ours.values == theirs.values
    assert ours.path == theirs.path
    assert ours.headers["content-type"] == theirs.headers["content-type"]
    assert ours.headers["authorization"] == theirs.headers["authorization"]


def test_a_stream_is_asked_for_as_the_sdk_asks(bench: Bench, client: openai.OpenAI) -> None:
    bench.one("a hill")
    assert bench.generate("--partials", "2").code == 0
    more: dict[str, Any] = {"n": 1, "output_format": "png", "background": "opaque"}
    assert list(client.images.generate(**WISH, **more, stream=True, partial_images=2))
    ours, theirs = bench.server.seen
    assert ours.values == theirs.values
    assert ours.headers["accept"] == theirs.headers["accept"]


def test_pictures_to_edit_go_to_responses_as_the_sdk_sends_them(bench: Bench, client: openai.OpenAI) -> None:
    hole = encoded(Image.new("RGBA", (1024, 640)), "png")
    bench.path("a.png").write_bytes(picture(1024, 640))
    bench.path("m.png").write_bytes(hole)
    bench.one("a hill", generate={"route": "openai-responses", "edit": "a.png", "mask": "m.png"})
    done = bench.generate()
    assert done.code == 0, done.all
    urls = [f"data:image/png;base64,{base64.b64encode(data).decode()}" for data in (picture(1024, 640), hole)]
    client.responses.create(
        model="gpt-5.5",
        input=[
            {
                "role": "user",
                "content": [
                    {"type": "input_text", "text": "a hill"},
                    {"type": "input_image", "detail": "auto", "image_url": urls[0]},
                ],
            }
        ],
        tools=[
            {
                "type": "image_generation",
                "action": "edit",
                "model": "gpt-image-2",
                "size": "1024x640",
                "quality": "low",
                "output_format": "png",
                "background": "opaque",
                "input_image_mask": {"image_url": urls[1]},
            }
        ],
        tool_choice={"type": "image_generation"},
        store=False,
    )
    ours, theirs = bench.server.seen
    assert ours.values == theirs.values
    assert [one["name"] for one in bench.ledger[0]["sources"]] == ["a.png"]


def test_edits_are_sent_as_the_sdk_sends_them(bench: Bench, client: openai.OpenAI, tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        bench.path(name).write_bytes(picture(1024, 640, shade=ord(name[0])))
    for sources in (["a.png"], ["a.png", "b.png"]):
        bench.path("hero.png").unlink(missing_ok=True)
        bench.server.seen.clear()
        bench.one("a hill", generate={"edit": sources})
        done = bench.generate()
        assert done.code == 0, done.all
        images = [(name, bench.path(name).read_bytes(), "image/png") for name in sources]
        client.images.edit(
            image=images if len(images) > 1 else images[0],
            **WISH,
            n=1,
            output_format="png",
            background="opaque",
        )
        ours, theirs = bench.server.seen
        assert ours.values == theirs.values
        assert ours.files == theirs.files


def test_multipart_with_hostile_names_stays_one_request() -> None:
    from verify4k.routes.protocol.multipart import Part, encode_multipart

    data = picture(16, 16)
    name = 'a"\r\nX-Evil: 1.png'
    kind, body = encode_multipart([Part("prompt", "a\r\n--x\r\nhill"), Part("model", "gpt-image-2"),
                                   Part("image", data, name, "image/png")])  # fmt: skip
    asked = read_request("/v1/images/edits", kind, body)
    assert asked.values == {"prompt": "a\r\n--x\r\nhill", "model": "gpt-image-2"}
    assert [(field, sent) for field, _, _, sent in asked.files] == [("image", data)]

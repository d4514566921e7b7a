"""Objects of a store, through the real s3fs against a server that speaks as much S3 as is asked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from pictures import gradient, png_chunk, save
from webserver import Asked, Reply, WebServer, ranged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conftest import Outcome

PNG = save(gradient(64, 36), "a.png")
_GONE = Reply(b"<Error><Code>NoSuchKey</Code></Error>", 404, {"Content-Type": "application/xml"})
_DENIED = Reply(b"<Error><Code>AccessDenied</Code></Error>", 403, {"Content-Type": "application/xml"})


def large() -> bytes:
    return PNG[:33] + png_chunk(b"prVt", bytes(8 << 20)) + PNG[33:]


def bucket(asked: Asked) -> Reply:
    path = asked.path.partition("?")[0]
    if path == "/pictures/secret.png":
        return _DENIED
    if path not in ("/pictures/a.png", "/pictures/large.png"):
        return _GONE
    body = large() if "large" in path else PNG
    return ranged(asked, body, ETag='"x"', **{"Last-Modified": "Mon, 02 Nov 2026 10:00:00 GMT"})


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[WebServer]:
    s3fs = pytest.importorskip("s3fs", reason="s3fs is not installed")
    with WebServer(bucket) as server:
        for name, value in (("ENDPOINT_URL", server.url), ("ACCESS_KEY_ID", "a"), ("SECRET_ACCESS_KEY", "b"),
                            ("DEFAULT_REGION", "eu-central-1"), ("EC2_METADATA_DISABLED", "true"), ("MAX_ATTEMPTS", "1")):  # fmt: skip
            monkeypatch.setenv(f"AWS_{name}", value)
        s3fs.S3FileSystem.clear_instance_cache()
        yield server
        s3fs.S3FileSystem.clear_instance_cache()


def checked(run: Callable[..., Outcome], folder: Path, keys: list[str], *argv: str) -> dict[str, str]:
    files = {f"s3://pictures/{key}": {"size": "64x36"} for key in keys}
    (folder / "verify4k.json").write_text(json.dumps({"version": 1, "files": files}))
    report = json.loads(run("check", "--format", "json", *argv).out)
    return {asset["target"].rpartition("/")[2]: asset["verdict"] for asset in report["assets"]}


@pytest.mark.parametrize("depth", ["header", "full"])
def test_objects_are_checked_like_files(
    run: Callable[..., Outcome], tmp_path: Path, store: WebServer, depth: str
) -> None:
    told = checked(run, tmp_path, ["a.png", "gone.png", "secret.png"], "--depth", depth)
    assert told == {"a.png": "passed", "gone.png": "failed", "secret.png": "undecided"}


def test_a_header_costs_ranges_not_the_object(
    run: Callable[..., Outcome], tmp_path: Path, store: WebServer
) -> None:
    assert checked(run, tmp_path, ["large.png"], "--depth", "header") == {"large.png": "passed"}
    asked = [request.headers["range"] for request in store.seen if request.method == "GET"]
    lengths = [
        int(last) - int(first) + 1
        for first, last in (text.removeprefix("bytes=").split("-") for text in asked)
    ]
    assert 0 < sum(lengths) < 300_000


def test_offline_and_names_of_no_object(run: Callable[..., Outcome], tmp_path: Path) -> None:
    assert checked(run, tmp_path, ["a.png"], "--offline") == {"a.png": "undecided"}
    (tmp_path / "verify4k.json").write_text('{"version": 1, "files": {"s3://bucket": {}}}')
    outcome = run("check")
    assert (outcome.code, "s3://BUCKET/KEY" in outcome.err) == (2, True)


def test_a_store_whose_package_is_missing_says_what_to_install(
    run: Callable[..., Outcome], tmp_path: Path
) -> None:
    try:
        import gcsfs  # noqa: F401
    except ImportError:
        (tmp_path / "verify4k.json").write_text('{"version": 1, "files": {"gs://bucket/a.png": {}}}')
        outcome = run("check")
        assert (outcome.code, "pip install 'verify4k[gs]'" in outcome.out) == (3, True), outcome
    else:
        pytest.skip("gcsfs is installed")


def google(asked: Asked) -> Reply:
    """Answer as Google's JSON interface does: facts of an object, then its bytes."""
    name = asked.path.partition("?")[0].rpartition("/")[2]
    for code in (401, 403):
        if f"denied-{code}.png" in asked.path:  # the object, and the listing that is asked for next
            said = {"code": code, "message": "no access"}
            return Reply(json.dumps({"error": said}).encode(), code)
    if "/o/" not in asked.path or name != "a.png":
        return _GONE
    if "alt=media" in asked.path:
        return ranged(asked, large())
    facts = {"name": name, "bucket": "pictures", "size": str(len(large())), "generation": "1", "etag": "x"}
    times = dict.fromkeys(("updated", "timeCreated"), "2026-11-02T10:00:00Z")
    return Reply(json.dumps(facts | times).encode(), 200, {"Content-Type": "application/json"})


@pytest.mark.parametrize(("depth", "asked"), [("header", "bytes=0-131071"), ("full", "")])
def test_objects_of_google_are_read_without_grpc(
    run: Callable[..., Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, depth: str, asked: str
) -> None:
    core = pytest.importorskip("gcsfs.core", reason="gcsfs is not installed")
    names = ("a.png", "gone.png", "denied-401.png", "denied-403.png")
    files = {f"gs://pictures/{name}": {"size": "64x36"} for name in names}
    (tmp_path / "verify4k.json").write_text(json.dumps({"version": 1, "files": files}))
    with WebServer(google) as server:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", server.url)
        core.GCSFileSystem.clear_instance_cache()
        found = run("check", "--format", "concise", "--depth", depth)
    assert [line.split(" ")[1:4] for line in found.out.splitlines() if "gs://" in line] == [
        ["error", "readable", "gs://pictures/gone.png:"],
        ["undecided", "readable", "gs://pictures/denied-401.png:"],
        ["undecided", "readable", "gs://pictures/denied-403.png:"],
    ]
    assert found.out.count("the store denies access: ") == 2
    media = [each for each in server.seen if "alt=media" in each.path]
    assert media[0].headers.get("range", "") == asked

"""Bodies of earlier runs: used only when the server confirms them, never for statements or behind secrets."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pictures import gradient, save
from webserver import Asked, Reply, WebServer

from verify4k.files.http_cache import HttpCache, http_cache_folder, reliable
from verify4k.net.responses import ResponseInfo

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Outcome

PNG = save(gradient(64, 36), "a.png")
OLD = "Mon, 02 Nov 2026 10:00:00 GMT"


class Origin:
    """A server of one picture with a validator; ``body`` and ``mark`` can change."""

    def __init__(self, **headers: str) -> None:
        self.body = PNG
        self.headers = {"Content-Type": "image/png", "ETag": '"one"', **headers}

    def __call__(self, asked: Asked) -> Reply:
        if asked.path != "/a.png":
            return Reply(b"no", 404)
        if asked.headers.get("if-none-match") == self.headers.get("ETag", "none"):
            return Reply(b"", 304, self.headers, length=None)
        return Reply(self.body, 200, self.headers)


def checked(run: Callable[..., Outcome], url: str, *argv: str) -> dict[str, Any]:
    Path("verify4k.json").write_text(json.dumps({"version": 1, "files": {url: {"size": "64x36"}}}))
    report = json.loads(run("check", "--allow-private", "--format", "json", *argv).out)
    (asset,) = report["assets"]
    return {"verdict": asset["verdict"], "sha256": asset["sha256"], **asset["facts"]["delivery"]}


def test_an_unchanged_body_is_not_sent_again_and_the_report_says_since_when(
    run: Callable[..., Outcome],
) -> None:
    with WebServer(Origin()) as server:
        first = checked(run, f"{server.url}/a.png")
        second = checked(run, f"{server.url}/a.png")
    assert (first["kept_since"], first["bytes_fetched"]) == (None, len(PNG))
    assert (second["bytes_fetched"], second["verdict"], second["status"]) == (0, "passed", 200)
    assert second["kept_since"].endswith("Z")
    assert second["sha256"] == first["sha256"]
    assert second["content_type"] == "image/png"


@pytest.mark.parametrize(("mark", "kept"), [('"two"', False), ('W/"one"', True), ("", True)])
def test_a_304_that_names_another_version_is_not_believed(
    run: Callable[..., Outcome], mark: str, kept: bool
) -> None:
    """Some servers and caches answer 304 to any condition."""

    def answering(asked: Asked) -> Reply:
        if "if-none-match" in asked.headers:
            return Reply(b"", 304, {"ETag": mark} if mark else {}, length=None)
        return origin(asked)

    origin = Origin()
    with WebServer(answering) as server:
        checked(run, f"{server.url}/a.png")
        origin.body = save(gradient(32, 18), "a.png")
        second = checked(run, f"{server.url}/a.png")
    assert (second["kept_since"] is not None, second["verdict"]) == (kept, "passed" if kept else "failed")


def test_a_304_says_nothing_of_the_body_that_it_does_not_have(run: Callable[..., Outcome]) -> None:
    origin = Origin()

    def answering(asked: Asked) -> Reply:
        reply = origin(asked)
        about = {"Content-Type": "text/html", "Content-Length": "0", "Age": "7"}
        return reply._replace(headers={**reply.headers, **about}) if reply.status == 304 else reply

    with WebServer(answering) as server:
        first = checked(run, f"{server.url}/a.png")
        second = checked(run, f"{server.url}/a.png")
    assert (second["verdict"], second["kept_since"] is None) == ("passed", False)
    assert [second[name] for name in ("content_type", "content_length")] == [
        "image/png",
        first["content_length"],
    ]


@pytest.mark.parametrize("status", [400, 412, 500])
def test_a_refused_condition_is_asked_without(run: Callable[..., Outcome], status: int) -> None:
    origin = Origin()
    with WebServer(
        lambda asked: Reply(b"", status) if "if-none-match" in asked.headers else origin(asked)
    ) as server:
        checked(run, f"{server.url}/a.png")
        told = checked(run, f"{server.url}/a.png")
    assert (told["verdict"], told["status"], told["kept_since"]) == ("passed", 200, None)


def test_a_changed_body_is_downloaded_and_judged(run: Callable[..., Outcome]) -> None:
    origin = Origin()
    with WebServer(origin) as server:
        checked(run, f"{server.url}/a.png")
        origin.body, origin.headers["ETag"] = save(gradient(32, 18), "a.png"), '"two"'
        told = checked(run, f"{server.url}/a.png")
    assert (told["verdict"], told["kept_since"]) == ("failed", None)


@pytest.mark.parametrize(
    "argv",
    [("--no-cache",), ("--report", "in-toto=s.json"), ("--report", "sha256sums=s"), ("--shard", "1/1")],
)
def test_a_statement_rests_on_no_earlier_run(run: Callable[..., Outcome], argv: tuple[str, ...]) -> None:
    with WebServer(Origin()) as server:
        checked(run, f"{server.url}/a.png")
        told = checked(run, f"{server.url}/a.png", *argv)
        assert all("if-none-match" not in asked.headers for asked in server.seen)
    assert (told["bytes_fetched"], told["kept_since"]) == (len(PNG), None)


def test_what_a_secret_lets_in_is_not_kept(
    run: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN", "s3cret")
    with WebServer(Origin()) as server:
        checked(run, f"{server.url}/a.png", "--header", "X-Preview=TOKEN")
    assert not os.path.exists(http_cache_folder(os.environ))


def a_fifo(entry: Path) -> None:
    entry.unlink()
    os.mkfifo(entry)


HARM: list[Callable[[Path], object]] = [
    lambda entry: entry.write_bytes(entry.read_bytes()[:-1] + b"x"),
    lambda entry: entry.write_bytes(entry.read_bytes().replace(b"image/png", b"image/pnG")),
    lambda entry: entry.write_bytes(b""),
]


@pytest.mark.parametrize("harm", [*HARM, *([a_fifo] if hasattr(os, "mkfifo") else [])])
def test_an_entry_that_was_changed_on_the_disk_is_not_used(
    harm: Callable[[Path], object], run: Callable[..., Outcome]
) -> None:
    with WebServer(Origin()) as server:
        checked(run, f"{server.url}/a.png")
        folder = Path(http_cache_folder(os.environ))
        (entry,) = folder.glob("*.body")
        harm(entry)
        told = checked(run, f"{server.url}/a.png")
        again = checked(run, f"{server.url}/a.png")
    assert (told["verdict"], told["kept_since"]) == ("passed", None)
    assert again["kept_since"] is not None  # it is kept again
    assert (folder / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55\n")


def test_a_folder_that_cannot_be_written_costs_nothing_but_the_cache(
    run: Callable[..., Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("VERIFY4K_CACHE_DIR", str(tmp_path / "file"))
    with WebServer(Origin()) as server:
        assert checked(run, f"{server.url}/a.png")["verdict"] == "passed"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"etag": '"a"'}, True),
        ({"etag": 'W/"a"'}, False),
        ({}, False),
        ({"last-modified": OLD}, True),
        ({"last-modified": OLD, "date": "Mon, 02 Nov 2026 10:01:00 GMT"}, True),
        ({"last-modified": OLD, "date": "Mon, 02 Nov 2026 10:00:59 GMT"}, False),
        ({"etag": '"a"', "last-modified": OLD, "date": "Mon, 02 Nov 2026 10:00:59 GMT"}, False),
        ({"etag": '"a"', "cache-control": "private, no-store"}, False),
        ({"etag": '"a"', "vary": "*"}, False),
        ({"last-modified": "yesterday"}, False),
    ],
)
def test_a_validator_must_tell_one_version_from_the_next(headers: dict[str, str], *, expected: bool) -> None:
    assert reliable(ResponseInfo("u", "u", (), 200, headers, ())) is expected
    assert not reliable(ResponseInfo("u", "u", (), 404, headers, ()))


def test_entries_belong_to_a_url_and_what_was_sent(tmp_path: Path) -> None:
    bodies = HttpCache(str(tmp_path / "kept"))
    about = ResponseInfo("u", "u", (), 200, {"etag": '"a"'}, ())
    bodies.keep("u", (("Accept", "image/png"),), about, b"png")
    kept = bodies.find("u", (("Accept", "image/png"),))
    assert kept is not None
    assert (kept.body, kept.conditions) == (b"png", (("If-None-Match", '"a"'),))
    assert bodies.find("u", ()) is None
    assert bodies.find("v", (("Accept", "image/png"),)) is None


def test_old_and_surplus_bodies_make_room(tmp_path: Path) -> None:
    about = ResponseInfo("u", "u", (), 200, {"etag": '"a"'}, ())
    HttpCache(str(tmp_path)).keep("old", (), about._replace(url="old"), b"x")
    HttpCache(str(tmp_path)).keep("new", (), about._replace(url="new"), b"y")
    (old,) = (path for path in tmp_path.glob("*.body") if path.read_bytes().endswith(b"\nx"))
    os.utime(old, (0, 0))
    HttpCache(str(tmp_path)).keep("third", (), about._replace(url="third"), b"z")
    assert not old.exists()
    assert len(list(tmp_path.glob("*.body"))) == 2


def test_of_a_full_folder_the_longest_unused_body_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keep(name: str) -> None:
        about = ResponseInfo(name, name, (), 200, {"etag": '"a"'}, ())
        HttpCache(str(tmp_path)).keep(name, (), about, name.encode())

    def paths() -> dict[str, Path]:
        return {path.read_bytes()[-3:].decode(): path for path in tmp_path.glob("*.body")}

    keep("one")
    keep("two")
    now = time.time()
    os.utime(paths()["one"], (now - 200, now - 200))
    os.utime(paths()["two"], (now - 100, now - 100))
    assert HttpCache(str(tmp_path)).find("one", ()) is not None  # it is used now, and two is not
    room = sum(path.stat().st_size for path in paths().values()) - 1
    monkeypatch.setattr("verify4k.files.http_cache._ROOM", room)
    keep("new")
    assert sorted(paths()) == ["new", "one"]


@pytest.mark.skipif(os.name == "nt", reason="no owner's bits there")
def test_the_folder_of_bodies_is_for_its_owner_only(tmp_path: Path) -> None:
    about = ResponseInfo("u", "u", (), 200, {"etag": '"a"'}, ())
    HttpCache(str(tmp_path / "kept")).keep("u", (), about, b"x")
    assert (tmp_path / "kept").stat().st_mode & 0o077 == 0

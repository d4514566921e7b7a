"""URL promises against what people really run: nginx, its image_filter and cache, thumbor, ipx.

What is honest must pass at both depths; what each of them really does wrong must be told.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pictures import exif_with, save, texture
from transformers import ipx, nginx, thumbor

from verify4k.__main__ import main

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Told = list[tuple[str, str]]

SIZE = "960x540"


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the servers serve."""
    folder = tmp_path_factory.mktemp("pictures")
    image = texture(960, 540)
    for name in ("hero.png", "hero.jpg", "hero.webp", "hero.gif"):
        (folder / name).write_bytes(save(image, name))
    (folder / "hero.avif").write_bytes(_avif(image))
    (folder / "untyped").write_bytes(save(image, "hero.png"))
    (folder / "turned.jpg").write_bytes(save(image, "a.jpg", exif=exif_with({0x0112: 6})))
    (folder / "cut.jpg").write_bytes(save(image, "a.jpg")[:-20_000])
    (folder / "small.png").write_bytes(save(texture(480, 270), "a.png"))
    return folder


def _avif(image: Any) -> bytes:
    import io

    buffer = io.BytesIO()
    image.save(buffer, "AVIF", quality=80, speed=10)
    return buffer.getvalue()


@pytest.fixture
def told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Told]:
    """Check URLs in a full run; returns (rule, what was found) of everything that does not hold."""
    monkeypatch.chdir(tmp_path)

    def call(files: dict[str, Any], *argv: str) -> Told:
        (tmp_path / "verify4k.json").write_text(json.dumps({"version": 1, "files": files}))
        capsys.readouterr()
        main(("check", "--allow-private", "--format", "json", *argv))
        report = json.loads(capsys.readouterr().out)
        found = [(finding["rule"], finding["actual"]) for finding in report["findings"]]
        return found + [(each["rule"], "undecided") for each in report["undecided"]]

    return call


# -- nginx, plain and with a cache in front -----------------------------------------------------


@pytest.fixture(scope="session")
def static(tmp_path_factory: pytest.TempPathFactory, pictures: Path) -> Iterator[str]:
    http = f"""
      server {{ listen 127.0.0.1:{{port}}; root {pictures};
        location = /old.png {{ return 301 /hero.png; }}
        location /fallback/ {{ try_files $uri /hero.png; }}
        location = /webp {{ types {{ }} default_type image/png; alias {pictures}/hero.webp; }}
      }}"""
    with nginx(tmp_path_factory.mktemp("nginx"), http) as url:
        yield url


@pytest.mark.parametrize("depth", ["header", "full"])
def test_a_static_nginx_is_honest(static: str, told: Callable[..., Told], depth: str) -> None:
    files = {f"{static}/hero.{kind}": {"size": SIZE} for kind in ("png", "jpg", "webp", "gif")}
    files[f"{static}/old.png"] = {"size": SIZE, "format": "png"}
    files[f"{static}/hero.png?v=1"] = {"size": SIZE, "accept": "image/avif,image/webp,*/*"}
    assert told(files, "--depth", depth) == []


def test_what_nginx_does_not_know_is_bytes_to_it(static: str, told: Callable[..., Told]) -> None:
    files: dict[str, Any] = {f"{static}/untyped": {"size": SIZE}, f"{static}/hero.avif": {"size": SIZE}}
    bytes_ = ("content-type-true", "application/octet-stream")
    assert [each for each in told(files) if each != bytes_] == []
    assert bytes_ in told({f"{static}/untyped": {}})


def test_a_fallback_to_some_picture_is_a_soft_404(static: str, told: Callable[..., Told]) -> None:
    assert told({f"{static}/fallback/team.png": {"size": SIZE}}) == [("soft-404", "the same bytes")]


def test_a_wrong_type_and_a_missing_file_are_told(static: str, told: Callable[..., Told]) -> None:
    assert told({f"{static}/webp": {}}) == [("content-type-true", "image/png")]
    assert told({f"{static}/gone.png": {}}) == [("http-status", "404 Not Found")]


@pytest.fixture(scope="session")
def filtered(tmp_path_factory: pytest.TempPathFactory, pictures: Path) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("filter")
    http = f"""
      server {{ listen 127.0.0.1:{{port}}; root {pictures};
        location /filter/ {{ alias {pictures}/; image_filter resize $arg_w -; image_filter_buffer 8M; }}
        location /tiny/ {{ alias {pictures}/; image_filter resize $arg_w -; image_filter_buffer 10k; }}
      }}"""
    with nginx(folder, http, image_filter=True) as url:
        yield url


def test_nginx_image_filter(filtered: str, told: Callable[..., Told]) -> None:
    widths = {
        f"{filtered}/filter/hero.jpg?w={{w}}": {"for": {"w": [480, 320]}, "size": "{w}x*", "format": "jpeg"}
    }
    assert told(widths) == []
    enlarged = told({f"{filtered}/filter/small.png?w=960": {"size": SIZE}})
    assert ("exact-size", "480x270") in enlarged  # it does not enlarge
    assert told({f"{filtered}/tiny/hero.jpg?w=480": {}}) == [("http-status", "415 Unsupported Media Type")]


def test_a_cut_original_comes_whole_out_of_image_filter_and_is_not_the_size(
    filtered: str, told: Callable[..., Told]
) -> None:
    assert told({f"{filtered}/cut.jpg": {"size": SIZE}})[0][0] == "readable"


@pytest.fixture(scope="session")
def cached(tmp_path_factory: pytest.TempPathFactory, filtered: str) -> Iterator[str]:
    """A cache before image_filter: under /bad/ its key leaves the query out."""
    folder = tmp_path_factory.mktemp("cache")
    proxy = f"proxy_pass {filtered}/filter/; proxy_cache zone; proxy_cache_valid 200 1h;"
    http = f"""
      proxy_cache_path {folder}/store keys_zone=zone:1m;
      server {{ listen 127.0.0.1:{{port}};
        location /good/ {{ {proxy} proxy_cache_key $uri$is_args$args; add_header X-Cache $upstream_cache_status; }}
        location /bad/ {{ {proxy} proxy_cache_key $uri; add_header X-Cache $upstream_cache_status; }}
      }}"""
    with nginx(folder, http) as url:
        yield url


def test_a_cache_key_without_the_query_is_told(cached: str, told: Callable[..., Told]) -> None:
    promise = {"for": {"w": [480, 320]}, "size": "{w}x*"}
    assert told({f"{cached}/good/hero.jpg?w={{w}}": promise}, "-j1") == []
    found = told({f"{cached}/bad/hero.jpg?w={{w}}": promise}, "-j1")
    assert ("same-url-one-picture", f"that of {cached}/bad/hero.jpg?w=480") in found
    assert ("exact-size", "480x270") in found


# -- thumbor ------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def thumbs(tmp_path_factory: pytest.TempPathFactory, pictures: Path) -> Iterator[str]:
    settings = {"AUTO_WEBP": True, "MAX_WIDTH": 640}
    with thumbor(tmp_path_factory.mktemp("thumbor"), pictures, **settings) as url:
        yield url


@pytest.mark.parametrize("depth", ["header", "full"])
def test_thumbor_resizes_and_negotiates_openly(thumbs: str, told: Callable[..., Told], depth: str) -> None:
    files: dict[str, Any] = {
        f"{thumbs}/unsafe/480x270/hero.jpg": {
            "size": "480x270",
            "variants": [
                {"accept": "image/webp,*/*", "format": "webp"},
                {"accept": "image/jpeg", "format": "jpeg"},
            ],
        },
        f"{thumbs}/unsafe/{{w}}x0/hero.png": {"for": {"w": [320, 160]}, "size": "{w}x*"},
    }
    assert told(files, "--depth", depth) == []


def test_thumbors_limit_loses_the_size(thumbs: str, told: Callable[..., Told]) -> None:
    found = told({f"{thumbs}/unsafe/960x540/hero.jpg": {"size": SIZE}})
    assert [rule for rule, _ in found] == ["exact-size"]


def test_what_thumbor_does_not_find_is_broken(thumbs: str, told: Callable[..., Told]) -> None:
    assert told({f"{thumbs}/unsafe/480x270/gone.jpg": {}}) == [("http-status", "404 Not Found")]


# -- ipx ----------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def sharp(tmp_path_factory: pytest.TempPathFactory, pictures: Path) -> Iterator[str]:
    with ipx(tmp_path_factory.mktemp("ipx"), pictures) as url:
        yield url


@pytest.mark.parametrize("depth", ["header", "full"])
def test_ipx_resizes_and_converts_as_asked(sharp: str, told: Callable[..., Told], depth: str) -> None:
    files: dict[str, Any] = {
        f"{sharp}/w_{{w}}/hero.png": {"for": {"w": [480, 320]}, "size": "{w}x*", "format": "png"},
        f"{sharp}/f_webp,s_480x270/hero.jpg": {"size": "480x270", "format": "webp"},
        f"{sharp}/_/hero.jpg": {"size": SIZE},
    }
    assert told(files, "--depth", depth) == []


def test_ipx_negotiates_with_vary(sharp: str, told: Callable[..., Told]) -> None:
    assert told({f"{sharp}/f_auto/hero.jpg": {"accept": "image/webp", "format": "webp"}}) == []


def test_ipx_enlarges_only_when_it_is_told_to(sharp: str, told: Callable[..., Told]) -> None:
    assert told({f"{sharp}/s_960x540/small.png": {"size": SIZE}}) == [("exact-size", "480x270")]
    assert told({f"{sharp}/gone.png": {}})[0][0] == "http-status"

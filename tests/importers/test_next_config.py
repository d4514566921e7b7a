"""Next.js configurations, as projects write them, and what their `<Image>` tags promise of pictures."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pictures import gradient, save

from verify4k.importers import recognized

if TYPE_CHECKING:
    from pathlib import Path

JS = """/** @type {import('next').NextConfig} */
const nextConfig = {
    // deviceSizes: [1],
    images: {
        domains: ['images.example.org'],
        deviceSizes: [640, 750, 828, 1080, 1200, 1920],
        imageSizes: [16, 32, 48, 64, 96, 128, 256, 384],
        minimumCacheTTL: 60 * 60 * 24, // a day
        contentSecurityPolicy: "default-src 'self'; script-src 'none'; sandbox;",
    },
    async headers() {
        return [{ source: '/:path*', headers: [{ key: 'CSP', value: `
              default-src 'self'; /* it's no comment
            `.replace(/\\s+/g, ' ').trim() }] }];
    },
};
module.exports = nextConfig;
"""
TS = """import type { NextConfig } from "next";
import withBundleAnalyzer from "@next/bundle-analyzer";

const WIDTHS = [640, 1_080, 1920] as const
const nextConfig: NextConfig = {
  images: { formats: ["image/avif", "image/webp"], "deviceSizes": WIDTHS, qualities: [60, 75] },
  webpack: (config, { dev, isServer }) => {
    if (!dev && !isServer) {
      config.test = /(?<!node_modules.*)[\\\\/]node_modules[\\\\/](react|"react-dom)[\\\\/]/
      config.half = config.size / 2
    }
    return config
  },
  ...(process.env.NODE_ENV === "development" && { onDemandEntries: { maxInactiveAge: 25 * 1000 } }),
}
export default withBundleAnalyzer({ enabled: process.env.ANALYZE === "true" })(nextConfig)
"""
ASSIGNED = """const withPlugins = require('next-compose-plugins')
const config = {}
config.images = { deviceSizes: [1920, 640] }
module.exports = withPlugins([], config)
"""
PAGE = """import Image, { type ImageProps } from 'next/image'
import photo from '../assets/photo.png'

export default function Home({ post, ...props }) {
  const site = 'https://example.com' // <Image src="/comment.png" fill />
  return (
    <main>
      <input accept="image/*" />
      <Image src="/hero.png" alt="it's one" fill priority />
      <Image
        src={photo}
        alt={`of ${post.name}`}
        sizes="(max-width: 768px) 100vw, 50vw"
        onLoad={() => { if (post.width > 1) { post.done('}') } }}
      />
      {/* <Image src="/gone.png" fill /> */}
      <Image src={'/team%201.png'} width={300} height="200" alt="" />
      <Image src="/mark.svg" width={48} height={48} alt="" />
      <Image src="/own.png" width={post.width} height={9} alt="" />
      <Image src="/spread.png" fill {...props} />
      <Image src={post.cover} fill alt="" />
      <Image src="https://images.example.org/a.png" fill alt="" />
      <Image src="//images.example.org/b.png" fill alt="" />
      <img src="/not-ours.png" />
    </main>
  )
}
"""
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8z"/></svg>'
PROMISED = {
    "public/hero.png": {"width": "1920.."},
    "assets/photo.png": {"width": "960.."},
    "public/team 1.png": {"width": "300.."},
    "public/mark.svg": {"format": "svg"},
    "public/own.png": {},
}


def png(width: int) -> bytes:
    return save(gradient(width, 8), "x.png")


def app(folder: Path, name: str = "next.config.js", config: str = JS, page: str = PAGE) -> None:
    for below in ("pages", "public", "assets", "node_modules/next", ".next"):
        (folder / below).mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(config)
    (folder / "pages" / "index.jsx").write_text(page)
    for other in ("node_modules/next/a.js", ".next/b.js", "public/c.js"):
        (folder / other).write_text(PAGE.replace("/hero.png", "/strange.png"))
    for target, width in {"hero": 1920, "own": 9, "team 1": 300}.items():
        (folder / "public" / f"{target}.png").write_bytes(png(width))
    (folder / "assets" / "photo.png").write_bytes(png(960))
    (folder / "public" / "mark.svg").write_bytes(DRAWING)


def findings(run: Any, *argv: str) -> list[tuple[str, str, str, int]]:
    report = json.loads(
        run("check", "--select", "exact-size,readable,right-format", "--format", "json", *argv).out
    )
    return [(f["target"], f["rule"], f["path"], f["line"]) for f in report["findings"]]


CONFIGS = [("next.config.js", JS), ("next.config.ts", TS), ("next.config.cjs", ASSIGNED)]


@pytest.mark.parametrize(("name", "config"), CONFIGS)
def test_an_honest_app_is_accused_of_nothing(name: str, config: str, tmp_path: Path, run: Any) -> None:
    app(tmp_path, name, config)
    report = json.loads(run("check", "--select", "exact-size,readable", "--format", "json", name).out)
    assert (report["findings"], report["exit_code"]) == ([], 0)
    assert {each["target"]: each["promised"] for each in report["assets"]} == PROMISED
    assert run("init", "--from", name).code == 0
    assert findings(run) == []


@pytest.mark.parametrize(("name", "config"), CONFIGS)
def test_every_picture_that_cannot_fill_its_place_is_named(
    name: str, config: str, tmp_path: Path, run: Any
) -> None:
    app(tmp_path, name, config)
    for lie, width in {"public/hero.png": 1919, "assets/photo.png": 959, "public/team 1.png": 299}.items():
        (tmp_path / lie).write_bytes(png(width))
    (tmp_path / "public" / "mark.svg").write_bytes(png(48))
    (tmp_path / "public" / "own.png").unlink()
    told = [
        ("public/hero.png", "exact-size", "pages/index.jsx", 9),
        ("assets/photo.png", "exact-size", "pages/index.jsx", 10),
        ("public/team 1.png", "exact-size", "pages/index.jsx", 17),
        ("public/mark.svg", "right-format", "pages/index.jsx", 18),
        ("public/own.png", "readable", "pages/index.jsx", 19),
    ]
    assert sorted(findings(run, name)) == sorted(told)
    assert run("init", "--from", name).code == 0
    assert {(target, rule) for target, rule, _, _ in findings(run)} == {each[:2] for each in told}


@pytest.mark.parametrize(
    ("config", "tag", "promised"),
    [
        ("module.exports = {}", "fill", {}),  # Next.js's own list is nobody's promise here
        ("module.exports = {}", "width={5000}", {"width": "3840.."}),
        ("module.exports = {images: {deviceSizes: [640], unoptimized: true}}", "fill", {}),
        ("module.exports = {images: {deviceSizes: [640], unoptimized: false}}", "fill", {"width": "640.."}),
        (
            "module.exports = {images: {deviceSizes: [640], imageSizes: [800]}}",
            "width={900}",
            {"width": "800.."},
        ),
        ("module.exports = {images: {deviceSizes: [640]}}", "fill unoptimized", {}),
        ("module.exports = {images: {deviceSizes: [640]}}", 'layout="fill"', {"width": "640.."}),
        ("module.exports = {images: {deviceSizes: [640]}}", "width={90} sizes={wide}", {}),
        ("module.exports = {images: {deviceSizes: [640]}}", 'fill sizes="calc(100vw - 2em)"', {}),
        ('{"images": {"deviceSizes": [640]}}', "fill", {"width": "640.."}),
        ("module.exports = {basePath: '/docs', images: {deviceSizes: [640]}}", "fill", {"width": "640.."}),
    ],
)
def test_what_a_tag_promises(
    config: str, tag: str, promised: dict[str, str], tmp_path: Path, run: Any
) -> None:
    name = "next.config.json" if config.startswith("{") else "next.config.mjs"
    (tmp_path / name).write_text(config)
    src = "/docs/a.png" if "basePath" in config else "/a.png"
    (tmp_path / "page.tsx").write_text(
        f'import Image from "next/image"\nlet a = <Image src="{src}" {tag} />\n'
    )
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / "a.png").write_bytes(png(9))
    report = json.loads(run("check", "--format", "json", name).out)
    assert [each["target"] for each in report["assets"]] == ["public/a.png"]
    assert report["assets"][0]["promised"] == promised


IMAGES = "const images = 1; module.exports = {images}"
MISTAKES = [
    (
        "module.exports = {images: {deviceSizes: process.env.WIDTHS.split(',').map(Number)}}",
        "1:41: deviceSizes is code",
    ),
    ("let c = {images: {\n deviceSizes: dev ? [640] : [640, 1080]}}", "2:15: deviceSizes is code"),
    ("let c = {images: {deviceSizes: [...base, 3840]}}", "1:32: deviceSizes is code"),
    ("let c = {images: {deviceSizes: [640, 2 * 640]}}", "1:32: deviceSizes is code"),
    ("let c = {images: {deviceSizes: [640].concat(more)}}", "1:32: deviceSizes is code"),
    ("import {SIZES} from './sizes'\nlet c = {images: {imageSizes: SIZES}}", "2:31: imageSizes is code"),
    ("let c = {images: {deviceSizes: [640, 0, 99999]}}", "'0' in deviceSizes is no width"),
    ("let c = {images: {deviceSizes: [640, 99999]}}", "1:38: '99999' in deviceSizes is no width"),
    ("let c = {images: {deviceSizes: [640]}, b: {deviceSizes: [1]}}", "1:57: deviceSizes is stated twice"),
    ("module.exports = {images: require('./images')}", "1:27: images is code"),
    (IMAGES, "1:37: images is code"),
]


@pytest.mark.parametrize(("config", "words"), MISTAKES)
def test_sizes_that_only_running_it_would_tell_are_a_mistake_with_its_place(
    config: str, words: str, tmp_path: Path, run: Any
) -> None:
    app(tmp_path, config=config)
    outcome = run("check", "next.config.js")
    assert outcome.code == 2
    assert f"next.config.js:{words}" in outcome.err or words.startswith("'"), outcome.err
    assert words in outcome.err


def test_an_app_that_names_no_picture_literally_is_told_what_to_promise(tmp_path: Path, run: Any) -> None:
    app(tmp_path, page="export default function Home() { return <img src='/hero.png' /> }")
    outcome = run("check", "next.config.js")
    assert outcome.code == 2
    assert "no <Image> below here names its picture literally" in outcome.err
    assert "{public/hero.jpg: {width: 1920..}}" in outcome.err


def test_a_configuration_is_known_by_its_name(tmp_path: Path) -> None:
    for name, known in {"next.config.mjs": True, "next.config.py": False, "my-next.config.js": False}.items():
        (tmp_path / name).write_text("export default {}")
        found = recognized(str(tmp_path / name))
        assert (found is not None and found.kind == "next-config") is known


@pytest.mark.parametrize("kind", ["a link to nothing", "more than are read"])
def test_a_component_that_is_not_read_is_told(
    kind: str, tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "next.config.js").write_text("module.exports = {images: {deviceSizes: [640, 3840]}}")
    (tmp_path / "app.js").write_text(
        "import Image from 'next/image'\nexport default () => <Image src='/a.png' fill />"
    )
    if kind == "a link to nothing":
        (tmp_path / "page.js").symlink_to("gone.js")
        said = "page.js:1:1: what it promises cannot be read"
    else:
        monkeypatch.setattr("verify4k.importers.next_config._MOST_FILES", 0)
        said = "app.js:1:1: there are more than 0 components below"
    outcome = run("check", "next.config.js")
    assert outcome.code == 2
    assert said in outcome.err

"""The documentation site: built strictly, complete, without a dead link, and seen by a browser."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urldefrag
from xml.etree import ElementTree as ET

import pytest
import yaml
from installed_tools import ROOT, script

from verify4k.importers import kinds
from verify4k.reporters import names
from verify4k.routes import kinds as routes
from verify4k.rules import all_rules

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BROWSER = next((path for one in ("chromium", "google-chrome", "chrome") if (path := shutil.which(one))), None)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site; any warning fails the build."""
    if importlib.util.find_spec("material") is None:
        pytest.skip("mkdocs-material is not installed")
    folder: Path = tmp_path_factory.mktemp("site")
    argv = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


class Seen(HTMLParser):
    """The links and names of one page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.names: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.names |= {value for key in ("id", "name") if (value := given.get(key))}
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))
        source = given.get("src") or (
            given.get("href") if tag == "link" and given.get("rel") != "canonical" else None
        )
        if source and not source.startswith("data:"):
            self.loaded.append(source)


def test_every_link_and_anchor_leads_somewhere_and_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    pages = {path: Seen(path.read_text("utf-8")) for path in site.rglob("*.html")}
    assert len(pages) > 100
    dead = []
    for path, seen in pages.items():
        for link in [*seen.links, *seen.loaded]:
            if re.match(r"[a-z]+:", link):
                if link in seen.loaded:
                    dead.append((path.name, link))
                continue
            target, anchor = urldefrag(link)
            there = (path.parent / unquote(target)).resolve() if target else path
            if path.name == "404.html":
                there = site / unquote(target).lstrip("/")
            there = there / "index.html" if there.is_dir() else there
            known = there.exists() and (
                not anchor or there not in pages or unquote(anchor) in pages[there].names
            )
            if not known and anchor != "__skip":
                dead.append((path.name, link))
    assert dead == []


@pytest.fixture(scope="module")
def reference() -> Any:
    """The script that writes generated pages."""
    return script("scripts/reference.py")


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("rules", list(all_rules())),
        ("reports", names()),
        ("routes", list(routes())),
        ("importers", list(kinds())),
    ],
)
def test_everything_that_there_is_has_its_page(folder: str, expected: list[str], site: Path) -> None:
    index = Seen((site / folder / "index.html").read_text("utf-8")).links
    for name in expected:
        assert name in Seen((site / folder / f"{name}.html").read_text("utf-8")).names
        assert f"{name}.html" in index


def test_every_page_is_reached_from_the_first_by_its_navigation(site: Path) -> None:
    [first] = [(site / "index.html").read_text("utf-8")]
    menu = {unquote(urldefrag(link)[0]) for link in Seen(first).links}
    for page in (path.relative_to(site) for path in site.rglob("*.html")):
        near = page.parent / "index.html"  # a folder's pages stand in its own menu
        inside = Seen((site / near).read_text("utf-8")).links if near.name and page.parent.name else []
        assert page.as_posix() in menu or page.name in inside or page.name in ("404.html", "explorer.html"), (
            page
        )


def test_the_generated_pages_are_current(reference: Any) -> None:
    made = reference.pages()
    for name, text in made.items():
        assert (ROOT / name).read_text("utf-8") == text, f"{name}: run: sh scripts/regenerate.sh"


def test_the_pictures_of_rules_say_and_show_what_their_examples_are(reference: Any) -> None:
    made = reference.drawings()
    for name, text in made.items():
        kept = (ROOT / name).read_text("utf-8")
        assert reference.rule_pictures.alike(kept, text), f"{name}: run: sh scripts/regenerate.sh"
        assert len(kept) < 64_000
        assert ET.fromstring(kept).tag.endswith("svg")  # noqa: S314 - our own file
    assert reference.strays({**reference.pages(), **made}) == []


def test_a_drawing_of_something_else_is_not_taken_for_the_same(reference: Any) -> None:
    size, alpha = (
        reference.rule_pictures.drawing(all_rules()[name]) for name in ("exact-size", "no-stray-alpha")
    )
    embedded = re.compile(r"data:image/png;base64,[^\"]+")
    other = embedded.search(alpha)
    assert other is not None
    assert reference.rule_pictures.alike(size, size)
    assert not reference.rule_pictures.alike(size, size.replace("half size", "half the size"))
    assert not reference.rule_pictures.alike(size, embedded.sub(other[0], size))


def test_every_link_of_readme_and_its_neighbours_leads_to_a_file() -> None:
    for page in ROOT.glob("*.md"):
        for link in re.findall(r"\]\((?!https?:|#)([^)\s#]+)", page.read_text("utf-8")):
            assert (ROOT / link).exists(), f"{page.name}: {link}"


def test_every_block_to_copy_is_well_formed() -> None:
    blocks = [
        (page.name, *block)
        for page in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md"))
        for block in re.findall(
            r"^```(yaml|json)\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL
        )
    ]
    assert len(blocks) > 20
    for name, language, text in blocks:
        try:
            read = yaml.safe_load(text) if language == "yaml" else json.loads(text)
        except (yaml.YAMLError, ValueError) as error:
            pytest.fail(f"{name}: {error}")
        jobs = read.get("jobs", {}) if isinstance(read, dict) else {}
        for job, said in jobs.items():
            assert "runs-on" in said, f"{name}: job {job} runs nowhere"


# -- in a browser -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="the package playwright is not installed")
    if BROWSER is None:
        pytest.skip("no Chromium is installed")
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "name",
    [
        "index.html",
        "tutorial.html",
        "howto/cdn.html",
        "manifest.html",
        "glossary.html",
        "rules/exact-size.html",
    ],
)
def test_axe_finds_nothing_serious(name: str, scheme: str, browser: Any, site: Path) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    page = browser.new_page(color_scheme=scheme)
    page.goto((site / name).as_uri())
    found = axe.Axe().run(page).response["violations"]
    serious = [each for each in found if each["impact"] in ("serious", "critical")]
    assert [(each["id"], [node["html"][:120] for node in each["nodes"][:3]]) for each in serious] == []
    page.close()


def test_search_works_from_files_without_a_server(browser: Any, site: Path) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((site / "howto" / "cdn.html").as_uri())
    page.click(".md-search__input")
    page.type(".md-search__input", "orientation")
    page.wait_for_selector(".md-search-result__link")
    assert "facts" in " ".join(
        page.eval_on_selector_all(".md-search-result__link", "all => all.map(a => a.href)")
    )
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    page.close()

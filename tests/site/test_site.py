"""The documentation site: built strictly, complete, without a dead link, and seen by a browser."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urldefrag

import pytest
from installed_tools import ROOT

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
    assert len(pages) > 25
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


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("rules.html", list(all_rules())),
        ("reports.html", names()),
        ("routes.html", list(routes())),
        ("importers.html", list(kinds())),
    ],
)
def test_everything_that_there_is_has_its_place(page: str, expected: list[str], site: Path) -> None:
    assert set(expected) <= Seen((site / page).read_text("utf-8")).names


def test_the_generated_pages_are_current() -> None:
    spec = importlib.util.spec_from_file_location("reference", ROOT / "scripts" / "reference.py")
    assert spec is not None
    assert spec.loader is not None
    reference = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reference)
    for name, text in reference.pages().items():
        assert (ROOT / name).read_text("utf-8") == text, "run: sh scripts/regenerate.sh"


def test_every_link_of_readme_and_its_neighbours_leads_to_a_file() -> None:
    for page in ROOT.glob("*.md"):
        for link in re.findall(r"\]\((?!https?:|#)([^)\s#]+)", page.read_text("utf-8")):
            assert (ROOT / link).exists(), f"{page.name}: {link}"


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
    "name", ["index.html", "tutorial.html", "howto/cdn.html", "manifest.html", "glossary.html"]
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

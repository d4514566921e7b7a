"""The page in a real browser: keyboard, filters, accessibility, and 5,000 assets at once."""

from __future__ import annotations

import io
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from reports import asset, finding, mixed, nasty, rendered, report, undecided

from verify4k.report import CloseUp

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BROWSER = next((path for one in ("chromium", "google-chrome", "chrome") if (path := shutil.which(one))), None)
playwright = pytest.importorskip(
    "playwright.sync_api", reason="the Python package playwright is not installed"
)
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context()
    context.set_default_timeout(0)
    context.add_init_script("window.released = 0; addEventListener('keyup', () => window.released++, true)")
    shown = context.new_page()
    shown.problems = []
    shown.on("console", lambda message: shown.problems.append(message.text))
    shown.on("pageerror", lambda error: shown.problems.append(str(error)))
    shown.on("request", lambda request: _only_ours(shown, request.url))
    shown.on("dialog", lambda dialog: shown.problems.append(dialog.message))
    yield shown
    assert shown.problems == []
    context.close()


def _only_ours(shown: Any, url: str) -> None:
    if not url.startswith(("file:", "data:image/webp;base64,")):
        shown.problems.append(url[:100])


def opened(page: Any, tmp_path: Path, what: Any) -> Any:
    (tmp_path / "report.html").write_text(rendered("html", what), encoding="utf-8")
    page.goto((tmp_path / "report.html").as_uri())
    return page


def wait_for(page: Any, truth: str) -> None:
    """Look at every frame until it is true. Not `wait_for_function`, whose second look our policy forbids."""
    page.evaluate(
        f"new Promise(done => {{ const look = () => ({truth}) ? done() : requestAnimationFrame(look); look() }})"
    )


def press(page: Any, key: str) -> None:
    """Press a key and wait until the page has seen it: the browser hands it over and does not wait."""
    before = page.evaluate("window.released")
    page.keyboard.press(key)
    wait_for(page, f"window.released > {before}")


def names(page: Any) -> list[str]:
    found: list[str] = page.eval_on_selector_all(
        "#assets > ol > li:not([hidden]) .name", "all => all.map(one => one.textContent)"
    )
    return found


def test_a_nasty_report_runs_nothing(page: Any, tmp_path: Path) -> None:
    opened(page, tmp_path, nasty(300))
    page.click("#unfold")
    assert page.evaluate("document.scripts.length") == 1


def test_verdict_buttons_and_number_keys_filter(page: Any, tmp_path: Path) -> None:
    opened(page, tmp_path, mixed())
    assert page.inner_text("#shown") == "5 assets"
    page.click("button[data-verdict=failed]")
    assert names(page) == ["dist/hero.png"]
    assert page.get_attribute("button[data-verdict=failed]", "aria-pressed") == "true"
    assert page.inner_text("#shown") == "1 of 5 assets"
    press(page, "3")
    assert names(page) == ["dist/scan.jxl"]
    press(page, "4")
    assert len(names(page)) == 3
    press(page, "1")
    assert len(names(page)) == 5


def test_rules_and_search_narrow_further_and_escape_clears(page: Any, tmp_path: Path) -> None:
    opened(page, tmp_path, mixed())
    page.select_option("#rule", "color")
    assert names(page) == ["dist/scan.jxl", "dist/old.png", "dist/meh.png"]
    press(page, "Escape")
    assert len(names(page)) == 5
    press(page, "/")
    page.keyboard.type("DECODER jpeg")
    wait_for(page, "document.querySelector('#shown').textContent.startsWith('1 of')")
    assert names(page) == ["dist/scan.jxl"]
    page.keyboard.type(" nowhere")
    page.wait_for_selector("#none", state="visible")
    press(page, "Escape")
    assert len(names(page)) == 5
    assert page.input_value("#query") == ""


def test_the_address_keeps_the_filters(page: Any, tmp_path: Path) -> None:
    opened(page, tmp_path, mixed())
    page.click("button[data-verdict=passed]")
    page.select_option("#rule", "color")
    assert page.url.endswith("#verdict=passed&rule=color")
    page.reload()
    assert names(page) == ["dist/old.png", "dist/meh.png"]
    page.goto(page.url.partition("#")[0] + "#verdict=nonsense&rule=nothing&search=hero")
    page.reload()
    assert names(page) == ["dist/hero.png"]


def test_everything_works_by_keyboard(page: Any, tmp_path: Path) -> None:
    opened(page, tmp_path, mixed())
    focused = "document.activeElement.querySelector('.name')?.textContent"
    press(page, "j")
    assert page.evaluate(focused) == "dist/hero.png"
    press(page, "j")
    press(page, "j")
    assert page.evaluate(focused) == "dist/fine.png"
    press(page, "k")
    assert page.evaluate(focused) == "dist/scan.jxl"
    press(page, "k")
    press(page, "k")
    press(page, "Enter")
    assert page.is_visible("text=produce it again at the promised size")
    press(page, "Enter")
    assert not page.is_visible("text=produce it again at the promised size")
    press(page, "?")
    assert page.is_visible("#help")
    press(page, "Escape")
    assert not page.is_visible("#help")


def test_a_link_opens_the_page_of_its_rule(page: Any, tmp_path: Path) -> None:
    page.set_viewport_size({"width": 800, "height": 200})  # so low that the page has to scroll
    opened(page, tmp_path, mixed())
    page.click("#unfold")
    page.click("a[href='#rule-exact-size'] >> nth=0")
    assert page.is_visible("#rule-exact-size .page")
    top = "document.querySelector('#rule-exact-size summary').getBoundingClientRect().top"
    bar = "document.querySelector('.bar').getBoundingClientRect().bottom"
    assert page.evaluate(f"{top} >= {bar}"), "the bar hides the rule's name"


def test_without_scripts_everything_is_there(browser: Any, tmp_path: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    shown = opened(context.new_page(), tmp_path, mixed())
    for one in mixed().assets:
        assert shown.is_visible(f"text={one.target} >> nth=0")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(browser: Any, tmp_path: Path, scheme: str, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 800}, bypass_csp=True
    )
    shown = opened(context.new_page(), tmp_path, many(12))
    shown.click("#unfold")
    result = axe.run(shown)
    assert result.violations_count == 0, result.generate_report()
    shown.click("#keys")
    assert axe.run(shown).violations_count == 0
    context.close()


@pytest.mark.parametrize("width", [1280, 320])
def test_nothing_is_wider_than_the_window(page: Any, tmp_path: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    opened(page, tmp_path, nasty(60))
    page.click("#unfold")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("width", "level"), [(1280, True), (390, False)])
def test_a_crop_and_its_round_trip_are_loaded_and_side_by_side_where_there_is_room(
    page: Any, tmp_path: Path, width: int, level: bool
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    opened(page, tmp_path, many(1))
    page.click("#unfold")
    wait_for(
        page,
        "[...document.querySelectorAll('.sides img')].filter(one => one.naturalWidth === 160).length === 2",
    )
    left, right = (one.bounding_box() for one in page.query_selector_all(".sides img"))
    assert (left["y"] == right["y"]) is level
    assert left["width"] == right["width"] == pytest.approx(320, abs=30)
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.sides img')).imageRendering") == "pixelated"
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_five_thousand_assets_are_laid_out_where_they_are_looked_at(page: Any, tmp_path: Path) -> None:
    def layouts() -> float:
        counted = {each["name"]: each["value"] for each in devtools.send("Performance.getMetrics")["metrics"]}
        return float(counted["LayoutCount"])

    def drawn() -> int:
        """Chunks of rows that the browser has laid out; the others it skips."""
        number: int = page.evaluate(
            "[...document.querySelectorAll('#assets > ol')].filter(one =>"
            " one.firstElementChild.checkVisibility({contentVisibilityAuto: true})).length"
        )
        return number

    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable")
    opened(page, tmp_path, many(5_000))
    assert page.evaluate("document.querySelectorAll('#assets > ol').length") == 50
    assert drawn() <= 3
    before = layouts()
    press(page, "2")
    assert page.inner_text("#shown") == "556 of 5,000 assets"
    assert layouts() - before < 20  # not one for each row
    press(page, "1")
    wait_for(page, "document.querySelector('.thumb img').naturalWidth > 0")


def many(number: int) -> Any:
    """Assets with pictures, some failed with evidence, some undecided."""
    picture = thumbnail()
    grid = {
        "draw": "grid",
        "columns": 16,
        "values": [index % 5 / 4 for index in range(144)],
        "label": "where",
    }
    assets, findings, open_ = [], [], []
    for index in range(number):
        target = f"dist/picture-{index:04}.png"
        verdict = "failed" if index % 9 == 0 else "undecided" if index % 31 == 0 else "passed"
        if verdict == "failed":
            findings.append(finding(target, evidence=grid if index % 2 else {"crop": [0, 0, 160, 90]}))
        if verdict == "undecided":
            open_.append(undecided(target))
        own = picture + index.to_bytes(4, "big")
        both = CloseUp(own, own, (0, 0, 160, 90), (80, 45), 30.0) if verdict == "failed" else None
        assets.append(asset(target, verdict, thumbnail=own, close_up=both))  # type: ignore[arg-type]
    return report(tuple(assets), tuple(findings), tuple(open_), (), ("a note",))


def thumbnail() -> bytes:
    """A picture of about 3 KB."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.effect_noise((160, 90), 25).save(buffer, "WEBP", quality=60)
    return buffer.getvalue()

"""The size explorer and its JavaScript: the Python's answers on 10,000 sizes, and the page in a browser."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from installed_tools import ROOT, script, tool

from verify4k.contract.data import MODELS
from verify4k.contract.validate import validate_size
from verify4k.formats.facts import Size

if TYPE_CHECKING:
    from collections.abc import Iterator

MODULE = ROOT / "docs" / "verify4k-sizes.mjs"
PAGE = ROOT / "docs" / "explorer.html"
ASK = """
import { check } from %r;
const lines = (await new Response(process.stdin).text()).trim().split("\\n");
for (const line of lines) console.log(JSON.stringify(check(...JSON.parse(line))));
"""
BROWSER = next((path for one in ("chromium", "google-chrome", "chrome") if (path := shutil.which(one))), None)


def _generator() -> Any:
    return script("scripts/explorer.py")


def test_the_module_and_the_page_are_those_of_the_models() -> None:
    generator = _generator()
    assert MODULE.read_text("utf-8") == generator.module(), "run: sh scripts/regenerate.sh"
    assert PAGE.read_text("utf-8") == generator.page(), "run: sh scripts/regenerate.sh"


PARTS = 10


def _sizes() -> Iterator[tuple[int, int, str]]:
    """10,000 sizes: everything near a border, then anything; every model is asked."""
    grids = [name for name, model in MODELS.items() if model.grid is not None]
    fixed = [name for name, model in MODELS.items() if model.grid is None]
    borders = (1, 15, 16, 17, 50, 640, 1024, 1023, 1280, 2160, 2170, 3839, 3840, 3841, 3856, 4096, 9999)
    yield from ((wide, high, grids[0]) for wide in borders for high in borders)
    chance = random.Random(4)
    for number in range(10_000 - len(borders) ** 2):
        wide, high = chance.randint(1, 6000), chance.randint(1, 6000)
        if number % 3 == 0:
            wide, high = wide // 16 * 16 + 16, high // 16 * 16 + 16
        if number % 10 == 0:
            wide = high * chance.choice((1, 2, 3, 25)) // chance.choice((1, 8, 4))
            wide = wide or 1
        yield wide, high, chance.choice(fixed if number % 5 == 0 else grids)


def _answer(width: int, height: int, model: str) -> dict[str, Any]:
    verdict = validate_size(Size(width, height), model, today="2000-01-01")
    return {
        "legal": verdict.legal,
        "objections": [one._asdict() for one in verdict.objections],
        "experimental": bool(verdict.experimental),
        "nearest": [
            {"width": one.size.width, "height": one.size.height, "kinds": list(one.kinds)}
            for one in verdict.nearest
        ],
        "presets": list(verdict.presets),
    }


def _part(part: int) -> list[tuple[int, int, str]]:
    return list(islice(_sizes(), part * 1_000, (part + 1) * 1_000))


def print_answers(part: int) -> None:
    """Print what Python says of a tenth of the sizes, one JSON object a line."""
    for asked in _part(part):
        print(json.dumps(_answer(*asked)))


def test_there_are_10_000_sizes_to_compare() -> None:
    assert len(list(_sizes())) == 10_000


@pytest.mark.parametrize("part", range(PARTS))
def test_javascript_says_what_python_says_on_10_000_sizes(part: int) -> None:
    node = tool("node")
    asked = _part(part)
    script = ASK % MODULE.as_uri()
    given = "\n".join(map(json.dumps, asked))
    done = subprocess.run(
        [node, "--input-type=module", "--eval", script],
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    answers = f"import test_explorer as t; t.print_answers({part})"  # three times as fast unmeasured
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    ours = subprocess.run(
        [sys.executable, "-c", answers],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout.splitlines()
    differing = [
        (one, said) for one, said, our in zip(asked, told, ours, strict=True) if said != json.loads(our)
    ]
    assert differing[:3] == []
    assert 50 < sum(said["legal"] for said in told) < 950


@pytest.mark.parametrize("call", ["check(0, 5)", "check(5.5, 5)", "check('5', 5)", "check(5, 5, 'toString')"])
def test_javascript_refuses_what_is_no_size_and_no_model(call: str) -> None:
    script = (
        f"import {{ check }} from {MODULE.as_uri()!r}; try {{ {call}; }} catch (e) {{ console.log(e.name); }}"
    )
    argv = [tool("node"), "--input-type=module", "--eval", script]
    assert subprocess.run(argv, capture_output=True, text=True, check=True).stdout == "RangeError\n"


# -- the page -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="the package playwright is not installed")
    if BROWSER is None:
        pytest.skip("no Chromium is installed")
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    shown = browser.new_page()
    problems: list[str] = []
    shown.on("console", lambda message: problems.append(message.text))
    shown.on("pageerror", lambda error: problems.append(str(error)))
    shown.on(
        "request", lambda request: None if request.url.startswith("file:") else problems.append(request.url)
    )
    shown.goto(PAGE.as_uri())
    yield shown
    assert problems == []
    shown.close()


def test_a_broken_size_names_its_rules_and_snaps_to_the_nearest(page: Any) -> None:
    assert page.inner_text("#verdict") == "3840x2170 cannot be asked for"
    assert [item.split(":")[0] for item in page.locator("#objections li").all_inner_texts()] == [
        "grid",
        "max-pixels",
    ]
    page.click("#instead button:has-text('nearest')")
    assert page.inner_text("#verdict") == "3840x2160 can be asked for"
    assert page.input_value("#height") == "2160"
    assert "4k-landscape" in page.inner_text("#names")
    assert "experimental" in page.inner_text("#facts")
    assert page.inner_text("#command") == "verify4k size 3840x2160 --model gpt-image-2"


def test_every_model_draws_what_it_accepts(page: Any) -> None:
    for name, model in MODELS.items():
        page.select_option("#model", name)
        drawn = page.locator("#drawing path.legal").count(), page.locator("#drawing circle[r='7']").count()
        assert drawn == ((1, 0) if model.grid is not None else (0, len(model.fixed)))
        assert ("shut down" in page.inner_text("#facts")) is bool(model.retires)


def test_a_click_chooses_what_lies_there_and_keys_do_too(page: Any) -> None:
    box = page.locator("#plane").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert abs(int(page.input_value("#width")) - 2048) < 20
    assert abs(int(page.input_value("#height")) - 2048) < 20
    page.fill("#width", "100")
    page.press("#width", "ArrowUp")
    assert "101x" in page.inner_text("#verdict")
    page.fill("#width", "")
    assert "whole number" in page.inner_text("#verdict")
    page.select_option("#preset", index=1)
    assert page.locator("#names li").count() >= 1


def test_a_link_opens_the_size_that_it_names_and_nothing_foreign(browser: Any) -> None:
    page = browser.new_page()
    page.goto(PAGE.as_uri() + "#1280x720,gpt-image-2")
    assert page.inner_text("#verdict").startswith("1280x720 can")
    page.goto("about:blank")
    page.goto(PAGE.as_uri() + "#<img src=x onerror=alert(1)>,toString")
    assert page.inner_text("#verdict").startswith("3840x2170")
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(browser: Any, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    page = browser.new_page(color_scheme=scheme)
    page.goto(PAGE.as_uri())
    found = axe.Axe().run(page).response["violations"]
    assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []
    page.close()

"""What rules say where a promise is just broken, and that they say nothing where it is just kept."""

from __future__ import annotations

import pytest
from one_rule import Told, header_of, promised, told
from pictures import drawn, gradient, p3, save

from verify4k.errors import ManifestError

PLAIN, GAIN_MAP, PQ = drawn("plain"), drawn("gain-map", name="a.jpg"), drawn("pq")
SIZE = len(PLAIN)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (f"{SIZE}", None),
        (f"{SIZE + 1}", None),  # a bare number is a maximum
        (f"{SIZE - 1}", ("the file is too large", f"at most {SIZE - 1} bytes")),
        (f"{SIZE}..{SIZE}", None),
        (f"{{min: {SIZE}}}", None),
        (f"{{min: {SIZE + 1}}}", ("the file is too small", f"at least {SIZE + 1} bytes")),
        (f"{{min: {SIZE + 1}, max: 2MB}}", ("the file is too small", f"at least {SIZE + 1} bytes")),
        (f"{{min: 1, max: {SIZE - 1}}}", ("the file is too large", f"at most {SIZE - 1} bytes")),
        ("{min: 1MB, max: 1000000}", ("the file is too small", "at least 1,000,000 bytes")),
    ],
)
def test_a_budget_is_missed_by_a_byte(entry: str, said: tuple[str, str] | None) -> None:
    wanted = [] if said is None else [(*said, f"{SIZE} bytes")]
    assert told("byte-budget", f"{{bytes: {entry}}}", PLAIN) == wanted


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("{bytes: {}}", "a byte budget needs a min or a max"),
        ("{bytes: {min: 1000001, max: 1MB}}", "the byte budget is empty: min is larger than max"),
        (f"{{sha256: {'0' * 63}}}", "is no SHA-256"),
        (f"{{sha256: {'0' * 65}}}", "is no SHA-256"),
        (f"{{md5: {'g' * 32}}}", "is no MD5"),
        (f"{{md5: {'-' * 32}}}", "is no MD5"),
        ("{shortest: 65.., longest: ..64}", "the shortest edge is to be longer (65) than the longest (64)"),
    ],
)
def test_a_promise_that_nothing_can_keep_is_a_mistake(entry: str, words: str) -> None:
    with pytest.raises(ManifestError) as caught:
        promised("byte-budget", entry, PLAIN)
    assert [mistake.message.endswith(words) for mistake in caught.value.mistakes] == [True]


CUT = "100 bytes that are no ICC profile"
NOT_SRGB, NO_SRGB = "the colours are not declared as sRGB", "the colours are declared to be no sRGB"
DROPPED = "the ICC profile is broken: viewers drop it (warning)"
WIDE = "no profile, declared as BT.2020, PQ"
PROFILES = {
    "none": PLAIN,
    "wide": save(gradient(64, 36), "a.png", icc_profile=p3()),
    "cut": save(gradient(64, 36), "a.png", icc_profile=p3()[:100]),
    "declared": PQ,
}


@pytest.mark.parametrize(
    ("profile", "entry", "said"),
    [
        ("none", "{}", []),
        ("none", "{icc: any}", []),
        ("none", "{icc: forbidden}", []),
        ("none", "{icc: sRGB}", []),
        ("wide", "{}", []),
        ("wide", "{icc: any}", []),
        ("wide", "{icc: present}", []),
        ("wide", "{icc: SRGB BUILT}", []),  # its name, which is no promise of its colours
        ("wide", "{icc: sRGB}", [(NOT_SRGB, "sRGB", "profile 'sRGB built-in'")]),
        ("wide", "{icc: Adobe}", [("the ICC profile differs", "ICC Adobe", "profile 'sRGB built-in'")]),
        ("cut", "{}", [(DROPPED, "a sound profile", CUT)]),
        ("cut", "{icc: any}", [(DROPPED, "a sound profile", CUT)]),
        ("cut", "{icc: present}", [("the ICC profile is broken", "ICC present", CUT)]),
        ("cut", "{icc: forbidden}", [("an ICC profile is embedded", "no ICC profile", CUT)]),
        ("cut", "{icc: srgb}", [(NOT_SRGB, "sRGB", CUT)]),
        ("declared", "{}", []),
        ("declared", "{icc: forbidden}", [(NO_SRGB, "sRGB", "BT.2020, PQ")]),
        ("declared", "{icc: srgb}", [(NOT_SRGB, "sRGB", WIDE)]),
        ("declared", "{icc: present}", [("no ICC profile is embedded", "ICC present", WIDE)]),
        ("none", "{mode: [gray, cmyk]}", [("the colour mode differs", "gray or cmyk", "rgb")]),
        ("none", "{mode: [gray, rgb]}", []),
        ("none", "{bit-depth: 9..}", [("the bit depth differs", "9.. bits", "8 bits")]),
        ("none", "{bit-depth: ..7}", [("the bit depth differs", "..7 bits", "8 bits")]),
        ("none", "{bit-depth: 8..16}", []),
    ],
)
def test_what_is_said_of_colours(profile: str, entry: str, said: list[Told]) -> None:
    assert told("color", entry, PROFILES[profile]) == said


@pytest.mark.parametrize(
    ("data", "gain_map", "hdr"),
    [(GAIN_MAP, True, "a gain map"), (PQ, False, "BT.2020, PQ"), (PLAIN, False, "")],
    ids=["gain map", "PQ", "plain"],
)
def test_what_brightens_a_screen_is_there_or_is_not(data: bytes, gain_map: bool, hdr: str) -> None:
    def said(entry: str) -> list[Told]:
        return told("dynamic-range", entry, data, "a.jpg" if gain_map else "a.png")

    stray, lost = (
        ("there is a gain map", "no gain map", "a gain map"),
        ("the gain map is missing", "a gain map", "none"),
    )
    assert said("{gain-map: forbidden}") == ([stray] if gain_map else [])
    assert said("{gain-map: required}") == ([] if gain_map else [lost])
    assert said("{hdr: forbidden}") == ([("the picture is HDR", "SDR", hdr)] if hdr else [])
    assert said("{hdr: required}") == (
        [] if hdr else [("the picture is not HDR", "PQ, HLG or a gain map", "SDR")]
    )
    assert said("{gain-map: allowed, hdr: allowed}") == []


def pages(count: int) -> bytes:
    others = [gradient(8 + number, 9) for number in range(1, count)]
    return save(gradient(64, 36), "a.tif", save_all=True, append_images=others)


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, ""),
        (2, "page 2: 9x9"),
        (6, "page 2: 9x9, page 3: 10x9, page 4: 11x9, page 5: 12x9, page 6: 13x9"),
        (7, "page 2: 9x9, page 3: 10x9, page 4: 11x9, page 5: 12x9, page 6: 13x9 and 1 more"),
        (8, "page 2: 9x9, page 3: 10x9, page 4: 11x9, page 5: 12x9, page 6: 13x9 and 2 more"),
    ],
)
def test_five_strange_pages_are_named(count: int, said: str) -> None:
    wanted = [("a page has another size", "64x36 or 70x36", said)] if said else []
    found = told("right-contents", "{sizes: [64x36, 70x36]}", pages(count), "a.tif")
    assert found == [*wanted, ("a picture is missing in the file", "70x36", ", ".join(("64x36", *(f"{8 + n}x9" for n in range(1, count)))))]  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "count", "said"),
    [
        ("1", 1, None),
        ("1", 2, ("one page", "2 pages")),
        ("2..3", 1, ("2..3 pages", "one page")),
        ("2..3", 2, None),
        ("2..3", 3, None),
        ("2..3", 4, ("2..3 pages", "4 pages")),
    ],
)
def test_pages_are_counted(entry: str, count: int, said: tuple[str, str] | None) -> None:
    wanted = [] if said is None else [("the number of pages differs", *said)]
    assert told("right-contents", f"{{pages: {entry}}}", pages(count), "a.tif") == wanted
    if count == 1:  # what is no TIFF has one page
        assert told("right-contents", f"{{pages: {entry}}}", PLAIN) == wanted


def playing(*times: int, again: int = 3) -> bytes:
    first, *others = [gradient(64, 36, 9 * index) for index in range(len(times))]
    return save(first, "a.gif", save_all=True, append_images=others, duration=list(times), loop=again)


FRAMES, TIMES, ROUND, PLAYS = (
    "the number of frames differs",
    "a frame is shown too short or too long",
    "one round takes too short or too long",
    "it plays another number of times",
)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("{frames: 1}", (FRAMES, "one frame", "2 frames")),
        ("{frames: 2}", None),
        ("{frames: 3..}", (FRAMES, "3.. frames", "2 frames")),
        ("{frame-time: 100ms..200ms}", None),
        ("{frame-time: 101ms..}", (TIMES, "at least 101 ms", "100 to 200 ms")),
        ("{frame-time: ..199ms}", (TIMES, "at most 199 ms", "100 to 200 ms")),
        ("{duration: 0.3s}", None),
        ("{duration: ..299ms}", (ROUND, "at most 299 ms", "300 ms")),
        ("{duration: 301ms..}", (ROUND, "at least 301 ms", "300 ms")),
        ("{duration: 2s..}", (ROUND, "at least 2,000 ms", "300 ms")),
        ("{loop: 4}", None),
        ("{loop: 3}", (PLAYS, "3 times", "4 times")),
        ("{loop: once}", (PLAYS, "once", "4 times")),
        ("{loop: forever}", (PLAYS, "forever", "4 times")),
    ],
)
def test_a_frame_more_and_a_millisecond_are_told(entry: str, said: Told | None) -> None:
    assert told("right-timing", entry, playing(100, 200), "a.gif") == ([] if said is None else [said])


def test_what_does_not_move_has_a_frame_and_no_times() -> None:
    assert told("right-timing", "{frames: 2..}", PLAIN) == [(FRAMES, "2.. frames", "one frame")]
    assert told("right-timing", "{frames: 1, duration: 5s.., loop: once}", PLAIN) == []


PAPER, SHAPE, NAMED = "too few pixels for the paper", "the shape is not the paper's", "the density differs"


@pytest.mark.parametrize(
    ("entry", "size", "said"),
    [
        ("{print: 1x1in}", (300, 300), []),
        ("{print: 1x1in}", (299, 299), [(PAPER, "300 dpi at 1x1in", "299 dpi (299x299)")]),
        ("{print: 1x1in}", (300, 299), [(PAPER, "300 dpi at 1x1in", "299 dpi (300x299)")]),
        ("{print: 1x1in}", (299, 300), [(PAPER, "300 dpi at 1x1in", "299 dpi (299x300)")]),
        ("{print: 1x1in}", (303, 300), []),
        ("{print: 1x1in}", (304, 300), [(SHAPE, "1x1in", "304x300")]),
        ("{print: 1x1in}", (300, 303), []),
        ("{print: 1x1in}", (300, 304), [(SHAPE, "1x1in", "300x304")]),
        ("{print: 2x1in}", (600, 300), []),
        ("{print: 1x2in}", (300, 600), []),
        ("{print: 1.001x1.001in}", (300, 300), []),  # short by less than half a pixel
        ("{print: 1.002x1.002in}", (300, 300), [(PAPER, "300 dpi at 1.002x1.002in", "299.4 dpi (300x300)")]),
        ("{dpi: ..150, print: 1x1in}", (299, 299), [(PAPER, "300 dpi at 1x1in", "299 dpi (299x299)")]),
    ],
)
def test_paper_needs_its_pixels_on_both_axes(entry: str, size: tuple[int, int], said: list[Told]) -> None:
    assert told("right-density", entry, header_of(*size), depth="header") == said


EXCHANGE, COMPOSE = "exchange the paper's edges", "crop or compose it"


@pytest.mark.parametrize(
    ("entry", "size", "fix"),
    [
        ("{print: 1x2in, turned: allowed}", (600, 300), ""),
        ("{print: 1x2in, turned: allowed}", (300, 600), ""),
        ("{print: 2x1in, turned: allowed}", (300, 600), ""),
        ("{print: 1x2in, turned: allowed}", (599, 300), "produce it with more pixels"),
        ("{print: 1x2in, turned: forbidden}", (600, 300), EXCHANGE),
        ("{print: 1x2in}", (605, 300), EXCHANGE),
        ("{print: 1x2in}", (609, 300), COMPOSE),
        ("{print: 1x2in, turned: allowed}", (600, 200), COMPOSE),
    ],
)
def test_paper_lies_on_its_side_where_that_is_allowed(entry: str, size: tuple[int, int], fix: str) -> None:
    found = promised("right-density", entry, header_of(*size), depth="header")
    assert [one.fix.startswith(fix) for one in found] == ([True] if fix else [])


@pytest.mark.parametrize(
    ("entry", "meant"),
    [
        ("{}", False),
        ("{frames: 1}", False),
        ("{frames: ..1}", False),
        ("{frames: 1..2}", True),
        ("{frames: 3..}", True),
        ("{frame-time: 20ms..}", True),
        ("{duration: ..1s}", True),
        ("{loop: forever}", True),
        ("{loop: once}", True),
        ("{frames: 2, animation: forbidden}", False),
    ],
)
def test_who_says_how_it_plays_has_meant_no_still(entry: str, meant: bool) -> None:
    told_so = ("the picture is animated", "one frame", "2 frames")
    found = promised("still", entry, playing(100, 200), "a.gif")
    assert [(one.message, one.expected, one.actual) for one in found] == ([] if meant else [told_so])


@pytest.mark.parametrize(
    ("entry", "dpi", "said"),
    [
        ("72", (72, 72), ""),
        ("72.05..", (72, 72), ""),  # written as 72.009: pHYs counts whole pixels a metre
        ("72.06..", (72, 72), "72.01 dpi (pHYs)"),
        ("..71.96", (72, 72), ""),
        ("..71.95", (72, 72), "72.01 dpi (pHYs)"),
        ("72..144", (72, 144), ""),
        ("100..", (72, 144), "72.01x144 dpi (pHYs)"),
        ("..100", (72, 144), "72.01x144 dpi (pHYs)"),
    ],
)
def test_both_densities_lie_inside(entry: str, dpi: tuple[int, int], said: str) -> None:
    found = told("right-density", f"{{dpi: {entry}}}", save(gradient(64, 36), "a.png", dpi=dpi))
    assert [(message, actual) for message, _, actual in found] == ([(NAMED, said)] if said else [])


def test_fewer_dots_need_fewer_pixels() -> None:
    data = save(gradient(150, 150), "a.png", dpi=(150, 150))
    assert told("right-density", "{dpi: 150.., print: 1x1in}", data) == []
    short = save(gradient(149, 149), "a.png", dpi=(150, 150))
    assert told("right-density", "{dpi: 150.., print: 1x1in}", short) == [
        (PAPER, "150 dpi at 1x1in", "149 dpi (149x149)")
    ]

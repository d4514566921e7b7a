"""SVG: what the drawing declares, whether it is well-formed; nothing is rendered or fetched."""

from __future__ import annotations

import pytest
from judging import header_of, verdict, walk_of

from verify4k.artifacts.content import Content
from verify4k.errors import BeyondDepth, CannotRead, LimitHit
from verify4k.files.source import FileSource
from verify4k.formats.facts import Size

NS = 'xmlns="http://www.w3.org/2000/svg"'


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="24" height="16"', (24, 16)),
        ("width='24px' height='16.4px'", (24, 16)),
        ('viewBox="0 0 24 16"', (24, 16)),
        ('viewBox="-5,-5,24,16"', (24, 16)),
        ('width="48" viewBox="0 0 24 16"', (48, 32)),
        ('height="48" viewBox="0 0 24 16"', (72, 48)),
        ('width="100%" height="100%" viewBox="0 0 24 16"', (24, 16)),
        ('width="2em" height="3vw" viewBox="0 0 24 16"', (24, 16)),
        ('width="1in" height="25.4mm"', (96, 96)),
        ('width="210mm" height="297mm" viewBox="0 0 210 297"', (794, 1123)),
        ('width="72pt" height="6pc"', (96, 96)),
        ('width="1e2" height="1.5E2"', (100, 150)),
        ('data-width="7" stroke-width="3" width="24" height="16"', (24, 16)),
        ('width="0.2" height="0.4"', (1, 1)),
    ],
)
def test_the_size_is_what_the_outermost_element_declares(attributes: str, size: tuple[int, int]) -> None:
    data = f'<?xml version="1.0"?>\n<!-- width="9" -->\n<svg {NS} {attributes}><rect width="7"/></svg>'
    assert header_of(data.encode()).displayed == Size(*size)
    assert walk_of(data.encode()).damage == ()


@pytest.mark.parametrize(
    ("attributes", "size", "words"),
    [
        ("", (300, 150), "declares no width and height and no viewBox: browsers show it at 300x150"),
        ('width="100%" height="100%"', (300, 150), "no width and height and no viewBox"),
        ('viewBox="0 0 0 0"', (300, 150), "no width and height and no viewBox"),
        ('viewBox="a b c d"', (300, 150), "no width and height and no viewBox"),
        ('width="24"', (24, 150), "declares no height and no viewBox: browsers show it at 24x150"),
        ('height="24"', (300, 24), "declares no width and no viewBox: browsers show it at 300x24"),
        ('width="0" height="0"', (1, 1), "an edge of 0 pixels: nothing of it is shown"),
    ],
)
def test_a_drawing_without_a_size_has_the_one_that_browsers_choose(
    attributes: str, size: tuple[int, int], words: str
) -> None:
    header = header_of(f"<svg {NS} {attributes}/>".encode())
    assert header.displayed == Size(*size)
    assert words in header.unsized


def test_a_size_behind_a_value_that_holds_a_bracket_is_declared() -> None:
    header = header_of(f"""<svg {NS} aria-label="a > b" title='>' viewBox="0 0 24 16"/>""".encode())
    assert (header.displayed, header.unsized) == (Size(24, 16), "")


def test_a_drawing_of_more_pixels_than_anything_has_is_undecided() -> None:
    with pytest.raises(CannotRead, match="an edge of more than 10000000 pixels"):
        header_of(f'<svg {NS} width="20000000" height="5"/>'.encode())


@pytest.mark.parametrize("encoding", ["klingon", "shift_jis", "zip", "punycode", "idna"])
def test_an_encoding_that_nobody_here_reads_is_no_damage(encoding: str) -> None:
    data = f'<?xml version="1.0" encoding="{encoding}"?>\n<svg {NS} viewBox="0 0 8 8"/>'.encode()
    with pytest.raises(CannotRead, match="encoding"):
        walk_of(data)


def test_utf_16_and_other_encodings_are_read() -> None:
    text = f'<svg {NS} width="24" height="16"><text>é</text></svg>'
    assert header_of(text.encode("utf-16")).displayed == Size(24, 16)
    assert verdict(text.encode("utf-16")) == "undecided"
    latin = f'<?xml version="1.0" encoding="ISO-8859-1"?>{text}'.encode("latin-1")
    assert walk_of(latin).damage == ()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (f'<svg {NS} viewBox="0 0 1 1"><path></svg>', "mismatched tag"),
        (f'<svg {NS} viewBox="0 0 1 1"><path/>', "no element found"),
        (f'<svg {NS} viewBox="0 0 1 1"/><svg/>', "junk after document element"),
        ('<svg viewBox="0 0 1 1"><b/></svg>&', "syntax error|junk|not well-formed"),
        (f'<svg {NS} viewBox="0 0 1 1"><use xlink:href="#a"/></svg>', "unbound prefix"),
    ],
)
def test_xml_that_is_not_well_formed_is_damage(data: str, words: str) -> None:
    (sentence,) = walk_of(data.encode()).damage
    assert sentence.startswith("the XML is not well-formed (line 1, column ")
    assert any(word in sentence for word in words.split("|"))


def test_a_drawing_outside_the_namespace_is_shown_by_some_alone() -> None:
    assert walk_of(f'<svg {NS} viewBox="0 0 1 1"/>'.encode()).disagreements == ()
    assert (
        walk_of(f'<s:svg {NS.replace("xmlns", "xmlns:s")} viewBox="0 0 1 1"/>'.encode()).disagreements == ()
    )
    (sentence,) = walk_of(b'<svg viewBox="0 0 1 1"/>').disagreements
    assert "browsers show nothing" in sentence


def test_entities_of_drawing_programs_are_fine_and_bombs_are_stopped() -> None:
    honest = f'<!DOCTYPE svg [<!ENTITY ns "http://x/">\n]>\n<svg {NS} xmlns:i="&ns;" viewBox="0 0 4 4"/>'
    assert walk_of(honest.encode()).damage == ()
    levels = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    bomb = f'<!DOCTYPE svg [<!ENTITY l0 "{"lol" * 9}">{levels}]>\n<svg {NS} viewBox="0 0 4 4">&l9;</svg>'
    with pytest.raises(LimitHit, match="grow without bounds"):
        walk_of(bomb.encode())


def test_nothing_outside_the_file_is_read(tmp_path: object) -> None:
    data = f'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<svg {NS} viewBox="0 0 4 4"><t>&x;</t></svg>'
    assert walk_of(data.encode()).damage == ()


def test_a_drawing_is_intact_without_pixels(tmp_path: object) -> None:
    path = f"{tmp_path}/a.svg"
    with open(path, "w") as file:
        file.write(f'<svg {NS} viewBox="0 0 4 4"/>')
    with_facts = Content(FileSource(path))
    assert with_facts.damage == ()
    with pytest.raises(BeyondDepth, match="no pixels before it is rendered"):
        with_facts.pixels  # noqa: B018

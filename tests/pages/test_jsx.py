"""Tags of next/image in components, and text that is none."""

from __future__ import annotations

import pytest

from verify4k.pages.jsx import image_tags

HEAD = 'import Image from "next/image"\n'


def sources(text: str) -> list[str]:
    return [tag.src for tag in image_tags(HEAD + text, "x.tsx")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('<Image src="/a.png" /><Image src="/b.png"/>', ["/a.png", "/b.png"]),
        ('<Image src="/a.png" icon={<Image src="/b.png" />} />', ["/a.png"]),
        ('<Image {...props} src="/a.png" /><Image src="/b.png" />', ["/b.png"]),
        ('<Image src="/a.png" {...props} /><Image src="/b.png" />', ["/b.png"]),
        ('<Image src="/a.png', []),
        ('<Images src="/a.png" />', []),
    ],
)
def test_a_tag_says_what_stands_in_it(text: str, found: list[str]) -> None:
    assert sources(text) == found


def test_hostile_text_ends() -> None:
    """Each of these took minutes where every tag was read to the text's end."""
    for piece in ('<Image src="', "<Image a={", "<Image {", '<Image a="b" />', "import A, {", "/*"):
        assert sources(piece * 5_000) == []
    assert list(image_tags("import {default as " * 5_000 + "next/image", "x.tsx")) == []

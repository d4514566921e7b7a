"""What an option's value may be: borders of numbers, ranges and amounts, and words for what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from verify4k.documents.yaml import read_yaml
from verify4k.errors import ManifestError
from verify4k.options.kinds import (
    Context,
    Kind,
    Options,
    Range,
    boolean,
    bytes_from,
    choice,
    describe,
    integer,
    option,
    pixel_range,
    scalar,
    shown,
    text,
)
from verify4k.options.lists import list_of
from verify4k.options.reading import read_declared, schema_of
from verify4k.options.unknown import fields

if TYPE_CHECKING:
    from verify4k.documents.nodes import Node

NAMELESS = Context({})


def node(written: str) -> Node:
    return read_yaml(written, "m.yaml")


def read(kind: Kind[Any], written: str) -> Any:
    return kind.parse(node(written), NAMELESS)


def refused(kind: Kind[Any], written: str) -> tuple[str, str]:
    """Message and hint of the one mistake."""
    with pytest.raises(ManifestError) as caught:
        read(kind, written)
    [mistake] = caught.value.mistakes
    return mistake.message, mistake.hint


PIXELS = "a number of pixels or a range like 48..512"


@pytest.mark.parametrize(
    ("kind", "written", "message", "hint"),
    [
        (integer(1, 8), "0", "expected a whole number from 1 to 8, found 0", ""),
        (integer(1, 8), "9", "expected a whole number from 1 to 8, found 9", ""),
        (integer(3), "2", "expected a whole number from 3, found 2", ""),
        (integer(1), "1e3", "expected a whole number from 1, found '1e3'", ""),
        (integer(1), "0x10", "expected a whole number from 1, found '0x10'", ""),
        (integer(1), "1_000", "expected a whole number from 1, found '1_000'", ""),
        (integer(1), "-1", "expected a whole number from 1, found '-1'", ""),
        (integer(1), "\u0661", "expected a whole number from 1, found '\\u0661'", ""),
        (integer(1), "1" * 16, f"expected a whole number from 1, found '{'1' * 16}'", ""),
        (list_of(integer(1)), "- \n- 1", "expected a whole number from 1, found nothing", ""),
        (integer(1), "[1]", "expected a whole number from 1, found a list", ""),
        (integer(1), "{a: 1}", "expected a whole number from 1, found a mapping", ""),
        (boolean, "maybe", "expected true or false, found 'maybe'", ""),
        (choice("red", "green"), "rde", "'rde' is none of red, green", "did you mean red?"),
        (choice("red", "green"), "violet", "'violet' is none of red, green", ""),
        (choice("red", "green"), "Red", "'Red' is none of red, green", "did you mean red?"),
        (choice("red", "green"), "[red]", "expected red or green, found a list", ""),
        (list_of(integer(1)), "[]", "the list is empty", "give at least one: a whole number from 1"),
        (pixel_range, "0", f"expected {PIXELS}, found nothing above 0", ""),
        (pixel_range, "0..0", f"expected {PIXELS}, found nothing above 0", ""),
        (pixel_range, "..0", f"expected {PIXELS}, found nothing above 0", ""),
        (pixel_range, "..", f"expected {PIXELS}, found '..'", ""),
        (pixel_range, "49..48", "the range '49..48' is empty", "write 48..49"),
        (pixel_range, "a..48", f"expected {PIXELS}, found 'a'", ""),
        (pixel_range, "48..b", f"expected {PIXELS}, found 'b'", ""),
    ],
)
def test_a_wrong_value_says_what_was_expected(kind: Kind[Any], written: str, message: str, hint: str) -> None:
    assert refused(kind, written) == (message, hint)


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        (integer(1, 8), "1", 1),
        (integer(1, 8), "8", 8),
        (integer(0), "0", 0),
        (integer(1), "9" * 15, 10**15 - 1),
        (integer(1), '" 12 "', 12),
        (boolean, "true", True),
        (boolean, "Yes", True),
        (boolean, "on", True),
        (boolean, "FALSE", False),
        (boolean, "no", False),
        (boolean, "off", False),
        (choice("red", "green"), "green", "green"),
        (text, '""', ""),  # a quoted nothing is a value
        (list_of(integer(1)), "5", (5,)),
        (list_of(integer(1)), "[5, 6]", (5, 6)),
        (pixel_range, "48", Range(48, 48)),
        (pixel_range, "48..48", Range(48, 48)),
        (pixel_range, "48..49", Range(48, 49)),
        (pixel_range, "48 .. 512", Range(48, 512)),
        (pixel_range, "48..", Range(48, None)),
        (pixel_range, "..48", Range(None, 48)),
        (pixel_range, "0..1", Range(0, 1)),
        (pixel_range, "1", Range(1, 1)),
    ],
)
def test_values_at_the_border_are_read(kind: Kind[Any], written: str, value: object) -> None:
    assert read(kind, written) == value


@pytest.mark.parametrize(
    ("bounds", "inside", "outside", "written"),
    [
        (Range(48, 48), [48], [47, 49], "48"),
        (Range(48, 512), [48, 49, 511, 512], [47, 513], "48..512"),
        (Range(48, None), [48, 10**9], [47, 0], "48.."),
        (Range(None, 48), [0, 47, 48], [49], "..48"),
        (Range(None, None), [0, 10**9], ["48", 48.0, None], ".."),
    ],
)
def test_both_ends_of_a_range_belong_to_it(
    bounds: Range, inside: list[int], outside: list[object], written: str
) -> None:
    assert [number for number in inside if number not in bounds] == []
    assert [number for number in outside if number in bounds] == []
    assert str(bounds) == written


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0", 0),
        ("10", 10),
        ("10B", 10),
        ("10 b", 10),
        ("1kB", 1_000),
        ("1 KB", 1_000),
        ("1KiB", 1_024),
        ("2MB", 2_000_000),
        ("2MiB", 2_097_152),
        ("3GB", 3_000_000_000),
        ("3gib", 3_221_225_472),
        ("1.5MiB", 1_572_864),
        ("0.0015kB", 1),
        ("1.9999kB", 1_999),
        ("1" * 20, int("1" * 20)),
    ],
)
def test_amounts_are_exact_and_rounded_down(written: str, number: int) -> None:
    assert bytes_from(written, node("x")) == number


@pytest.mark.parametrize(
    "written", ["", "B", "1.", ".5MB", "1.5.5", "1TB", "1 k", "-1", "1e3", "\u0661", "1" * 21, "1,5MB"]
)
def test_what_is_no_amount_is_refused(written: str) -> None:
    with pytest.raises(ManifestError, match=r"expected a number of bytes like 2MB, 500 kB or 1\.5MiB, found"):
        bytes_from(written, node("x"))


def test_every_mistake_of_a_list_is_told_at_its_place() -> None:
    with pytest.raises(ManifestError) as caught:
        read(list_of(integer(1, 8)), "[0, 5, 9]")
    assert [(m.place.column, m.message[-7:]) for m in caught.value.mistakes] == [
        (2, "found 0"),
        (8, "found 9"),
    ]


def test_a_mapping_tells_unknown_keys_and_its_known_ones() -> None:
    assert set(fields(node("{low: 1, high: 2}"), ("low", "high"), "bound")) == {"low", "high"}
    with pytest.raises(ManifestError) as caught:
        fields(node("{lwo: 1, zzzzz: 2}"), ("low", "high"), "bound")
    assert [(m.message, m.hint) for m in caught.value.mistakes] == [
        ("unknown bound 'lwo'", "did you mean low?"),
        ("unknown bound 'zzzzz'", "known: low, high"),
    ]
    with pytest.raises(ManifestError, match="expected a mapping with low, high"):
        fields(node("5"), ("low", "high"), "bound")


def test_a_group_of_options_gathers_unknown_keys_and_wrong_values() -> None:
    group = describe(_Both)
    assert read_declared(node("{low-end: 1, high: 2}"), group, "bound", NAMELESS) == {"low-end": 1, "high": 2}
    with pytest.raises(ManifestError) as caught:
        read_declared(node("{low-end: 0, hgih: 2, high: x}"), group, "bound", NAMELESS)
    assert [(m.message, m.hint) for m in caught.value.mistakes] == [
        ("expected a whole number from 1, found 0", ""),
        ("unknown bound 'hgih'", "did you mean high?"),
        ("expected a whole number from 1, found 'x'", ""),
    ]
    with pytest.raises(ManifestError, match="expected a mapping with low-end, high"):
        read_declared(node("[low]"), group, "bound", NAMELESS)


def test_the_schema_of_a_group_has_its_keys_and_no_others() -> None:
    assert schema_of(describe(_Both), "high") == {
        "type": "object",
        "required": ["high"],
        "properties": {
            "low-end": {"type": "integer", "minimum": 1, "description": "the lower end"},
            "high": {"type": "integer", "minimum": 1, "description": "the upper end"},
        },
        "additionalProperties": False,
    }
    assert "required" not in schema_of(describe(_Both))


def test_foreign_text_is_cut_and_escaped_before_it_stands_in_a_sentence() -> None:
    assert shown("a" * 60) == repr("a" * 60)
    assert shown("a" * 61) == repr("a" * 57 + "...")
    assert shown("\x1b[31m\u202e") == r"'\x1b[31m\u202e'"


def test_a_scalar_is_read_without_the_space_around_it() -> None:
    assert scalar(node('" a b "'), "text") == "a b"


class _Both(Options):
    low_end: int | None = option(integer(1), "the lower end")
    high: int | None = option(integer(1), "the upper end", 7)


def test_options_have_defaults_are_frozen_and_describe_themselves() -> None:
    make: Any = _Both  # as the manifest's reader does, by names that it has read
    given, empty = make(low_end=3), make()
    assert (given.low_end, given.high) == (3, 7)
    assert (empty.low_end, empty.high) == (None, 7)
    with pytest.raises(AttributeError, match="options are frozen: high"):
        given.high = 8
    copy = given.replaced(high=9)
    assert (copy.low_end, copy.high, given.high) == (3, 9, 7)
    assert {key: (kind.words, doc) for key, (kind, doc) in describe(_Both).items()} == {
        "low-end": ("a whole number from 1", "the lower end"),
        "high": ("a whole number from 1", "the upper end"),
    }


@pytest.mark.parametrize(
    ("kind", "words", "schema"),
    [
        (integer(1), "a whole number from 1", {"type": "integer", "minimum": 1}),
        (integer(1, 8), "a whole number from 1 to 8", {"type": "integer", "minimum": 1, "maximum": 8}),
        (choice("a", "b"), "a | b", {"enum": ["a", "b"]}),
        (boolean, "true | false", {"type": "boolean"}),
        (text, "TEXT", {"type": "string", "minLength": 1}),
        (
            list_of(text),
            "TEXT, or a list",
            {
                "anyOf": [
                    {"type": "string", "minLength": 1},
                    {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}},
                ]
            },
        ),
    ],
)
def test_a_kind_describes_itself_to_people_and_to_editors(
    kind: Kind[Any], words: str, schema: object
) -> None:
    assert (kind.words, kind.schema) == (words, schema)

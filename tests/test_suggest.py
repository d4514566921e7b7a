"""Which word a misspelt one was meant to be."""

import pytest

from verify4k.suggest import suggest

WORDS = ["size", "alpha", "format", "multiple-of", "4k-landscape", "Q"]


@pytest.mark.parametrize("word", ["", "zzzz", "colour-management", "x" * 10_000, "s" * 65])
def test_a_word_like_none_of_them_gets_no_suggestion(word: str) -> None:
    assert suggest(word, WORDS) is None


@pytest.mark.parametrize(
    ("word", "known"), [("interlaced", "tolerance"), ("chroma", "from"), ("orientation", "duration")]
)
def test_a_word_that_shares_some_letters_is_no_slip(word: str, known: str) -> None:
    assert suggest(word, [known]) is None


def test_the_right_letters_in_the_wrong_order_weigh_more_than_one_wrong_letter() -> None:
    assert suggest("pgn", ["pnm", "png"]) == "png"


def test_without_choices_there_is_no_suggestion() -> None:
    assert suggest("size", []) is None


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("sise", "size"),
        ("SIZE", "size"),
        ("q", "Q"),
        ("multiple_of", "multiple-of"),
        ("Multiple of", "multiple-of"),
        ("4k-landscpe", "4k-landscape"),
        ("aplha", "alpha"),
        ("fromat", "format"),
    ],
)
def test_a_slip_gets_the_word_that_was_meant(word: str, meant: str) -> None:
    assert suggest(word, WORDS) == meant


def test_three_hundred_words_are_compared_letter_by_letter_and_no_more() -> None:
    words = [f"word-{number}" for number in range(299)]
    assert suggest("sise", [*words, "size"]) == "size"
    assert suggest("sise", [*words, "other", "size"]) is None
    assert suggest("SIZE", [*words, "other", "size"]) == "size"

"""A field too many or too few: read only where one reading passes."""

import pytest

from connectors.repair import only_reading


def number(text):
    return not text or text.isdecimal()


def word(text):
    return not text or not any(c.isdecimal() for c in text)


def anything(_text):
    return True


@pytest.mark.parametrize(
    ("fits", "fields", "reading"),
    [
        ((number, word, number), ["1", "a", "b", "2"], ("1", "a|b", "2")),
        ((number, word, number), ["1", "a", "b", "c", "2"], ("1", "a|b|c", "2")),
        ((number, word, number), ["1", "a", "2", ""], ("1", "a", "2")),
        ((number, word, number), ["1", "a2"], ("1", "a", "2")),
        ((number, word, number), ["1", "2"], ("1", "", "2")),
        ((word, word, number), ["a", "b", "c", "1"], None),
        ((word, anything), ["a", "b", "c"], None),
        ((number, number), ["1", "a", "2"], None),
        ((number, word), ["1a"], ("1", "a")),
        ((number, word, number, word), ["1", "a"], None),
        ((number, word, number, number), ["1", "2"], None),
        ((number, word), ["1", *"abcdefgh"], None),
    ],
)
def test_only_reading(fits, fields, reading):
    assert only_reading(fields, fits, "|") == reading
